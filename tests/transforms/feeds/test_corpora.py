"""Whole collections of feeds that others wrote, with what others expect of them."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import re
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.transforms.feeds.samples import SHARED, capture, parsed
from transforms.feeds.document import parse_feed, read
from transforms.feeds.draft import Draft
from transforms.feeds.plain import line, plain
from transforms.records import Headers

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/feeds is absent")

Path_ = tuple[Any, ...]
_TEXTS = {"summary", "description", "content", "summary_detail", "description_detail"}
_DATES = {
    "published_parsed": "published_at",
    "issued_parsed": "published_at",
    "created_parsed": "published_at",
    "updated_parsed": "updated_at",
    "modified_parsed": "updated_at",
    "date_parsed": "updated_at",
}
_PLAIN = {"title": "title", "link": "url", "url": "url", "id": "guid", "guid": "guid"}


def claims(expression: str) -> Iterator[tuple[Path_, Any]]:
    """Yield (path below entries, expected value) of each equation about what we keep."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)):
            continue
        path: list[Any] = []
        left: ast.expr = node.left
        while isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant):
            path.insert(0, left.slice.value)
            left = left.value
        if not (isinstance(left, ast.Name) and left.id == "entries" and len(path) > 1):
            continue
        detail = path[1].endswith("_detail") or path[1] == "content"
        if path[1] in _TEXTS | set(_DATES) | set(_PLAIN) | {"title_detail"} and (
            not detail or path[-1] == "value"
        ):
            try:
                yield tuple(path), ast.literal_eval(node.comparators[0])
            except ValueError:
                continue


def expectation(body: bytes) -> tuple[str, Headers]:
    text = body[:4096].decode("utf-8", "replace")
    for codec in ("utf-16", "utf-32"):
        if "Expect:" not in text:
            text = body.decode(codec, "replace")
    found = re.search(r"Expect:\s*(.*?)\s*(?:-->|\n)", text)
    headers = re.findall(r"Header:\s*([\w-]+):[ \t]*(.*)", text)
    return (found[1] if found else ""), tuple((name, value.strip()) for name, value in headers)


def feedparser_agrees(result: Any, path: Path_, expected: Any) -> bool:
    value = result["entries"]
    try:
        for key in path:
            value = value[key]
    except (KeyError, IndexError):
        return False
    return bool(value == expected)


def we_agree(items: tuple[Any, ...], path: Path_, expected: Any) -> bool:
    if len(items) <= path[0] or not isinstance(items[path[0]], Draft):
        return False
    draft, key = items[path[0]], path[1]
    if key in _DATES:
        found = getattr(draft, _DATES[key])
        return found is not None and found.timetuple()[:6] == tuple(expected)[:6]
    if key.startswith("title"):
        return (draft.title or "") in {plain(expected), line(expected)}
    if key in _PLAIN:
        return bool((getattr(draft, _PLAIN[key]) or "") == expected)
    return any(
        found == expected or plain(found) == plain(expected)
        for found in (draft.content or "", draft.summary or "")
    )


def test_feedparsers_own_expectations_hold_as_often_as_in_feedparser() -> None:
    """Those on sanitised markup are left out: contents are kept as they came, cleaned later."""
    ours = theirs = total = 0
    for path in sorted((SHARED / "feedparser").rglob("*.xml")):
        if "sanitize" in path.parts:
            continue
        body = path.read_bytes()
        expression, headers = expectation(body)
        found = list(claims(expression))
        if not found:
            continue
        lower = {name.lower(): value for name, value in headers}
        location = lower.get("content-location", "http://127.0.0.1:8097/x")
        items = read(capture(body, headers=headers, final_url=location)).items
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            result = feedparser.parse(io.BytesIO(body), response_headers=lower)
            for claim, expected in found:
                total += 1
                theirs += feedparser_agrees(result, claim, expected)
                ours += we_agree(items, claim, expected)
    assert total > 200
    assert ours >= theirs


