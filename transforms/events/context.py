"""PLOVER contexts of a sentence: what it is about (election, trade, nuclear weapons), by its words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from transforms.events.wordlists import DATA, rows

MAX_CONTEXTS = 3


@functools.cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {row.required(0).lower(): row.required(1) for row in rows(DATA / "contexts.tsv", 2)}
    return re.compile(rf"\b{_alternatives(sorted(table))}\b"), table


def _alternatives(words: Sequence[str]) -> str:
    """Return a pattern of any of the words, the longest first, common beginnings written once.

    An alternation of hundreds of words is tried word by word at each place; this one letter by letter.
    A trailing * stands for any ending.
    """
    rest: dict[str, list[str]] = {}
    for word in words:
        if word not in {"", "*"}:
            rest.setdefault(word[0], []).append(word[1:])
    ways = [re.escape(first) + _alternatives(tails) for first, tails in rest.items()]
    if "*" in words:
        ways.append(r"\w*")
    elif "" in words:
        ways.append("")
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def contexts(text: str) -> str | None:
    """Return up to three contexts of a sentence, comma-separated, the one with most words first.

    None: nothing points to one. Ties go by the order in which they are first named.

    >>> contexts("The central bank raised tariffs on imports.")
    'economic'
    """
    pattern, table = _pattern()
    counts: dict[str, int] = {}
    for found in pattern.finditer(text.lower()):
        name = _context_of(found.group(), table)
        counts[name] = counts.get(name, 0) + 1
    chosen = sorted(counts, key=lambda name: -counts[name])[:MAX_CONTEXTS]
    return ",".join(chosen) or None


def _context_of(word: str, table: dict[str, str]) -> str:
    if word in table:
        return table[word]
    for cut in range(len(word), 0, -1):
        if (found := table.get(f"{word[:cut]}*")) is not None:
            return found
    raise AssertionError(word)  # the pattern is made of the table's words
