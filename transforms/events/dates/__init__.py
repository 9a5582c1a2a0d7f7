"""When a frame's event happened: the time expression that governs its clause, resolved.

Only a time in the event's own clause dates it: "…, the adviser said Friday" dates the saying. A
clause without a time of its own takes that of the clause it depends on as an adverb ("attacked on
Friday, killing three"), of the conjoined clause before it, or of its own when-clause, but never that
of a verb of saying above it. Precision "published" means: nothing is said, so it is news of that day.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator

from transforms.events.attribution.verbs import NOUN, PAPER, kinds
from transforms.events.clauses import clause_verb, governor, is_infinitive, is_verbal
from transforms.events.dates.expressions import Expression, expressions
from transforms.events.dates.resolve import FUTURE, NEITHER, PAST, resolve
from transforms.events.model import EventDate, Frame
from transforms.events.tree import Doc, Token

__all__ = ["event_date", "expressions", "resolve"]

_Attached = list[tuple[Expression, Token]]
PUBLISHED = "published"
_TEMPORAL = frozenset({"when", "as", "while"})  # at the same time; not after, before, since
# CAMEO codes of comment, appeal, praise, disapproval, rejection: their object is another event.
_ATTITUDES = ("012", "013", "014", "018", "019", "02", "051", "052", "11", "12")
_CONFLICT = frozenset({"18", "19", "20"})  # CAMEO roots
_AHEAD = frozenset(
    {"will", "'ll", "shall", "wo", "would", "may", "might", "could", "should", "must"}
)
_SHARING = frozenset({"advcl", "xcomp", "acl", "conj", "pcomp"})


def event_date(
    doc: Doc, frame: Frame, published_at: dt.datetime | None, *, planned: bool = False
) -> EventDate:
    """Return the date of a frame's event.

    Precision "day", "month" or "year" says how exact the text is, and the date is then the first day
    it allows ("in June": the 1st; "last week": its Monday, precision month). Precision "published"
    is the day of publication; its date is None where that is unknown, as are relative expressions.

    Args:
        doc: The parsed sentence.
        frame: The frame.
        published_at: When the article was published; None: unknown.
        planned: It is yet to come ("is due to host X on Sunday"), so that its weekday is the next.
    """
    published = published_at.date() if published_at is not None else None
    ahead = planned or _is_due(doc, frame)
    direction = FUTURE if ahead else _direction(doc[frame.trigger])
    for expression in _governing(doc, frame):
        found = resolve(expression, published, direction)
        if found is not None:
            return EventDate(date=found.date, precision=found.precision, text=expression.text)
    return EventDate(date=published, precision=PUBLISHED)


def _governing(doc: Doc, frame: Frame) -> Iterator[Expression]:
    """Yield the expressions that may date the frame, the nearest first."""
    attached = [(expression, _anchor(doc, expression)) for expression in _expressions(doc.text)]
    if not attached:
        return
    trigger = doc[frame.trigger]
    verb = clause_verb(trigger)
    yield from _of_the_action(attached, frame)
    if trigger.i != verb.i and _is_independent(trigger):
        return  # "Moscow's offensive": the clause it is mentioned in does not date it
    yield from (e for e, anchor in attached if anchor.i == verb.i and _may_date(verb, frame))
    if not frame.cameo.startswith(_ATTITUDES):
        yield from _inside(attached, verb)
    if frame.cameo[:2] in _CONFLICT:  # "Monday's attack killed ten"
        yield from (
            e for e, anchor in attached if anchor.dep_ == "nsubj" and anchor.head.i == verb.i
        )
    yield from _at_the_time(attached, verb)
    yield from _inherited(attached, verb)


@functools.lru_cache(maxsize=64)
def _expressions(text: str) -> tuple[Expression, ...]:
    """The expressions of a sentence; its frames come one after the other."""
    return tuple(expressions(text))


def _at_the_time(attached: _Attached, verb: Token) -> Iterator[Expression]:
    """Yield expressions of the verb's when-clauses."""
    for child in verb.children:
        if child.dep_ == "advcl" and any(c.lower_ in _TEMPORAL for c in child.lefts):
            inner = {token.i for token in child.subtree}
            yield from (e for e, anchor in attached if anchor.i in inner)


def _of_the_action(attached: _Attached, frame: Frame) -> Iterator[Expression]:
    """Yield expressions on the words of the action, and on its object where that is no other event."""
    actions = {frame.trigger, *frame.action}
    yield from (e for e, anchor in attached if anchor.i in actions)
    if frame.object is not None and not frame.cameo.startswith(_ATTITUDES):
        start, end = frame.object
        yield from (e for e, anchor in attached if start <= anchor.i < end)


