"""The sample newsroom through the whole pipeline: each trap of its README is handled as it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from transforms.lake.query import query

ROOT = Path(__file__).parents[2]

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return a function that asks the lake of one run over the sample, which ends with exit code 0."""
    folder = tmp_path_factory.mktemp("newsroom")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", str(ROOT / "configs" / "sample.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout

    def _ask(sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = query(str(folder / "lake"), sql).to_pylist()
        return rows

    return _ask


def article(ask: Ask, title: str) -> dict[str, Any]:
    """Return the one article whose title begins so."""
    (row,) = ask(f"select * from articles where starts_with(title, '{title}')")
    return row


def test_every_entry_is_an_article_a_duplicate_or_a_reject(ask: Ask) -> None:
    assert ask("select sum(entries)::int n, sum(new)::int new from polls") == [{"n": 51, "new": 51}]
    assert ask("select count(*) n from articles") == [{"n": 45}]
    assert ask("select count(*) n from duplicates") == [{"n": 5}]
    assert ask("select error from rejects where unit = 'entry'") == [{"error": "empty-entry"}]


def test_every_copy_has_its_reason(ask: Ask) -> None:
    found = ask(
        "select d.feed_id, reason, a.feed_id as kept from duplicates d join articles a using (article_id)"
    )
    assert {(row["feed_id"], row["reason"], row["kept"]) for row in found} == {
        ("harbor-wire", "url", "harbor-wire"),  # the same story under a tracking URL
        ("meridian-post", "near", "harbor-wire"),  # wire copy, edited
        ("southern-courier", "near", "harbor-wire"),
        ("delta-radio", "exact", "harbor-wire"),  # wire copy, unchanged
        ("southern-courier", "guid", "southern-courier"),  # one word corrected
    }


def test_an_update_is_a_revision_of_the_earlier_version(ask: Ask) -> None:
    earlier = article(ask, "Protesters storm residence")
    later = article(ask, "Bangladesh''s prime minister resigns")
    assert earlier["url"] == later["url"]
    assert earlier["revision_of"] is None
    assert later["revision_of"] == earlier["article_id"]


@pytest.mark.parametrize(
    "title",
    ["Guyana and Venezuela agree", "Mexico breaks off ties", "Peru''s Congress removes"],
    ids=["undated", "dated 1970", "dated 2099"],
)
def test_a_date_that_is_missing_or_cannot_be_true_is_missing(ask: Ask, title: str) -> None:
    row = article(ask, title)
    assert row["published_at"] is None
    assert row["published_source"] == "missing"


def test_entities_become_characters_however_often_they_were_escaped(ask: Ask) -> None:
    niger = article(ask, "West African bloc gives")
    assert niger["title"] == "West African bloc gives Niger’s junta a week to restore president"  # noqa: RUF001
    assert "“No more time for us to send a warning signal,”" in niger["text"]
    assert "&" not in niger["text"]
    assert article(ask, "Iran & Saudi Arabia agree")["feed_id"] == "harbor-wire"
    assert article(ask, "Fighting erupts")["text"].count("\n\n") == 5


def test_entries_without_link_or_guid_are_articles(ask: Ask) -> None:
    assert article(ask, "U.S. and Britain strike")["url"] is None
    assert article(ask, "Canada expels")["guid"] is None


def test_a_relative_link_is_resolved_and_a_teaser_marked(ask: Ask) -> None:
    sahel = article(ask, "Mali, Niger and Burkina Faso quit")
    assert sahel["url"] == "https://meridianpost.example/africa/2024/01/28/sahel"
    assert article(ask, "Armenia, Azerbaijan sign")["text_source"] == "summary"


def test_another_language_is_kept_and_not_coded(ask: Ask) -> None:
    row = article(ask, "Colombia y el ELN")
    assert row["language"] == "es"
    assert ask(f"select 1 from events where article_id = '{row['article_id']}'") == []
    (reject,) = ask(f"select error from rejects where article_id = '{row['article_id']}'")
    assert reject["error"] == "language"


def test_a_feed_that_breaks_off_yields_its_whole_entries_and_a_reject(ask: Ask) -> None:
    (poll,) = ask("select entries, error from polls where feed_id = 'delta-radio'")
    assert poll == {"entries": 7, "error": None}
    (reject,) = ask("select feed_id, error from rejects where unit = 'feed'")
    assert reject == {"feed_id": "delta-radio", "error": "truncated"}


@pytest.mark.parametrize(
    "title",
    ["Argentina beat France", "Heat wave pushes", "Japan''s Nikkei index"],
    ids=["sport", "weather", "markets"],
)
def test_what_is_no_politics_yields_no_typed_event(ask: Ask, title: str) -> None:
    row = article(ask, title)
    found = ask(
        "select sentence, rule from events where plover_type is not null "
        f"and article_id = '{row['article_id']}'"
    )
    assert found == []


def test_the_missile_deal_is_coded_with_its_source(ask: Ask) -> None:
    row = article(ask, "Moscow sent Pyongyang")
    found = ask(
        "select source_country, plover_type, target_country, said_by_country from events "
        f"where article_id = '{row['article_id']}'"
    )
    assert {
        "source_country": "RUS",
        "plover_type": "AID",
        "target_country": "PRK",
        "said_by_country": "KOR",
    } in found


def test_most_news_articles_yield_events(ask: Ask) -> None:
    (row,) = ask("select count(distinct article_id) n from events where plover_type is not null")
    assert row["n"] >= 38
