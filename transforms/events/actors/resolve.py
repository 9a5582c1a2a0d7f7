"""A parsed sentence's noun phrases → actors, each with its head token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from transforms.events.actors.memory import Memory
from transforms.events.actors.names import DEMONYM, PLACE, SEAT
from transforms.events.actors.roles import PERSON, WEAK, Role, Roles
from transforms.events.model import Actor, Mention

# Dependency labels of what stands before a noun as part of its phrase (ClearNLP labels).
_MODIFIER = frozenset({"compound", "amod", "nmod", "det", "nummod", "quantmod", "advmod"})
_NOMINAL = frozenset({"NOUN", "PROPN"})
_PAST = frozenset({"former", "ex", "ousted", "deposed", "late", "retired", "onetime", "erstwhile"})
_OWN_PREPOSITION = frozenset({"of", "from"})
# Whose people "in Cairo" belong to Cairo: not armies and envoys, who may be abroad.
_LOCAL = frozenset({"CVL", "LAB", "EDU", "MED", "COP", "JUD", "OPP", "UAF", "REB", "CRM", "LEG", "BUS", "REL"})  # fmt: skip
_DEEPEST = 6  # nested "of" phrases


@dataclass(slots=True)
class Phrase:
    """A noun phrase found to be an actor: tokens `start` to `end`, exclusive, around `head`."""

    head: int
    start: int
    end: int
    actor: Actor
    how: str
    generic: bool = False
    person: bool = False


class _Reading:
    """One sentence being resolved."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention], memory: Memory, roles: Roles) -> None:
        self.doc = doc
        self.memory = memory
        self.roles = roles
        self.names: list[tuple[int, int, Mention]] = []
        self.at: dict[int, int] = {}
        for mention in mentions:
            span = doc.char_span(mention.char_start, mention.char_end, alignment_mode="expand")
            if span is None or not len(span):
                continue
            for index in range(span.start, span.end):
                self.at.setdefault(index, len(self.names))
            self.names.append((span.start, span.end, mention))
        self.used: set[int] = set()
        self.phrases: dict[int, list[Phrase]] = {}

    def named(self, first: int, last: int) -> Iterator[int]:
        """Yield the numbers of the names that stand on tokens first to last, exclusive."""
        seen = -1
        for index in range(first, last):
            number = self.at.get(index, -1)
            if number > seen:
                seen = number
                yield number

    def root(self, number: int) -> Token:
        """Return the head token of a name."""
        start, end, _ = self.names[number]
        return self.doc[start:end].root


