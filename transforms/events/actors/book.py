"""The book of actors: data files read once, a quick search, and resolution after the parse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from transforms.events.actors import names
from transforms.events.actors.blocking import Blocking
from transforms.events.actors.cities import cities
from transforms.events.actors.gazetteer import Gazetteer, folded
from transforms.events.actors.leaders import leaders, named
from transforms.events.actors.memory import Memory
from transforms.events.actors.neighbours import Neighbours, is_headline, without_namesakes
from transforms.events.actors.resolve import Resolver
from transforms.events.actors.roles import Roles
from transforms.events.model import Mention
from transforms.events.tree import Doc


class ActorBook:
    """All actors we know; made by `load`."""

    def __init__(
        self,
        known: dict[str, names.Name],
        blocking: Blocking,
        roles: Roles,
        families: dict[str, str],
    ) -> None:
        self._blocking = blocking
        self._names: list[names.Name | None] = [*known.values()]
        spellings = [*known]
        for phrase in dict.fromkeys(blocking.phrases):
            if phrase not in known:
                spellings.append(phrase)
                self._names.append(None)
        self._gazetteer = Gazetteer(spellings)
        self._neighbours = Neighbours.load(known, roles)
        self._resolver = Resolver(roles, families)
        self.titles = roles.titles

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> ActorBook:
        """Read the data files, and a user's own actors before them.

        Raises:
            ConfigError: A file cannot be read or a line is wrong; names file and line.
        """
        roles = Roles.load()
        people = leaders(roles)
        known = names.compiled(
            [
                *(names.extra_names(path) for path in extra),
                named(people),
                names.armed_groups(),
                names.organisations(),
                names.countries(),
                names.places(),
                cities(),
            ]
        )
        for phrase, (first, *others) in names.pairs():
            for spelling in names.variants(phrase):
                known[spelling] = names.Name(spelling, (first,), tuple(others))
        families = {name: person.family for person in people for name in person.names}
        return cls(known, Blocking.load(), roles, families)

    def find(self, text: str, when: dt.date | None) -> list[Mention]:
        """Return the actors named in a raw text, in order.

        None overlap, but the two that one phrase names ("North and South Korea") share its place.

        Args:
            text: A sentence or a whole text.
            when: The day the text speaks of: who was in office then; None: take the latest.
        """
        plain = folded(text)
        headline: bool | None = None
        mentions: list[Mention] = []
        for start, end, number in self._gazetteer.spans(plain):
            name = self._names[number]
            if name is None or self._blocking.blocks(plain, start, end):
                continue
            sense = name.sense(when)
            if sense is None or sense.actor.code is None:
                continue
            if headline is None:
                headline = is_headline(plain)
            if self._neighbours.make_person(plain, start, end, sense.how, headline=headline):
                continue
            mentions.extend(
                Mention(
                    char_start=start,
                    char_end=end,
                    text=text[start:end],
                    actor=each.actor,
                    how=each.how,
                )
                for each in (sense, *name.together)
            )
        return without_namesakes(mentions, plain, self._neighbours.states)

    def blocked(self, text: str) -> list[tuple[int, int]]:
        """Return where a text names what is never an actor: newspapers, seas, wars, treaties."""
        plain = folded(text)
        return [
            (start, end)
            for start, end, number in self._gazetteer.spans(plain)
            if self._names[number] is None or self._blocking.blocks(plain, start, end)
        ]

    def resolve(
        self,
        doc: Doc,
        mentions: Sequence[Mention],
        memory: Memory,
        when: dt.date | None,  # noqa: ARG002 - `find` has dated the names; roles of tomorrow may need it
    ) -> list[Mention]:
        """Return the actors of a parsed sentence, in order, each with its head token.

        Args:
            doc: One sentence, parsed.
            mentions: What `find` found in it.
            memory: What the article has taught so far; learns from this sentence.
            when: As for `find`.
        """
        return self._resolver.resolve(doc, mentions, memory, self.blocked(doc.text))
