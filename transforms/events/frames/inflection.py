"""Word forms: what a lemma of the lexicon may look like in a text.

The forms are generated generously (a form that does not exist does no harm), so that the quick
test before the parse never misses a trigger for its spelling.
"""

from __future__ import annotations

import functools
import re

from transforms.events.frames.codes import DATA, rows

_VOWELS = "aeiou"
_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")


@functools.cache
def _irregular() -> dict[str, tuple[str, str]]:
    table = {}
    for _, (verb, past, participle) in rows(DATA / "irregular.tsv", 3):
        table[verb] = (past, participle)
    return table


def with_s(word: str) -> str:
    """Return the plural of a noun or the third person of a verb.

    >>> with_s("embargo"), with_s("carry"), with_s("launch")
    ('embargoes', 'carries', 'launches')
    """
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def verb_forms(lemma: str) -> frozenset[str]:
    """Return every form of a verb.

    >>> sorted(verb_forms("strike"))
    ['stricken', 'strike', 'strikes', 'striking', 'struck']
    """
    forms = {lemma, with_s(lemma)}
    if lemma == "be":
        return frozenset({"be", "is", "are", "was", "were", "been", "being", "am"})
    if lemma == "have":
        forms.add("has")
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) else lemma
    stem_ie = lemma[:-2] + "y" if lemma.endswith("ie") else stem
    forms.add(stem_ie + "ing")
    irregular = _irregular().get(lemma)
    if irregular:
        forms.update(irregular)
    elif lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        forms.add(lemma[:-1] + "ied")
    else:
        forms.add(lemma + "d" if lemma.endswith("e") else lemma + "ed")
    if _DOUBLING.search(lemma):
        forms.add(lemma + lemma[-1] + "ing")
        if not irregular:
            forms.add(lemma + lemma[-1] + "ed")
    if lemma.endswith("c"):
        forms |= {lemma + "ked", lemma + "king"}
    return frozenset(forms)


def past(lemma: str) -> str:
    """Return the past tense of a verb.

    >>> past("strike"), past("veto"), past("carry")
    ('struck', 'vetoed', 'carried')
    """
    irregular = _irregular().get(lemma)
    if irregular:
        return irregular[0]
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ied"
    return lemma + ("d" if lemma.endswith("e") else "ed")


def noun_forms(lemma: str) -> frozenset[str]:
    """Return singular and plural of a noun.

    >>> sorted(noun_forms("embargo"))
    ['embargo', 'embargoes', 'embargos']
    """
    return frozenset({lemma, with_s(lemma), lemma + "s"})
