"""The lists that coded columns are checked against, as one Arrow table.

They are the coder's own tables (`transforms/events/frames/data`, see its README), read here as plain
text: importing the coder would load spaCy into every commit.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

FRAMES = Path(__file__).parents[1] / "events" / "frames" / "data"


@functools.cache
def code_lists() -> pa.Table:
    """Return the columns `list` (cameo, plover, mode, context), `code`, and `of`.

    `of` is the PLOVER type of a mode and the quad class of a type; null otherwise.
    """
    rows = [*_cameo(), *_plover(), *_contexts()]
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


def _read(name: str) -> Iterator[dict[str, str]]:
    with (FRAMES / name).open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t")