def _inherited(attached: _Attached, verb: Token) -> Iterator[Expression]:
    """Yield expressions of the clauses that the verb's clause hangs on, but for verbs of saying."""
    seen = 0
    while verb.dep_ in _SHARING and governor(verb).i != verb.i and seen < len(verb.doc):
        seen += 1
        above = clause_verb(governor(verb))
        if _hands_on(above) and verb.dep_ != "advcl":
            return
        yield from (e for e, anchor in attached if anchor.i == above.i)
        yield from _at_the_time(attached, above)
        verb = above


def _inside(attached: _Attached, verb: Token) -> Iterator[Expression]:
    """Yield expressions on the verb's nouns ("signed a treaty in June"), not on another event's."""
    for expression, anchor in attached:
        if anchor.pos_ not in {"NOUN", "PROPN"} or clause_verb(anchor).i != verb.i:
            continue
        is_object = anchor.dep_ in {"dobj", "attr", "oprd", "dative"} and anchor.i > verb.i
        if is_object or (anchor.dep_ == "pobj" and anchor.head.lower_ != "of"):
            yield expression


def _anchor(doc: Doc, expression: Expression) -> Token:
    """Return the word that the expression dates: the verb or noun it hangs on."""
    span = doc.around(expression.start, expression.end)
    token = span.root if span is not None else doc[0]
    inside = range(span.start, span.end) if span is not None else range(1)
    while token.head.i != token.i and (token.i in inside or token.pos_ == "ADP"):
        token = token.head
    return _saying_before(doc, inside.start, token) or token


def _saying_before(doc: Doc, start: int, anchor: Token) -> Token | None:
    """Return the verb of saying that an expression stands right behind, or None.

    "said on Wednesday they would meet": the parser often hangs the time on the clause that follows,
    but what stands between the verb of saying and that clause's subject dates the saying.
    """
    before = start - 1
    while before > 0 and doc[before].pos_ == "ADP":
        before -= 1
    saying = doc[max(before, 0)]
    if saying.i >= start or not (is_verbal(saying) and _hands_on(saying)):
        return None
    return saying if anchor.i > start and saying.is_ancestor(anchor) else None


def _may_date(verb: Token, frame: Frame) -> bool:
    """Whether a time on the verb is the event's: not where the verb only speaks of the event."""
    return verb.i in {frame.trigger, *frame.action} or not _hands_on(verb)


def _hands_on(verb: Token) -> bool:
    """Whether the verb says something, and so has a time of its own."""
    return bool(kinds(verb) - {NOUN, PAPER})


def _is_independent(trigger: Token) -> bool:
    """Whether an event noun stands in a clause that is not about its happening."""
    return trigger.dep_ in {"poss", "compound", "nmod", "appos"} or (
        trigger.pos_ in {"NOUN", "PROPN"}
        and not is_verbal(trigger)
        and trigger.dep_ == "pobj"
        and trigger.head.lower_ == "of"
    )


def _is_due(doc: Doc, frame: Frame) -> bool:
    """Whether the action is an infinitive under a present: "is due to host", "plans to visit"."""
    verb = clause_verb(doc[frame.trigger])
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}}
    present = verb.tag_ in {"VBZ", "VBP"} or bool(auxiliaries & {"is", "are", "'s"})
    return present and any(is_infinitive(doc[i]) for i in frame.action if i != verb.i)


def _direction(trigger: Token) -> int:
    """Return whether to look back or ahead for "Friday": by the clause's auxiliaries."""
    verb = clause_verb(trigger)
    seen = 0
    while seen < len(trigger.doc):
        seen += 1
        auxiliaries = {c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}}
        if auxiliaries & _AHEAD and "have" not in auxiliaries:
            return FUTURE
        perfect = auxiliaries & {"have", "has", "had"}
        if verb.tag_ == "VBD" or perfect or auxiliaries & {"was", "were", "did"}:
            return PAST
        if verb.tag_ == "VB" and "to" in auxiliaries:
            return FUTURE
        if governor(verb).i == verb.i or verb.tag_ in {"VBZ", "VBP"}:
            return PAST if verb.tag_ in {"VBZ", "VBP", "VBN"} else NEITHER
        verb = clause_verb(governor(verb))
    return NEITHER
