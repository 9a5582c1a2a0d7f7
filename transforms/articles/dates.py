"""When an article was published: who is believed, and which dates are none.

Order of trust, first come first believed:

1. the page's JSON-LD (`datePublished` of its article object), made by the newsroom's own system;
2. the page's meta tags (`data/date_tags.txt`, most trusted first) and its first `<time pubdate>`;
3. the feed's date;
4. a reading of the page: its meta "date", which does not tell whether it is that of publication or of
   the last change, or htmldate's result in original mode (visible dates, address) where that is
   earlier by at most a week; or a day printed without its year, see `printed_days`.

A page's date to the day only gives way to the feed's time on that day. A date more than a day ahead of
the response that brought it is not believed (a day, because newsrooms forget the zone), nor one before
1990 (1970-01-01 and 0001-01-01 are what software writes for "none"), nor a feed's date within
NOW_FALLBACK_S of the moment it answered: feeds without dates are often stamped with "now".
A declared date without a zone is in the zone that the page's other declared dates name; else UTC.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import dateutil.parser
import lxml.html

from transforms.articles.tables import DataFileError, rows

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
AHEAD = dt.timedelta(days=1)
NOW_FALLBACK_S = 2.0
DAY_SLACK = dt.timedelta(hours=26)  # a local day reaches from UTC-12 to UTC+14
# schema.org's types for something published at one time; a WebPage's own date comes after them.
ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report)$")
_OFFSET = re.compile(r"T\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})$")
CHANGED_WITHIN = dt.timedelta(days=7)
_DATE_ONLY = re.compile(r"\s*\d{4}-?\d{2}-?\d{2}\s*")
_HAS_YEAR = re.compile(r"\d{4}")


def believable(value: dt.datetime | None, fetched_at: dt.datetime) -> dt.datetime | None:
    """Return the date in UTC if it can be one of publication; None for the future and for "none"."""
    if value is None:
        return None
    value = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    try:
        value = value.astimezone(dt.UTC)
    except OverflowError:
        return None
    return value if EARLIEST <= value <= fetched_at + AHEAD else None


def believable_feed_date(value: dt.datetime | None, fetched_at: dt.datetime) -> dt.datetime | None:
    """Return a feed's date if it can be one of publication and is not just the time of the answer."""
    value = believable(value, fetched_at)
    if value is not None and abs((value - fetched_at).total_seconds()) <= NOW_FALLBACK_S:
        return None
    return value


def choose(
    *,
    declared: dt.datetime | None,
    feed: dt.datetime | None,
    guessed: dt.datetime | None,
) -> tuple[dt.datetime | None, str]:
    """Return (published_at, published_source) of believable dates, by the order of trust.

    Args:
        declared: What the page's JSON-LD or meta tags say.
        feed: What the feed says.
        guessed: What htmldate read.
    """
    if declared is not None:
        to_the_day = declared.time() == dt.time(0)
        if to_the_day and feed is not None and abs(feed - declared) <= DAY_SLACK:
            return feed, "feed"
        return declared, "page"
    if feed is not None:
        return feed, "feed"
    if guessed is not None:
        return guessed, "page"
    return None, "missing"


def guess(unclear: dt.datetime | None, read: dt.datetime | None) -> dt.datetime | None:
    """Return what a page without declared date was published at.

    Args:
        unclear: A meta tag that may mean publication or last change.
        read: What htmldate reads of the page without that tag, to the day.
    """
    if unclear is None or read is None:
        return unclear or read
    earlier_day = read.date() < unclear.date() and unclear - read <= CHANGED_WITHIN
    return read if earlier_day else unclear


def parse_date(text: str, zone: dt.tzinfo = dt.UTC) -> dt.datetime | None:
    """Return a date in UTC from ISO 8601 or anything with a four-digit year; None if it is none.

    Args:
        text: The date as written.
        zone: Where a time without a zone is from; a date without a time stays at midnight UTC.
    """
    text = text.strip()
    if not _HAS_YEAR.search(text) or len(text) > 80:  # noqa: PLR2004 - no date is that long
        return None
    try:
        if text.isdigit() and len(text) in {10, 13}:
            value = dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
        else:
            value = dateutil.parser.parse(
                text,
                tzinfos=_zones(),
                default=dt.datetime(1, 1, 1),  # noqa: DTZ001 - zone added below
            )
    except (ValueError, OverflowError, dateutil.parser.ParserError):
        return None
    if value.year == 1:  # a text without a year of its own
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC if _DATE_ONLY.fullmatch(text) else zone)
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        return None


