"""From a report to its speaker's words and actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.events.attribution.context import QuoteContext
from transforms.events.attribution.reports import Report
from transforms.events.clauses import clause_verb, governor, subject
from transforms.events.model import Actor, Attribution, Frame, Mention
from transforms.events.places.gazetteer import gazetteer
from transforms.events.tree import Doc, Token
from transforms.events.wordlists import words

_PREMODIFIERS = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "quantmod", "case", "advmod", "predet"}
)
_BACKWARD = frozenset({"they", "he", "she", "it", "both"})
_OFFICIAL = frozenset({"GOV", "MIL", "COP", "LEG", "SPY", "JUD"})
_CONFLICT = frozenset({"14", "15", "17", "18", "19", "20"})  # CAMEO roots
_WITHIN = frozenset(
    {"of", "in", "from", "at", "for"}
)  # "officials in Kyiv", "the head of the agency"
MAX_TEXT_TOKENS = 14


def speaker(
    doc: Doc,
    report: Report,
    mentions: Sequence[Mention],
    context: QuoteContext,
    frame: Frame | None = None,
) -> Attribution | None:
    """Return the report's speaker; None where nobody is named.

    A pronoun or surname that no mention resolves is the clause above's subject, or the last speaker
    of the article. A role without a country ("the defence ministry") is of the country that `_home`
    finds.
    """
    if report.speaker is None:
        return None
    head = doc[report.speaker]
    mention = mention_at(head, mentions)
    if mention is None and head.pos_ == "PRON" and head.lower_ in _BACKWARD:
        above = _subject_above(head)
        mention = mention_at(above, mentions) if above is not None else None
        if mention is None and context.speaker is not None:
            last = context.speaker
            return Attribution(text=last.text, actor=last.actor, verb=report.name)
    actor = _actor(head, mention, mentions) or _named_in(head, context)
    if actor is None and head.pos_ == "PROPN":
        known = context.known(head.text)
        actor = known.actor if known is not None else None
    if actor is not None and actor.country is None and actor.org is None and actor.sector:
        actor = replace(actor, country=_home(head, actor, mentions, frame))
    return Attribution(text=phrase(head), actor=actor, verb=report.name)


def _actor(head: Token, mention: Mention | None, mentions: Sequence[Mention]) -> Actor | None:
    """Return who the phrase is: a role takes the country of its possessor ("Seoul's adviser")."""
    if mention is None or mention.actor.country or mention.actor.org:
        return mention.actor if mention is not None else None
    for child in head.lefts:
        if child.dep_ in _PREMODIFIERS:
            owner = next((m for m in mentions if m.head == child.i and m.actor.country), None)
            if owner is not None:
                return replace(mention.actor, country=owner.actor.country)
    return mention.actor


def _named_in(head: Token, context: QuoteContext) -> Actor | None:
    """Return an actor that the raw phrase names ("Seoul's adviser") where no mention was resolved."""
    if head.lemma_.lower() in words("abroad.txt"):
        return None
    start, end = _span(head)
    return next((m.actor for m in context.find(head.doc[start:end].text) if m.actor.country), None)


def _subject_above(pronoun: Token) -> Token | None:
    """Return the subject of the clause above the pronoun's: "Greece, which it …" is not looked at."""
    verb = clause_verb(pronoun)
    seen = 0
    while governor(verb).i != verb.i and seen < len(verb.doc):
        seen += 1
        verb = clause_verb(governor(verb))
        found = subject(verb)
        if found is not None and found.i != pronoun.i and found.pos_ != "PRON":
            return found
    return None


def _home(
    head: Token, actor: Actor, mentions: Sequence[Mention], frame: Frame | None
) -> str | None:
    """Return the country of a speaker who is only a role; None: it cannot be told.

    The capital he speaks in ("officials in Colombo"); the one country that the sentence names; of
    several that of whoever acts, since governments announce what they do ("Slovakia gave Ukraine
    its jets, the prime minister said"), but not in conflict, where the victims speak as often.
    """
    if actor.sector not in _OFFICIAL or head.lemma_.lower() in words("abroad.txt"):
        return None
    place = next(
        (noun for prep in head.children if prep.lower_ == "in" for noun in prep.children), None
    )
    if place is not None and (entry := gazetteer().find(place.text)) is not None:
        return entry.country
    named = {m.actor.country for m in mentions if m.actor.country is not None}
    if len(named) == 1:
        return named.pop()
    if frame is None or (frame.cameo[:2] in _CONFLICT and not _has_possessive(head)):
        return None
    acting = {m.actor.country for m in frame.sources if m.actor.country is not None}
    return acting.pop() if len(acting) == 1 else None


def _has_possessive(head: Token) -> bool:
    return any(child.tag_ == "PRP$" for child in head.lefts)


def mention_at(head: Token, mentions: Sequence[Mention]) -> Mention | None:
    """Return the mention that a phrase with this head speaks of.

    The one with the same head; else one that covers the head; else one that the phrase begins with
    ("Seoul" of "Seoul's adviser"), which is then the speaker's country.
    """
    same = [m for m in mentions if m.head == head.i]
    if same:  # of several owners of one role that is a country
        return min(same, key=lambda m: m.actor.country is None)
    covering = [m for m in mentions if m.char_start <= head.idx < m.char_end]
    if covering:
        return min(covering, key=lambda m: m.char_end - m.char_start)
    start, end = _span(head)
    doc = head.doc
    left, right = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    inside = [m for m in mentions if left <= m.char_start and m.char_end <= right]
    return inside[0] if inside else None


def phrase(head: Token) -> str:
    """Return the words of the phrase: head, what stands before it, and an "of" or "in" phrase."""
    start, end = _span(head)
    return head.doc[start:end].text


def _span(head: Token) -> tuple[int, int]:
    start = head.i
    for child in head.lefts:
        if child.dep_ in _PREMODIFIERS:
            comma = next((c.i for c in child.children if c.text == ","), None)  # a wrong parse
            start = min(start, child.left_edge.i if comma is None else comma + 1)
    if start == head.i:  # an unparsed phrase: what is plainly part of it
        while start > 0 and head.doc[start - 1].pos_ in {"PROPN", "ADJ", "DET", "NOUN", "PART"}:
            start -= 1
    end = head.i + 1
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ in _WITHIN:
            end = max(end, child.right_edge.i + 1)
    if end - start > MAX_TEXT_TOKENS:
        end = head.i + 1
        start = max(start, end - MAX_TEXT_TOKENS)
    return start, end
