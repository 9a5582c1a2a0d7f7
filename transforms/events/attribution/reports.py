"""Reported speech in one parsed sentence: who speaks, by which word, and what is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.events.attribution import surface
from transforms.events.attribution.verbs import (
    ACCUSE,
    ASK,
    NOUN,
    PAPER,
    PROMISE,
    SHORT,
    THINK,
    kinds,
)
from transforms.events.clauses import SUBJECTS, children, governor, is_finite, subject
from transforms.events.model import Mention
from transforms.events.tree import Doc, Token

_KEPT = "wirelake.reports"  # key of Doc.user_data
_ACTS = frozenset({ASK, PROMISE, ACCUSE})
_RELATIVES = frozenset({"WP", "WDT"})
_AUTHOR = frozenset({"by", "from", "of"})


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        verb: Token of the word of saying; -1: none (a headline's colon).
        name: Its lemma, or "according to"; None: none.
        speaker: Token of the speaker's head; None: nobody is named.
        content: Tokens of what is said.
        wished: The content is wanted or promised, not told.
    """

    verb: int
    name: str | None
    speaker: int | None
    content: frozenset[int]
    wished: bool = False


def reports(doc: Doc, mentions: Sequence[Mention]) -> tuple[Report, ...]:
    """Return the sentence's reports: those of its words, and those of a headline's colon."""
    labels = (
        Report(verb=-1, name=None, speaker=head, content=content)
        for head, content in surface.colon_reports(doc, mentions)
    )
    return (*worded_reports(doc), *labels)


def worded_reports(doc: Doc) -> tuple[Report, ...]:
    """Return the reports that a word of saying makes; kept on the Doc, since each frame asks."""
    kept: tuple[Report, ...] | None = doc.user_data.get(_KEPT)
    if kept is None:
        kept = tuple(_worded(doc))
        doc.user_data[_KEPT] = kept
    return kept


def _worded(doc: Doc) -> Iterator[Report]:
    for token in doc:
        if token.lower_ == "according":
            yield from _according(token)
        elif found := kinds(token):
            yield from _verbal(token, found) if token.pos_ == "VERB" else _noun(token, found)


def _verbal(verb: Token, found: frozenset[str]) -> Iterator[Report]:
    if verb.dep_ in {"amod", "compound"}:
        return
    name = verb.lemma_.lower()
    parts = list(_complements(verb, found))
    who = _who(verb) if parts else None
    if parts and who is not None:
        wished = bool(found & {ASK, PROMISE})
        yield Report(verb.i, name, who.i, _content(verb, parts), wished=wished)
        return
    if parts and _is_passive(verb):
        return  # "it was reported that": nobody is named
    if SHORT not in found:
        return
    if verb.dep_ == "parataxis" and (who := _who(verb)) is not None:
        own = {token.i for token in verb.subtree}  # "Ukraine, Putin said, attacked"
        content = frozenset(token.i for token in verb.head.subtree) - own
        yield Report(verb.i, name, who.i, content)
        return
    if verb.dep_ == "advcl" and any(child.lower_ == "as" for child in verb.lefts):
        who = _who(verb)  # "…, as a newspaper wrote"
        if who is not None:
            own = {token.i for token in verb.subtree}
            content = frozenset(token.i for token in verb.head.subtree) - own
            yield Report(verb.i, name, who.i, content)
        return
    tail = surface.tail(verb)
    if tail is not None:
        yield Report(verb.i, name, tail.speaker, tail.content)


def _complements(verb: Token, found: frozenset[str]) -> Iterator[Token]:
    """Yield the heads of what is said."""
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in {"of", "as"} and found & {ACCUSE, THINK}:
            yield from children(child, "pcomp", "pobj")
        elif _is_said(verb, child, found) and not _semicolon_between(verb, child):
            yield child


def _semicolon_between(verb: Token, child: Token) -> bool:
    first, last = sorted((verb.i, child.i))
    return any(token.text == ";" for token in verb.doc[first:last])


def _is_said(verb: Token, child: Token, found: frozenset[str]) -> bool:
    """Whether the child is a clause, or a denied thing, that the verb hands on."""
    if child.dep_ == "parataxis":
        return not kinds(child)
    if child.dep_ == "xcomp":
        return bool(found & _ACTS) or child.tag_ == "VBG" or verb.lemma_ == "claim"
    if child.dep_ == "dobj":
        # What is said is a clause; a noun with a participle is one that was parsed wrongly.
        garbled = verb.lemma_ == "say" and any(children(child, "acl", "relcl"))
        return garbled or verb.lemma_ == "deny"
    return child.dep_ == "ccomp"


