"""Which page an entry wants."""

import datetime as dt

import pytest

from transforms.records import Entry, FeedSource
from transforms.web.pages import page_request

URL = "https://example.org/news/1"


def entry(feed_id="one", url=URL):
    return Entry(
        entry_id="e", feed_id=feed_id, position=0, guid=None, url=url, title=None,
        fetched_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC), raw_record="<r>",
    )  # fmt: skip


def feed(feed_id="one", **fields):
    return FeedSource(feed_id=feed_id, url="https://example.org/feed", full_text=True, **fields)


def test_entries_of_two_feeds_share_one_request():
    first = page_request(entry(), feed())
    second = page_request(entry("two", URL + "#top"), feed("two"))
    assert first == second
    assert first.record_id == second.record_id


def test_pages_of_a_private_feed_are_its_own():
    request = page_request(entry(), feed(allow_private=True))
    assert request.allow_private
    assert request.record_id != page_request(entry(), feed()).record_id


def test_a_feed_s_headers_stay_with_the_feed():
    assert page_request(entry(), feed(headers=(("X-Key", "secret"),))).headers == ()


@pytest.mark.parametrize(
    ("given", "source"),
    [(entry(url=None), feed()), (entry(), FeedSource(feed_id="one", url="https://example.org/"))],
)
def test_no_link_or_no_wish_means_no_page(given, source):
    assert page_request(given, source) is None
