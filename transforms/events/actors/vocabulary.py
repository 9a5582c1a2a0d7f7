"""Small classes of words the resolver knows (`data/words.tsv`)."""

from __future__ import annotations

import functools
from collections import defaultdict

from transforms.events.actors.names import DATA
from transforms.events.wordlists import rows

CLASSES = frozenset(
    {
        "courtesy",
        "calendar",
        "particle",
        "past",
        "definite",
        "sent",
        "body",
        "person",
        "tongue",
        "venue",
        "foreign",
        "giving",
        "vague",
    }
)


@functools.cache
def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(DATA / "words.tsv", 2):
        found[row.one_of(1, CLASSES)].add(row.required(0))
    return {name: frozenset(words) for name, words in found.items()}


def words_of(name: str) -> frozenset[str]:
    """Return the lower-case words of a class; KeyError for a class that is none."""
    return _classes()[name]
