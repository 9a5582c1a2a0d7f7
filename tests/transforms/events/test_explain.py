"""What the coder says about its own rows."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.documents import document
from transforms.events import explain
from transforms.events.coder import Coder, SentenceTrace

NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)
TEXT = "The grass is green. Poland expelled two Russian diplomats <today>. Any attack on Chad is wrong."


@pytest.fixture(scope="module")
def traces() -> list[SentenceTrace]:
    return Coder().trace(document("a", TEXT, published=NOON))


def test_lines_name_actors_entry_row_and_what_was_rejected(traces: list[SentenceTrace]) -> None:
    text = "\n".join(explain.lines(traces))
    assert "not parsed: no word of an event" in text
    assert "'Poland' is POL (country)" in text
    assert "'expelled': entry 'expel', active" in text
    assert "POL → SANCTION 166 → RUS" in text


def test_page_is_whole_marked_and_escaped(traces: list[SentenceTrace]) -> None:
    page = explain.page(traces, "Poland & Russia")
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Poland &amp; Russia</title>" in page
    assert '<mark class="actor">Poland</mark> <mark class="action">expelled</mark>' in page
    assert "<svg" in page
    assert "&lt;today&gt;" in page
    assert "http" not in page.replace("http://www.w3.org/", "")
