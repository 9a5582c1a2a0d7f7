"""One parsed sentence with the names found in it: what all resolution steps work on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.events.actors.memory import Memory
from transforms.events.actors.names import DEMONYM, GROUP
from transforms.events.model import Actor, Mention
from transforms.events.tree import Doc, Token

# ClearNLP labels of what belongs to the noun that follows.
MODIFIER = frozenset({"compound", "amod", "nmod", "det", "nummod", "quantmod"})
NOMINAL = frozenset({"NOUN", "PROPN"})


@dataclass(slots=True)
class Name:
    """A name found by the gazetteer, on tokens `start` to `end`, exclusive."""

    start: int
    end: int
    mention: Mention
    root: int
    together: list[Mention] = field(default_factory=list)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """What the name means: one actor, or two at once ("North and South Korea")."""
        return (self.mention, *self.together)

    @property
    def how(self) -> str:
        """How the name stands for its actor: "country", "demonym", …."""
        return self.mention.how

    @property
    def is_plural(self) -> bool:
        """Tell whether it names people or several: "Israelis", "Houthis", "the two Koreas"."""
        several = self.how in {DEMONYM, GROUP} and self.mention.text.endswith("s")
        return several or bool(self.together)

    @property
    def is_person(self) -> bool:
        """Tell whether it is a leader's name."""
        return self.mention.how.startswith("leader")


@dataclass(slots=True)
class Phrase:
    """A noun phrase that names an actor: tokens `start` to `end`, exclusive, around `head`.

    Attributes:
        person: One human being, whom "he" or "she" may mean.
        plural: More than one, whom "they" may mean.
        generic: Without a country or organisation of its own.
        name: The person's name without title, for the memory; None: none.
        title: The role phrase, for "the president" later on; None: none.
    """

    head: int
    start: int
    end: int
    actor: Actor
    how: str
    person: bool = False
    plural: bool = False
    generic: bool = False
    name: str | None = None
    title: str | None = None


class Reading:
    """One sentence.

    Attributes:
        doc: The sentence, parsed.
        memory: What the article has taught.
        families: Spellings of known people → what they are called for short.
        names: The names found.
        phrases: Actors found, by head token; a token asked for is there, empty where it is none.
        used: Numbers of the names that are part of a phrase.
    """

    def __init__(
        self, doc: Doc, mentions: Sequence[Mention], memory: Memory, families: Mapping[str, str]
    ) -> None:
        self.doc = doc
        self.memory = memory
        self.families = families
        self.names: list[Name] = []
        self.phrases: dict[int, list[Phrase]] = {}
        self.used: set[int] = set()
        self._at: dict[int, int] = {}
        for mention in mentions:
            span = doc.around(mention.char_start, mention.char_end)
            if span is None or span.end == span.start:
                continue
            if span.start in self._at:
                name = self.names[self._at[span.start]]
                if name.mention.char_start == mention.char_start:
                    name.together.append(mention)
                continue
            for index in range(span.start, span.end):
                self._at[index] = len(self.names)
            self.names.append(Name(span.start, span.end, mention, span.root.i))

    def block(self, spans: Sequence[tuple[int, int]]) -> None:
        """Take the words of these characters out: they are no role and no person."""
        for start, end in spans:
            span = self.doc.around(start, end)
            if span is not None:
                for index in range(span.start, span.end):
                    if index not in self._at:
                        self.phrases[index] = []

    def at(self, index: int) -> int | None:
        """Return the number of the name that stands on a token; None: no name does."""
        return self._at.get(index)

    def name_at(self, index: int) -> Name | None:
        """Return the name that stands on a token; None: no name does."""
        number = self._at.get(index)
        return None if number is None else self.names[number]

    def children(self, token: Token, *labels: str) -> Iterator[Token]:
        """Yield a token's dependents that carry one of the labels."""
        for child in token.children:
            if child.dep_ in labels:
                yield child

    def numbers(self, first: int, last: int) -> Iterator[int]:
        """Yield the numbers of the names that stand on tokens first to last, exclusive."""
        seen = -1
        for index in range(first, last):
            number = self._at.get(index, -1)
            if number > seen:
                seen = number
                yield number

    def span_root(self, first: int, last: int) -> int:
        """Return the token in first to last, exclusive, that hangs on a token outside."""
        for index in range(last - 1, first - 1, -1):
            head = self.doc[index].head.i
            if head == index or not first <= head < last:
                return index
        return last - 1
