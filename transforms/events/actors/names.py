"""The names of actors: what each may mean, and in which years."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.events.model import INTERNATIONAL, Actor
from transforms.events.wordlists import Row, rows
from transforms.failures import ConfigError

DATA = Path(__file__).parent / "data"

# How a name stands for its actor; the first word of `Mention.how`.
COUNTRY, DEMONYM, CAPITAL = "country", "demonym", "capital"
SEAT, PLACE = "seat", "place"
ORGANISATION, GROUP, LEADER = "organisation", "group", "leader"
PAIR = "pair"

_CODE = re.compile(r"[A-Z0-9]{3}")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_SHORTEST_CAPITALISED = 4  # "MALI"; shorter capitals are acronyms of something else


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a name.

    Attributes:
        actor: Who it is.
        how: How the name stands for it ("country", "leader 2012-05/"), for `explain`.
        since: From this day on; None: always.
        until: Before this day; None: still.
        office: False for a person out of office: not what an undated text means.
    """

    actor: Actor
    how: str
    since: dt.date | None = None
    until: dt.date | None = None
    office: bool = True

    def holds(self, when: dt.date) -> bool:
        """Tell whether the name has this meaning on that day."""
        return (self.since is None or self.since <= when) and (
            self.until is None or when < self.until
        )


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling and its meanings, in order of time.

    Attributes:
        spelling: As found in a text.
        senses: What it may mean.
        together: What else it names at the same time ("North and South Korea"); empty: nothing.
    """

    spelling: str
    senses: tuple[Sense, ...]
    together: tuple[Sense, ...] = ()

    def sense(self, when: dt.date | None) -> Sense | None:
        """Return the meaning on a day; without a day the latest. None: it had none then."""
        holding = [sense for sense in self.senses if when is None or sense.holds(when)]
        holding.sort(key=lambda sense: sense.office)
        return holding[-1] if holding else None


def date_of(row: Row, text: str) -> dt.date:
    """Return YYYY, YYYY-MM or YYYY-MM-DD as its first day; ConfigError for anything else."""
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else 1 for part in match.groups())
        return dt.date(year, month, day)
    except ValueError as error:
        raise ConfigError(
            f"{row.place}: {text!r} is no date (YYYY, YYYY-MM, YYYY-MM-DD)"
        ) from error


def code_of(row: Row, number: int) -> str | None:
    """Return field `number` if it is a code of three capitals or digits; None where it is empty."""
    value = row.fields[number]
    if value is not None and not _CODE.fullmatch(value):
        raise ConfigError(f"{row.place}: {value!r} is no code of three capitals")
    return value


def country_of(row: Row, number: int) -> str | None:
    """Return field `number` if it is the code of a country that we know; None where it is empty."""
    value = row.fields[number]
    if value is not None and value not in _country_codes():
        raise ConfigError(f"{row.place}: {value!r} is no country's ISO 3166-1 alpha-3 code")
    return value


def sector_of(row: Row, number: int) -> str | None:
    """Return field `number` if it is a sector's code; None where it is empty."""
    return None if row.fields[number] is None else row.one_of(number, sectors())


@functools.cache
def sectors() -> frozenset[str]:
    """Return the codes of sectors."""
    return frozenset(row.required(0) for row in rows(DATA / "sectors.tsv", 2))


@functools.cache
def _country_codes() -> frozenset[str]:
    return frozenset(row.required(0) for row in rows(DATA / "countries.tsv", 4))


def kind_of(row: Row, number: int) -> str | None:
    """Return field `number` if it is IGO, NGO, IMG or MNC; None where it is empty."""
    value = row.fields[number]
    if value is not None and value not in INTERNATIONAL:
        raise ConfigError(f"{row.place}: {value!r} is not one of {', '.join(INTERNATIONAL)}")
    return value


def spellings(field: str | None) -> Iterator[str]:
    """Yield the alternatives of a field: "Dane/s|Danish" gives Dane, Danes and Danish."""
    for alternative in (field or "").split("|"):
        name = alternative.strip()
        if name.endswith("/s"):
            yield name[:-2]
            yield f"{name[:-2]}s"
        elif name:
            yield name


