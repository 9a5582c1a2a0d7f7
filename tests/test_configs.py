"""The configurations that ship: each is read, and the sample newsroom is what its README says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from pipeline.settings import read_settings

CONFIGS = Path(__file__).parents[1] / "configs"
SAMPLE = CONFIGS / "sample"
WORLD_FEEDS = Path(__file__).parents[1] / ".." / "shared" / "data" / "world_feeds.tsv"


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.name)
def test_every_configuration_is_read(path: Path) -> None:
    settings = read_settings(path)
    assert settings.feeds
    for feed in settings.feeds:
        assert feed.outlet
        assert feed.country is None or re.fullmatch(r"[A-Z]{3}", feed.country)


@pytest.mark.parametrize(
    ("name", "version", "entries"),
    [("harbor-wire.xml", "rss20", 17), ("meridian-post.atom", "atom10", 13)],
)
def test_whole_documents_hold_what_the_readme_counts(name: str, version: str, entries: int) -> None:
    feed = feedparser.parse((SAMPLE / name).read_bytes())
    assert not feed.bozo
    assert feed.version == version
    assert len(feed.entries) == entries


def test_json_feed_holds_what_the_readme_counts() -> None:
    feed = json.loads((SAMPLE / "southern-courier.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert len(feed["items"]) == 14


def test_one_document_breaks_off_inside_its_last_entry() -> None:
    text = (SAMPLE / "delta-radio.xml").read_text(encoding="utf-8")
    assert feedparser.parse(text).bozo
    assert text.count("<item>") == 8
    assert text.count("</item>") == 7


def test_sample_names_reserved_domains_only() -> None:
    namespaces = {"purl.org", "www.w3.org", "jsonfeed.org"}
    for path in SAMPLE.iterdir():
        for url in re.findall(r"https?://[^\s\"'<>)]+", path.read_text(encoding="utf-8")):
            host = urlsplit(url).hostname or ""
            assert host in namespaces or host.endswith(".example"), (path.name, url)


def test_world_holds_every_known_feed() -> None:
    if not WORLD_FEEDS.exists():
        pytest.skip("../shared is absent")
    with WORLD_FEEDS.open(encoding="utf-8", newline="") as file:
        expected = {row["id"]: row["url"] for row in csv.DictReader(file, delimiter="\t")}
    settings = read_settings(CONFIGS / "world.toml")
    assert {feed.id: feed.url for feed in settings.feeds} == expected
    assert not any(feed.full_text or feed.allow_private for feed in settings.feeds)
