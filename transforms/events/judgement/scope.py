"""The walk from the root down to a trigger, gathering what each word does to what stands below."""

# ruff: noqa: RUF001 - typographic marks are meant

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Token

from transforms.events.clauses import (
    SUBJECTS,
    clause_verb,
    governor,
    is_definite,
    is_finite,
    is_infinitive,
    is_verbal,
    path_down,
)
from transforms.events.judgement import operators as op

_LINKS = frozenset({"ADP", "ADV", "PART", "SCONJ"})
_NO = frozenset({"no", "neither", "none", "nobody", "nothing", "nor"})
_FOCUS = frozenset({"only", "just", "merely", "simply", "even", "necessarily", "solely"})
_MODALS = {
    "may": op.POSSIBLE,
    "might": op.POSSIBLE,
    "could": op.POSSIBLE,
    "can": op.POSSIBLE,
    "ca": op.POSSIBLE,
    "must": op.REQUESTED,
    "should": op.REQUESTED,
    "ought": op.REQUESTED,
    "will": op.INTENDED,
    "'ll": op.INTENDED,
    "’ll": op.INTENDED,
    "wo": op.INTENDED,
    "shall": op.INTENDED,
}
# Prepositions that only make a complement where the table says so ("appeal for").
_LOOSE = frozenset({"for", "over", "in", "as", "by"})
_ABILITY = frozenset({"can", "could", "ca"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds at one point of the walk.

    Attributes:
        negative: What stands below did not happen.
        modality: None as long as nothing but assertion was met.
        reported_past: Some verb of saying above is in the past ("said it would").
        future: What stands below lies ahead.
        reason: The word that gave the modality.
        reasons: The words that turned the polarity, in order.
    """

    negative: bool = False
    modality: str | None = None
    reported_past: bool = False
    future: bool = False
    reason: str | None = None
    reasons: tuple[str, ...] = ()

    def flip(self, word: str) -> Scope:
        """Return the scope with the polarity turned."""
        return replace(self, negative=not self.negative, reasons=(*self.reasons, f"not: {word}"))

    def hedge(self, modality: str, word: str) -> Scope:
        """Return the scope with this modality, unless a word further out has set one."""
        if self.modality is not None:
            return self
        return replace(self, modality=modality, reason=f"{modality}: {word}")

    def independent(self) -> Scope:
        """Return what still holds in a clause or noun of its own: only that it is alleged."""
        if self.modality == op.ALLEGED:
            return replace(self, negative=False, reasons=())
        return Scope(reported_past=self.reported_past)


@dataclass(frozen=True, slots=True)
class Step:
    """One content word of the walk.

    Attributes:
        before: What held where the word was reached.
        after: That, and what the word's own modifiers do: what holds for the word itself.
        below: What holds for the next word down; the same as after at the end of the walk.
    """

    word: Token
    before: Scope
    after: Scope
    below: Scope


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
    path = path_down(trigger)
    words = [word for word in path if word.pos_ not in _LINKS or word.i == trigger.i]
    steps: list[Step] = []
    before = start or Scope()
    for number, word in enumerate(words):
        if number:
            last = steps[-1]
            before = _pass(last, word, path, action)
            if speech and word.i == trigger.i and _is_done_speech(last, word, before):
                before = last.after
            steps[-1] = replace(steps[-1], below=before)
        after = _modifiers(word, before, action)
        steps.append(Step(word, before, after, after))
    return steps


def _pass(step: Step, word: Token, path: list[Token], action: frozenset[int]) -> Scope:
    """Return what holds for `word` where `step` has led to it."""
    head, scope = step.word, step.after
    links = [token for token in path if head.i != token.i != word.i and _between(token, head, word)]
    if head.i in action and word.i in action:
        return scope
    if word.dep_ == "conj":
        return _conjoined(step, word)
    for link in links:
        outside = op.effect("prep", link.lower_)
        if outside == op.NEGATIVE:
            return scope.independent().flip(link.lower_)
        if outside == op.PLAIN:
            return Scope(reported_past=scope.reported_past)
    via = op.CLAUSE if is_verbal(word) else op.OBJECT
    governed = _governed(step, word, links, via)
    if governed is not None:
        return governed
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


def _between(token: Token, head: Token, word: Token) -> bool:
    """Whether `token` is a link on the way from `head` down to `word`."""
    while word.i != head.i:
        word = governor(word)
        if word.i == token.i:
            return True
        if governor(word).i == word.i:
            break
    return False


def _conjoined(step: Step, word: Token) -> Scope:
    """Share the first conjunct's own modifiers only where the second has none of its own."""
    if any(child.lower_ == "nor" for child in step.word.children if child.dep_ == "cc"):
        return step.after
    if is_verbal(word) and (is_finite(word) or any(c.dep_ in SUBJECTS for c in word.children)):
        return step.before
    if is_verbal(word) and word.tag_ != step.word.tag_:
        return step.before
    return step.after


def _governed(step: Step, word: Token, links: list[Token], via: str) -> Scope | None:
    """Apply what the head does to its complement; None where `word` is no complement of it."""
    head, scope = step.word, step.after
    if not _is_complement(head, word, via):
        return None
    if head.lemma_ == "ask" and is_finite(word) and not _has_mark(word, "that"):
        return replace(scope, negative=False, reasons=()).hedge(op.POSSIBLE, "asked")
    kind = _kind(head)
    effect, name = _effect(head, kind, links, via)
    if via == op.OBJECT and " " not in name and any(link.lower_ in _LOOSE for link in links):
        return None  # "vowed revenge for the attack"
    if effect is None and kind == "noun" and head.head.lower_ == "in":
        effect, name = op.effect("case", head.lower_), f"in {head.lower_}"
    if effect == op.OCCURRING:
        return scope if word.dep_ in SUBJECTS else None
    if effect is None or effect == op.PLAIN or word.dep_ in SUBJECTS - {"nsubjpass"}:
        return None
    if effect == op.SAYING and word.dep_ == "nsubjpass":
        return None
    return _applied(scope, effect, name, head)


def _is_complement(head: Token, word: Token, via: str) -> bool:
    """Whether `word` stands where the head governs it: no free adverbial or relative clause."""
    if word.dep_ in SUBJECTS:
        return via == op.OBJECT and head.pos_ == "VERB"
    if word.dep_ == "acl":
        return word.tag_ == "VB" or _has_mark(word, "that")
    return word.dep_ != "advcl" and not (word.dep_ == "relcl" and is_finite(word))


def _applied(scope: Scope, effect: str, name: str, head: Token) -> Scope:
    """Return the scope below a word with this effect."""
    past = scope.reported_past or is_past(head)
    if effect in {op.SAYING, op.DENYING}:
        below = replace(scope, negative=False, reasons=(), reported_past=past)
        if scope.negative:
            return below.hedge(op.POSSIBLE, f"not {name}")
        return below.flip(name) if effect == op.DENYING else below
    if effect == op.NEGATIVE:
        return scope.flip(name)
    if effect == op.OBLIGING:
        return replace(scope.hedge(op.CONDITIONAL, name), future=True)
    if effect == op.ALLEGED and scope.negative:
        return replace(scope, negative=False, reasons=()).hedge(op.POSSIBLE, f"not {name}")
    if effect == op.REQUESTED and _kind(head) == "noun":  # "resisted calls to send"
        scope = replace(scope, negative=False, reasons=())
    future = scope.future or effect in {op.INTENDED, op.REQUESTED}
    return replace(scope.hedge(effect, name), future=future, reported_past=past)


def _clause(step: Step, word: Token) -> Scope:
    """Return what holds in a clause that the head does not govern by a known word."""
    scope = step.after
    if word.dep_ in {"ccomp", "csubj", "csubjpass"}:
        below = replace(scope, negative=False, reasons=())
        below = replace(below, reported_past=scope.reported_past or is_past(step.word))
        return below.hedge(op.POSSIBLE, f"not {step.word.lemma_}") if scope.negative else below
    if word.dep_ in {"xcomp", "pcomp"}:
        return scope
    if is_infinitive(word):  # of purpose
        if step.word.pos_ == "NOUN" and _is_ranked(step.word):
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


def _modifiers(word: Token, scope: Scope, action: frozenset[int]) -> Scope:
    """Apply the word's own modifiers, but for those that are part of the action."""
    if not is_verbal(word) and word.pos_ not in {"VERB", "AUX"}:
        return _noun_modifiers(word, scope, action)
    scope = _negations(word, scope, action)
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
        if child.i in action and not _is_none(child):
            continue
        negates = child.dep_ == "neg" or (
            child.dep_ == "advmod" and op.effect("adverb", child.lower_) == op.NEGATIVE
        )
        if negates and not _is_focus(child):
            scope = scope.flip(child.lower_)
        elif child.dep_ in {"preconj", "cc"} and child.lower_ == "neither":
            scope = scope.flip("neither")
        elif child.dep_ in {"nsubj", "nsubjpass", "dobj", "attr"} and _is_none(child):
            scope = scope.flip(f"no {child.lower_}")
    return scope


def _is_focus(negation: Token) -> bool:
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in _FOCUS


def _is_none(noun: Token) -> bool:
    """Whether the noun phrase is empty: "no deal", "none of them", "neither side"."""
    return noun.lower_ in _NO or any(
        child.dep_ in {"det", "preconj", "neg", "cc"} and child.lower_ in {"no", "neither"}
        for child in noun.lefts
    )


def _condition(word: Token) -> tuple[str, bool] | None:
    """Return the condition the verb stands under, and whether it *is* the condition itself."""
    for child in word.children:
        if child.dep_ == "mark" and (effect := op.effect("mark", child.lower_)):
            if effect == op.CONDITIONAL and word.dep_ != "ccomp":
                return child.lower_, True
            continue
        if child.dep_ == "aux" and _is_inverted(word, child):
            return "should", True
        if child.dep_ == "advcl" and _has_mark(child, "if", "unless", "provided", "providing"):
            return "if", False
        if child.dep_ == "prep" and child.lower_ in {"in", "in_case"}:
            for noun in child.children:
                if noun.dep_ == "pobj" and op.effect("case", noun.lower_) == op.CONDITIONAL:
                    governs = any(c.dep_ in {"prep", "acl"} for c in noun.children)
                    if governs:
                        return f"in {noun.lower_}", True
    return None


def _modal(word: Token) -> Token | None:
    found = next(
        (c for c in word.children if c.dep_ == "aux" and (c.tag_ == "MD" or c.lower_ in _MODALS)),
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
    if name in {"would", "'d", "’d"}:
        perfect = any(c.lemma_ == "have" and c.dep_ == "aux" for c in modal.head.children)
        kind = op.INTENDED if scope.reported_past and not perfect else op.CONDITIONAL
        return replace(scope.hedge(kind, name), future=not perfect)
    kind = _MODALS.get(name, op.POSSIBLE)
    if name in _ABILITY and scope.negative:
        return scope  # "could not agree": did not
    ahead = kind != op.POSSIBLE
    return replace(scope.hedge(kind, name), future=scope.future or ahead)


def _noun_modifiers(word: Token, scope: Scope, action: frozenset[int]) -> Scope:
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


def _effect(head: Token, kind: str, links: list[Token], via: str) -> tuple[str | None, str]:
    lemma = head.lemma_.lower()
    if kind == "verb":
        partners = [
            child.lower_
            for child in head.children
            if child.dep_ in {"prt", "advmod", "dobj"} or child in links
        ]
        for partner in partners:
            name = f"{lemma} {partner}"
            if found := op.effect("verb", name, via):
                return found, name
    return op.effect(kind, lemma, via), lemma


def _kind(word: Token) -> str:
    if word.pos_ in {"NOUN", "PROPN"}:
        return "noun"
    return "adj" if word.pos_ == "ADJ" else "verb"


def _has_mark(word: Token, *marks: str) -> bool:
    return any(c.dep_ == "mark" and c.lower_ in marks for c in word.children)


def is_past(verb: Token) -> bool:
    """Whether the verb, or its auxiliary, is in the past tense."""
    return verb.tag_ == "VBD" or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ == "VBD" for c in verb.children
    )
