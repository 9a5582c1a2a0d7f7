"""All names in one pass over a raw text.

The automaton (ahocorasick-rs) reports every occurrence of every name; of those that stand between
word boundaries the leftmost is taken, and of those that begin there the longest. (Its own
leftmost-longest mode would let a name that ends inside a word, "New York Timesman", hide the shorter
one that does not, and one that begins inside a word what begins behind it.) Matching minds capitals:
"turkey" is a bird, "TURKEY" stands in a headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

# One character for one, so that offsets stay those of the text.
_FOLD = str.maketrans(
    {
        "\u2019": "'",
        "\u02bc": "'",
        "\u00a0": " ",
        "\n": " ",
        "\t": " ",
        "\r": " ",
        "\u2011": "-",
        "\u2010": "-",
    }
)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which UTF-8 cannot hold


def folded(text: str) -> str:
    """Return the text with typographic apostrophes, hyphens and spaces as plain ones.

    Halves of characters become U+FFFD. Every character keeps its place.

    >>> folded("Cote d\u2019Ivoire")
    "Cote d'Ivoire"
    """
    plain = text.translate(_FOLD)
    return plain if plain.isascii() else _SURROGATE.sub("\ufffd", plain)


class Gazetteer:
    """Finds patterns in text.

    Args:
        patterns: What to find, each once and none empty.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._automaton = AhoCorasick(
            [folded(pattern) for pattern in patterns], matchkind=MatchKind.Standard
        )

    def spans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (start, end, number of the pattern) of each name, in order, none overlapping.

        Args:
            text: Already `folded`.
        """
        longest: dict[int, tuple[int, int]] = {}
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            known = longest.get(start)
            if (known is None or end > known[0]) and _is_whole(text, start, end):
                longest[start] = end, number
        done = 0
        for start in sorted(longest):
            if start >= done:
                done, number = longest[start]
                yield start, done, number


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a match begins and ends where words do."""
    if start and text[start - 1].isalnum() and text[start].isalnum():
        return False
    return end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
