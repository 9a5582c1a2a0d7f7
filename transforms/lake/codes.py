"""The lists that coded columns are checked against, as one Arrow table.

They are the coder's own tables (`data` in `transforms/events/frames` and `actors`, see their READMEs),
read here as plain text: importing the coder would load spaCy into every commit.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

EVENTS = Path(__file__).parents[1] / "events"
FRAMES = EVENTS / "frames" / "data"
ACTORS = EVENTS / "actors" / "data"


@functools.cache
def code_lists() -> pa.Table:
    """Return the columns `list`, `code`, and `of`.

    The lists are cameo, plover, mode, context, country and sector.

    `of` is the PLOVER type of a mode and the quad class of a type; null otherwise.
    """
    rows = [*_cameo(), *_plover(), *_contexts(), *_actors()]
    lists, codes, of = zip(*rows, strict=True)
    return pa.table({"list": lists, "code": codes, "of": of})


def _cameo() -> Iterator[tuple[str, str, str | None]]:
    for row in _read("cameo.tsv"):
        yield "cameo", row["code"], None


def _plover() -> Iterator[tuple[str, str, str | None]]:
    for row in _read("plover.tsv"):
        yield "plover", row["type"], row["quad"]
        for mode in (row["modes"] or "").split(","):
            if mode:
                yield "mode", mode, row["type"]


def _contexts() -> Iterator[tuple[str, str, str | None]]:
    for name in (FRAMES / "contexts.txt").read_text(encoding="utf-8").split():
        yield "context", name, None


def _actors() -> Iterator[tuple[str, str, str | None]]:
    for name, file in (("country", "countries.tsv"), ("sector", "sectors.tsv")):
        for line in (ACTORS / file).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield name, line.split("\t", 1)[0], None


def _read(name: str) -> Iterator[dict[str, str]]:
    with (FRAMES / name).open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t")
