"""Where a frame's event happened: a place of its own clause, else the dateline's."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

from transforms.events.attribution.verbs import is_saying
from transforms.events.clauses import clause_verb, governor
from transforms.events.model import Frame, Mention, Place
from transforms.events.places.gazetteer import (
    CITY,
    COUNTRY,
    MAX_NAME_WORDS,
    REGION,
    Entry,
    gazetteer,
)
from transforms.events.tree import Doc, Token
from transforms.events.wordlists import words

__all__ = ["dateline_place", "place"]

_LOCATIVE = frozenset(
    {"in", "at", "near", "on", "outside", "inside", "across", "over", "around", "off", "along"}
    | {"within", "throughout", "above", "through", "into"}
)
_TOPICS = frozenset({"over", "for", "about", "after", "before", "since", "despite"})
_TOWARDS = frozenset({"to", "at", "on", "in"})
# CAMEO roots whose object is where they happen: visits and meetings; assault, fight, mass violence.
_AT_OBJECT = frozenset({"04", "18", "19", "20"})
_OTHER_CLAUSES = frozenset(
    {"ccomp", "advcl", "relcl", "conj", "nsubj", "csubj", "parataxis", "pcomp", "xcomp"}
)


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
    if frame.cameo[:2] in _AT_OBJECT:
        for phrase in _goals([doc[i] for i in dict.fromkeys((frame.trigger, *frame.action))]):
            found = _in_phrase(phrase, hints, mentions)
            if found is not None and found[0].kind != COUNTRY:
                return found[0].as_place(found[1])
    for phrase in _phrases(doc, frame):
        found = _in_phrase(phrase, hints, mentions)
        if found is not None:
            return found[0].as_place(found[1])
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
    words = [doc[i] for i in dict.fromkeys((frame.trigger, *frame.action))]
    yield from _located(words)
    if frame.cameo[:2] in _AT_OBJECT:
        yield from _goals(words)
    verb = clause_verb(trigger)
    if verb.i == trigger.i and trigger.dep_ in {"conj", "xcomp"}:
        verb = clause_verb(governor(trigger))
    if not is_saying(verb):
        yield from _located([verb])


def _located(words: list[Token]) -> Iterator[Token]:
    """Yield the objects of locative prepositions in the words' own clause, the nearest first."""
    waiting = deque(words)
    while waiting:
        word = waiting.popleft()
        for child in word.children:
            if child.dep_ in _OTHER_CLAUSES:
                continue
            if child.dep_ == "pobj" and word.lower_ in _TOPICS and child.pos_ != "PROPN":
                continue  # "over its arrest of a teacher in Tehran"
            if child.dep_ == "pobj" and word.lower_ in _LOCATIVE:
                yield child
            waiting.append(child)


def _goals(words: list[Token]) -> Iterator[Token]:
    for word in words:
        for child in word.children:
            if child.dep_ in {"dobj", "nsubjpass"}:
                yield child
            elif child.dep_ == "prep" and child.lower_ in _TOWARDS:
                yield from (noun for noun in child.children if noun.dep_ == "pobj")


def _in_phrase(
    head: Token, hints: frozenset[str], mentions: Sequence[Mention]
) -> tuple[Entry, str] | None:
    """Return the place that a noun phrase names, and its words: a city, region or country.

    The countries that the phrase names beside it ("Russia's Kursk region", "Tripoli, Lebanon"), then
    those of the frame's actors, decide between places of one name.
    """
    known = gazetteer()
    own = set(_own_words(head))
    span = head.doc[head.left_edge.i : head.right_edge.i + 1]
    beside = {
        m.actor.country
        for m in mentions
        if m.actor.country and span.start_char <= m.char_start < span.end_char
    }
    named = [
        (head.doc[start:end].text, start in own)
        for start, end in _names(span.start, span.end, head.doc)
        if not _is_organisation(head.doc[start:end].start_char, mentions)
    ]
    entries = [(known.find(text), text, mine) for text, mine in named]
    beside |= {e.country for e, _, _ in entries if e and e.kind != CITY and e.country}
    near = frozenset(beside) or hints
    found = [
        (entry, text)
        for _, text, mine in entries
        if mine and (entry := known.find(text, near)) is not None
    ]
    if not found:
        return _of_country(head, mentions)
    return max(found, key=lambda pair: (pair[0].kind == CITY, pair[0].kind == REGION))


def _of_country(head: Token, mentions: Sequence[Mention]) -> tuple[Entry, str] | None:
    """Return the country of "the Pakistani capital", "a Somali port": a place without its name; None."""
    if head.lemma_.lower() not in words("localities.txt"):
        return None
    known = gazetteer()
    for child in head.lefts:
        for one in mentions:
            inside = one.char_start <= child.idx < one.char_end
            if inside and one.how == "modifier" and one.actor.country:
                entry = known.country(one.actor.country)
                return (entry, head.doc[child.i : head.i + 1].text) if entry else None
    return None


def _is_organisation(start_char: int, mentions: Sequence[Mention]) -> bool:
    """Say whether a name belongs to that of an organisation or group ("Hamas", "the UN")."""
    return any(
        one.char_start <= start_char < one.char_end and (one.actor.org or one.actor.kind)
        for one in mentions
    )


def _own_words(head: Token) -> Iterator[int]:
    """Yield the tokens that name what the phrase speaks of: not its possessors, not its clauses."""
    waiting = [head]
    while waiting:
        word = waiting.pop()
        yield word.i
        waiting += [c for c in word.children if c.dep_ not in _OTHER_CLAUSES | {"poss", "conj"}]


def _may_begin_a_name(word: Token) -> bool:
    """Say whether a capitalised word may be a name: the first of a sentence has its capital anyway.

    No adjective is one ("Roman Catholic", beside the town of Roman).
    """
    if not word.text[:1].isupper() or word.pos_ in {"DET", "PRON"} or word.dep_ == "amod":
        return False
    return word.i > 0 or word.pos_ == "PROPN"


def _names(start: int, end: int, doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the longest runs of capitalised words that are a place's name, from left to right."""
    known = gazetteer()
    at = start
    while at < end:
        if not _may_begin_a_name(doc[at]):
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
