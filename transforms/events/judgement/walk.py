"""The walk from the root down to a trigger, gathering what each word does to what stands below."""

from __future__ import annotations

from dataclasses import replace

from transforms.events.clauses import (
    SUBJECTS,
    clause_verb,
    is_definite,
    is_finite,
    is_infinitive,
    is_verbal,
    is_wh_clause,
    path_down,
)
from transforms.events.judgement import operators as op
from transforms.events.judgement.governing import governed, is_past
from transforms.events.judgement.modifiers import own_modifiers
from transforms.events.judgement.scope import Scope, Step
from transforms.events.tree import Token

# How the words of one action hang on each other: "paid a visit", "is under sanctions".
_PART_OF_ACTION = frozenset({"dobj", "pobj", "attr", "acomp", "oprd", "prt", "nsubjpass", "dative"})
_LINKS = frozenset({"ADP", "ADV", "PART", "SCONJ"})


def walk(
    trigger: Token, action: frozenset[int], start: Scope | None = None, *, speech: bool = False
) -> list[Step]:
    """Return the steps from the root to `trigger`, which is the last.

    Args:
        trigger: The word that carries the frame's action.
        action: Token numbers of all words of the action; light verbs pass all on to their noun.
        start: What holds for the whole sentence; None: nothing.
        speech: The frame is an act of speech, done where it is the purpose of a past act: "deflected
            the question to criticise the West".
    """
    before = start or Scope()
    steps: list[Step] = []
    links: list[Token] = []  # prepositions and adverbs on the way from the last word to the next
    for word in path_down(trigger):
        if word.pos_ in _LINKS and word.i != trigger.i:
            links.append(word)
            continue
        if steps:
            last = steps[-1]
            before = _pass(last, word, links, action)
            if speech and word.i == trigger.i and _is_done_speech(last, word, before):
                before = last.after
            steps[-1] = replace(last, below=before)
        links = []
        after = own_modifiers(word, before, action)
        steps.append(Step(word, before, after, after))
    return steps


def _pass(step: Step, word: Token, links: list[Token], action: frozenset[int]) -> Scope:
    """Return what holds for `word` where `step` has led to it."""
    head, scope = step.word, step.after
    if _semicolon_between(head, word):
        return Scope()
    if head.i in action and word.i in action and word.dep_ in _PART_OF_ACTION:
        return scope
    if word.dep_ == "conj":
        return _conjoined(step, word)
    for link in links:
        outside = op.effect("prep", link.lower_) or next(
            (op.effect("prep", c.lower_) for c in link.children if c.dep_ == "advmod"), None
        )
        if outside == op.NEGATIVE:
            return scope.independent().flip(link.lower_)
        if outside == op.PLAIN:
            return Scope(reported_past=scope.reported_past)
    via = op.CLAUSE if is_verbal(word) else op.OBJECT
    complement = governed(step, word, links, via)
    if complement is not None:
        return complement
    return _clause(step, word) if via == op.CLAUSE else _nominal(step, word)


def _is_done_speech(step: Step, word: Token, reached: Scope) -> bool:
    """Whether an infinitive of purpose follows an asserted act of the past."""
    return (
        is_infinitive(word)
        and step.after.modality is None
        and not step.after.negative
        and reached.reason == f"intended: to {word.lemma_}"
        and is_past(clause_verb(step.word))
    )


def _semicolon_between(head: Token, word: Token) -> bool:
    """Whether the two stand in sentences of their own that a semicolon joins."""
    first, last = sorted((head.i, word.i))
    return any(token.text == ";" for token in head.doc[first:last])


def _conjoined(step: Step, word: Token) -> Scope:
    """Share the first conjunct's own modifiers only where the second has none of its own."""
    if any(child.lower_ == "nor" for child in step.word.children if child.dep_ == "cc"):
        return step.after
    if is_verbal(word) and (is_finite(word) or any(c.dep_ in SUBJECTS for c in word.children)):
        return step.before
    if is_verbal(word) and word.tag_ != step.word.tag_:
        return step.before
    return step.after


def _clause(step: Step, word: Token) -> Scope:
    """Return what holds in a clause that the head does not govern by a known word."""
    scope = step.after
    if word.dep_ in {"ccomp", "csubj", "csubjpass"}:
        below = replace(scope, negative=False, reasons=())
        below = replace(below, reported_past=scope.reported_past or is_past(step.word))
        doubted = scope.negative and not is_wh_clause(word)  # "unclear who attacked": somebody did
        return below.hedge(op.POSSIBLE, f"not {step.word.lemma_}") if doubted else below
    if word.dep_ in {"xcomp", "pcomp"}:
        return scope
    if is_infinitive(word):  # of purpose
        named = [step.word, *(c for c in step.word.children if c.dep_ == "attr")]
        if any(noun.pos_ == "NOUN" and _is_ranked(noun) for noun in named):
            return scope.independent()  # "the first leader to visit"
        return replace(scope.hedge(op.INTENDED, f"to {word.lemma_}"), negative=False, future=True)
    if word.dep_ == "advcl" and not is_finite(word):
        return replace(scope, negative=False, reasons=())
    if word.dep_ == "relcl":
        return Scope(reported_past=scope.reported_past)
    return step.before.independent() if word.dep_ == "advcl" else scope.independent()


def _is_ranked(noun: Token) -> bool:
    """Whether the noun phrase counts those who have done it: the first, last, only, latest."""
    return any(c.lower_ in {"first", "last", "only", "latest", "second"} for c in noun.lefts)


def _nominal(step: Step, word: Token) -> Scope:
    """Return what holds for a noun that the head does not govern by a known word."""
    scope = step.after
    if word.dep_ == "appos":
        return replace(scope, negative=False, reasons=())
    if word.dep_ in {"compound", "nmod", "amod", "poss", "dep"}:
        return scope
    if is_definite(word):
        return scope.independent()
    if word.dep_ in SUBJECTS:
        return replace(scope, negative=False, reasons=())
    return scope
