"""What the coder makes of the open gold sets is what was reviewed last.

A rule for one sentence must not lose others. Where the difference is meant, `make golden` writes the
file anew; `git diff` then shows each row that came or went with what the gold says of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of
from transforms.events.gold import read_gold
from transforms.events.golden import as_text, changes, coded_lines, from_text
from transforms.events.options import CoderOptions

GOLD = Path(__file__).parents[2] / "data" / "events"


def test_coded_rows_are_those_reviewed() -> None:
    coder = Coder(CoderOptions(learned=False))
    lines: dict[str, str] = {}
    for name in ("wire", "none", "general"):
        sentences = read_gold(GOLD / f"{name}.jsonl")
        lines |= coded_lines(sentences, coder.code(articles_of(sentences)))
    before = from_text((GOLD / "coded.txt").read_text(encoding="utf-8"))
    found = [f"{what:4} {mark} {line}" for line, what, mark in changes(before, lines)]
    if found:
        shown = "\n".join(found[:100])
        pytest.fail(f"{len(found)} rows differ; if meant, run `make golden` and review:\n{shown}")


def test_changes_name_new_and_gone_rows_with_their_verdict() -> None:
    before, after = {"a\tX": "+", "b\tY": "x"}, {"b\tY": "x", "c\tZ": "?"}
    assert changes(before, after) == [("a\tX", "gone", "+"), ("c\tZ", "new", "?")]
    assert from_text(as_text(before)) == before
