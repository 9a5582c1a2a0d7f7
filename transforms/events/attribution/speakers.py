"""From a report to its speaker's words and actor."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from transforms.events.attribution.context import QuoteContext
from transforms.events.attribution.reports import Report
from transforms.events.model import Attribution, Mention

_PREMODIFIERS = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "quantmod", "case", "advmod", "predet"}
)
_BACKWARD = frozenset({"they", "he", "she", "it", "both"})
_WITHIN = frozenset({"of", "in", "from", "at"})  # "officials in Kyiv", "the head of the agency"
MAX_TEXT_TOKENS = 14


def speaker(
    doc: Doc, report: Report, mentions: Sequence[Mention], context: QuoteContext
) -> Attribution | None:
    """Return the report's speaker; None where nobody is named.

    A pronoun or surname that no mention resolves is the last speaker of the article whom it fits.
    """
    if report.speaker is None:
        return None
    head = doc[report.speaker]
    mention = mention_at(head, mentions)
    if mention is None and head.pos_ == "PRON" and head.lower_ in _BACKWARD and context.speaker:
        return Attribution(text=context.speaker.text, actor=context.speaker.actor, verb=report.name)
    text = phrase(head)
    actor = mention.actor if mention is not None else None
    if actor is None and head.pos_ == "PROPN":
        known = context.known(head.text)
        actor = known.actor if known is not None else None
    return Attribution(text=text, actor=actor, verb=report.name)


def mention_at(head: Token, mentions: Sequence[Mention]) -> Mention | None:
    """Return the mention that a phrase with this head speaks of.

    The one with the same head; else one that covers the head; else one that the phrase begins with
    ("Seoul" of "Seoul's adviser"), which is then the speaker's country.
    """
    same = next((m for m in mentions if m.head == head.i), None)
    if same is not None:
        return same
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
