"""The words that decide how sure a text is, from `data/operators.tsv`."""

from __future__ import annotations

import functools

from transforms.events.wordlists import DATA, rows
from transforms.failures import ConfigError

CLAUSE, OBJECT = "clause", "object"
SAYING, DENYING, NEGATIVE = "saying", "denying", "negative"
OBLIGING, OCCURRING, CAUSING, PLAIN = "obliging", "occurring", "causing", "plain"
INTENDED, REQUESTED, POSSIBLE = "intended", "requested", "possible"
ALLEGED, CONDITIONAL, ASSERTED = "alleged", "conditional", "asserted"
MODALITIES = frozenset({INTENDED, REQUESTED, POSSIBLE, ALLEGED, CONDITIONAL})

_KINDS = frozenset({"verb", "noun", "adj", "adverb", "amod", "mark", "prep", "case", "modal"})
_EFFECTS = frozenset({SAYING, DENYING, NEGATIVE, OBLIGING, OCCURRING, CAUSING, PLAIN} | MODALITIES)
_VIAS = frozenset({CLAUSE, OBJECT, "both"})


@functools.cache
def _table() -> dict[tuple[str, str], tuple[str, str]]:
    table: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows(DATA / "operators.tsv", 4):
        kind = row.one_of(1, _KINDS)
        via = row.one_of(3, _VIAS) if row.fields[3] else "both"
        key = (kind, row.required(0))
        if key in table:
            raise ConfigError(f"{row.place}: {row.required(0)!r} stands there twice as {kind}")
        table[key] = (row.one_of(2, _EFFECTS), via)
    return table


def effect(kind: str, word: str, via: str | None = None) -> str | None:
    """Return what `word` does to what it governs; None: nothing.

    Args:
        kind: verb, noun, adj, adverb, amod, mark, prep, case or modal.
        word: Its lemma in lower case.
        via: CLAUSE or OBJECT, what it governs here; None: it modifies.
    """
    found = _table().get((kind, word))
    if found is None or (via is not None and found[1] not in {via, "both"}):
        return None
    return found[0]
