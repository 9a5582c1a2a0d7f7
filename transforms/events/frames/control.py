"""Who is the understood subject of a verb: through control, raising, coordination, relative clauses."""

from __future__ import annotations

from transforms.events.frames.parse import VERBAL, is_infinitive, is_passive, is_relative, kids
from transforms.events.tree import Token
from transforms.events.wordlists import words

_MAX_STEPS = 12
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_RANKS = frozenset({"first", "second", "third", "latest", "last", "only"})
_SUBORDINATING = frozenset({"after", "before", "since", "until", "till"})


def controller(verb: Token, steps: int = 0) -> tuple[list[Token], str]:
    """Return the tokens that are a verb's understood subject, and the construction that says so.

    For a passive these are its grammatical subject: what the act is done to.
    """
    own = _own_subject(verb)
    if own is not None:
        return own
    if steps > _MAX_STEPS:
        return [], "active"
    if verb.head.i == verb.i:
        return _just_before(verb), "active"
    head = verb.head
    if verb.dep_ == "conj" and head.pos_ in VERBAL:
        return _coordinated(verb, steps), "coordination"
    if verb.dep_ in {"xcomp", "ccomp", "advcl"} and head.pos_ in VERBAL | {"ADJ"}:
        return _controlled(verb, steps)
    if verb.dep_ in {"xcomp", "acl"} and head.dep_ == "acomp":
        return controller(head.head, steps + 1)[0], "control"
    if verb.dep_ == "pcomp":
        return _gerund_subject(verb, steps)
    return _modifying(verb, steps)


def _modifying(verb: Token, steps: int) -> tuple[list[Token], str]:
    """The subject of a clause that modifies a noun: the noun, but for infinitives."""
    head = verb.head
    if is_infinitive(verb) and is_ranked(head):
        return controller(head.head, steps + 1)[0], "control"
    if verb.dep_ == "relcl" and not is_infinitive(verb):
        return [head], "relative"
    if verb.dep_ == "acl" and head.pos_ not in VERBAL:
        if not is_infinitive(verb):
            issued = _issued_by(verb)
            return (controller(issued, steps + 1)[0] if issued else [head]), "participle"
        if head.dep_ == "dobj":  # "used the occasion to praise"
            return controller(head.head, steps + 1)[0], "participle"
    return [], "active"


def _issued_by(verb: Token) -> Token | None:
    """Return the verb whose subject speaks in "issued a statement condemning X"; None: nobody does."""
    noun = verb.head
    if verb.tag_ != "VBG" or noun.lemma_.lower() not in words("utterances.txt"):
        return None
    if noun.dep_ == "dobj" and noun.head.pos_ in VERBAL:
        return noun.head
    governor = noun.head.head
    inside = noun.dep_ == "pobj" and noun.head.lower_ == "in" and governor.pos_ in VERBAL
    return governor if inside else None


def is_ranked(noun: Token) -> bool:
    """Return whether a noun says who was the first to do something: "became the first country to"."""
    return (
        noun.dep_ in {"attr", "oprd"}
        and noun.head.lemma_.lower() in {"be", "become"}
        and (
            noun.lower_ in _RANKS
            or any(child.lower_ in _RANKS for child in kids(noun, "amod", "nummod"))
        )
    )


def _own_subject(verb: Token) -> tuple[list[Token], str] | None:
    own = kids(verb, "nsubj", "nsubjpass", "csubj")
    if own:
        if is_relative(own[0]) and verb.dep_ == "relcl":
            return [verb.head], "relative"
        if is_relative(own[0]) and verb.dep_ == "conj" and verb.head.dep_ == "relcl":
            return [verb.head.head], "relative"
        return own[:1], "active"
    if verb.tag_ in _FINITE:  # the headline "Talks collapse"
        lost = [c for c in kids(verb, "compound", "nmod") if c.tag_ in {"NNS", "NN", "NNP"}]
        if lost:
            return lost[-1:], "active"
    return None


def _just_before(verb: Token) -> list[Token]:
    """The noun right before a finite main verb whose subject the parser gave to another phrase."""
    if verb.tag_ not in _FINITE or verb.i == 0:
        return []
    token = verb.nbor(-1)
    while token.i > 0 and token.pos_ in {"ADV", "AUX", "PART"}:
        token = token.nbor(-1)
    if token.pos_ not in {"NOUN", "PROPN"}:
        return []
    while token.dep_ == "conj" and token.head.pos_ in {"NOUN", "PROPN"}:
        token = token.head
    return [token]


def _coordinated(verb: Token, steps: int) -> list[Token]:
    """The subject of "X was hit and struck back": the first verb's, its agent beside a passive."""
    if is_passive(verb.head) and not is_passive(verb):
        agents = [pobj for by in kids(verb.head, "agent") for pobj in kids(by, "pobj")]
        if agents:
            return agents
    return controller(verb.head, steps + 1)[0]


def _controlled(verb: Token, steps: int) -> tuple[list[Token], str]:
    """The subject of "urged X to leave", "X agreed to leave", "X fired, killing Y"."""
    head = verb.head
    complement = verb.dep_ in {"xcomp", "ccomp"}
    if verb.dep_ == "advcl" and verb.tag_ in _FINITE:
        return _lost_subject(verb), "active"
    if complement and is_infinitive(verb):
        objects = [c for c in kids(head, "dobj", "dative", "nsubjpass") if c.pos_ != "ADP"]
        if objects:
            return objects[:1], "control"
    return controller(head, steps + 1)[0], "control" if complement else "participle"


def _lost_subject(verb: Token) -> list[Token]:
    """The subject of a finite clause behind a conjunction that the parser took for a preposition.

    "… a day after an attack on a base killed two": a finite verb has a subject of its own, and that of
    the main clause is not it. It is the noun before, or the noun which that belongs to.
    """
    found = _just_before(verb)
    while found and found[0].dep_ == "pobj" and found[0].head.head.pos_ in {"NOUN", "PROPN"}:
        if found[0].head.lower_ in _SUBORDINATING:
            break
        found = [found[0].head.head]
    return found


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
