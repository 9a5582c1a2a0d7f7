"""Reports told by order and punctuation alone, where the parse does not show them."""

# ruff: noqa: RUF001 - typographic marks are meant

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.events.clauses import is_finite, is_headline, is_verbal
from transforms.events.model import Mention
from transforms.events.tree import Doc, Token
from transforms.events.wordlists import words

QUOTES = frozenset({'"', "“", "”", "''", "``", "«", "»"})
_BREAKS = frozenset({",", "--", "—", "–", "-"}) | QUOTES
_RELATIVE = frozenset({"WP", "WDT", "WP$"})
MAX_SPEAKER_TOKENS = 14
MAX_LABEL_TOKENS = 6


@dataclass(frozen=True, slots=True)
class Tail:
    """A verb of saying after what is said: "…, the adviser said Friday", "…," said Putin."""

    speaker: int
    content: frozenset[int]


def tail(verb: Token) -> Tail | None:
    """Return the tail that the verb makes; None where it makes none.

    It stands behind a comma, dash or closing quotation mark, has nothing said after it, and what is
    before it holds a finite verb.
    """
    doc = verb.doc
    for child in verb.children:
        told = child.dep_ in {"ccomp", "xcomp"} or (child.dep_ == "dobj" and child.i > verb.i + 3)
        if told and child.i > verb.i:
            return None
        if any(inner.tag_ in _RELATIVE for inner in child.subtree if inner.i < verb.i):
            return None  # "whose president had told donors"
    start, head = _inverted(verb) if _is_break(doc, verb.i - 1) else (None, None)
    if head is None:
        start, head = _before(verb)
    if start is None or head is None:
        return None
    content = frozenset(range(start))
    if not any(is_finite(doc[i]) for i in content if doc[i].pos_ in {"VERB", "AUX"}):
        return None
    return Tail(head, content)


def _is_break(doc: Doc, index: int) -> bool:
    return index >= 0 and doc[index].text in _BREAKS


def _inverted(verb: Token) -> tuple[int | None, int | None]:
    """Return where the tail begins and its speaker for `," said Putin`."""
    own = next((c for c in verb.rights if c.dep_ in {"nsubj", "dobj", "attr", "oprd"}), None)
    if own is None or own.pos_ not in {"NOUN", "PROPN", "PRON"}:
        return None, None
    return verb.i - 1, own.i


def _before(verb: Token) -> tuple[int | None, int | None]:
    """Return where the tail begins and its speaker for `, the adviser said`."""
    doc = verb.doc
    own = next((child for child in verb.lefts if child.dep_ == "nsubj"), None)
    end = verb.i - 1
    while end >= 0 and doc[end].pos_ in {"ADV", "AUX"}:
        end -= 1
    start = own.left_edge.i if own is not None and own.head.i == verb.i else end
    if own is None:
        while start > 0 and not _is_break(doc, start - 1):
            start -= 1
    if not _is_break(doc, start - 1) or not 0 < verb.i - start <= MAX_SPEAKER_TOKENS:
        return None, None
    if own is not None:
        return start, own.i
    nouns = [i for i in range(start, end + 1) if doc[i].pos_ in {"NOUN", "PROPN", "PRON"}]
    verbal = any(doc[i].pos_ == "VERB" and is_finite(doc[i]) for i in range(start, end + 1))
    if not nouns or verbal:
        return None, None
    return start, _head_of(doc, nouns)


def _head_of(doc: Doc, nouns: list[int]) -> int:
    """Return the last noun before any "of", "for" or "in": the head of an unparsed noun phrase."""
    for position, index in enumerate(nouns):
        following = doc[index + 1]
        if following.pos_ == "ADP" or position == len(nouns) - 1:
            return index
    return nouns[-1]


def quotation_after(verb: Token) -> set[int]:
    """Return the tokens of a quotation that begins right behind the verb's colon or comma."""
    doc = verb.doc
    start = verb.i + 1
    while start < len(doc) and doc[start].text in {":", ","}:
        start += 1
    if start >= len(doc) or doc[start].text not in QUOTES:
        return set()
    end = start + 1
    while end < len(doc) and doc[end].text not in QUOTES:
        end += 1
    return set(range(start, end))


def colon_reports(doc: Doc, mentions: Sequence[Mention]) -> Iterator[tuple[int, frozenset[int]]]:
    """Yield (speaker, content) for a headline's "Putin: …" and "…: Kremlin"."""
    if not is_headline(doc):
        return
    marks = [t.i for t in doc if t.text in {":", "–", "—", "--", "|"}]
    if not marks:
        return
    first, last = marks[0], marks[-1]
    if doc[first].text == ":" and first <= MAX_LABEL_TOKENS and _tells(doc, first + 1, len(doc)):
        head = _speaker_in(doc, 0, first, mentions)
        if head is not None:
            yield head, frozenset(range(first + 1, len(doc)))
            return
    if doc[last].text != "|" and len(doc) - last - 1 <= MAX_LABEL_TOKENS - 1:
        head = _speaker_in(doc, last + 1, len(doc), mentions)
        if head is not None:
            yield head, frozenset(range(last))


def _tells(doc: Doc, start: int, end: int) -> bool:
    """Whether the words hold a verb: "Ukraine: the war in maps" labels a topic, and nobody speaks."""
    return any(doc[i].pos_ in {"VERB", "AUX"} and is_verbal(doc[i]) for i in range(start, end))


def _speaker_in(doc: Doc, start: int, end: int, mentions: Sequence[Mention]) -> int | None:
    """Return the head of a label that is nothing but a speaker: it ends in an actor or role noun."""
    if start >= end or any(
        doc[i].pos_ in {"VERB", "AUX"} and is_finite(doc[i]) for i in range(start, end)
    ):
        return None
    last = doc[end - 1]
    for mention in mentions:
        if (
            mention.char_start <= last.idx < mention.char_end
            and mention.char_start >= doc[start].idx
        ):
            return last.i
    return last.i if last.lemma_.lower() in words("speakers.txt") else None
