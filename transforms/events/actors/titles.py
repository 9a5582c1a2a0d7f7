"""Titles before names: "Russian President Vladimir Putin", "opposition leader Morgan Tsvangirai"."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.events.actors.owners import ELITE, Office, Owner, Owners, office_at
from transforms.events.actors.reading import NOMINAL, Name, Phrase, Reading
from transforms.events.actors.roles import BODY, CRAFT, PERSON, Roles
from transforms.events.actors.runs import begins_person, person_end
from transforms.events.actors.surroundings import whose_titled
from transforms.events.model import Actor


@dataclass(frozen=True, slots=True)
class Titles:
    """Reads titled names off the surface, since parsers err on long runs of capitals."""

    roles: Roles
    owners: Owners

    def read(self, reading: Reading) -> None:
        """Resolve every role phrase that a capitalised name follows."""
        index = 0
        tokens = reading.doc.tokens
        while index < len(tokens) - 1:
            titled = tokens[index].pos_ in NOMINAL  # not "the official SPA agency"
            begins = titled and begins_person(reading, index + 1, self.roles)
            office = office_at(reading, self.roles, index) if begins else None
            if office is None or office.role.kind in {BODY, CRAFT}:
                index += 1
                continue
            end = person_end(reading, index + 1)
            root = reading.span_root(office.role.start, end)
            phrase = self._titled(reading, office, end, root)
            reading.phrases[root] = [] if phrase is None else [phrase]
            for inner in range(office.role.start, end):
                reading.phrases.setdefault(inner, [])
            index = end

    def _titled(self, reading: Reading, office: Office, end: int, root: int) -> Phrase | None:
        """Return who the name behind a title is; None: nobody we can tell.

        Args:
            reading: The sentence.
            office: The title.
            end: Where the name ends, exclusive.
            root: The phrase's head token.
        """
        role = office.role
        name = reading.doc[office.last + 1 : end].text
        number = reading.at(office.last + 1)
        owners = self.owners.of(reading, office, root)
        generic = False
        if number is not None:
            reading.used.add(number)
            known = reading.names[number]
            actor, how = _known(known, office, owners), f"title+{known.how}"
        elif owners:
            actor, how = office.held_by(owners[0]), f"{owners[0].how}+title"
            generic = actor.country is None and actor.org is None
        else:
            before = reading.memory.recall(name) or reading.memory.titles.get(role.phrase)
            if before is not None:
                actor, how = before, "title, memory"
            elif office.sector is None:
                return None
            else:
                country, found = whose_titled(reading, office.sector)
                actor, generic = Actor(country=country, sector=office.sector), True
                how = f"title, {found}" if country else "title"
        return Phrase(
            head=root,
            start=min([role.start, *(owner.start for owner in owners)]),
            end=end,
            actor=actor,
            how=how,
            person=not role.plural,
            plural=role.plural,
            generic=generic,
            name=name,
            title=role.phrase,
        )


def _known(name: Name, office: Office, owners: list[Owner]) -> Actor:
    """Return who a leader of the book is under the title the text gives."""
    actor = name.mention.actor
    if office.past and actor.country is not None:
        return actor.with_sector(ELITE)
    if owners and owners[0].actor.org is not None:
        return owners[0].actor  # "Hamas leader", "EU foreign policy chief": the text knows
    if actor.country is None or office.sector is None:
        return actor
    if owners and owners[0].actor.country not in {None, actor.country}:
        return office.held_by(owners[0])  # another of that name
    if "out of office" in name.how:
        # "President Carter" is a courtesy; a title never held before, or one with its country
        # ("Russian Foreign Minister Kozyrev"), is an office: the text may be older than it says.
        courtesy = not owners and office.role.phrase in name.how
        return actor if courtesy else actor.with_sector(office.sector)
    named = owners and owners[0].actor.country == actor.country
    before = "before office" in name.how
    if office.role.kind == PERSON and actor.org is None and (named or before):
        return actor.with_sector(office.sector)
    return actor
