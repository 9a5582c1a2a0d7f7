"""What a verb, noun or adjective does to its complement."""

from __future__ import annotations

from dataclasses import replace

from transforms.events.clauses import SUBJECTS, has_mark, is_finite, is_none, is_wh_clause
from transforms.events.judgement import operators as op
from transforms.events.judgement.scope import Scope, Step
from transforms.events.tree import Token

# Prepositions that only make a complement where the table says so ("appeal for").
MAX_GERUND = 3  # tokens from a verb to the gerund that is its object
_LOOSE = frozenset({"for", "over", "in", "as", "by"})


def governed(step: Step, word: Token, links: list[Token], via: str) -> Scope | None:
    """Apply what the head does to its complement; None where `word` is no complement of it."""
    head, scope = step.word, step.after
    if not _is_complement(head, word, via):
        return None
    if head.lemma_ == "ask" and is_finite(word) and not has_mark(word, "that"):
        return replace(scope, negative=False, reasons=()).hedge(op.POSSIBLE, "asked")
    kind = _kind(head)
    marks = [child for child in word.lefts if child.dep_ == "mark" and child.lower_ == "for"]
    effect, name = _effect(head, kind, [*links, *marks], via)
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
    return _applied(scope, effect, name, head, known=is_wh_clause(word))


def _is_complement(head: Token, word: Token, via: str) -> bool:
    """Whether `word` stands where the head governs it: no free adverbial or relative clause."""
    if word.dep_ in SUBJECTS:
        return via == op.OBJECT and head.pos_ == "VERB"
    if word.dep_ == "acl":
        return word.tag_ == "VB" or has_mark(word, "that")
    if word.dep_ == "advcl":  # "ruled out sending troops", taken for a free participle
        if has_mark(word, "for"):  # "calls for Russia to withdraw"
            return op.effect("verb", f"{head.lemma_.lower()} for") is not None
        between = head.doc[head.i + 1 : word.i]
        return word.tag_ == "VBG" and 0 < word.i - head.i <= MAX_GERUND and "," not in between.text
    return not (word.dep_ == "relcl" and is_finite(word))


def _applied(scope: Scope, effect: str, name: str, head: Token, *, known: bool = False) -> Scope:
    """Return the scope below a word with this effect; `known`: what it says is taken for known."""
    past = scope.reported_past or is_past(head)
    if effect in {op.SAYING, op.DENYING}:
        below = replace(scope, negative=False, reasons=(), reported_past=past)
        if scope.negative and not known:
            return below.hedge(op.POSSIBLE, f"not {name}")
        return below.flip(name) if effect == op.DENYING else below
    if effect == op.NEGATIVE:
        return scope.flip(name)
    if effect == op.OBLIGING:
        return replace(scope.hedge(op.CONDITIONAL, name), future=True)
    if effect == op.CAUSING:
        return scope
    if effect == op.ALLEGED and scope.negative and _kind(head) == "noun" and not is_none(head):
        return scope  # "denied reports that": denied is what they report
    if effect == op.ALLEGED and scope.negative:
        return replace(scope, negative=False, reasons=()).hedge(op.POSSIBLE, f"not {name}")
    if effect == op.REQUESTED and _kind(head) == "noun":  # "resisted calls to send"
        scope = replace(scope, negative=False, reasons=())
    future = scope.future or effect in {op.INTENDED, op.REQUESTED}
    return replace(scope.hedge(effect, name), future=future, reported_past=past)


def _effect(head: Token, kind: str, links: list[Token], via: str) -> tuple[str | None, str]:
    lemma = head.lemma_.lower()
    if kind == "verb":
        near = (c for c in head.children if c.dep_ in {"prt", "advmod", "dobj"})
        partners = [token.lower_ for token in (*near, *links)]
        for partner in partners:
            name = f"{lemma} {partner}"
            if found := op.effect("verb", name, via):
                return found, name
    if head.lower_ == "going" and any(c.lemma_ == "be" for c in head.lefts):
        return op.INTENDED, "going to"
    if lemma == "be" and via == op.CLAUSE:  # "it is possible that", "the aim is to"
        for child in head.children:
            if child.dep_ in {"acomp", "attr"}:
                return op.effect(_kind(child), child.lemma_.lower(), via), child.lower_
        return op.INTENDED, "to be to"  # "the two were to meet"
    return op.effect(kind, lemma, via), lemma


def _kind(word: Token) -> str:
    if word.pos_ in {"NOUN", "PROPN"}:
        return "noun"
    return "adj" if word.pos_ == "ADJ" else "verb"


def is_past(verb: Token) -> bool:
    """Whether the verb, or its auxiliary, is in the past tense."""
    return verb.tag_ == "VBD" or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ == "VBD" for c in verb.children
    )
