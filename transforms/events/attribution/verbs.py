"""Words of saying, from `data/saying.tsv`."""

from __future__ import annotations

import functools

from transforms.events.tree import Token
from transforms.events.wordlists import DATA, rows

VERB, SHORT, THINK, ASK, PROMISE, ACCUSE = "verb", "short", "think", "ask", "promise", "accuse"
NOUN, PAPER = "noun", "paper"
_VERBS = frozenset({VERB, SHORT, THINK, ASK, PROMISE, ACCUSE})
_NAMES = frozenset({NOUN, PAPER})
_NONE: frozenset[str] = frozenset()


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for row in rows(DATA / "saying.tsv", 2):
        kind = row.one_of(1, _VERBS | {NOUN, PAPER})
        word = row.required(0)
        table[word] = table.get(word, frozenset()) | {kind}
    return table


def kinds(token: Token) -> frozenset[str]:
    """Return the token's kinds of saying that fit its part of speech; empty: it is no such word."""
    found = _table().get(token.lemma_.lower())
    return found & (_VERBS if token.pos_ == "VERB" else _NAMES) if found else _NONE


def is_saying(token: Token) -> bool:
    """Whether the token is a verb or noun of saying."""
    return bool(kinds(token))
