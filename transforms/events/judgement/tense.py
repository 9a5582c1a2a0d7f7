"""The tense of a frame's clause."""

from __future__ import annotations

from transforms.events.clauses import clause_verb, governor, is_infinitive
from transforms.events.judgement.operators import POSSIBLE
from transforms.events.judgement.scope import Scope
from transforms.events.tree import Token

PAST, PRESENT, FUTURE = "past", "present", "future"


def tense_of(trigger: Token, scope: Scope, *, headline: bool) -> str:
    """Return past, present or future.

    A plain present in a headline tells the past ("Iran fires missiles"). A verb without tense, and
    an event noun, take that of the verb above them.

    Args:
        trigger: The word that carries the action.
        scope: What the walk found for it.
        headline: The sentence is a headline.
    """
    if scope.future:
        return FUTURE
    verb = clause_verb(trigger)
    if scope.modality == POSSIBLE and is_infinitive(verb) and not _is_perfect(verb):
        return FUTURE  # "is expected to send"
    while True:
        own = _own_tense(verb, headline=headline)
        if own is not None:
            return own
        above = governor(verb)
        if above.i == verb.i:
            return PAST if headline else PRESENT
        verb = clause_verb(above)


def _own_tense(verb: Token, *, headline: bool) -> str | None:
    """Return the verb's own tense; None where it has none."""
    auxiliaries = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    tags = {child.tag_ for child in auxiliaries}
    if _is_perfect(verb):
        return PAST
    if "MD" in tags:
        return PRESENT
    if verb.tag_ == "VBD" or "VBD" in tags:
        return PAST
    if tags & {"VBZ", "VBP"}:
        return PRESENT
    if verb.tag_ in {"VBZ", "VBP"}:
        return PAST if headline and verb.lemma_ != "be" else PRESENT
    if verb.tag_ == "VBN" and verb.dep_ in {"acl", "amod", "ROOT"}:
        return PAST
    return None


def _is_perfect(verb: Token) -> bool:
    return any(child.lemma_ == "have" and child.dep_ == "aux" for child in verb.children)
