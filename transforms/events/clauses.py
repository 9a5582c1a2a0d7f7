"""What judge, attribution and dates ask of a dependency parse (labels of spaCy's English models)."""

# ruff: noqa: RUF001 - typographic marks are meant

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.tree import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
VERBAL_TAGS = frozenset({"VERB", "AUX"})
_VERBAL_DEPS = frozenset(
    {"ROOT", "ccomp", "xcomp", "advcl", "relcl", "acl", "conj", "pcomp", "csubj", "csubjpass"}
    | {"parataxis", "dep"}
)
_NO = frozenset({"no", "neither", "none", "nobody", "nothing", "nor"})
_OWN = ("nsubj", "nsubjpass", "aux", "auxpass")  # what a conjunct of its own would have


def is_verbal(token: Token) -> bool:
    """Whether the token heads a clause: a verb that is no mere modifier ("armed forces")."""
    if token.dep_ == "amod":
        return governor(token).i != token.head.i
    return token.pos_ in VERBAL_TAGS and token.dep_ in _VERBAL_DEPS


def path_down(token: Token) -> list[Token]:
    """Return the tokens from the sentence's root down to `token`, both included."""
    path = [token]
    while (above := governor(path[-1])).i != path[-1].i:
        path.append(above)
    return path[::-1]


def governor(token: Token) -> Token:
    """Return the token's head; itself at the root. Two frequent mistakes of the parser are mended.

    - "is believed to have supplied weapons": the participle is taken for a modifier of the noun after
      it; its governor is the verb before "to".
    - "said troops had come and accused Moscow": a bare past is joined to a verb of another form; its
      governor is the verb of its own form further up.
    """
    if token.dep_ == "amod" and token.tag_ in {"VBN", "VBD"}:
        return _before_to(token) or token.head
    if token.dep_ == "conj" and token.tag_ == "VBD":
        if not any(children(token, *_OWN)):
            return _same_form(token) or token.head
        if token.head.tag_ in {"VB", "VBN", "VBG"} and not is_finite(token.head):
            return _finite_above(token) or token.head
    return token.head


def _before_to(token: Token) -> Token | None:
    at = token.i - 1
    while at > 0 and token.doc[at].lower_ in {"been", "already"}:
        at -= 1
    if at > 1 and token.doc[at].lower_ == "have" and token.doc[at - 1].lower_ == "to":
        return token.doc[at - 2]
    return None


def _same_form(token: Token) -> Token | None:
    """Return the nearest bare past above a conjunct whose own head is of another form."""
    head = token.head
    while not _is_bare_past(head):
        if head.head.i == head.i or head.dep_ not in _VERBAL_DEPS or head.pos_ not in VERBAL_TAGS:
            return None
        head = head.head
    return head


def _finite_above(token: Token) -> Token | None:
    """Return the nearest finite verb above a finite conjunct of an infinitive or participle."""
    head = token.head
    while not is_finite(head):
        if head.head.i == head.i or head.dep_ not in _VERBAL_DEPS or head.pos_ not in VERBAL_TAGS:
            return None
        head = head.head
    return head


def _is_bare_past(verb: Token) -> bool:
    return verb.tag_ == "VBD" and not any(children(verb, "aux", "auxpass"))


def clause_verb(token: Token) -> Token:
    """Return the verb whose clause `token` stands in: itself, or its nearest verbal ancestor.

    Where none is verbal (a headline without verb) it is the root.
    """
    while not is_verbal(token) and governor(token).i != token.i:
        token = governor(token)
    return token


def children(token: Token, *deps: str) -> Iterator[Token]:
    """Yield the token's children with one of these labels."""
    return (child for child in token.children if child.dep_ in deps)


def subject(verb: Token) -> Token | None:
    """Return the verb's subject; a conjoined verb without its own has that of the verb before it."""
    seen = 0
    while True:
        own = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
        if own is not None:
            return own
        above = governor(verb)
        if verb.dep_ != "conj" or above.pos_ not in VERBAL_TAGS or seen > len(verb.doc):
            return None
        verb = above
        seen += 1


def is_infinitive(verb: Token) -> bool:
    """Whether the verb is an infinitive with "to"."""
    return verb.tag_ == "VB" and any(child.tag_ == "TO" for child in verb.lefts)


def is_finite(verb: Token) -> bool:
    """Whether the verb, or one of its auxiliaries, is finite."""
    return verb.tag_ in {"VBD", "VBZ", "VBP", "MD"} or any(
        child.tag_ in {"VBD", "VBZ", "VBP", "MD"} for child in children(verb, "aux", "auxpass")
    )


def is_definite(noun: Token) -> bool:
    """Whether the noun phrase speaks of something known: the, this, a possessor, or a name."""
    if noun.pos_ == "PROPN":
        return True
    return any(
        child.dep_ == "poss"
        or (child.dep_ == "det" and child.lower_ in {"the", "this", "that", "these", "those"})
        for child in noun.lefts
    )


def is_headline(doc: Doc) -> bool:
    """Whether the Doc looks like a headline: no full stop at its end.

    Headlines tell the past in the present tense, and plans as infinitives.
    """
    last = next((token for token in reversed(doc) if not token.is_space), None)
    return last is None or last.text[-1] not in ".!?…\"'”’:;)"


def has_mark(word: Token, *marks: str) -> bool:
    """Whether the clause begins with one of these conjunctions."""
    return any(c.dep_ == "mark" and c.lower_ in marks for c in word.children)


def is_none(noun: Token) -> bool:
    """Whether the noun phrase is empty: "no deal", "none of them", "neither side"."""
    return noun.lower_ in _NO or any(
        child.dep_ in {"det", "preconj", "neg", "cc"} and child.lower_ in {"no", "neither"}
        for child in noun.lefts
    )


def is_wh_clause(verb: Token) -> bool:
    """Whether the clause asks who, why or how, and so takes for known that it happened."""
    return any(child.tag_ in {"WP", "WRB", "WDT"} for child in verb.lefts)
