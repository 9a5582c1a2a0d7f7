"""What looks like a political event and is none: history, hypotheses, sport, markets.

The words are data (`data/traps.tsv`).
"""

from __future__ import annotations

import functools
import re

from transforms.events.frames.codes import DATA, rows
from transforms.events.frames.control import is_ranked
from transforms.events.frames.parse import is_infinitive, kids
from transforms.events.tree import Token

_YEAR = re.compile(r"(1[5-9]|20)\d\d(s|-\d\d(\d\d)?)?$")
_SPOKEN_ROOTS = frozenset({"01", "02", "04", "05", "10", "11", "14"})
_UTTERED_ROOTS = frozenset({"05", "11"})
_COMPLEMENTS = frozenset({"ccomp", "pcomp", "xcomp", "acl", "advcl"})
_TOPIC_WORDS = 2
_LEFT = frozenset({"det", "amod", "compound", "nmod", "nummod"})
_LONG_AGO = re.compile(
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)? years ago"
    r"|this week in history|hundreds? (?:of )?years ago|centur(?:y|ies) ago|decades ago|middle ages"
    r"|in the (?:1[5-9]|20)th century|(?<!since the )(?:first|second) world war"
    r"|world war (?:i|ii|one|two)\b|civil war,? in which)"
)
_LONG_AGO_HINTS = ("ago", "histor", "centur", "ages", "war")  # one of them is in each of these
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for _, (kind, words) in rows(DATA / "traps.tsv", 2)}


def nominal_trap(noun: Token) -> str | None:
    """Return why an event noun names no event that happened; None: it may.

    "the 1975 war", "any attack on", "the anniversary of".
    """
    left = [child for child in noun.lefts if child.dep_ in _LEFT]
    unreal = next((one for one in left if one.lower_ in _words()["determiner"]), None)
    if unreal is not None:
        return f"not said to have happened: {unreal.text}"
    dated = [
        year
        for prep in kids(noun, "prep")
        if prep.lower_ in {"of", "in"}
        for year in kids(prep, "pobj")
    ]
    above = noun.head.head if noun.head.dep_ == "prep" else noun.head
    if above.lemma_.lower() in _words()["history"]:
        return f"history: {above.text}"
    year = next((one for one in (*left, *dated) if _YEAR.match(one.text)), None)
    return f"history: {year.text}" if year is not None else None


def verbal_trap(verb: Token, root: str) -> str | None:
    """Return why a verb tells no event that happened; None: it may.

    Args:
        verb: The trigger.
        root: Its CAMEO root. Who speaks "to criticize" does so; who arms "to attack" has not yet.
    """
    if verb.dep_ == "amod":
        return "a mere modifier"
    if verb.lemma_.lower() in _words()["naming"] and any(
        one.lower_ == "what" for one in verb.lefts
    ):
        return "a name for something: what it called"
    if (verb.lemma_.lower() == "ask" and _is_question(verb)) or _is_asked(verb):
        return "a question"
    if is_infinitive(verb) and verb.dep_ in {"acl", "relcl"} and not is_ranked(verb.head):
        if root in _UTTERED_ROOTS and verb.head.lemma_.lower() in _words()["occasion"]:
            return None
        return "not said to happen: what a noun is for"
    if is_infinitive(verb) and verb.dep_ == "advcl" and root not in _SPOKEN_ROOTS:
        return "not said to happen: a purpose"
    return None


def _is_asked(verb: Token) -> bool:
    """Whether a clause is what somebody asks or weighs: "discussed how to end", "whether it attacked"."""
    words = {child.lower_ for child in verb.lefts}
    if verb.dep_ in _COMPLEMENTS and words & {"whether", "how"}:
        return True
    return verb.dep_ in {"ccomp", "pcomp"} and bool(words & {"when", "if", "why"})


def _is_question(verb: Token) -> bool:
    """Return whether "ask" asks for an answer rather than an act: whether, what, about."""
    if any(child.lower_ == "about" for child in kids(verb, "prep")):
        return True
    return any(
        token.tag_ in {"WP", "WDT", "WRB"} or token.lower_ in {"whether", "if"}
        for clause in kids(verb, "ccomp", "xcomp", "advcl")
        for token in clause.lefts
    )


def topic_trap(text: str) -> str | None:
    """Return the field of a sentence that is not politics: sport, market, art, history; None.

    One word that hardly leaves its field ("goalkeeper") or two that often do not ("goal", "minutes").
    """
    text = text.lower()
    if any(hint in text for hint in _LONG_AGO_HINTS) and _LONG_AGO.search(text):
        return "history"
    words = set(_WORD.findall(text))
    for topic in ("sport", "market", "art"):
        if topic == "sport" and words & _words()["armed"]:
            continue  # troops in a stadium
        if words & _words().get(f"{topic}-strong", frozenset()):
            return topic
        if len(words & _words()[topic]) >= _TOPIC_WORDS:
            return topic
    return None
