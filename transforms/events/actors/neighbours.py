"""What the words beside a name tell: "Ivanka Trump", "Jordan Peterson", "Paris, Texas"."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from transforms.events.actors.names import CAPITAL, COUNTRY, DATA, LEADER, PLACE
from transforms.events.actors.roles import Roles
from transforms.events.actors.vocabulary import words_of
from transforms.events.model import Actor, Mention
from transforms.events.wordlists import rows

_BEFORE = re.compile(r"([^\W\d_][\w'.-]*) $")
_AFTER = re.compile(r" ([^\W\d_][\w'-]*)")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\u2014\u2013\u201c\u201d\"'(\[-])\s*$")
_AMERICAN = re.compile(r"\b(?:Republicans?|Democrats?|Sen\.|Rep\.|Gov\.|Ga\.|U\.S\. state)(?!\w)")
_WINDOW = 32  # characters looked back for the word before
_HEADLINE = 0.75  # of the words capitalised: a headline that capitalises all words


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The data files about words beside names.

    Attributes:
        given_names: Given names that stand before a family name.
        given: Names of places that are given names too.
        states: Names of countries that are states of the USA too.
        known: All names of the book.
        roles: The role lexicon, whose words may stand beside a name.
    """

    given_names: frozenset[str]
    given: frozenset[str]
    states: frozenset[str]
    known: Container[str]
    roles: Roles

    @classmethod
    def load(cls, known: Container[str], roles: Roles, folder: Path = DATA) -> Neighbours:
        """Read the tables; ConfigError with file and line where one is wrong."""
        kinds: dict[str, set[str]] = {"given": set(), "state": set()}
        for row in rows(folder / "ambiguous.tsv", 2):
            kinds[row.one_of(1, frozenset(kinds))].add(row.required(0))
        given_names = frozenset(row.required(0) for row in rows(folder / "given_names.txt", 1))
        return cls(given_names, frozenset(kinds["given"]), frozenset(kinds["state"]), known, roles)

    def make_person(self, text: str, start: int, end: int, how: str, *, headline: bool) -> bool:
        """Tell whether a name is but a part of some other person's name.

        Args:
            text: Folded text.
            start, end: The name in it.
            how: How the name stands for its actor.
            headline: The text capitalises all words, so capitals tell nothing.
        """
        leader = how.startswith(LEADER)
        if not leader and how not in {COUNTRY, CAPITAL, PLACE}:
            return False
        name = text[start:end]
        if " " in name:
            return False
        before = _BEFORE.search(text, max(0, start - _WINDOW), start)
        if before is not None and self._is_other(text, before, leader=leader, headline=headline):
            return True
        if name not in self.given or headline:
            return False
        after = _AFTER.match(text, end)
        return after is not None and self._begins_family(after[1])

    def _is_other(self, text: str, before: re.Match[str], *, leader: bool, headline: bool) -> bool:
        """Tell whether the word before a name is a given name, or for a leader any unknown name."""
        word = before[1]
        if word in self.given_names:
            return True
        if not leader or headline or not word[0].isupper() or word.isupper() or word.endswith("'s"):
            return False
        if word in self.known or _is_plain(word):
            return False
        if self.roles.holds_word(word.lower()):
            return False
        return _SENTENCE_END.search(text[max(0, before.start() - 4) : before.start()]) is None

    def _begins_family(self, word: str) -> bool:
        if not word[0].isupper() or word.isupper() or _is_plain(word) or word in self.known:
            return False
        return not self.roles.holds_word(word.lower().removesuffix("'s"))


def _is_plain(word: str) -> bool:
    """Tell whether a capitalised word is a courtesy or of the calendar."""
    lower = word.lower().rstrip(".")
    return lower in words_of("courtesy") or lower in words_of("calendar")


def is_headline(text: str) -> bool:
    """Tell whether a text capitalises nearly all of its words.

    >>> is_headline("Putin Visits Pyongyang as Ties Deepen"), is_headline("Putin visits Pyongyang")
    (True, False)
    """
    if text.rstrip().endswith((".", "?", "!", '."', ".\u201d")):
        return False
    words = [word for word in _WORD.findall(text[:400]) if len(word) > 3]  # noqa: PLR2004 - "as", "the"
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > 3 and capitals >= _HEADLINE * len(words)  # noqa: PLR2004


def without_namesakes(mentions: list[Mention], text: str, states: Container[str]) -> list[Mention]:
    """Return the mentions without capitals that are namesakes: "Paris, Texas", "Moscow, Idaho".

    Args:
        mentions: In order.
        text: What they stand in.
        states: Names of countries that are states of the USA too (Georgia), which they are beside
            another American place or politician.
    """
    kept: list[Mention] = []
    american = any(each.how == PLACE and each.actor.country == "USA" for each in mentions)
    american = american or _AMERICAN.search(text) is not None
    for each in mentions:
        mention = each
        if american and each.text in states:
            mention = replace(each, actor=Actor(country="USA"), how=PLACE)
        if (
            kept
            and mention.how == PLACE
            and kept[-1].how in {CAPITAL, PLACE, COUNTRY}
            and kept[-1].actor.country != mention.actor.country
            and mention.actor.country == "USA"
            and text[kept[-1].char_end : mention.char_start] == ", "
            and not text.endswith((", ", "and "), 0, kept[-1].char_start)
        ):
            kept.pop()
        kept.append(mention)
    return kept
