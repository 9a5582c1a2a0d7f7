"""Where a lexicon entry's words stand in a parse."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.events.frames.entries import PREPOSITIONS, Trigger
from transforms.events.frames.lexicon import Lexicon
from transforms.events.frames.parse import VERBAL, kids
from transforms.events.tree import Doc, Token

_CHAIN = frozenset(
    {"prt", "prep", "advmod", "dobj", "nsubjpass", "acomp", "attr", "oprd", "pobj", "compound"}
    | {"amod", "xcomp", "agent", "dative", "obj", "npadvmod", "conj", "nmod"}
)
_WISHES = frozenset({"advcl", "ccomp", "xcomp"})
_WINDOW = 6
_BOUND = frozenset({"cease", "cross", "non"})  # "cease-fire" is no fire
_PARTICLES = frozenset({"in", "off", "up", "down", "out", "over", "away", "back", "on"})
_VERB_TAGS = frozenset({"VERB", "AUX"})


def words_of(doc: Doc) -> frozenset[str]:
    """Return every word of a sentence, as written and as lemma, for `verb_triggers`."""
    return frozenset(word for token in doc for word in (token.lower_, token.lemma_.lower()))


def verb_triggers(
    verb: Token, lexicon: Lexicon, present: frozenset[str]
) -> Iterator[tuple[Trigger, tuple[int, ...]]]:
    """Yield the verb entries whose words stand at this token, longest first, with their tokens.

    Args:
        verb: The verb.
        lexicon: The entries.
        present: The sentence's words; a trigger with another word is not looked for.
    """
    lemmas = {verb.lemma_.lower(), *lexicon.lemmas_of.get(verb.lower_, ())}
    if verb.tag_ in {"VBD", "VBN"} and verb.lemma_.lower() != verb.lower_:
        lemmas.discard(verb.lower_)  # "wound up" is no wound
    for lemma in sorted(lemmas):
        for trigger in lexicon.verbs.get(lemma, ()):
            if not present.issuperset(trigger.words[1:]):
                continue
            tokens = _chain(verb, lemma, trigger)
            if tokens is not None:
                yield trigger, tokens
    for tokens, trigger in _predicative(verb, lexicon):
        yield trigger, tokens


def _predicative(verb: Token, lexicon: Lexicon) -> Iterator[tuple[tuple[int, ...], Trigger]]:
    """Yield "be opposed", "be set" where the parser takes the adjective for a passive."""
    be = next((child for child in kids(verb, "auxpass") if child.lemma_.lower() == "be"), None)
    if be is None or verb.tag_ not in {"VBN", "VBD", "JJ"}:
        return
    for trigger in lexicon.verbs.get("be", ()):
        words = trigger.words
        if len(words) == 2 and words[1] == verb.lower_:  # noqa: PLR2004
            yield (be.i, verb.i), trigger


def _chain(verb: Token, lemma: str, trigger: Trigger) -> tuple[int, ...] | None:
    words = trigger.words
    first = words[0]
    found = [verb]
    if first != lemma:  # "test-fire" stands as three tokens
        prefix = first.rpartition("-")[0]
        if verb.i < 2 or verb.nbor(-1).text != "-" or verb.nbor(-2).lower_ != prefix:  # noqa: PLR2004
            return None
    for word in words[1:]:
        token = _next(found, word)
        if token is None:
            return None
        if word in _PARTICLES and not _is_particle(token, verb, trigger):
            return None
        found.append(token)
    return tuple(sorted({token.i for token in found}))


def _is_particle(token: Token, verb: Token, trigger: Trigger) -> bool:
    """Tell "give in" from "give X in exchange": a preposition beside an object is no particle."""
    if token.dep_ != "prep":
        return True
    followed = len(trigger.words) > trigger.words.index(token.lower_) + 1
    has_object = bool(kids(verb, "dobj"))
    if token.lower_ in trigger.entry.targets:
        return followed or not has_object  # "called on X", not "called X on Tuesday"
    return (
        followed or not kids(token, "pobj", "pcomp") or not (has_object or kids(verb, "nsubjpass"))
    )


def _next(found: list[Token], word: str) -> Token | None:
    """Return the word of a chain below the tokens found so far; a preposition only right of them."""
    for node in reversed(found):
        for child in node.children:
            lets = child.dep_ == "ccomp" and node.lemma_ == "let"  # "let the sailors go"
            if not lets and (
                child.dep_ not in _CHAIN or (child.dep_ == "conj" and child.pos_ in VERBAL)
            ):
                continue
            if word in {child.lower_, child.lemma_.lower()}:
                return child
            if child.dep_ == "dobj":  # "fired birdshot and tear gas"
                for other in kids(child, "conj"):
                    if word in {other.lower_, other.lemma_.lower()}:
                        return other
    if word == "for":
        return _wish(found)
    return None if word in PREPOSITIONS else _modifier(found, word) or _of_phrase(found, word)


def _modifier(found: list[Token], word: str) -> Token | None:
    """Return the word before an object's noun: "staged military exercises", "declared martial law"."""
    for node in reversed(found):
        for noun in kids(node, "dobj", "pobj", "nsubjpass"):
            for child in kids(noun, "compound", "amod", "nmod"):
                if word in {child.lower_, child.lemma_.lower()}:
                    return child
    return None


