"""Dates: who is believed, which are none."""

# ruff: noqa: E501 - a row is a case

import datetime as dt

import lxml.html
import pytest

from transforms.articles import dates

NOW = dt.datetime(2024, 11, 23, 12, 0, tzinfo=dt.UTC)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-11-22T09:30:00Z", "2024-11-22T09:30"),
        ("2024-11-22T09:30:00+09:00", "2024-11-22T00:30"),
        ("Fri, 22 Nov 2024 09:30:00 GMT", "2024-11-22T09:30"),
        ("Nov 22, 2024 9:30 PM EST", "2024-11-23T02:30"),
        ("2024-11-22", "2024-11-22T00:00"),
        ("20241122", "2024-11-22T00:00"),
        ("1732267800", "2024-11-22T09:30"),
        ("1732267800000", "2024-11-22T09:30"),
        ("22 November 2024", "2024-11-22T00:00"),
    ],
)
def test_parsed(text, value):
    assert dates.parse_date(text) == at(value)


@pytest.mark.parametrize(
    "text", ["", "today", "Friday", "11:30", "99999-99-99", "2024-13-40", "x" * 500, "1" * 70]
)
def test_not_a_date(text):
    assert dates.parse_date(text) is None


def test_the_future_and_1970_are_not_believed():
    assert dates.believable(NOW + dt.timedelta(hours=23), NOW) is not None  # a forgotten zone
    assert dates.believable(NOW + dt.timedelta(hours=25), NOW) is None
    assert dates.believable(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), NOW) is None
    assert dates.believable(dt.datetime(1, 1, 1, tzinfo=dt.UTC), NOW) is None
    assert dates.believable(None, NOW) is None


def test_a_feeds_now_is_not_a_date():
    assert dates.believable_feed_date(NOW, NOW) is None
    assert dates.believable_feed_date(NOW - dt.timedelta(seconds=1), NOW) is None
    assert dates.believable_feed_date(NOW - dt.timedelta(minutes=1), NOW) is not None


DECLARED, FEED, GUESSED = at("2024-11-20T10:00"), at("2024-11-21T10:00"), at("2024-11-22T00:00")


@pytest.mark.parametrize(
    ("declared", "feed", "guessed", "chosen"),
    [
        (DECLARED, FEED, GUESSED, (DECLARED, "page")),
        (None, FEED, GUESSED, (FEED, "feed")),
        (None, None, GUESSED, (GUESSED, "page")),
        (None, None, None, (None, "missing")),
        (at("2024-11-21T00:00"), FEED, None, (FEED, "feed")),  # the feed knows the hour
        (at("2024-11-18T00:00"), FEED, None, (at("2024-11-18T00:00"), "page")),
    ],
)
def test_order_of_trust(declared, feed, guessed, chosen):
    assert dates.choose(declared=declared, feed=feed, guessed=guessed) == chosen


def declared(markup):
    tree = lxml.html.document_fromstring(f"<html><head>{markup}</head><body><p>x</p></body></html>")
    return dates.declared_date(tree, dates.json_objects(tree), NOW)


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        (LD % '{"@type":"NewsArticle","datePublished":"2024-11-20T10:00:00Z"}', "2024-11-20T10:00"),
        (LD % '{"@graph":[{"@type":"WebPage","datePublished":"2024-11-19"},{"@type":["NewsArticle"],"datePublished":"2024-11-20"}]}', "2024-11-20T00:00"),
        ('<meta property="article:published_time" content="2024-11-20T10:00:00+02:00">', "2024-11-20T08:00"),
        ('<meta name="date" content="2024-11-20"><meta itemprop="datePublished" content="2024-11-18">', "2024-11-18T00:00"),
        # The day is agreed upon; the one with a time says more.
        (LD % '{"@type":"Article","datePublished":"2024-11-20"}' + '<meta name="pubdate" content="2024-11-20T10:00:00Z">', "2024-11-20T10:00"),
        # JSON-LD without a zone is in the zone that the page's other dates name.
        (LD % '{"@type":"Article","datePublished":"2024-11-20T23:00:00"}' + '<meta name="pubdate" content="2024-11-21T01:00:00-03:00">', "2024-11-21T02:00"),
        (LD % '{"@type":"Article","datePublished":"1970-01-01T00:00:00Z"}' + '<meta name="pubdate" content="2024-11-20">', "2024-11-20T00:00"),
        (LD % "{broken" + '<meta name="pubdate" content="2024-11-20">', "2024-11-20T00:00"),
        (LD % '{"@type":"Organization","datePublished":"2024-11-20"}', None),
        ('<meta name="date" content="2024-11-20">', None),  # of publication or of change?
    ],
)  # fmt: skip
def test_declared(markup, value):
    assert declared(markup) == (at(value) if value else None)


def test_an_unclear_date_gives_way_to_an_earlier_visible_one():
    unclear = at("2024-11-20T10:00")
    assert dates.guess(unclear, at("2024-11-19T00:00")) == at("2024-11-19T00:00")
    assert dates.guess(unclear, at("2024-11-20T00:00")) == unclear
    assert dates.guess(unclear, at("2014-11-19T00:00")) == unclear  # of another article
    assert dates.guess(None, unclear) == dates.guess(unclear, None) == unclear
