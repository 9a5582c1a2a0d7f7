"""What the parser gets wrong in news so often that it is put right before a sentence is read.

English past tenses look like participles: of "A UN expert called on Wednesday for Egypt to act" the parser
makes a noun phrase ("an expert who was called"). A sentence without a main verb is rare in news, and a
reduced relative clause seldom says on which day.
"""

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.dates.expressions import expressions
from transforms.events.tree import Doc, Token

_NAMES = frozenset({"NOUN", "PROPN"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_CALL = "call"
_CALLED = frozenset({"on", "for", "upon"})
_DAYS = frozenset({"weekday", "near"})
_ENDS = (".", ".\u201d", '."', ".''", ".'")


def mend(doc: Doc) -> None:
    """Make the past tense that was taken for a participle the main verb, the noun before it its subject.

    Only where a full sentence has no other main verb, and the verb an object or complement and a day of
    its own ("signed here Thursday an agreement"), or it is "called on" or "called for".
    """
    roots = [token for token in doc if token.head is token and not token.is_punct]
    if len(roots) != 1 or roots[0].pos_ not in _NAMES or not doc.text.rstrip().endswith(_ENDS):
        return
    root = roots[0]
    verbs = [verb for verb in _participles(root) if _is_main(verb)]
    if verbs:
        _promote(doc, root, verbs[-1])


def _participles(noun: Token) -> Iterator[Token]:
    """Yield the reduced relative clauses of a noun and of the nouns that hang on it, in order."""
    for child in noun.rights:
        if child.dep_ == "acl" and child.tag_ in {"VBN", "VBD"}:
            yield child
        elif child.dep_ in {"prep", "pobj", "appos", "conj"} or child.pos_ in _NAMES:
            yield from _participles(child)


def _is_main(verb: Token) -> bool:
    kinds = {child.dep_ for child in verb.children}
    if "agent" in kinds or "auxpass" in kinds:
        return False
    if verb.lemma_.lower() == _CALL:
        after = verb.doc.tokens[verb.i + 1 :]
        return any(word.lower_ in _CALLED for word in after)
    return bool(kinds & {"dobj", "ccomp", "xcomp"}) and _says_when(verb)


def _says_when(verb: Token) -> bool:
    """Whether a day is said right behind a verb or its object: "signed here Thursday a treaty"."""
    ends = max(
        (child.right_edge.i for child in verb.rights if child.dep_ != "punct"), default=verb.i
    )
    text = verb.doc[verb.i + 1 : ends + 1].text
    return any(found.kind in _DAYS for found in expressions(text))


def _promote(doc: Doc, root: Token, verb: Token) -> None:
    heads = {verb.i: verb.i, root.i: verb.i}
    labels = {verb.i: "ROOT", root.i: "nsubj"}
    for child in root.rights:
        if child.i > verb.i:
            heads[child.i] = verb.i
    doc.rehang(heads, labels)
    verb.tag_ = "VBD"