class Resolver:
    """Resolves actors; holds the role lexicon."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    def resolve(
        self,
        doc: Doc,
        mentions: Sequence[Mention],
        memory: Memory,
        when: dt.date | None,  # noqa: ARG002 - titles will need it
    ) -> list[Mention]:
        """Return the actors of a sentence in order of position; see `ActorBook.resolve`."""
        reading = _Reading(doc, mentions, memory, self._roles)
        for token in doc:
            if _is_head(token, reading):
                self._phrases(reading, token, 0)
        found = [phrase for phrases in reading.phrases.values() for phrase in phrases]
        for number, (start, end, mention) in enumerate(reading.names):
            if number in reading.used:
                continue
            head = reading.root(number)
            how = mention.how
            if head.dep_ in _MODIFIER and head.pos_ != "PRON":
                how = "modifier"
            found.append(Phrase(head.i, start, end, mention.actor, how))
        found.sort(key=lambda phrase: (phrase.start, phrase.head))
        for phrase in found:
            memory.note(phrase.actor)
        return [_mention(doc, phrase) for phrase in found]

    def _phrases(self, reading: _Reading, token: Token, depth: int) -> list[Phrase]:
        """Return the actors a noun phrase names: one, or several where its owners are coordinated."""
        if token.i in reading.phrases:
            return reading.phrases[token.i]
        reading.phrases[token.i] = []
        first = max(token.left_edge.i, token.i - 12)
        number = reading.at.get(token.i, -1)
        if number >= 0:
            result = self._of_name(reading, token, number, first)
        elif (role := self._roles.ending_at(reading.doc, token.i, first)) is not None:
            result = self._of_role(reading, token, role, first, depth)
        elif token.pos_ == "PROPN":
            result = self._of_person(reading, token, first, depth)
        else:
            result = []
        reading.phrases[token.i] = result
        return result

    def _of_name(self, reading: _Reading, token: Token, number: int, first: int) -> list[Phrase]:
        start, end, mention = reading.names[number]
        reading.used.add(number)
        actor, person = mention.actor, mention.how.startswith("leader")
        left = start
        if person:
            title = self._title(reading, first, start)
            left = title.start if title is not None else start
            if _is_past(reading.doc, first, start):
                actor = actor.with_sector("ELI")
            for other in reading.named(first, start):
                if reading.names[other][2].actor.country == actor.country:
                    reading.used.add(other)
                    left = min(left, reading.names[other][0])
            reading.memory.learn(mention.text, actor)
        return [
            Phrase(
                token.i, min(left, start), max(end, token.i + 1), actor, mention.how, person=person
            )
        ]

    def _title(self, reading: _Reading, first: int, last: int) -> Role | None:
        """Return the role phrase nearest before token `last`."""
        for index in range(last - 1, first - 1, -1):
            role = self._roles.ending_at(reading.doc, index, first)
            if role is not None and role.kind != "body":
                return role
        return None

    def _of_person(self, reading: _Reading, token: Token, first: int, depth: int) -> list[Phrase]:
        """A name the book does not know: by its title, by the article's memory, by apposition."""
        title = self._title(reading, first, token.i)
        start = token.i
        while (
            start > first
            and reading.doc[start - 1].dep_ in {"compound", "punct"}
            and (title is None or start - 1 > _end(reading.doc, title))
        ):
            start -= 1
        name = reading.doc[start : token.i + 1].text
        if title is not None and title.start < start:
            result = self._of_role(reading, token, title, first, depth)
            for phrase in result:
                phrase.person = True
            if result:
                reading.memory.learn(name, result[0].actor)
            return result
        known = reading.memory.recall(name) or reading.memory.recall(token.text)
        if known is not None:
            return [Phrase(token.i, start, token.i + 1, known, "memory", person=True)]
        return []

    def _of_role(
        self, reading: _Reading, token: Token, role: Role, first: int, depth: int
    ) -> list[Phrase]:
        sector = role.sector
        if role.kind == WEAK:
            inner = self._title_or_body(reading, first, role.start)
            sector = inner.sector if inner is not None and inner.sector else sector
        if role.kind == PERSON or role.kind == WEAK:
            if _is_past(reading.doc, first, role.start):
                sector = "ELI"
        owners = self._owners(reading, token, role, first, depth, sector)
        start, end = role.start, token.i + 1
        if not owners:
            if sector is None:
                return []
            home = reading.memory.home() if _is_definite(reading.doc, first, token.i) else None
            actor = Actor(country=home, sector=sector)
            how = "role, memory" if home else "role"
            return [Phrase(token.i, start, end, actor, how, generic=True)]
        result = []
        for owner_start, owner_end, owner, how in owners:
            actor = _in_role(owner, role, sector, how)
            span = min(start, owner_start), max(end, owner_end)
            result.append(Phrase(token.i, *span, actor, f"{how}+role"))
        return result

    def _title_or_body(self, reading: _Reading, first: int, last: int) -> Role | None:
        for index in range(last - 1, first - 1, -1):
            role = self._roles.ending_at(reading.doc, index, first)
            if role is not None and role.kind != WEAK:
                return role
        return None

    def _owners(
        self,
        reading: _Reading,
        token: Token,
        role: Role,
        first: int,
        depth: int,
        sector: str | None,
    ) -> list[tuple[int, int, Actor, str]]:
        """Return whose the role is: (start, end, actor, how) of each owner named."""
        owners = []
        for number in [*reading.named(first, token.i)][-2:]:
            start, end, mention = reading.names[number]
            reading.used.add(number)
            owners.append((start, end, mention.actor, mention.how))
        if owners:
            return owners
        for child in token.rights:
            if child.dep_ != "prep":
                continue
            preposition = child.lower_
            local = preposition == "in" and sector in _LOCAL
            if preposition not in _OWN_PREPOSITION and not local:
                continue
            for pobj in child.children:
                if pobj.dep_ != "pobj":
                    continue
                for noun in (pobj, *pobj.conjuncts):
                    number = reading.at.get(noun.i, -1)
                    if number >= 0 and depth < _DEEPEST:
                        start, end, mention = reading.names[number]
                        reading.used.add(number)
                        owners.append((start, end, mention.actor, mention.how))
        return owners


def _in_role(owner: Actor, role: Role, sector: str | None, how: str) -> Actor:
    """Return an owner's actor in a role: Israel and army give ISR MIL; an organisation stays itself."""
    if owner.org is not None:
        return owner
    if role.kind == WEAK and owner.sector is not None and how.startswith(SEAT):
        return owner
    return owner.with_sector(sector or owner.sector)


def _end(doc: Doc, title: Role) -> int:
    """Return the last token of a title found before a name."""
    return title.start + len(title.phrase.split()) - 1


def _is_past(doc: Doc, first: int, last: int) -> bool:
    return any(doc[index].lower_ in _PAST for index in range(first, last))


def _is_definite(doc: Doc, first: int, last: int) -> bool:
    return any(
        doc[index].lower_ in {"the", "its", "their", "his", "her"} for index in range(first, last)
    )


def _is_head(token: Token, reading: _Reading) -> bool:
    """Tell whether a token heads a noun phrase."""
    if token.dep_ in _MODIFIER:
        return False
    number = reading.at.get(token.i, -1)
    if number >= 0:
        return reading.root(number).i == token.i and token.dep_ != "poss"
    if token.dep_ == "conj" and token.head.dep_ in _MODIFIER:
        return False
    return token.pos_ in _NOMINAL


def _mention(doc: Doc, phrase: Phrase) -> Mention:
    span = doc[phrase.start : phrase.end]
    return Mention(
        char_start=span.start_char,
        char_end=span.end_char,
        text=span.text,
        actor=phrase.actor,
        how=phrase.how,
        head=phrase.head,
        generic=phrase.generic,
    )


__all__ = ["DEMONYM", "PLACE", "Phrase", "Resolver", "replace"]