def _wish(found: list[Token]) -> Token | None:
    """Return the "for" of a clause: "called for X to withdraw"."""
    marks = (
        mark
        for node in found
        for clause in kids(node, *_WISHES)
        for mark in kids(clause, "mark")
        if mark.lower_ == "for"
    )
    return next(marks, None)


def _of_phrase(found: list[Token], word: str) -> Token | None:
    """Return the word in an "of" phrase below: "under rafts of sanctions", "a series of strikes"."""
    heads = [child for node in found for child in kids(node, "dobj", "pobj", "nsubjpass")]
    for head in heads:
        for prep in kids(head, "prep"):
            for inner in kids(prep, "pobj"):
                if prep.lower_ == "of" and word in {inner.lower_, inner.lemma_.lower()}:
                    return inner
    return None


def may_name_event(noun: Token, lexicon: Lexicon) -> bool:
    """Return whether there are noun entries for a noun: a quick test before `noun_triggers`."""
    lemma = noun.lemma_.lower()
    nouns = lexicon.nouns
    return lemma in nouns or noun.lower_ in nouns or lemma.rstrip("s") in nouns


def noun_triggers(noun: Token, lexicon: Lexicon) -> Iterator[tuple[Trigger, tuple[int, ...]]]:
    """Yield the noun entries whose words stand at this token, longest first, with their tokens."""
    if noun.i > 1 and noun.nbor(-1).text == "-" and noun.nbor(-2).lower_ in _BOUND:
        return
    lemma = noun.lemma_.lower()
    keys = {lemma, noun.lower_, lemma.rstrip("s")}
    for key in sorted(keys):
        for trigger in lexicon.nouns.get(key, ()):
            tokens = _noun_words(noun, key, trigger.words)
            if tokens is not None:
                yield trigger, tokens


def _noun_words(noun: Token, key: str, words: tuple[str, ...]) -> tuple[int, ...] | None:
    words = tuple(part for word in words for part in word.split("-"))
    if words[0] == key and len(words) > 1 and words[1] in PREPOSITIONS:
        found = [noun]
        for word in words[1:]:
            token = _next(found, word)
            if token is None:
                return None
            found.append(token)
        return tuple(sorted(token.i for token in found))
    if words[-1] != key:
        return None
    left = {}
    for i in range(max(noun.i - _WINDOW, noun.left_edge.i), noun.i):
        token = noun.doc[i]
        left[token.lower_] = i
        left.setdefault(token.lemma_.lower(), i)
    found_at = [noun.i]
    for word in words[:-1]:
        if word not in left:
            return None
        found_at.append(left[word])
    return tuple(sorted(found_at))
