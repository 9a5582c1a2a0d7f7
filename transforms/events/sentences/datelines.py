"""The dateline before a report's first words: "SEOUL, South Korea (AP) — "."""

# ruff: noqa: RUF001 - typographic marks are the subject

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_DATELINE_CHARS = 90

_CAPS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’-]+){0,3}"
_NAME = r"[A-ZÀ-Þ][\w.'’-]+(?:[ /](?:de |la |el |al-|of )?[A-ZÀ-Þ][\w.'’-]+){0,3}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?\.?"
_REGION = rf"(?:, (?!{_MONTH} \d){_NAME})"
_AGENCY = r"(?:\([A-Z][\w .&/-]{1,30}\)|/[A-Z][\w .&-]{1,30}/)\.?"
_DASH = r"\s?(?:—|–|--|-|―)\s"
_DATELINE = re.compile(
    # Capitals before a dash, with or without agency and day …
    rf"{_CAPS}{_REGION}{{0,2}}(?:,? {_DAY})?,?\s?(?:{_AGENCY})?(?:\s?[—–-]*\s?{_DAY})?{_DASH}"
    # … or before an agency in slashes ("MOSCOW, November 22. /TASS/. "), or a name with an agency.
    rf"|{_NAME}(?:,? {_DAY})? /[A-Z][\w .&-]{{1,30}}/\.?\s?{_DASH[:3]}?"
    rf"|{_NAME}{_REGION}{{0,2}}(?:,? {_DAY})? \([A-Z][\w .&/-]{{1,30}}\){_DASH}"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a text's dateline stands (start, end; end is where the report begins) and its words."""

    start: int
    end: int
    text: str


def dateline(text: str) -> Dateline | None:
    """Return the dateline that the text begins with; None where there is none.

    >>> dateline("SEOUL, South Korea (AP) — The talks began.").text
    'SEOUL, South Korea (AP) —'
    >>> dateline("NATO - a military alliance - met.") is None
    False
    """
    start = len(text) - len(text.lstrip())
    found = _DATELINE.match(text, start, start + MAX_DATELINE_CHARS)
    if found is None or not text[found.end() : found.end() + 1].strip():
        return None
    if text[found.end()].islower():
        return None  # "NATO - a military alliance - met."
    return Dateline(start, found.end(), found.group().strip())
