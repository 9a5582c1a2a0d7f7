"""What constructions ask of a parse: subject, objects and prepositional phrases of a verb.

Written for the labels of spaCy's English models and for the mistakes they often make.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

VERBAL = frozenset({"VERB", "AUX"})
_SUBJECT = frozenset({"nsubj", "csubj"})
_OBJECT = frozenset({"dobj", "obj"})
_PREP = frozenset({"prep", "agent", "dative", "prt"})
_LEFT_OF_NOUN = frozenset(
    {"det", "nummod", "amod", "compound", "nmod", "poss", "quantmod", "advmod"}
)
_MAX_STEPS = 12


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


def kids(token: Token, *deps: str) -> list[Token]:
    """Return the children with one of these labels, in order."""
    return [child for child in token.children if child.dep_ in deps]


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
    return any(child.dep_ == "agent" for child in verb.children) and not kids(verb, "nsubj")


def is_relative(token: Token) -> bool:
    """Return whether the token is a relative pronoun."""
    return token.tag_ in {"WDT", "WP"} or (
        token.lower_ == "that" and token.tag_ in {"IN", "WDT", "DT"} and token.dep_ != "mark"
    )


def controller(verb: Token, steps: int = 0) -> tuple[list[Token], str]:
    """Return the tokens that are a verb's understood subject, and the construction that says so.

    For a passive these are its grammatical subject: what the act is done to.
    """
    own = kids(verb, "nsubj", "nsubjpass", "csubj")
    if own:
        token = own[0]
        if is_relative(token) and verb.dep_ == "relcl":
            return [verb.head], "relative"
        if is_relative(token) and verb.dep_ == "conj" and verb.head.dep_ == "relcl":
            return [verb.head.head], "relative"
        return own[:1], "active"
    if verb.tag_ in {"VBP", "VBD", "VBZ"}:  # the headline "Talks collapse"
        lost = [c for c in kids(verb, "compound", "nmod") if c.tag_ in {"NNS", "NN", "NNP"}]
        if lost:
            return lost[-1:], "active"
    if steps > _MAX_STEPS or verb.head.i == verb.i:
        return [], "active"
    head = verb.head
    if verb.dep_ == "conj" and head.pos_ in VERBAL:
        if is_passive(head) and not is_passive(verb):
            agents = [pobj for by in kids(head, "agent") for pobj in kids(by, "pobj")]
            return (agents or controller(head, steps + 1)[0]), "coordination"
        return controller(head, steps + 1)[0], "coordination"
    if verb.dep_ == "conj" and head.dep_ in {"pobj", "dobj"}:
        return [], "active"
    if verb.dep_ in {"xcomp", "ccomp", "advcl"} and head.pos_ in VERBAL | {"ADJ"}:
        objects = [
            child for child in kids(head, "dobj", "dative", "nsubjpass") if child.pos_ != "ADP"
        ]
        if verb.dep_ in {"xcomp", "ccomp"} and objects and is_infinitive(verb):
            return objects[:1], "control"
        shape = "control" if verb.dep_ in {"xcomp", "ccomp"} else "participle"
        return controller(head, steps + 1)[0], shape
    if verb.dep_ in {"xcomp", "acl"} and head.dep_ == "acomp":
        return controller(head.head, steps + 1)[0], "control"
    if verb.dep_ == "acl" and head.pos_ not in VERBAL:
        if is_infinitive(verb):
            return [], "active"
        return [head], "participle"
    if verb.dep_ == "relcl" and not is_infinitive(verb):
        return [head], "relative"
    if verb.dep_ == "pcomp":
        return _gerund_subject(verb, steps)
    return [], "active"


def _gerund_subject(verb: Token, steps: int) -> tuple[list[Token], str]:
    """The subject of a gerund after a preposition: "accused X of sending", "by sending, X"."""
    above = verb.head
    if above.pos_ != "ADP":
        return [above], "control"
    governor = above.head
    if governor.pos_ in VERBAL:
        objects = kids(governor, "dobj", "nsubjpass")
        if above.lower_ in {"of", "for", "from", "with"} and objects:
            return objects[:1], "control"
        return controller(governor, steps + 1)[0], "participle"
    if above.lower_ in {"of", "for"}:
        return [governor], "control"
    return [], "active"


def arguments(verb: Token) -> Arguments:
    """Return all arguments of a verb, through passive, control, coordination and relative clause."""
    found = Arguments(passive=is_passive(verb))
    subjects, found.shape = controller(verb)
    if found.passive:
        for token in subjects:
            found.add("obj", token)
        if found.shape in {"active", "coordination"}:
            found.shape = "passive"
    else:
        for token in subjects:
            found.add("subj", token)
    objects = kids(verb, *_OBJECT)
    if not objects and not found.passive:
        objects = [
            obj
            for other in kids(verb, "conj")
            if other.pos_ in VERBAL and other.i - verb.i <= 3  # noqa: PLR2004 - "hit and sank X"
            for obj in kids(other, *_OBJECT)
        ]
    for token in objects:
        if is_relative(token) and verb.dep_ == "relcl":
            found.add("obj", verb.head)
        elif token.dep_ in _OBJECT and token.pos_ != "ADP":
            found.add("obj", token)
    if verb.dep_ == "relcl" and not found.passive and not found.get("obj"):
        subject = kids(verb, "nsubj")
        if subject and not is_relative(subject[0]):
            found.add("obj", verb.head)
    for token in kids(verb, "dative", "iobj"):
        if token.pos_ != "ADP":
            found.add("iobj", token)
    for token in kids(verb, "attr", "oprd"):
        found.add("obj", token)
    _infinitive_objects(verb, found)
    clause_subjects(verb, found)
    for node in (verb, *objects, *found.get("iobj")):
        prepositions(node, found)
    for node in objects:  # "$3 billion in aid for X"
        for prep in kids(node, "prep"):
            if prep.lower_ in {"in", "of"}:
                for inner in kids(prep, "pobj"):
                    nested = Arguments()
                    prepositions(inner, nested)
                    for name, tokens in nested.slots.items():
                        found.slots.setdefault(name, tokens)
    if found.passive:
        for token in found.slots.pop("by", []):
            found.add("subj", token)
            found.add("by", token)
    return found


def _infinitive_objects(verb: Token, found: Arguments) -> None:
    """Add "Iran" in "urged Iran to stop", which the parser takes for the infinitive's subject."""
    for clause in kids(verb, "ccomp", "xcomp", "advcl"):
        if is_infinitive(clause) or clause.tag_ == "VB":
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


def phrase_words(tokens: list[Token]) -> set[str]:
    """Return the lemmas that say what a phrase is about: head, modifiers, and what it is made of."""
    words: set[str] = set()
    queue = list(tokens)
    seen: set[int] = set()
    while queue:
        token = queue.pop()
        if token.i in seen:
            continue
        seen.add(token.i)
        words |= {token.lemma_.lower(), token.lower_}
        for child in token.children:
            if child.dep_ in {"compound", "amod", "nmod", "conj", "npadvmod", "appos"}:
                queue.append(child)
            elif child.dep_ == "prep" and child.lower_ == "of":
                queue.extend(kids(child, "pobj"))
    return words
