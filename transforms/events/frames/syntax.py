"""The arguments of a verb or noun: subject, objects, prepositional phrases, as slots.

Written for the labels of spaCy's English models and for the mistakes they often make.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from transforms.events.frames.control import controller
from transforms.events.frames.parse import VERBAL, is_infinitive, is_passive, is_relative, kids
from transforms.events.tree import Token

_NEAR = 3  # words between verbs that share an object
_OBJECT = frozenset({"dobj", "obj"})
_PREP = frozenset({"prep", "agent", "dative", "prt"})
_GIVING = frozenset(
    {"give", "grant", "send", "lend", "hand", "award", "supply", "bring", "offer", "promise", "pay"}
    | {"deny", "refuse", "allow", "sell"}
)
_LEFT_OF_NOUN = frozenset(
    {"det", "nummod", "amod", "compound", "nmod", "poss", "quantmod", "advmod"}
)


@dataclass(slots=True)
class Arguments:
    """The arguments of one verb: slot → head tokens of the phrases in it.

    Attributes:
        slots: "subj", "obj", "iobj" and prepositions.
        passive: The verb is passive.
        shape: Name of the construction the slots were read from.
    """

    slots: dict[str, list[Token]] = field(default_factory=dict)
    passive: bool = False
    shape: str = "active"

    def add(self, slot: str, token: Token) -> None:
        """Add a phrase's head to a slot, once."""
        tokens = self.slots.setdefault(slot, [])
        if all(token.i != other.i for other in tokens):
            tokens.append(token)

    def get(self, slot: str) -> list[Token]:
        """Return the heads in a slot."""
        return self.slots.get(slot, [])


def arguments(verb: Token) -> Arguments:
    """Return all arguments of a verb, through passive, control, coordination and relative clause."""
    found = Arguments(passive=is_passive(verb))
    subjects, found.shape = controller(verb)
    if found.passive and found.shape in {"active", "coordination"}:
        found.shape = "passive"
    for token in subjects:
        found.add("obj" if found.passive else "subj", token)
    objects = _objects(verb, found)
    if len(objects) > 1 and not found.passive:  # "paid Tunisia 300 million euros"
        found.add("iobj", objects[0])
    for token in kids(verb, "dative", "iobj", "attr", "oprd"):
        if token.pos_ != "ADP":
            found.add("iobj" if token.dep_ in {"dative", "iobj"} else "obj", token)
    _infinitive_objects(verb, found)
    clause_subjects(verb, found)
    for node in (verb, *objects, *found.get("iobj")):
        prepositions(node, found)
    for node in objects:
        _deeper_prepositions(node, found)
    if found.passive:
        _passive_roles(verb, objects, found)
    return found


def _passive_roles(verb: Token, objects: list[Token], found: Arguments) -> None:
    """Make the agent the subject, and the subject of "X was given tanks" the one who receives."""
    if objects and verb.lemma_.lower() in _GIVING:
        found.slots["iobj"] = [token for token in found.get("obj") if token not in objects]
        found.slots["obj"] = objects
    for token in found.slots.pop("by", []):
        found.add("subj", token)
        found.add("by", token)


def _objects(verb: Token, found: Arguments) -> list[Token]:
    """Add a verb's objects, its own, a conjoined verb's ("hit and sank X"), a relative's antecedent."""
    objects = kids(verb, *_OBJECT)
    if not objects and not found.passive:
        objects = [
            obj
            for other in kids(verb, "conj")
            if other.pos_ in VERBAL and other.i - verb.i <= _NEAR
            for obj in kids(other, *_OBJECT)
        ]
    for token in objects:
        if is_relative(token) and verb.dep_ == "relcl":
            found.add("obj", verb.head)
        elif token.pos_ != "ADP":
            found.add("obj", token)
    if verb.dep_ == "relcl" and not found.passive and not found.get("obj"):
        subject = kids(verb, "nsubj")
        if subject and not is_relative(subject[0]):
            found.add("obj", verb.head)
    return objects


def _deeper_prepositions(node: Token, found: Arguments) -> None:
    """Add "X" of "$3 billion in aid for X", where no nearer phrase has the preposition."""
    for prep in kids(node, "prep"):
        if prep.lower_ in {"in", "of"}:
            for inner in kids(prep, "pobj"):
                nested = Arguments()
                prepositions(inner, nested)
                for name, tokens in nested.slots.items():
                    found.slots.setdefault(name, tokens)


def _infinitive_objects(verb: Token, found: Arguments) -> None:
    """Add "Iran" in "urged Iran to stop", which the parser takes for the infinitive's subject."""
    for clause in kids(verb, "ccomp", "xcomp", "advcl"):
        if is_infinitive(clause) or clause.tag_ == "VB" or verb.lemma_ == "let":
            for token in kids(clause, "nsubj"):
                found.add("obj", token)


def clause_subjects(node: Token, found: Arguments) -> None:
    """Add "Hamas" in "demanded that Hamas renounce", "its demands that Hamas renounce" as "that"."""
    for clause in kids(node, "ccomp", "acl", "relcl"):
        marked = any(child.lower_ == "that" and child.dep_ == "mark" for child in clause.lefts)
        if marked and not is_infinitive(clause):
            for token in kids(clause, "nsubj", "nsubjpass"):
                found.add("that", token)


def prepositions(node: Token, found: Arguments) -> None:
    """Add the objects of a word's prepositions under their names; "out of" is out and of."""
    for child in node.children:
        if child.dep_ not in _PREP or child.pos_ not in {"ADP", "SCONJ", "ADV", "VERB", "PART"}:
            continue
        name = child.lower_
        objects = kids(child, "pobj", "pcomp")
        if not objects and not kids(child, "prep"):
            objects = _lost_object(child)
        for token in objects:
            found.add(name, token)
        for inner in kids(child, "prep"):
            for token in kids(inner, "pobj", "pcomp"):
                found.add(inner.lower_, token)
                found.add(name, token)


def _lost_object(prep: Token) -> list[Token]:
    """Return the noun after a preposition where the parser gave it to another word."""
    if prep.i + 1 >= len(prep.doc):
        return []
    token = prep.nbor()
    while token.dep_ in _LEFT_OF_NOUN and token.head.i > prep.i:
        token = token.head
    return [token] if token.pos_ in {"NOUN", "PROPN"} else []


def phrase_words(tokens: list[Token], names: Container[int] = ()) -> set[str]:
    """Return the lemmas that say what a phrase is about: head, modifiers, and what it is made of.

    Args:
        tokens: Heads of phrases.
        names: Tokens whose own words do not count: surnames.
    """
    words: set[str] = set()
    queue = list(tokens)
    seen: set[int] = set()
    while queue:
        token = queue.pop()
        if token.i in seen:
            continue
        seen.add(token.i)
        if token.i not in names:
            words |= {token.lemma_.lower(), token.lower_}
        for child in token.children:
            if child.dep_ in {"compound", "amod", "nmod", "conj", "npadvmod", "appos"}:
                queue.append(child)
            elif child.dep_ == "acl" and child.tag_ == "VBN":
                words.add(child.lower_)  # "two men wanted for murder"
            elif child.dep_ == "prep" and child.lower_ == "of":
                queue.extend(kids(child, "pobj"))
    return words
