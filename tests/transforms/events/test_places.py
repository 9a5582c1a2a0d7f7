"""Where: names of the event's own clause, then the dateline; GeoNames ids and coordinates."""

from __future__ import annotations

import pytest

from transforms.events.places import dateline_place, place
from transforms.events.places.gazetteer import CITY, gazetteer

KYIV, TRIPOLI_LIBYA, TRIPOLI_LEBANON = 703448, 2210247, 266826


@pytest.mark.parametrize(
    ("printed", "name", "country"),
    [
        ("SEOUL, South Korea (AP) — ", "Seoul", "KOR"),
        ("WASHINGTON (Reuters) - ", "Washington", "USA"),
        ("TRIPOLI, Lebanon —", "Tripoli", "LBN"),
        ("TRIPOLI —", "Tripoli", "LBY"),
        ("MOSCOW, November 22. /TASS/.", "Moscow", "RUS"),
        ("GENEVA", "Geneva", "CHE"),
        ("KYIV/LVIV, Ukraine", "Kyiv", "UKR"),
        ("BEIJING, Nov. 22 (Xinhua) --", "Beijing", "CHN"),
        ("UNITED NATIONS (AP) —", "United Nations", "USA"),
        ("RAFAH, Gaza Strip (AP) —", "Rafah", "PSE"),
        ("PORT-AU-PRINCE, Haiti (AP) —", "Port-Au-Prince", "HTI"),
    ],
)
def test_datelines(printed: str, name: str, country: str) -> None:
    found = dateline_place(printed)
    assert found is not None
    assert (found.text, found.country) == (name, country)


@pytest.mark.parametrize("printed", ["", "(AP)", "—", "NOWHEREVILLE (AP) —", "123", ",,,"])
def test_datelines_without_a_known_place(printed: str) -> None:
    assert dateline_place(printed) is None


@pytest.mark.parametrize(
    ("text", "trigger", "name", "country"),
    [
        ("Russia attacked a hospital in Kharkiv.", "attack", "Kharkiv", "UKR"),
        ("Russia attacked Odesa.", "attack", "Odesa", "UKR"),
        ("Ukraine attacked a depot in Russia's Kursk region.", "attack", "Kursk", "RUS"),
        ("The leaders signed a deal at a ceremony in Tripoli, Lebanon.", "sign", "Tripoli", "LBN"),
        ("Three were killed in the West Bank city of Jenin.", "kill", "Jenin", "PSE"),
        ("Protesters clashed with police in central London on Friday.", "clash", "London", "GBR"),
        ("Iran seized a tanker off the coast of Oman.", "seize", "Oman", "OMN"),
        ("The army shelled a camp in Gaza.", "shell", "Gaza", "PSE"),
        ("Soldiers fought rebels in Darfur.", "fight", "Darfur", "SDN"),
        ("A drone hit a base in Texas.", "hit", "Texas", "USA"),
        ("Talks were held in Geneva on Monday.", "hold", "Geneva", "CHE"),
        ("The war in Ukraine went on.", "war", "Ukraine", "UKR"),
        ("Rebels seized Goma, the largest city in eastern Congo.", "seize", "Goma", "COD"),
        ("Ships fired water cannon in the South China Sea.", "fire", "South China Sea", None),
        ("Rebels took the town near the border with Chad.", "take", "Chad", "TCD"),
    ],
)
def test_places_of_the_clause(  # noqa: PLR0917 - a table's columns
    parse, frame_at, mentions_in, text, trigger, name, country
) -> None:
    doc = parse(text)
    found = place(doc, frame_at(doc, trigger), None, mentions_in(doc))
    assert found is not None
    assert (found.text, found.country) == (name, country)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("They met.", "meet"),
        ("Canada fined Iran over its arrest of a teacher in Tehran.", "fined"),
        ("Officials in Kyiv said Russia attacked the bridge.", "attack"),
        ("Russia gave weapons in exchange for troops to support Moscow's war.", "give"),
        ("In May the army left.", "leave"),
        ("Turkey, which met rebels in Doha, closed the border.", "close"),
    ],
)
def test_no_place_of_another_clause(parse, frame_at, mentions_in, text, trigger) -> None:
    doc = parse(text)
    assert place(doc, frame_at(doc, trigger, cameo="070"), None, mentions_in(doc)) is None


def test_a_visit_is_where_it_leads(parse, frame_at) -> None:
    doc = parse("Blinken visited Beijing.")
    found = place(doc, frame_at(doc, "visit", cameo="042"), None)
    assert found is not None
    assert found.text == "Beijing"
    assert place(doc, frame_at(doc, "visit", cameo="163"), None) is None


def test_the_dateline_is_the_last_resort(parse, frame_at) -> None:
    doc = parse("The two ministers met.")
    found = place(doc, frame_at(doc, "meet"), "KYIV, Ukraine (AP) —")
    assert found is not None
    assert (found.geonameid, found.country) == (KYIV, "UKR")
    assert found.latitude == pytest.approx(50.45, abs=0.1)
    assert found.longitude == pytest.approx(30.52, abs=0.1)


def test_the_actors_decide_between_places_of_one_name(parse, frame_at, mentions_in) -> None:
    known = gazetteer()
    assert known.find("Tripoli").geonameid == TRIPOLI_LIBYA  # type: ignore[union-attr]
    found = known.find("Tripoli", frozenset({"LBN"}))
    assert found is not None
    assert found.geonameid == TRIPOLI_LEBANON


def test_names_old_and_new_and_without_accents() -> None:
    known = gazetteer()
    for name in ("Kyiv", "Kiev", "KYIV"):
        found = known.find(name)
        assert found is not None
        assert found.geonameid == KYIV
    assert known.find("São Paulo") == known.find("Sao Paulo")
    assert known.find("Nowhereville") is None
    assert known.find("March") is None
    assert known.find("") is None


def test_countries_are_places_without_coordinates() -> None:
    found = gazetteer().find("South Korea")
    assert found is not None
    assert (found.country, found.latitude) == ("KOR", None)
    assert found.kind != CITY
    assert found.geonameid
