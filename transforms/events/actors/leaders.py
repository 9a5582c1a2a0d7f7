"""Who held which office when: the dated names of leaders, ministers and heads of organisations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.events.actors.names import (
    DATA,
    LEADER,
    Sense,
    armed_groups,
    code_of,
    country_of,
    date_of,
    organisations,
    spellings,
)
from transforms.events.actors.roles import Roles
from transforms.events.model import Actor
from transforms.events.wordlists import Row, rows
from transforms.failures import ConfigError

# An office with its dates: "prime minister 1999-08/1999-12"; an open end: still there.
_TERM = re.compile(r"(?P<office>.+?) (?P<since>[\d-]{4,10})/(?P<until>[\d-]{4,10})?")
# Names of these countries put the family name first, and papers hyphenate what follows or do not.
_FAMILY_FIRST = frozenset({"PRK", "KOR", "TWN"})
_ARTICLE = re.compile(r"(?:al|el)[- ]", re.IGNORECASE)
_ELITE = "ELI"
_ARMED = frozenset({"REB", "UAF"})


@dataclass(frozen=True, slots=True)
class Leader:
    """One person.

    Attributes:
        names: Spellings of the full name.
        family: The family name, or what the person is called for short.
        alone: Whether the family name alone names the person without an introduction: yes, no,
            office (while in office).
        senses: Who the person is, in order of time: before, in and after each office.
    """

    names: tuple[str, ...]
    family: str
    alone: str
    senses: tuple[Sense, ...]

    def named(self) -> Iterator[tuple[str, Sense]]:
        """Yield all that names this person without an introduction, with what it means."""
        for name in self.names:
            for sense in self.senses:
                yield name, sense
        if self.alone == "no":
            return
        bare = _ARTICLE.sub("", self.family, count=1)
        for name in dict.fromkeys(
            (self.family, bare, f"Al-{bare}" if bare != self.family else bare)
        ):
            for sense in self.senses:
                if sense.office or self.alone == "yes":
                    yield name, sense


def leaders(roles: Roles, path: Path = DATA / "leaders.tsv") -> list[Leader]:
    """Read the table; a person may have several lines, one for each country or organisation.

    Raises:
        ConfigError: A line is wrong; names file and line.
    """
    kinds = {sense.actor.org: sense.actor for _, sense in (*armed_groups(), *organisations())}
    lines: dict[str, list[Row]] = {}
    for row in rows(path, 7):
        lines.setdefault(row.required(2), []).append(row)
    return [_leader(name, group, roles, kinds) for name, group in lines.items()]


def named(people: list[Leader]) -> Iterator[tuple[str, Sense]]:
    """Yield every name of every person with its senses."""
    for person in people:
        yield from person.named()


def _leader(name: str, group: list[Row], roles: Roles, kinds: dict[str | None, Actor]) -> Leader:
    row = group[0]
    country = country_of(row, 0)
    names = [name, *(other for each in group for other in spellings(each.fields[5]))]
    if country in _FAMILY_FIRST:
        names += [variant for each in names for variant in _hyphenations(each)]
    terms = sorted(
        (term for each in group for term in _terms(each, roles, kinds)),
        key=lambda term: term.since or dt.date.min,
    )
    return Leader(
        names=tuple(dict.fromkeys(names)),
        family=row.required(3),
        alone=row.one_of(4, frozenset({"yes", "no", "office"})),
        senses=tuple(_with_gaps(terms)),
    )


def _hyphenations(name: str) -> Iterator[str]:
    """Yield Kim Jong-un, Kim Jong Un for each other."""
    words = name.split()
    if len(words) == 3:  # noqa: PLR2004 - a family name and two syllables
        yield f"{words[0]} {words[1]}-{words[2].lower()}"
    elif len(words) == 2 and "-" in words[1]:  # noqa: PLR2004
        first, second = words[1].split("-", 1)
        yield f"{words[0]} {first} {second.capitalize()}"


def _terms(row: Row, roles: Roles, kinds: dict[str | None, Actor]) -> Iterator[Sense]:
    """Yield one sense for each office of a line."""
    country, org = country_of(row, 0), code_of(row, 1)
    if country is None and org is None:
        raise ConfigError(f"{row.place}: neither country nor organisation is given")
    if org is not None and country is None and org not in kinds:
        raise ConfigError(f"{row.place}: {org} is not in organisations.tsv")
    for term in row.required(6).split(";"):
        match = _TERM.fullmatch(term.strip())
        if match is None:
            raise ConfigError(
                f"{row.place}: {term.strip()!r} is not an office with its dates, from/to"
            )
        office = match["office"]
        if country is None:
            actor = kinds[org]
        else:
            role = roles.named(office)
            if role is None or role.sector is None:
                raise ConfigError(f"{row.place}: the office {office!r} is not in roles.tsv")
            actor = Actor(country=country, org=org, sector=role.sector)
        since = date_of(row, match["since"])
        until = date_of(row, match["until"]) if match["until"] else None
        if until is not None and until <= since:
            raise ConfigError(f"{row.place}: {office} ends before it begins")
        yield Sense(actor, f"{LEADER}: {term.strip()}", since, until)


def _with_gaps(terms: list[Sense]) -> Iterator[Sense]:
    """Yield the terms with what is between them: before office the country, after it the elite."""
    first = terms[0]
    country = next((term.actor.country for term in terms if term.actor.country), None)
    before = Actor(country=country)
    yield Sense(before, f"{LEADER} before office", None, first.since, office=False)
    free: dt.date | None = first.since
    for number, term in enumerate(terms):
        if free is not None and term.since is not None and term.since > free:
            yield _after(terms[:number], country, free, term.since)
        yield term
        free = None if term.until is None or free is None else max(free, term.until)
    if free is not None:
        yield _after(terms, country, free, None)


def _after(past: list[Sense], country: str | None, since: dt.date, until: dt.date | None) -> Sense:
    offices = ", ".join(dict.fromkeys(_TERM.sub(r"\g<office>", each.how) for each in past))
    how = f"{LEADER} out of office: {offices.replace(f'{LEADER}: ', '')}"
    last = past[-1].actor
    if last.org is not None and last.sector in _ARMED:
        # Who led an armed group stays its man.
        return Sense(last, how, since, until, office=False)
    return Sense(Actor(country=country, sector=_ELITE), how, since, until, office=False)
