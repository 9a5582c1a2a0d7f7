"""All names in one pass over a raw text.

The automaton (ahocorasick-rs) reports the leftmost longest name; what it reports must then stand
between word boundaries. Where it does not ("New York Timesman"), the longest shorter name that
does is taken instead. Matching minds capitals: "turkey" is a bird, "TURKEY" stands in a headline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

# One character for one, so that offsets stay those of the text.
_FOLD = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00a0": " ", "\n": " ", "\t": " ", "\r": " ",
                       "\u2011": "-", "\u2010": "-"})  # fmt: skip


def folded(text: str) -> str:
    """Return the text with typographic apostrophes, hyphens and spaces as plain ones.

    >>> folded("Cote d\u2019Ivoire")
    "Cote d'Ivoire"
    """
    return text.translate(_FOLD)


class Gazetteer:
    """Finds patterns in text.

    Args:
        patterns: What to find, each once and none empty.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(folded(pattern) for pattern in patterns)
        self._lengths = [len(pattern) for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)
        self._longest = max(self._lengths, default=0)
        ids = {pattern: number for number, pattern in enumerate(self._patterns)}
        self._shorter = [self._prefixes(pattern, ids) for pattern in self._patterns]

    @staticmethod
    def _prefixes(pattern: str, ids: dict[str, int]) -> tuple[int, ...]:
        """Return the patterns that begin this one and end at a word's end, longest first."""
        return tuple(
            ids[pattern[:end]]
            for end in range(len(pattern) - 1, 0, -1)
            if pattern[:end] in ids and not (pattern[end - 1].isalnum() and pattern[end].isalnum())
        )

    def spans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (start, end, number of the pattern) of each name, in order, none overlapping.

        Args:
            text: Already `folded`.
        """
        done = 0
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            if start < done:
                continue
            if start and text[start - 1].isalnum() and text[start].isalnum():
                for span in self._inside(text, start + 1, end):
                    done = span[1]
                    yield span
                continue
            found = self._whole(text, number, start, end)
            if found is not None:
                done = found[1]
                yield found

    def _whole(self, text: str, number: int, start: int, end: int) -> tuple[int, int, int] | None:
        """Return the match, or a shorter one that begins there, if it ends where a word does."""
        if end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum()):
            return start, end, number
        for shorter in self._shorter[number]:
            stop = start + self._lengths[shorter]
            if not (text[stop - 1].isalnum() and text[stop].isalnum()):
                return start, stop, shorter
        return None

    def _inside(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield what begins inside a match that began in the middle of a word.

        "suboman Air" must not hide what begins at the next word.
        """
        space = text.find(" ", start, end)
        if space < 0:
            return
        window = text[space : end + self._longest]
        for number, begin, stop in self._automaton.find_matches_as_indexes(window):
            first, last = begin + space, stop + space
            if first >= end:
                return
            if not (text[first - 1].isalnum() and text[first].isalnum()):
                found = self._whole(text, number, first, last)
                if found is not None:
                    yield found