def declared_date(
    tree: lxml.html.HtmlElement, objects: list[dict[str, Any]], fetched_at: dt.datetime
) -> dt.datetime | None:
    """Return the first believable date that JSON-LD objects, then meta tags, declare; None if none.

    Of JSON-LD and meta dates of the same day the one with a time is taken: the day is agreed upon.
    """
    found = None
    texts = [*_json_dates(objects), *_meta_dates(tree, _date_tags("published"))]
    zone = _zone(texts + _change_dates(objects))
    for text in texts:
        value = believable(parse_date(text, zone), fetched_at)
        if value is None:
            continue
        if not _DATE_ONLY.fullmatch(text):
            return value if found is None or value.date() == found.date() else found
        found = found or value
    return found


def unclear_date(tree: lxml.html.HtmlElement, fetched_at: dt.datetime) -> dt.datetime | None:
    """Return the first believable date of meta tags that do not say which date they are."""
    found = (
        believable(parse_date(text), fetched_at)
        for text in _meta_dates(tree, _date_tags("unclear"))
    )
    return next((value for value in found if value is not None), None)


def drop_unclear_dates(tree: lxml.html.HtmlElement) -> None:
    """Remove those tags, so that a reader of the page does not take them for anything."""
    names = {value for _, value in _date_tags("unclear")}
    for element in list(tree.iter("meta")):
        if (element.get("name") or "").strip().lower() in names:
            element.drop_tree()


def _zone(texts: list[str]) -> dt.tzinfo:
    """Return the zone most of the dates name; UTC where none names one."""
    offsets = [found[1] for text in texts if (found := _OFFSET.search(text.strip()))]
    if not offsets:
        return dt.UTC
    offset = max(sorted(set(offsets)), key=offsets.count)
    return dt.datetime.strptime(offset, "%z").tzinfo or dt.UTC


def _change_dates(objects: list[dict[str, Any]]) -> list[str]:
    values = (item.get("dateModified") for item in objects if is_article(item))
    return [value for value in values if isinstance(value, str)]


def json_objects(tree: lxml.html.HtmlElement) -> list[dict[str, Any]]:
    """Return all objects of the page's JSON-LD, outer before inner; blocks that are no JSON are skipped."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        text = re.sub(r"^\s*(?://)?<!\[CDATA\[|(?://)?\]\]>\s*$|^\s*<!--|-->\s*$", "", script.text)
        try:
            found += _objects(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            continue
    return found


def is_article(item: dict[str, Any]) -> bool:
    """Return whether a JSON-LD object is an article."""
    return any(ARTICLE_TYPES.search(kind) for kind in types_of(item))


def types_of(item: dict[str, Any]) -> tuple[str, ...]:
    """Return what a JSON-LD object says it is."""
    kinds = item.get("@type")
    return tuple(
        kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
    )


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    queue = [value]
    while queue:
        item = queue.pop(0)
        if isinstance(item, dict):
            yield item
            queue += [inner for inner in item.values() if isinstance(inner, dict | list)]
        elif isinstance(item, list):
            queue += [inner for inner in item if isinstance(inner, dict | list)]


def _json_dates(objects: list[dict[str, Any]]) -> Iterator[str]:
    """Dates of the first article object, then of a WebPage; lists of other articles are not looked at."""
    articles = [item for item in objects if is_article(item)][:1]
    pages = [item for item in objects if "WebPage" in str(item.get("@type"))][:1]
    for item in (*articles, *pages):
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if isinstance(item.get(key), str):
                yield item[key]


def _meta_dates(tree: lxml.html.HtmlElement, tags: tuple[tuple[str, str], ...]) -> Iterator[str]:
    declared: dict[tuple[str, str], str] = {}
    for element in tree.iter("meta", "time", "span", "abbr"):
        content = element.get("content") or element.get("datetime") or element.get("title")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            value = element.get(attribute)
            if value:
                declared.setdefault((attribute, value.strip().lower()), content)
        if element.tag == "time" and element.get("pubdate") is not None:
            declared.setdefault(("itemprop", "datepublished"), content)
    for attribute, value in tags:
        if (attribute, value) in declared:
            yield declared[attribute, value]


@functools.cache
def _date_tags(meaning: str) -> tuple[tuple[str, str], ...]:
    found = []
    for row_meaning, attribute, value in rows("date_tags.txt", columns=(3, 3)):
        if row_meaning not in {"published", "unclear"}:
            raise DataFileError(f"date_tags.txt: unknown meaning {row_meaning!r}")
        if row_meaning == meaning:
            found.append((attribute, value))
    return tuple(found)


@functools.cache
def _zones() -> dict[str, int]:
    """Return seconds east of Greenwich by abbreviation."""
    found = {}
    for name, hours in rows("zones.txt", columns=(2, 2)):
        try:
            found[name] = round(float(hours) * 3600)
        except ValueError:
            raise DataFileError(f"zones.txt: {name}: {hours!r} is no number of hours") from None
    return found