def variants(name: str) -> Iterator[str]:
    """Yield a name as it is, without accents, and as a headline in capitals prints it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    for spelling in dict.fromkeys((name, plain)):
        yield spelling
        if len(spelling) >= _SHORTEST_CAPITALISED and not spelling.islower():
            yield spelling.upper()


def countries(path: Path = DATA / "countries.tsv") -> Iterator[tuple[str, Sense]]:
    """Yield the names of countries, of their people and of their capitals."""
    for row in rows(path, 4):
        code = code_of(row, 0)
        actor = Actor(country=code)
        for number, how in ((1, COUNTRY), (2, DEMONYM), (3, CAPITAL)):
            for name in spellings(row.fields[number]):
                yield name, Sense(actor, how)


def places(path: Path = DATA / "places.tsv") -> Iterator[tuple[str, Sense]]:
    """Yield seats of power, offices and parties, and places below the state."""
    for row in rows(path, 4):
        how = row.one_of(2, frozenset({SEAT, PLACE, CAPITAL, DEMONYM}))
        actor = Actor(country=country_of(row, 1), sector=sector_of(row, 3))
        for name in spellings(row.required(0)):
            yield name, Sense(actor, how)


def pairs(path: Path = DATA / "pairs.tsv") -> Iterator[tuple[str, tuple[Sense, ...]]]:
    """Yield phrases that name two countries at once ("North and South Korea") with both."""
    for row in rows(path, 2):
        codes = row.required(1).split("|")
        yield row.required(0), tuple(Sense(Actor(country=code), PAIR) for code in codes)


def organisations(path: Path = DATA / "organisations.tsv") -> Iterator[tuple[str, Sense]]:
    """Yield international organisations, alliances, companies."""
    for row in rows(path, 4):
        actor = Actor(org=code_of(row, 0), kind=kind_of(row, 1), sector=sector_of(row, 2))
        for name in spellings(row.required(3)):
            yield name, Sense(actor, ORGANISATION)


def armed_groups(path: Path = DATA / "armed_groups.tsv") -> Iterator[tuple[str, Sense]]:
    """Yield armed groups, dated where they became something else."""
    for row in rows(path, 7):
        actor = Actor(
            org=code_of(row, 0),
            country=country_of(row, 1),
            sector=sector_of(row, 2),
            kind=kind_of(row, 3),
        )
        since, until = (date_of(row, text) if (text := row.fields[n]) else None for n in (4, 5))
        for name in spellings(row.required(6)):
            yield name, Sense(actor, GROUP, since, until)


def extra_names(path: Path) -> Iterator[tuple[str, Sense]]:
    """Yield a user's own actors.

    Columns: name (alternatives by "|"), country, organisation, sector, kind, from, to; a field that
    is not known is "-".

    Raises:
        ConfigError: The file cannot be read or a line is wrong; names file and line.
    """
    for row in rows(path, 7):
        actor = Actor(
            country=country_of(row, 1),
            org=code_of(row, 2),
            sector=sector_of(row, 3),
            kind=kind_of(row, 4),
        )
        if actor.code is None:
            raise ConfigError(f"{row.place}: neither country nor organisation nor sector is given")
        since, until = (date_of(row, text) if (text := row.fields[n]) else None for n in (5, 6))
        for name in spellings(row.required(0)):
            yield name, Sense(actor, f"extra {path.name}", since, until)


def compiled(sources: Sequence[Iterable[tuple[str, Sense]]]) -> dict[str, Name]:
    """Return the names of all sources by spelling; a spelling belongs to the first that has it."""
    known: dict[str, Name] = {}
    for source in sources:
        found: dict[str, list[Sense]] = {}
        for name, sense in source:
            for spelling in variants(name):
                if spelling not in known:
                    senses = found.setdefault(spelling, [])
                    if sense not in senses:
                        senses.append(sense)
        for spelling, senses in found.items():
            senses.sort(key=lambda sense: sense.since or dt.date.min)
            known[spelling] = Name(spelling, tuple(senses))
    return known
