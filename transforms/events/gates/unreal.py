"""Which acts a text does not say to have happened: conditions, purposes, what is wanted or might be.

What is planned, promised or threatened is an act of its own type (AGREE, THREATEN); a deed that only
hangs on "if", that somebody is to be made to do, or that nobody in particular thinks possible, is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.events.clauses import clause_verb, governor
from transforms.events.frames.parse import is_infinitive, kids
from transforms.events.gates.private import PRIVATE
from transforms.events.tree import Doc, Token

if TYPE_CHECKING:
    from transforms.events.rows import Finding


_BY_THE_WAY = frozenset({"nominal", "circumstance"})
_DEED_ROOTS = frozenset({"06", "07", "08", "14", "15", "16", "17", "18", "19", "20"})
_UNDONE = frozenset({"requested", "intended", "conditional"})
_ASKING_ROOTS = frozenset({"02", "10"})
_PLAN_ROOTS = frozenset({"03", "13"})
_UNABLE = frozenset({"can", "ca", "could"})
_CONDITIONS = frozenset({"if", "unless", "lest"})
_MAX_STEPS = 8


def why_unreal(finding: Finding) -> str | None:
    """Return why a frame is not said to have happened; None: it is.

    Args:
        finding: The frame with its judgement and attribution.
    """
    frame, modality = finding.frame, finding.judgement.modality
    if frame.construction in _BY_THE_WAY and modality not in {"asserted", "alleged"}:
        return f"only {modality}, and named by the way"
    verb = clause_verb(finding.doc[frame.trigger])
    mark = _condition_above(verb)
    if mark is not None:
        return f"only a condition: {mark.text}"
    if _is_supposed(verb):
        return "only supposed"
    to_ask = (
        frame.cameo[:2] in _ASKING_ROOTS and modality != "intended"
    )  # "will urge X to" is a plan
    if modality in _UNDONE and (frame.cameo[:2] in _DEED_ROOTS or to_ask):
        return f"only {modality}"
    if frame.cameo[:2] in _DEED_ROOTS and _is_unable(verb):
        return "what somebody cannot do"
    if modality not in {"conditional", "possible"}:
        if _is_inverted_condition(verb):
            return "an unreal condition"
        return "what somebody has to do" if _is_necessity(verb) else None
    if finding.judgement.polarity == "negative" and modality == "possible":
        return "only possible, and denied"
    said = finding.attribution
    political = said is not None and said.actor is not None and said.actor.sector not in PRIVATE
    unsaid = modality == "conditional" or frame.cameo[:2] in _DEED_ROOTS
    unsaid = unsaid or (said is not None and frame.cameo[:2] in _PLAN_ROOTS)
    if unsaid and not political and not (said is not None and _is_question(finding.doc)):
        return f"only {modality}, and no political actor says so"
    return None


def _condition_above(verb: Token) -> Token | None:
    """Return the "if" that a clause, or one above it, stands behind; None: it hangs on no condition."""
    for _ in range(_MAX_STEPS):
        for mark in kids(verb, "mark") if verb.dep_ == "advcl" else ():
            unreal = mark.lower_ == "though" and mark.i > 0 and mark.nbor(-1).lower_ == "as"
            if mark.lower_ in _CONDITIONS or unreal:
                return mark
        above = governor(verb)
        if above.i == verb.i:
            return None
        verb = above
    return None


def _is_unable(verb: Token) -> bool:
    return bool(kids(verb, "neg")) and any(one.lower_ in _UNABLE for one in kids(verb, "aux"))


def _is_question(doc: Doc) -> bool:
    return doc.text.rstrip().endswith("?")


def _is_necessity(verb: Token) -> bool:
    """Whether a clause tells a duty to come: "Serbia will have to recognise"."""
    below = any(is_infinitive(one) for one in kids(verb, "xcomp"))
    having = verb if below else verb.head
    return (
        (below or verb.dep_ == "xcomp")
        and having.lemma_.lower() == "have"
        and any(child.tag_ == "MD" for child in kids(having, "aux"))
    )


def _is_supposed(verb: Token) -> bool:
    """Whether a clause is somebody's play of thought: "Suppose Serbia recognised Kosovo"."""
    first = verb.doc[0]
    return first.lower_ in {"suppose", "imagine"} and first.i != verb.i and first.is_ancestor(verb)


def _is_inverted_condition(verb: Token) -> bool:
    """Whether a clause is a condition by its order: "had Germany refused", "should X attack"."""
    first = next(iter(verb.lefts), None)
    subject = next(iter(kids(verb, "nsubj", "nsubjpass")), None)
    return (
        first is not None
        and subject is not None
        and first.lower_ in {"had", "should", "were"}
        and first.dep_ in {"aux", "auxpass"}
        and first.i < subject.i
        and verb.doc[-1].text != "?"
    )
