"""Plain questions about a parse, for the labels of spaCy's English models."""

from __future__ import annotations

from transforms.events.tree import Token

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN"})
OBLIGATION = frozenset({"must", "should", "ought"})


def kids(token: Token, *deps: str) -> list[Token]:
    """Return the children with one of these labels, in order."""
    children = token.children  # most words have none
    return [child for child in children if child.dep_ in deps] if children else []


def is_infinitive(verb: Token) -> bool:
    """Return whether the verb is a to-infinitive."""
    return any(child.tag_ == "TO" for child in verb.lefts)


def is_passive(verb: Token) -> bool:
    """Return whether the verb is a passive, its auxiliary written or not ("troops deployed by")."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ in {"acl", "relcl", "advcl"} and not kids(verb, "nsubj", "aux", "dobj"):
        return True
    return any(child.dep_ == "agent" for child in verb.children) and not kids(verb, "dobj")


def is_relative(token: Token) -> bool:
    """Return whether the token is a relative pronoun."""
    return token.tag_ in {"WDT", "WP"} or (
        token.lower_ == "that" and token.tag_ in {"IN", "WDT", "DT"} and token.dep_ != "mark"
    )
