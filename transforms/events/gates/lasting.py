"""What lasts, recurs or sums up years: habits, standing states, "has fought two wars since"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.events.clauses import clause_verb, has_mark, is_headline
from transforms.events.frames.parse import is_relative, kids
from transforms.events.gates.words import words
from transforms.events.model import Frame
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.rows import Finding

_HABIT_ROOTS = frozenset({"04", "07", "14", "15", "17", "18", "19", "20"})
_STATE_ROOTS = frozenset({"04", "05", "06", "07", "08", "15", "16", "17", "18", "19", "20"})
_OPINION_ROOTS = frozenset({"10", "11", "12"})  # of which only a clause beside says a standing one
_LASTING_ROOTS = frozenset({"05", "15"})  # "is recognised by", "are stationed in": so for long
_ASIDE = frozenset({"relcl", "advcl"})
_QUOTES = frozenset('"“”')
_LONG = re.compile(
    r"\bsince (?:independence|(?:the )?(?:late |early |mid-?)?(?:1[5-9]|20)\d\ds?)\b"
    r"|\b(?:for|in) (?:(?:more|less|fewer) than |over |nearly |almost |about |at least )?"
    r"(?:(?!two|three|some|several|many|recent|past|last)(?:[a-z-]+|\d+) )?"
    r"(?:years|decades|generations|centuries)\b"
    r"|\bfrom (?:1[5-9]|20)\d\d (?:to|until)\b"
)


_EACH = re.compile(r"\b(?:people|times) (?:a|per|each|every) (?:year|day|month|week)\b")


def why_lasting(finding: Finding) -> str | None:
    """Return why an act is no single event; None: it may be one.

    "Presidents rarely resign", "which is backed by Iran", "have signed thirteen accords in six years".
    """
    frame, doc = finding.frame, finding.doc
    verb = clause_verb(doc[frame.trigger])
    usual = [one for one in kids(verb, "advmod") if one.lower_ in words("habit")]
    if usual:
        return f"a habit: {usual[0].text}"
    if is_headline(doc):
        return "a headline that explains" if doc[0].lower_ in words("explaining") else None
    if frame.construction in {"nominal", "condition"}:
        return None
    if _is_background(verb):
        return "background: a relative clause in the past perfect"
    standing = _standing(frame, verb) if finding.attribution is None else None
    return _general(frame, verb) or standing or _rate(frame, verb) or _summary(verb)


def _is_background(verb: Token) -> bool:
    """Whether a clause tells what was before: "the bridge, which rebels had blown up"."""
    had = any(one.lower_ in {"had", "'d"} and one.dep_ == "aux" for one in kids(verb, "aux"))
    return verb.dep_ == "relcl" and had


def _general(frame: Frame, verb: Token) -> str | None:
    if frame.cameo[:2] not in _HABIT_ROOTS:
        return None
    if verb.tag_ == "VBP" and not kids(verb, "aux", "auxpass") and not has_mark(verb, "as"):
        subject = next(iter(kids(verb, "nsubj")), None)
        if subject is not None and subject.tag_ == "NNS" and not list(subject.lefts):
            return f"told of {subject.text} in general"
    return None


def _standing(frame: Frame, verb: Token) -> str | None:
    """A present that is no news: "which is backed by Iran", "only Turkey recognises the state"."""
    root = frame.cameo[:2]
    aside = verb.dep_ in _ASIDE
    opinion = verb.dep_ == "relcl" and any(
        is_relative(one) for one in kids(verb, "nsubj", "nsubjpass")
    )
    if frame.cameo == "051" and not opinion:
        return None  # "The United States commends …"
    if root not in _STATE_ROOTS and not (root in _OPINION_ROOTS and opinion):
        return None
    if has_mark(verb, "as", "after", "when", "while") or verb.i not in frame.action:
        return None
    helpers = kids(verb, "aux", "auxpass")
    plain = verb.tag_ in {"VBZ", "VBP"} and not helpers
    passive = verb.tag_ == "VBN" and [one.lower_ for one in helpers] in (["is"], ["are"])
    if passive and not aside and root not in _LASTING_ROOTS:
        return None
    quoted = any(token.text in _QUOTES for token in verb.doc)
    return "a standing state" if (plain or passive) and not quoted else None


def _rate(frame: Frame, verb: Token) -> str | None:
    """So many a year: "kill about 150 people a year"."""
    if frame.cameo[:2] not in _STATE_ROOTS:
        return None
    found = _EACH.search(verb.doc[verb.left_edge.i : verb.right_edge.i + 1].text.lower())
    return f"so many each time: {found.group()}" if found is not None else None


def _summary(verb: Token) -> str | None:
    """Years in one clause: "has been under embargo for six decades"."""
    perfect = any(one.lower_ in {"has", "have", "'ve"} for one in kids(verb, "aux", "auxpass"))
    aside = verb.dep_ == "relcl"
    if not (perfect or aside):
        return None
    span = verb.doc[verb.left_edge.i : verb.right_edge.i + 1]
    found = _LONG.search(span.text.lower())
    return f"years in one clause: {found.group()}" if found is not None else None
