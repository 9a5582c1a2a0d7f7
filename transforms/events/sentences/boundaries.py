"""Where a sentence ends inside a paragraph."""

# ruff: noqa: RUF001 - typographic marks are the subject

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from transforms.events.wordlists import DATA, rows, words

TITLE_KIND, NUMBER_KIND, OPEN_KIND = "title", "number", "open"
_KINDS = frozenset({TITLE_KIND, NUMBER_KIND, OPEN_KIND})

# Stops, the quotation marks and brackets that close with them, and the white space after.
_STOP = re.compile(
    # A run is tried from its start only: linear in a line of 50,000 dots.
    r"""(?P<stop>(?<![.!?…])[.!?…]++|(?<![。！？؟۔।])[。！？؟۔।]++)"""
    r"""(?P<closers>["'”’»)\]」』]*(?:\[\d{1,3}\])*)"""  # and footnote marks: "[2]"
    r"""(?P<space>\s+|$|(?<=[。！？」』])(?=.))"""  # Chinese and Japanese write no space
)
_WORD_BEFORE = re.compile(r"[\w.&'’-]+$")
_OPENERS = "\"'“‘«([„"
_WORD = re.compile(r"[\w’'-]+")
_INITIAL = re.compile(r"(?:^|[\s.(\"“'-])[A-Z]$")
_INITIALISM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_ATTRIBUTED = re.compile(
    r"(?:[\w.'’-]+,?\s+){0,6}?(?:said|says|asked|asks|told|added|wrote|shouted|cried|chanted|"
    r"tweeted|posted|replied|exclaimed|declared|demanded|wondered)\b"
)
_LOOK_BACK, _LOOK_AHEAD = 24, 90  # characters; bounds, so that the scan stays linear


@functools.cache
def _abbreviations() -> dict[str, str]:
    table = rows(DATA / "abbreviations.tsv", 2)
    return {row.required(0): row.one_of(1, _KINDS) for row in table}


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of the paragraph text[start:end], stripped."""
    begin = start
    for found in _STOP.finditer(text, start, end):
        if found.end() >= end or not _ends(text, found, end):
            continue
        yield begin, found.end("closers")
        begin = found.end()
    cut = end
    while cut > begin and text[cut - 1].isspace():
        cut -= 1
    if begin < cut:
        yield begin, cut


def _ends(text: str, found: re.Match[str], end: int) -> bool:
    """Decide whether the stop ends its sentence; there is text after it."""
    after = text[found.end() : min(end, found.end() + _LOOK_AHEAD)]
    stop, closers = found["stop"], found["closers"]
    following = after.lstrip(_OPENERS)
    if not following:
        return True
    first = following[0]
    opened = after[0] in _OPENERS
    if first.islower():
        # "…he said": the sentence goes on. A lower-case brand after a plain stop is too rare.
        return False
    if stop[0] in "!?" and closers and not opened and _ATTRIBUTED.match(following):
        return False  # "Are you ready?" Putin asked.
    if stop in {"...", "…", ". . ."}:
        return first.isupper() or bool(closers)
    if stop != ".":
        return True
    return _stop_ends(text, found, following, closed=bool(closers))


def _stop_ends(text: str, found: re.Match[str], following: str, *, closed: bool) -> bool:
    """Decide for a single full stop."""
    if closed and found["closers"] not in {")", "]"}:
        return True  # a quotation mark after the stop belongs to the sentence, and ends it
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    word = _WORD_BEFORE.search(before)
    if word is None:
        return True
    name = word.group().lstrip("'’-.")
    kind = _abbreviations().get(name) or _abbreviations().get(name.rpartition("-")[2])
    first_word = _WORD.match(following)
    opener = first_word is not None and first_word.group() in words("openers.txt")
    if kind == TITLE_KIND:
        return False
    if kind == NUMBER_KIND:
        return not following[0].isdigit() and (name not in {"Mar", "No", "p"} or opener)
    if kind == OPEN_KIND or _INITIALISM.search(name):
        return opener
    if _INITIAL.search(before):
        return opener or name == "I"
    return not (following[0].isdigit() and not name[-1:].isalnum())
