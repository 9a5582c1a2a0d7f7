"""Whose a role is: "Seoul's adviser", "US and British warplanes", "leaders of France and Italy"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from transforms.events.actors.names import DEMONYM
from transforms.events.actors.reading import MODIFIER, NOMINAL, Name, Phrase, Reading
from transforms.events.actors.roles import BODY, OTHER, PERSON, WEAK, Role, Roles
from transforms.events.actors.runs import JOINERS, POSSESSIVE, run_start
from transforms.events.actors.vocabulary import words_of
from transforms.events.model import Actor
from transforms.events.tree import Token

ELITE = "ELI"
_REBEL = "REB"
_DEEPEST = 5  # "the spokesman of the leader of the wing of …"
_NEAR = 8  # tokens behind a verb
_MOST = 6  # "the leaders of A, B, C, …"
_ABROAD = frozenset({"GOV", "MIL", "SPY"})  # "the envoy in Kabul", "troops in Syria" are not theirs

_GUESTS = _ABROAD | {"BUS"}

Resolve = Callable[[Reading, Token, int], list[Phrase]]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a role is: the tokens that say so, the actor, and how it was found."""

    start: int
    end: int
    actor: Actor
    how: str


@dataclass(frozen=True, slots=True)
class Office:
    """A role where it stands.

    Attributes:
        role: The role.
        last: Its last token.
        first: Where the run of words before it begins.
        sector: The sector it names there; None: none.
        past: Held no longer.
    """

    role: Role
    last: int
    first: int
    sector: str | None
    past: bool

    def held_by(self, owner: Owner) -> Actor:
        """Return the owner in the role: Israel's army is ISR MIL; an organisation's man is its own."""
        actor = owner.actor
        if self.past and actor.country is not None:
            return Actor(country=actor.country, sector=ELITE)
        if actor.country is not None and actor.org is not None and self.sector == _REBEL:
            return actor.with_sector(_REBEL)  # "FMLN guerrillas", a party by now
        if actor.org is not None or (self.role.kind == WEAK and actor.sector is not None):
            return actor
        return actor.with_sector(self.sector or actor.sector)


def office_at(reading: Reading, roles: Roles, last: int) -> Office | None:
    """Return the role that ends at a token, with its sector there; None: no role does."""
    role = roles.ending_at(reading.doc, last)
    if role is None:
        return None
    first = run_start(reading, role.start)
    past_words = words_of("past")
    past = role.kind in {PERSON, WEAK} and (
        role.sector == ELITE
        or any(reading.doc[index].lower_ in past_words for index in range(first, role.start))
    )
    sector = ELITE if past else role.sector
    if role.kind == WEAK and not past:
        sector = _sector_before(reading, roles, first, role.start) or sector
    return Office(role, last, first, sector, past)


def _sector_before(reading: Reading, roles: Roles, first: int, last: int) -> str | None:
    """Return the sector of the role before a weak one: MIL for "army spokesman"."""
    for index in range(last - 1, first - 1, -1):
        if reading.at(index) is not None:
            return None
        if reading.doc[index].pos_ not in NOMINAL:
            continue
        inner = roles.ending_at(reading.doc, index, first)
        if inner is not None and inner.kind != WEAK and inner.sector is not None:
            return inner.sector
    return None


