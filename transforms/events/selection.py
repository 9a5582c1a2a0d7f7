"""Which sentences of an article are worth a parse: by their words and names, before anything is parsed.

A sentence is parsed if it holds a word that may be an event's, and names an actor or may speak of one
who is named elsewhere: by a role, a pronoun, the name of somebody whom an earlier sentence has
introduced, or by introducing somebody itself. What is not parsed teaches nothing, and a pronoun in a
later sentence would be taken for somebody else. Of the sentences that only name an actor the first look
leaves out those whose words make a row unlikely.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transforms.events import sentences
from transforms.events.actors import ActorBook
from transforms.events.first_look import FirstLook
from transforms.events.frames.lexicon import Lexicon, lower_words
from transforms.events.model import Mention, Sentence
from transforms.events.wordlists import words
from transforms.schema import Article

MAX_CHARS = 2_000
NO_EVENT = "no word of an event"
NO_ACTOR = "no actor"
_NAME_WORD = re.compile(r"[\w-]+")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w.-]*"
_FULL_NAME = re.compile(rf"\b{_CAPITAL}(?:['\u2019 ]{_CAPITAL})+")
_OPENING = frozenset({"they", "it"})
_PERSONS = frozenset({"he", "she"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """One sentence, and whether it is worth a parse.

    Attributes:
        sentence: The sentence.
        named: Actors that the gazetteer found; empty where it was not asked.
        skipped: Why it is not worth it; None: it is.
        chance: 0-1, how likely its words are to give a row, at the first look; None: not looked at, for
            what it gives may hang on other sentences, or theirs on it.
    """

    sentence: Sentence
    named: list[Mention] = field(default_factory=list)
    skipped: str | None = None
    chance: float | None = None


class Selection:
    """Chooses the sentences to be parsed.

    Args:
        book: Finds the actors.
        lexicon: Knows the words of events.
        first_look: Tells how likely a row is; None: every sentence with an actor and a word of an
            event is parsed.
        everything: Choose every sentence, to measure what choosing loses.
    """

    def __init__(
        self,
        book: ActorBook,
        lexicon: Lexicon,
        first_look: FirstLook | None,
        *,
        everything: bool = False,
    ) -> None:
        self._book = book
        self._lexicon = lexicon
        self._first_look = first_look
        self._everything = everything

    def of(self, article: Article, when: dt.date | None) -> Iterator[Chosen]:
        """Yield the sentences of an article in order, the title first.

        Args:
            article: The article.
            when: The day it speaks of, as for `ActorBook.find`.
        """
        somebody = article.dateline is not None
        introduced: set[str] = set()
        for sentence in sentences.split(article.text, article.title):
            text = sentence.text
            if len(text) > MAX_CHARS:
                yield Chosen(sentence, skipped=f"longer than {MAX_CHARS} characters")
                continue
            named = self._book.find(text, when)
            said = lower_words(text)
            new = self._introduced(text, said, named)
            if self._everything:
                yield Chosen(sentence, named)
            elif not self._lexicon.may_hold_event(said):
                yield Chosen(sentence, skipped=NO_EVENT)
            elif (introduced and not introduced.isdisjoint(_NAME_WORD.findall(text))) or (
                (somebody or named) and (new or speaks_of_persons(said))
            ):
                yield Chosen(sentence, named)
            elif named:
                yield self._looked_at(sentence, named)
            else:
                # "Gunmen killed six people in Jhang" begins a report; whose they are, the place says.
                role = (somebody or sentence.index <= 0) and names_a_role(said)
                yield Chosen(sentence, skipped=None if role else NO_ACTOR)
            somebody = somebody or bool(named)
            introduced |= new

    def _looked_at(self, sentence: Sentence, named: list[Mention]) -> Chosen:
        """Decide on a sentence that names an actor and hangs on no other."""
        if self._first_look is None:
            return Chosen(sentence, named)
        chance = self._first_look.chance(sentence.text, named)
        unlikely = chance < self._first_look.least
        skipped = f"its words make a row unlikely: {chance:.3f}" if unlikely else None
        return Chosen(sentence, named, skipped, chance)

    def _introduced(self, text: str, said: Sequence[str], named: Sequence[Mention]) -> set[str]:
        """Return what the rest of an article may call the people whom a sentence introduces.

        The last word of a leader's name, and of every full name beside a word for what somebody is:
        "President Pedro Castillo", "Chi Onwurah, a British lawmaker".
        """
        found = {one.text.split()[-1] for one in named if one.how.startswith("leader")}
        if not self._book.titles.isdisjoint(said):
            for name in _FULL_NAME.finditer(text):
                parts = _NAME_WORD.findall(name.group())
                found.add(parts[-1])
        return found


def speaks_of_persons(said: Sequence[str]) -> bool:
    """Return whether a pronoun may stand for an actor: he, she; they or it at the beginning.

    Args:
        said: A sentence's `lower_words`.
    """
    return not (_OPENING.isdisjoint(said[:1]) and _PERSONS.isdisjoint(said))


def names_a_role(said: Sequence[str]) -> bool:
    """Return whether a sentence without a name may speak of an actor by his role: "police".

    Args:
        said: Its `lower_words`.
    """
    return not words("referring.txt").isdisjoint(said)
