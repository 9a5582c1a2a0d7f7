"""JSON Feed 1.0 and 1.1, and what passes for it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tests.transforms.feeds.samples import parsed

ITEM = {
    "id": "1",
    "url": "/1",
    "title": "A & B",
    "content_html": "<p>All of it.</p>",
    "date_published": "2024-11-22T09:30:00+01:00",
    "date_modified": "2024-11-23T09:30:00Z",
    "tags": ["World", "Europe"],
    "authors": [{"name": "Jane Doe"}, {"url": "x"}],
    "language": "fr-CA",
}


def feed(*items: Any, **more: Any) -> str:
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Paper",
        "home_page_url": "https://paper.example/",
    }
    return json.dumps(head | more | {"items": list(items)}, ensure_ascii=False)


def test_every_field() -> None:
    result = parsed(feed(ITEM))
    [entry] = result.entries
    assert result.title == entry.publisher == "Paper"
    assert (entry.guid, entry.url, entry.title) == ("1", "https://paper.example/1", "A & B")
    assert (entry.content, entry.content_source) == ("<p>All of it.</p>", "feed")
    assert entry.published_at == dt.datetime(2024, 11, 22, 8, 30, tzinfo=dt.UTC)
    assert entry.updated_at == dt.datetime(2024, 11, 23, 9, 30, tzinfo=dt.UTC)
    assert (entry.categories, entry.authors) == (("World", "Europe"), ("Jane Doe",))
    assert entry.language == "fr"


def test_version_1_0_and_its_single_author() -> None:
    version = "https://jsonfeed.org/version/1"
    result = parsed(feed({"id": 7, "content_text": "T", "author": {"name": "J"}}, version=version))
    [entry] = result.entries
    assert (entry.guid, entry.content, entry.authors) == ("7", "T", ("J",))


def test_what_the_feed_says_holds_for_entries_that_say_nothing() -> None:
    [entry] = parsed(
        feed({"id": "1", "title": "A"}, language="de", authors=[{"name": "J"}])
    ).entries
    assert (entry.language, entry.authors) == ("de", ("J",))


def test_an_external_url_or_an_address_as_id_stands_in_for_a_missing_url() -> None:
    urls = ({"external_url": "https://x.example/1"}, {"id": "https://x.example/2"}, {"id": "3"})
    entries = parsed(feed(*({"title": "A"} | url for url in urls))).entries
    assert [entry.url for entry in entries] == ["https://x.example/1", "https://x.example/2", None]


@pytest.mark.parametrize("bad", [1, "text", None, ["a"], True])
def test_an_item_that_is_no_object_costs_itself_only(bad: Any) -> None:
    result = parsed(feed(ITEM, bad, {"id": "2", "title": "B"}))
    assert [entry.title for entry in result.entries] == ["A & B", "B"]
    [fault] = result.entry_faults
    assert (fault.unit, fault.error) == ("entry", "not-an-item")
    assert fault.entry_id is not None


@pytest.mark.parametrize("key", [key for key in ITEM if key != "id"])
@pytest.mark.parametrize("value", [None, 1, [], {}, "", [[1]], {"a": None}, "\u0000"])
def test_values_of_any_type_are_survived(key: str, value: Any) -> None:
    result = parsed(feed(ITEM | {key: value}, title=value, authors=value, language=value))
    assert len(result.entries) == 1
    assert result.entries[0].guid == "1"


@pytest.mark.parametrize("step", range(0, 900, 3))
def test_a_document_cut_anywhere_gives_its_whole_items(step: int) -> None:
    body = feed(*(ITEM | {"id": str(n), "title": f'"Über" ]}} {n}'} for n in range(4))).encode()
    whole, cut = parsed(body), parsed(body[:step])
    assert whole.entries[: len(cut.entries)] == cut.entries
    assert cut.fault is not None
    assert cut.entry_faults == ()


def test_what_stands_behind_the_items_is_read_too() -> None:
    body = '{"items": [{"id": "1", "title": "A"}], "title": "Paper", "language": "en"}'
    result = parsed(body)
    assert (result.title, result.entries[0].language) == ("Paper", "en")


def test_marks_and_control_characters_are_survived() -> None:
    body = '\ufeff{"version": "https://jsonfeed.org/version/1", "items": [{"title": "A\tB\u0001"}]}'
    assert [entry.title for entry in parsed(body).entries] == ["A B"]


@pytest.mark.parametrize("body", ['{"items": {}}', '{"a": []}', "[1, 2]", '{"items": 3}', "{}"])
def test_other_json_is_no_feed(body: str) -> None:
    result = parsed(body)
    assert result.fault is not None
    assert result.fault.error == "not-a-feed"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"items"',
        '{"items": [' + "[" * 200_000,
        '{"items": [1e99999, 9' + "9" * 5000 + "]}",
        "{]",
    ],
)
def test_damage_is_a_fault(body: str) -> None:
    result = parsed(body)
    assert result.fault is not None or result.entry_faults