class Owners:
    """Finds owners.

    Args:
        resolve: Resolves a noun phrase, given its head and how deep it is nested.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def of(self, reading: Reading, office: Office, head: int, depth: int = 0) -> list[Owner]:
        """Return whose a role is, from what stands before it, else from "of", "from", "in".

        Args:
            reading: The sentence.
            office: The role.
            head: The token that heads the role's phrase.
            depth: How deep the phrase is nested in others.
        """
        before = _before(reading, office)
        if before or office.role.kind == OTHER:
            return before
        for child in reading.children(reading.doc[head], "poss"):
            if depth < _DEEPEST and reading.at(child.i) is None:
                owners = self._as_owners(reading, child, depth)
                if owners:
                    return owners
        for each in dict.fromkeys((head, office.last)):
            for preposition in reading.children(reading.doc[each], "prep"):
                if preposition.i > office.last and _is_owning(preposition.lower_, office):
                    owners = self._objects(reading, preposition, depth)
                    if owners:
                        return owners
        return _fled(reading, head, office)

    def _objects(self, reading: Reading, preposition: Token, depth: int) -> list[Owner]:
        """Return the owners that a preposition introduces, coordinated ones too."""
        owners: list[Owner] = []
        queue = [*reading.children(preposition, "pobj")]
        while queue and len(owners) < _MOST:
            token = queue.pop(0)
            number = reading.at(token.i)
            if number is not None:
                reading.used.add(number)
                owners.extend(_named(reading, reading.names[number]))
            elif depth < _DEEPEST:
                owners.extend(self._as_owners(reading, token, depth))
            queue.extend(reading.children(token, "conj"))
        return owners

    def _as_owners(self, reading: Reading, token: Token, depth: int) -> list[Owner]:
        """Return the actors of a phrase as owners, and take the phrase itself away."""
        phrases = self._resolve(reading, token, depth + 1)
        reading.phrases[token.i] = []
        if token.pos_ == "PRON" or any(each.how.startswith("relative") for each in phrases):
            return [Owner(token.i, token.i + 1, each.actor, "pronoun") for each in phrases]
        return [Owner(each.start, each.end, each.actor, "role") for each in phrases]


def _before(reading: Reading, office: Office) -> list[Owner]:
    """Return the names in the run before a role, with those coordinated with the last."""
    role = office.role
    numbers = [*reading.numbers(office.first, role.start)]
    if not numbers:
        return []
    names = [reading.names[number] for number in numbers]
    nearest = names[-1]
    if role.kind == OTHER and nearest.how != DEMONYM:
        # "Russia's ally" is someone else; "NATO allies" are NATO.
        possessive = reading.doc[nearest.end].text in POSSESSIVE
        if possessive or nearest.mention.actor.kind is None:
            return []
    owners = [nearest]
    reading.used.update(numbers)
    # "US and South Korean forces", "Israeli, Egyptian and Jordanian officials"
    index = nearest.start - 1
    while index > 0 and len(owners) < _MOST and reading.doc[index].lower_ in JOINERS:
        while index > 0 and reading.doc[index].lower_ in JOINERS:
            index -= 1
        number = reading.at(index)
        if number is None or not _shares(reading, reading.names[number], nearest, role):
            break
        owners.append(reading.names[number])
        reading.used.add(number)
        index = reading.names[number].start - 1
    if len(owners) == 1 and len(names) > 1 and _is_compound(reading, names[-2], nearest):
        owners.append(names[-2])
    return [owner for name in reversed(owners) for owner in _named(reading, name)]


def _named(reading: Reading, name: Name) -> Iterator[Owner]:
    """Yield a name as owner, with the title before it ("President Petro's government")."""
    titled = reading.phrases.get(name.root)
    if titled:
        phrase = titled[0]
        reading.phrases[name.root] = []
        if phrase.name is not None:
            reading.memory.learn(phrase.name, phrase.actor, reading.families.get(phrase.name))
        yield Owner(phrase.start, phrase.end, phrase.actor, phrase.how.split(":")[0])
        return
    for mention in name.mentions:
        yield Owner(name.start, name.end, mention.actor, name.how.split(":")[0])


def _fled(reading: Reading, head: int, office: Office) -> list[Owner]:
    """Return where "refugees fleeing the civil war in Liberia" come from."""
    if office.sector not in {"REF", "CVL"}:
        return []
    for verb in reading.children(reading.doc[head], "acl", "relcl"):
        if verb.lemma_ not in {"flee", "escape"}:
            continue
        for number in reading.numbers(verb.i + 1, min(verb.i + _NEAR, len(reading.doc))):
            name = reading.names[number]
            if not name.is_person and reading.doc[name.start - 1].lower_ not in {"to", "into"}:
                actor = Actor(country=name.mention.actor.country)
                return [Owner(head, head + 1, actor, "fled")]
    return []


def _shares(reading: Reading, other: Name, nearest: Name, role: Role) -> bool:
    """Tell whether a name before "and" shares the role: by the parse, or as an adjective does."""
    root = reading.doc[other.root]
    if other.is_person:
        return False
    if root.dep_ in MODIFIER and root.head.i >= nearest.start:
        return True
    return root.dep_ not in {"pobj", "dobj"} and other.how == DEMONYM and role.plural


def _is_compound(reading: Reading, other: Name, nearest: Name) -> bool:
    """Tell whether two names stand as one adjective: "US-South Korean forces"."""
    between = reading.doc[other.end : nearest.start].text
    return between in {"-", "/"} and not other.is_person


def _is_owning(preposition: str, office: Office) -> bool:
    """Tell whether a preposition tells whose a role is; "to" and "on" never do."""
    if preposition in {"of", "from"}:
        return True
    if preposition == "for":
        return office.role.kind == WEAK
    if preposition not in {"in", "at", "inside"} or office.role.phrase in words_of("sent"):
        return False
    # "the military in Burkina Faso", but not "the troops in Syria"
    institution = office.role.kind == BODY and not office.role.plural
    return institution or office.sector not in _GUESTS
