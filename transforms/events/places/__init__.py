"""Where a frame's event happened: a place of its own clause, else the dateline's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from transforms.events.attribution.verbs import is_saying
from transforms.events.clauses import clause_verb, is_verbal
from transforms.events.model import Frame, Mention, Place
from transforms.events.places.gazetteer import CITY, MAX_NAME_WORDS, Entry, gazetteer

__all__ = ["dateline_place", "place"]

_LOCATIVE = frozenset(
    {"in", "at", "near", "on", "outside", "inside", "across", "over", "around", "off", "along"}
    | {"within", "throughout", "above", "through", "into"}
)
_TOWARDS = frozenset({"to", "at", "on", "in"})
# CAMEO roots whose object is where they happen: visits and meetings; assault, fight, mass violence.
_AT_OBJECT = frozenset({"04", "18", "19", "20"})
_SKIP_WORDS = frozenset({"the", "a", "an"})


def place(
    doc: Doc, frame: Frame, dateline: str | None, mentions: Sequence[Mention] = ()
) -> Place | None:
    """Return where the event happened; None where neither its clause nor the dateline says.

    A name in a locative phrase of the trigger, of its object or of its clause; the goal or object of
    a visit or an attack; else the dateline.

    Args:
        doc: The parsed sentence.
        frame: The frame; the countries of its actors decide between places of one name.
        dateline: The article's dateline as printed ("SEOUL, South Korea (AP)"); None: it has none.
        mentions: The sentence's actors, whose countries help as well where they stand beside a name.
    """
    actors = (*frame.sources, *frame.targets)
    hints = frozenset(m.actor.country for m in actors if m.actor.country is not None)
    for phrase in _phrases(doc, frame):
        found = _in_phrase(phrase, hints, mentions)
        if found is not None:
            return found
    return dateline_place(dateline) if dateline else None


def dateline_place(dateline: str) -> Place | None:
    """Return the place of a dateline; None where its name is unknown.

    >>> dateline_place("SEOUL, South Korea (AP) —").country
    'KOR'
    """
    words = re.sub(r"\([^)]*\)|/[^/]*/|[—–―]|--|\s-\s*$", " ", dateline)  # noqa: RUF001 - dashes
    parts = [" ".join(part.split()) for part in words.split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return None
    known = gazetteer()
    around = [known.find(_capitalised(part)) for part in parts[1:]]
    hints = frozenset(entry.country for entry in around if entry and entry.country)
    for name in re.split(r"/", parts[0]):
        entry = known.find(_capitalised(name.strip()), hints)
        if entry is not None:
            return entry.as_place(_capitalised(name.strip()))
    fallback = next((entry for entry in around if entry is not None), None)
    return fallback.as_place(fallback.name) if fallback is not None else None


def _capitalised(name: str) -> str:
    return name.title() if name.isupper() and len(name) > MAX_ACRONYM_CHARS else name


MAX_ACRONYM_CHARS = 3  # "UAE" stays in capitals


def _phrases(doc: Doc, frame: Frame) -> Iterator[Token]:
    """Yield the heads of noun phrases that may say where, the likeliest first."""
    trigger = doc[frame.trigger]
    verb = clause_verb(trigger)
    words = [doc[i] for i in dict.fromkeys((frame.trigger, *frame.action))]
    for word in words:
        yield from _located(word, _LOCATIVE)
    for word in words:
        for child in word.children:
            if child.dep_ in {"dobj", "nsubjpass", "attr", "pobj"}:
                yield from _located(child, _LOCATIVE)
                for inner in child.rights:
                    if inner.dep_ in {"prep", "acl"}:
                        yield from _located(inner, _LOCATIVE)
            elif child.dep_ == "prep":
                for noun in child.children:
                    yield from _located(noun, _LOCATIVE)
    if frame.cameo[:2] in _AT_OBJECT:
        yield from _goals(words)
    if verb.i != trigger.i and not is_saying(verb):
        yield from _located(verb, _LOCATIVE)
    elif verb.i == trigger.i and is_verbal(trigger) and trigger.dep_ in {"conj", "xcomp"}:
        above = trigger.head
        if not is_saying(above):
            yield from _located(above, _LOCATIVE)


def _goals(words: list[Token]) -> Iterator[Token]:
    for word in words:
        for child in word.children:
            if child.dep_ in {"dobj", "nsubjpass"}:
                yield child
        yield from _located(word, _TOWARDS)


def _located(word: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    """Yield the objects of the word's prepositions, and of those below them ("at a base in")."""
    for child in word.children:
        if child.dep_ in {"prep", "agent"} and child.lower_ in prepositions:
            for noun in child.children:
                if noun.dep_ == "pobj":
                    yield noun
                elif noun.dep_ == "prep":
                    yield from (n for n in noun.children if n.dep_ == "pobj")


def _in_phrase(head: Token, hints: frozenset[str], mentions: Sequence[Mention]) -> Place | None:
    """Return the place that a noun phrase names: a city before a country."""
    known = gazetteer()
    span = head.doc[head.left_edge.i : head.right_edge.i + 1]
    beside = frozenset(
        m.actor.country
        for m in mentions
        if m.actor.country and span.start_char <= m.char_start < span.end_char
    )
    found: list[tuple[Entry, str]] = []
    for start, end in _names(span.start, span.end, head.doc):
        text = head.doc[start:end].text
        entry = known.find(text, beside) or known.find(text, hints)
        if entry is not None and not beside and entry.country not in hints:
            entry = known.find(text, hints)
        if entry is not None:
            found.append((entry, text))
    countries = frozenset(e.country for e, _ in found if e.kind != CITY and e.country)
    for entry, text in found:
        if entry.kind == CITY:
            inside = known.find(text, countries or beside or hints) or entry
            return inside.as_place(text)
    if found:
        entry, text = max(found, key=lambda pair: pair[0].latitude is not None)
        return entry.as_place(text)
    return None


def _names(start: int, end: int, doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the longest runs of capitalised words that are a place's name, from left to right."""
    known = gazetteer()
    at = start
    while at < end:
        if not doc[at].text[:1].isupper() or doc[at].pos_ in {"DET", "PRON"}:
            at += 1
            continue
        for stop in range(min(end, at + 2 * MAX_NAME_WORDS), at, -1):
            text = doc[at:stop].text
            if len(text.split()) <= MAX_NAME_WORDS and known.find(text) is not None:
                yield at, stop
                at = stop
                break
        else:
            at += 1
