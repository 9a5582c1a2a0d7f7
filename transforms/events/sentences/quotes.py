"""Which sentences stand inside a quotation that an earlier one opened."""

# ruff: noqa: RUF001 - typographic marks are the subject

from __future__ import annotations

import re

_MARK = re.compile('["“”„«»]')
_OPENING, _CLOSING = "“„«", "”»"


class QuoteState:
    """The quotation marks read so far in one text.

    A quotation that a paragraph leaves open goes on only where the next paragraph begins with an
    opening mark (the convention of English newspapers); otherwise the closing mark was forgotten.
    """

    def __init__(self) -> None:
        self._open = False
        self._repeat = -1

    def open_paragraph(self, text: str, start: int) -> None:
        """Begin a paragraph at `start`."""
        continues = self._open and text[start : start + 1] in {'"', "“", "«", "„"}
        self._open = continues
        # The mark that repeats the open quotation neither opens nor closes.
        self._repeat = start if continues else -1

    def read(self, text: str, start: int, end: int) -> bool:
        """Read one sentence; return whether it stands wholly inside an earlier quotation."""
        inside = self._open
        last = end
        while last > start and text[last - 1] in "\"”»'’ .!?,":
            last -= 1
        left = False
        for mark in _MARK.finditer(text, start, end):
            if mark.start() == self._repeat:
                continue
            if mark.group() in _OPENING:
                self._open = True
            elif mark.group() in _CLOSING:
                self._open = False
            else:
                self._open = not self._open
            left = left or (not self._open and mark.start() < last)
        return inside and not left
