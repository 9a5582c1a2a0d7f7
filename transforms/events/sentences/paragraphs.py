"""Paragraphs and list items: what no sentence runs across."""

# ruff: noqa: RUF001 - typographic marks are the subject

from __future__ import annotations

import re
from collections.abc import Iterator

# A blank line; or a line break before a list item.
_BREAK = re.compile(
    r"(?:\r\n|[\n\r\u2028])[^\S\n\r\u2028\u2029]*(?=[\n\r\u2028])"
    r"|\u2029"
    r"|[\n\r\u2028](?=[^\S\n\r]*(?:[-*•‣◦▪–—]|\d{1,3}[.)])[^\S\n\r])"
)
_BULLET = re.compile(r"(?:[-*•‣◦▪–—]|\d{1,3}[.)])\s+")
_LINE = re.compile(r"[^\n\r\u2028]+")
# A line this short which ends without a stop is a heading, not a line of wrapped prose.
HEADING_CHARS = 40
_STOPS = ".!?…:;,\"'”’)]-–—"


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each paragraph, list item and heading.

    White space around it and a list item's mark are left out; none is empty.
    """
    start = 0
    for found in _BREAK.finditer(text):
        yield from _headings(text, start, found.start())
        start = found.end()
    yield from _headings(text, start, len(text))


def _headings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut off a first line that is a heading; yield nothing for a blank stretch."""
    lines = _LINE.finditer(text, start, end)
    first = next((line for line in lines if line.group().strip()), None)
    if first is None:
        return
    after = next((line for line in lines if line.group().strip()), None)
    heading = first.group().strip()
    if (
        after is not None
        and len(heading) <= HEADING_CHARS
        and heading[-1] not in _STOPS
        and after.group().lstrip()[0].isupper()
    ):
        yield _trimmed(text, first.start(), first.end())
        start = after.start()
    yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    bullet = _BULLET.match(text, start, end)
    return (bullet.end() if bullet and bullet.end() < end else start), end
