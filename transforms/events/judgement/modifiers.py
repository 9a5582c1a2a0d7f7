"""What a word's own modifiers do: negations, modals, hedging adverbs, conditions."""

from __future__ import annotations

from dataclasses import replace

from transforms.events.clauses import (
    SUBJECTS,
    has_mark,
    is_finite,
    is_infinitive,
    is_none,
    is_verbal,
)
from transforms.events.judgement import operators as op
from transforms.events.judgement.scope import Scope
from transforms.events.tree import Token

_FOCUS = frozenset({"only", "just", "merely", "simply", "even", "necessarily", "solely"})
_ABILITY = frozenset({"can", "could", "ca"})
_WOULD = frozenset({"would", "'d", "\u2019d"})


def own_modifiers(word: Token, scope: Scope, action: frozenset[int]) -> Scope:
    """Apply the word's own modifiers, but for those that are part of the action."""
    if not is_verbal(word) and word.pos_ not in {"VERB", "AUX"}:
        return _noun_modifiers(word, scope, action)
    scope = _negations(word, scope, action)
    if word.dep_ == "ccomp" and has_mark(word, "whether", "if"):
        scope = scope.hedge(op.POSSIBLE, "whether")
    conditional = _condition(word)
    modal = _modal(word)
    modal = None if modal is not None and modal.i in action else modal
    for child in word.children:
        hedged = op.effect("adverb", child.lower_) if child.dep_ in {"advmod", "neg"} else None
        if hedged and hedged != op.NEGATIVE:
            scope = scope.hedge(hedged, child.lower_)
    if conditional and (modal or conditional[1] or not is_finite(word)):
        scope = scope.hedge(op.CONDITIONAL, conditional[0])
    if modal:
        scope = _with_modal(scope, modal)
    elif _is_headline_plan(word):
        scope = replace(scope.hedge(op.INTENDED, f"to {word.lemma_}"), future=True)
    return scope


def _is_headline_plan(word: Token) -> bool:
    """Whether the verb is the infinitive of a headline: "US to send troops", also "…, says Austin"."""
    if not is_infinitive(word) or not any(c.dep_ in SUBJECTS for c in word.lefts):
        return False
    said = word.dep_ == "ccomp" and op.effect("verb", word.head.lemma_.lower()) == op.SAYING
    return word.dep_ == "ROOT" or said


def _negations(word: Token, scope: Scope, action: frozenset[int]) -> Scope:
    for child in word.children:
        if child.i in action and not is_none(child):
            continue
        negates = child.dep_ == "neg" or (
            child.dep_ == "advmod"
            and (
                op.effect("adverb", child.lower_) == op.NEGATIVE
                or any(inner.dep_ == "neg" for inner in child.children)  # "no longer"
            )
        )
        if negates and not _is_focus(child):
            scope = scope.flip(child.lower_)
        elif child.dep_ in {"preconj", "cc"} and child.lower_ == "neither":
            scope = scope.flip("neither")
        elif child.dep_ in {"nsubj", "nsubjpass", "dobj", "attr"} and is_none(child):
            scope = scope.flip(f"no {child.lower_}")
    return scope


def _is_focus(negation: Token) -> bool:
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in _FOCUS


def _condition(word: Token) -> tuple[str, bool] | None:
    """Return the condition the verb stands under, and whether it *is* the condition itself."""
    for child in word.children:
        if child.dep_ == "mark" and (effect := op.effect("mark", child.lower_)):
            if effect == op.CONDITIONAL and word.dep_ != "ccomp":
                return child.lower_, True
            continue
        if child.dep_ == "aux" and _is_inverted(word, child):
            return "should", True
        if child.dep_ == "advcl" and _is_condition(child):
            return "if", False
    return _condition_of_report(word) if word.dep_ == "ccomp" else _in_case(word)


def _condition_of_report(word: Token) -> tuple[str, bool] | None:
    """Return the condition before a report: "If they attack, we would respond, he said"."""
    before = (c for c in word.head.children if c.dep_ == "advcl" and c.i < word.i)
    return ("if", False) if any(_is_condition(c) for c in before) else _in_case(word)


def _in_case(word: Token) -> tuple[str, bool] | None:
    """Return the condition of "in the case of", "in the event of"."""
    for child in word.children:
        if child.dep_ == "prep" and child.lower_ in {"in", "in_case"}:
            for noun in child.children:
                if noun.dep_ == "pobj" and op.effect("case", noun.lower_) == op.CONDITIONAL:
                    governs = any(c.dep_ in {"prep", "acl"} for c in noun.children)
                    if governs:
                        return f"in {noun.lower_}", True
    return None


def _is_condition(clause: Token) -> bool:
    return any(
        (c.dep_ == "mark" and op.effect("mark", c.lower_) == op.CONDITIONAL)
        or (c.dep_ == "aux" and _is_inverted(clause, c))
        for c in clause.children
    )


def _modal(word: Token) -> Token | None:
    found = next(
        (
            c
            for c in word.children
            if c.dep_ == "aux" and (c.tag_ == "MD" or op.effect("modal", c.lower_))
        ),
        None,
    )
    return None if found is not None and _is_inverted(word, found) else found


def _is_inverted(verb: Token, modal: Token) -> bool:
    """Whether the modal stands before the subject: "should the rebels win" is a condition."""
    return modal.lower_ == "should" and any(
        c.dep_ in SUBJECTS and modal.i < c.i < verb.i for c in verb.children
    )


def _with_modal(scope: Scope, modal: Token) -> Scope:
    name = modal.lower_
    if name in _WOULD:
        perfect = any(c.lemma_ == "have" and c.dep_ == "aux" for c in modal.head.children)
        kind = op.INTENDED if scope.reported_past and not perfect else op.CONDITIONAL
        return replace(scope.hedge(kind, name), future=not perfect)
    kind = op.effect("modal", name) or op.POSSIBLE
    if name in _ABILITY and scope.negative:
        return scope  # "could not agree": did not
    ahead = kind != op.POSSIBLE
    return replace(scope.hedge(kind, name), future=scope.future or ahead)


def _noun_modifiers(word: Token, scope: Scope, action: frozenset[int]) -> Scope:
    scope = _predicated(word, scope)
    for child in word.children:
        if child.i in action:
            continue
        if child.dep_ in {"det", "neg"} and child.lower_ in {"no", "neither"}:
            if not scope.negative:
                scope = scope.flip(child.lower_)
        elif child.dep_ == "det" and child.lower_ == "any":
            scope = replace(scope, modality=op.CONDITIONAL, reason="conditional: any")
        elif child.dep_ in {"amod", "advmod", "compound"} and (
            effect := op.effect("amod", child.lower_)
        ):
            if effect == op.NEGATIVE:
                scope = scope.flip(child.lower_)
            else:
                scope = replace(
                    scope.hedge(effect, child.lower_),
                    future=scope.future or effect == op.INTENDED,
                )
    return scope


def _predicated(noun: Token, scope: Scope) -> Scope:
    """Apply the adjective that is said of a subject: "an attack is imminent"."""
    if noun.dep_ != "nsubj" or noun.head.lemma_ != "be":
        return scope
    for child in noun.head.children:
        if child.dep_ == "acomp" and (effect := op.effect("amod", child.lower_)):
            scope = scope.hedge(effect, child.lower_)
    return scope