def gofeed_pairs() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((SHARED / "gofeed").rglob("*.json")):
        source = path.with_suffix(".xml")
        if not source.is_file() and path.stem.endswith("_expected"):
            source = path.with_name(path.name.replace("_expected", ""))
        if source.is_file() and source != path:
            yield source, json.loads(path.read_text("utf-8"))


def gofeed_claims(expected: dict[str, Any]) -> Iterator[tuple[int, str, Any]]:
    items = expected.get("items") or expected.get("entries") or []
    for number, item in enumerate(items):
        if item.get("title"):
            yield number, "title", item["title"]
        link = item.get("link") or next(
            (
                link["href"]
                for link in item.get("links", ())
                if isinstance(link, dict)
                and link.get("rel", "alternate") == "alternate"
                and link.get("href")
            ),
            None,
        )
        if link:
            yield number, "url", link
        for key, ours in (("publishedParsed", "published_at"), ("updatedParsed", "updated_at")):
            if item.get(key):
                yield number, ours, item[key]
        if item.get("pubDateParsed"):
            yield number, "published_at", item["pubDateParsed"]


def test_gofeeds_expected_titles_links_and_dates_match() -> None:
    wrong: list[str] = []
    total = 0
    for source, expected in gofeed_pairs():
        items = None
        claims_ = list(gofeed_claims(expected))
        title = expected.get("title")
        if claims_ or title:
            document = read(capture(source.read_bytes(), final_url="file:///feed"))
            items = document.items
            if title:
                total += 1
                if document.title not in {plain(title), line(title)}:
                    wrong.append(f"{source.name}: title {document.title!r}, not {title!r}")
        for number, key, value in claims_:
            total += 1
            assert items is not None
            found = getattr(items[number], key, None) if number < len(items) else None
            if isinstance(found, dt.datetime):
                same = found == dt.datetime.fromisoformat(value)
            elif key == "title":
                same = found in {plain(value), line(value)}
            else:
                same = found == value
            if not same:
                wrong.append(f"{source.name}: {key} {found!r}, not {value!r}")
    assert total > 150
    assert len(wrong) <= 0.02 * total, "\n".join(wrong)


@pytest.mark.parametrize("collection", ["feedparser", "feedvalidator", "gofeed", "feedjira"])
def test_no_file_crashes_or_hangs(collection: str) -> None:
    for path in sorted((SHARED / collection).rglob("*")):
        if not path.is_file():
            continue
        began = time.monotonic()
        result = parsed(path.read_bytes())
        assert time.monotonic() - began < 5, path
        ids = [entry.entry_id for entry in result.entries]
        ids += [str(fault.entry_id) for fault in result.entry_faults]
        assert len(set(ids)) == len(ids), path


# Files of the collection that are pieces of feeds: contents of entries, a licence.
NO_FEEDS = re.compile(r"First|LICENSE")


def test_real_feeds_have_sane_entries() -> None:
    count = 0
    for path in sorted((SHARED / "feedjira").iterdir()):
        if NO_FEEDS.search(path.name):
            continue
        result = parsed(path.read_bytes())
        assert result.entries, path.name
        assert not result.entry_faults, path.name
        for entry in result.entries:
            count += 1
            assert entry.title, path.name
            assert "<" not in entry.title, path.name
            assert entry.url is None or re.match(r"https?://[^/]", entry.url), path.name
            assert entry.published_at is None or 2000 < entry.published_at.year < 2030, path.name
    assert count > 300


WHOLE = [path.name for path in sorted((SHARED / "feedjira").glob("*"))] if SHARED.is_dir() else []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", WHOLE)
def test_a_real_feed_cut_anywhere_gives_its_first_entries_unchanged(name: str) -> None:
    body = (SHARED / "feedjira" / name).read_bytes()
    whole = [entry.entry_id for entry in parsed(body).entries]
    for length in range(0, len(body), 100 if len(body) < 60_000 else 1000):
        cut = parse_feed(capture(body[:length]), max_entries=10_000, language=None)
        ids = [entry.entry_id for entry in cut.entries]
        assert ids == whole[: len(ids)], length
        assert cut.fault is not None or ids == whole, length
        assert not cut.entry_faults, length
