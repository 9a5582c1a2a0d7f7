"""How sure a text is that something happens, did not happen, or might.

The walk goes from the sentence's root down to the frame's trigger (`walk`): every word on the way
may turn polarity or modality for what stands below it. The outermost word decides the modality
("likely aiming to acquire" is possible, not intended), with these decisions:

- *reportedly*, *allegedly* and reports of things are `alleged`; "is believed to", "is expected to",
  "appears to", *can*, *may*, questions are `possible`.
- *will* and *going to* are plans: `intended`, tense future; a future act is never asserted. *would*
  is a reported plan under a verb of saying in the past ("said it would send"), else `conditional`.
- *must*, *should* and imperatives are `requested`; obligations ("obliges both to provide") and what
  hangs on *if*, *unless*, "in the case of" are `conditional`.
- A denial makes its content negative (asserted, said by the denier); "did not say that", "stopped
  short of confirming that" make it possible.
- Definite event nouns ("the attack", "Moscow's offensive") are presupposed: what governs them does
  not touch them, unless it is a plan, denial, request or the like of just that thing.
- Words of the frame's action are part of the event and judge nothing; so is the "not" of a verb that
  is a refusal only with it ("will not extradite": a positive REJECT).
- `Frame.forced_modality` wins over all that stands at or below the word that gives it; a hedge
  above that word ("may have accused", "if it threatens") wins over it.
"""

from __future__ import annotations

from transforms.events.attribution.reports import worded_reports
from transforms.events.clauses import clause_verb, is_headline, subject
from transforms.events.judgement.governing import is_past
from transforms.events.judgement.operators import (
    ASSERTED,
    CLAUSE,
    CONDITIONAL,
    DENYING,
    INTENDED,
    POSSIBLE,
    REQUESTED,
    effect,
)
from transforms.events.judgement.scope import Scope
from transforms.events.judgement.tense import tense_of
from transforms.events.judgement.walk import walk
from transforms.events.model import Frame, Judgement
from transforms.events.tree import Doc, Token
from transforms.events.wordlists import words

__all__ = ["is_planned", "judge"]

# CAMEO roots of acts of speech and of meetings: what somebody did something in order to do, and did.
_REJECT = "12"
_YIELD = "08"
_SPEECH_ROOTS = frozenset({"01", "02", "04", "05", "11", "12"})


def judge(doc: Doc, frame: Frame) -> Judgement:
    """Return polarity, modality and tense of one frame in its sentence, with the reason.

    Args:
        doc: The parsed sentence (one sentence, one Doc).
        frame: The frame; its trigger, action and forced_modality are read.
    """
    trigger = doc[frame.trigger]
    speech = frame.cameo[:2] in _SPEECH_ROOTS
    reported = any(
        trigger.i in report.content and report.verb >= 0 and is_past(doc[report.verb])
        for report in worded_reports(doc)
    )
    start = Scope(reported_past=reported)
    steps = walk(trigger, _consumed(doc, frame), start, speech=speech)
    scope = steps[-1].after
    own = _own_effect(trigger) if len(frame.action) > 1 else None
    if own == DENYING and frame.speaker is not None:
        scope = scope.flip(trigger.lemma_)  # the frame is what is denied
    lets_in = frame.cameo[:2] == _YIELD and frame.construction != "operator"
    if own == POSSIBLE and not lets_in:
        scope = scope.hedge(POSSIBLE, trigger.lemma_)  # "is expected to visit" as one action
    modality, reason = scope.modality, scope.reason
    if frame.forced_modality is not None:
        modality, reason = _forced(frame.forced_modality, [step.below for step in steps[:-1]])
    if modality in {None, INTENDED} and _is_question(doc):
        modality, reason = POSSIBLE, "question"
    if modality is None and _is_imperative(doc, frame):
        modality, reason = REQUESTED, "imperative"
    return Judgement(
        polarity="negative" if scope.negative else "positive",
        modality=modality or ASSERTED,
        tense=tense_of(trigger, scope, headline=is_headline(doc)),
        reason="; ".join(dict.fromkeys((*scope.reasons, *([reason] if reason else [])))),
    )


def is_planned(judgement: Judgement) -> bool:
    """Return whether an event is yet to come: it is told as a plan, or in the future."""
    return judgement.modality == INTENDED or judgement.tense == "future"


def _consumed(doc: Doc, frame: Frame) -> frozenset[int]:
    """Return the words that are part of the event: the action's, and the "not" of a refusal."""
    trigger = doc[frame.trigger]
    if frame.cameo[:2] != _REJECT or trigger.lemma_.lower() in words("refusals.txt"):
        return frozenset(frame.action)
    negations = (child.i for child in trigger.children if child.dep_ == "neg")
    return frozenset(frame.action) | frozenset(negations)


def _own_effect(trigger: Token) -> str | None:
    """Return what the trigger itself does to a clause below it."""
    kind = {"NOUN": "noun", "ADJ": "adj"}.get(trigger.pos_, "verb")
    return effect(kind, trigger.lemma_.lower(), CLAUSE)


def _forced(modality: str, outer: list[Scope]) -> tuple[str, str]:
    """Weigh the construction's modality against the hedges above the word that gives it.

    Args:
        outer: What holds below each word on the way down, the trigger left out.
    """
    for scope in outer:
        if scope.modality == modality:
            break
        if scope.modality in {POSSIBLE, CONDITIONAL}:
            return scope.modality, scope.reason or modality
    return modality, f"construction: {modality}"


def _is_question(doc: Doc) -> bool:
    last = next((token for token in reversed(doc) if not token.is_space), None)
    return last is not None and last.text == "?"


def _is_imperative(doc: Doc, frame: Frame) -> bool:
    """Whether the trigger's clause is a bare command ("Leave Ukraine."): no headline, no subject."""
    verb = clause_verb(doc[frame.trigger])
    return (
        verb.tag_ == "VB"
        and verb.dep_ == "ROOT"
        and not is_headline(doc)
        and subject(verb) is None
        and not any(child.dep_ in {"aux", "auxpass"} for child in verb.lefts)
    )