def _content(verb: Token, parts: list[Token]) -> frozenset[int]:
    content = {token.i for part in parts for token in part.subtree}
    for index in sorted(content):  # a conjunct that belongs to the verb of saying itself
        token = verb.doc[index]
        if token.dep_ == "conj" and (above := governor(token)).i != token.head.i:
            belongs = above.i in content
            content -= set() if belongs else {inner.i for inner in token.subtree}
    first = min(content, default=verb.i)
    if verb.dep_ == "ROOT" and max(part.i for part in parts) < verb.i:
        # "Russia attacked, Kyiv said Friday, killing five": the rest belongs to what is said.
        for child in verb.rights:
            if child.dep_ == "advcl" and not kinds(child) and child.tag_ == "VBG":
                content |= {token.i for token in child.subtree}
    elif first > verb.i:
        content |= surface.quotation_after(verb)
    return frozenset(content - {verb.i})


def _who(verb: Token) -> Token | None:
    """Return the head of who speaks; None where nobody is named."""
    agent = next((g for a in children(verb, "agent") for g in children(a, "pobj")), None)
    if agent is not None:
        return agent
    if _is_passive(verb):
        return _quoted(verb)
    own = subject(verb)
    if own is not None:
        if own.tag_ in _RELATIVES:
            return own.head.head if own.head.dep_ == "relcl" else None
        dummy = own.dep_ == "expl" or own.tag_ == "EX" or _is_dummy(own, verb)
        return None if dummy else own
    if verb.dep_ == "acl":
        return _author(verb.head) if verb.tag_ == "VBG" else None
    if verb.dep_ == "pcomp" and verb.head.lower_ == "as":
        quoting = verb.head.head  # "was quoted as saying", "quoted Putin as saying"
        return next(children(quoting, "dobj"), None) or subject(quoting)
    if verb.dep_ in {"advcl", "xcomp", "pcomp", "conj", "ccomp"}:
        above = verb.head if verb.head.pos_ in {"VERB", "AUX"} else verb.head.head
        found = subject(above) if above.i != verb.i else None
        if found is not None and found.tag_ in _RELATIVES and above.dep_ == "relcl":
            return above.head
        return found
    return None


def _is_passive(verb: Token) -> bool:
    """Whether the verb is a passive: with its auxiliary, or a bare participle ("Asked about …,")."""
    if any(children(verb, "nsubjpass", "auxpass")):
        return True
    if any(children(verb, "nsubj", "aux", "mark")):
        return False
    return verb.tag_ == "VBN" or (verb.tag_ == "VBD" and verb.dep_ == "advcl")


def _is_dummy(own: Token, verb: Token) -> bool:
    """Whether the subject is the "it" of "it emerged that"."""
    return own.lower_ == "it" and verb.lemma_ in {"emerge", "appear", "seem"}


def _quoted(verb: Token) -> Token | None:
    """Return who "was quoted as saying"; other passives name nobody."""
    return subject(verb) if verb.lemma_ == "quote" else None


def _author(noun: Token) -> Token | None:
    """Return who a noun with "saying" stands for: itself, or the author of a paper."""
    if PAPER not in kinds(noun):
        return noun
    for child in noun.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ in {"prep", "agent"} and child.lower_ in _AUTHOR:
            found = next(children(child, "pobj"), None)
            if found is not None:
                return found
    above = noun.head
    while above.pos_ not in {"VERB", "AUX"} and above.head.i != above.i:
        above = above.head
    return subject(above) or noun


def _noun(noun: Token, found: frozenset[str]) -> Iterator[Report]:
    """Yield the report of "claims by Kyiv that …", "the ministry's statement that …"."""
    if NOUN not in found:
        return
    for child in noun.children:
        if child.dep_ in {"acl", "ccomp", "relcl"} and any(
            mark.lower_ == "that" and mark.dep_ == "mark" for mark in child.children
        ):
            who = _noun_author(noun)
            if who is not None:
                content = frozenset(token.i for token in child.subtree)
                yield Report(noun.i, noun.lemma_.lower(), who.i, content)


def _noun_author(noun: Token) -> Token | None:
    for child in noun.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ in {"prep", "agent"} and child.lower_ in _AUTHOR:
            return next(children(child, "pobj"), None)
        if child.dep_ in {"amod", "compound", "nmod"} and child.pos_ in {"PROPN", "ADJ"}:
            return child if child.text[:1].isupper() else None
    return None


def _according(token: Token) -> Iterator[Report]:
    """Yield the report of "according to": the sentence where it stands at its start or end."""
    to = next((child for child in token.children if child.lower_ == "to"), None)
    who = (
        next(children(to, "pobj"), None) if to is not None else next(children(token, "pobj"), None)
    )
    if who is None:
        return
    own = {inner.i for inner in token.subtree}
    doc = token.doc
    first = next((t.i for t in doc if not t.is_punct and not t.is_space), 0)
    last = next((t.i for t in reversed(doc) if not t.is_punct and not t.is_space), len(doc) - 1)
    if token.i == first or max(own) >= last:
        content = frozenset(range(len(doc))) - own
    else:
        verb = token.head
        while verb.head.i != verb.i and not (
            verb.pos_ in {"VERB", "AUX"}
            and (is_finite(verb) or any(c.dep_ in SUBJECTS for c in verb.children))
        ):
            verb = verb.head
        content = frozenset(inner.i for inner in verb.subtree) - own
    yield Report(token.i, "according to", who.i, content)
