"""Noun phrases → actors: roles with their owners, generic roles, names the article has taught.

A phrase is read to the left of its head over what stands there without a break ("Seoul's top
security adviser"), since parsers err most on long runs of titles and names; what follows it
("president of Armenia", "Shin Won-sik, the national security adviser") is read from the parse.
"""

from __future__ import annotations

from transforms.events.actors.appositions import join_appositions
from transforms.events.actors.owners import Office, Owners, office_at
from transforms.events.actors.reading import Phrase, Reading
from transforms.events.actors.references import References
from transforms.events.actors.roles import CRAFT, PERSON, WEAK, Roles
from transforms.events.actors.runs import LONGEST_NAME, is_head
from transforms.events.actors.surroundings import whose_known, whose_new
from transforms.events.actors.titles import Titles
from transforms.events.actors.vocabulary import words_of
from transforms.events.model import Actor
from transforms.events.tree import Token

_SUBJECT = frozenset({"nsubj", "nsubjpass"})


class Phrases:
    """Resolves the noun phrases of a sentence."""

    def __init__(self, roles: Roles, references: References) -> None:
        self._roles = roles
        self._references = references
        self._owners = Owners(self._resolve)
        self._titles = Titles(roles, self._owners)

    def read(self, reading: Reading) -> None:
        """Fill `reading.phrases` for every noun phrase of the sentence."""
        self._titles.read(reading)
        for token in reading.doc:
            if token.i not in reading.phrases and is_head(reading, token):
                self._resolve(reading, token, 0)
        join_appositions(reading)

    def _resolve(self, reading: Reading, token: Token, depth: int) -> list[Phrase]:
        """Return the actors a noun phrase names: one, or several where its owners are coordinated."""
        known = reading.phrases.get(token.i)
        if known is not None:
            return known
        reading.phrases[token.i] = []
        result = self._references.referent(reading, token)
        if not result:
            office = office_at(reading, self._roles, token.i)
            if office is not None:
                result = self._of_role(reading, token, office, depth)
            elif token.pos_ == "PROPN":
                result = _remembered(reading, token)
        reading.phrases[token.i] = result
        return result

    def _of_role(self, reading: Reading, token: Token, office: Office, depth: int) -> list[Phrase]:
        """Return whose role it is: "Seoul's adviser", "troops from Chad", "the army"."""
        role = office.role
        owners = self._owners.of(reading, office, token.i, depth)
        if owners:
            return [
                Phrase(
                    head=token.i,
                    start=min(role.start, owner.start),
                    end=max(token.i + 1, owner.end),
                    actor=office.held_by(owner),
                    how=f"{owner.how}+role",
                    person=role.kind in {PERSON, WEAK} and not role.plural,
                    plural=role.plural,
                    generic=owner.actor.country is None and owner.actor.org is None,
                    title=role.phrase,
                )
                for owner in owners
            ]
        vague = office.sector is None or role.phrase in words_of("vague")
        if vague or (role.kind == CRAFT and token.dep_ not in _SUBJECT):
            return []
        return [_generic(reading, token, office)]


def _remembered(reading: Reading, token: Token) -> list[Phrase]:
    """Return who a name that no book knows is, if the article has introduced it."""
    start = token.i
    while start > 0 and token.i - start < LONGEST_NAME:
        before = reading.doc[start - 1]
        if before.dep_ not in {"compound", "punct"} or before.head.i < start or before.text == ",":
            break
        start -= 1
    for first in dict.fromkeys((start, token.i)):
        name = reading.doc[first : token.i + 1].text
        actor = reading.memory.recall(name)
        if actor is not None:
            return [Phrase(token.i, first, token.i + 1, actor, "memory", person=True, name=name)]
    return []


def _generic(reading: Reading, token: Token, office: Office) -> Phrase:
    """Return a role nobody is named to own: "the army", "protesters", "the president"."""
    role = office.role
    phrase = Phrase(
        head=token.i,
        start=role.start,
        end=token.i + 1,
        actor=Actor(sector=office.sector),
        how="role",
        person=role.kind in {PERSON, WEAK} and not role.plural,
        plural=role.plural,
        generic=True,
        title=role.phrase,
    )
    definite = _is_definite(reading, office, token)
    named = {name.mention.actor.country for name in reading.names} - {None}
    holder = reading.memory.titles.get(role.phrase) if definite and not role.plural else None
    if holder is not None and (not named or holder.country in named):
        phrase.actor, phrase.how, phrase.generic = holder, "title, memory", False
        return phrase
    foreign = any(
        child.lower_ in words_of("foreign") for child in reading.children(token, "amod", "compound")
    )
    if role.kind == CRAFT or foreign:
        return phrase
    if definite:
        country, how = whose_known(reading, token, named)
    else:
        country, how = whose_new(reading, token, office.sector, named)
    if country is not None:
        phrase.actor = Actor(country=country, sector=office.sector)
        phrase.how = f"role, {how}"
    return phrase


def _is_definite(reading: Reading, office: Office, token: Token) -> bool:
    """Tell whether a role is one the reader knows already: "the army", "its army"."""
    before = reading.doc[office.first - 1].lower_ if office.first > 0 else ""
    return before in words_of("definite") or any(True for _ in reading.children(token, "poss"))
