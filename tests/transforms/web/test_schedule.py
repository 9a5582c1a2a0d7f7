"""When feeds are polled next, and where."""

import dataclasses
import datetime as dt

import pytest

from transforms.records import Capture, FeedSource, FeedState
from transforms.web.schedule import (
    ASIDE_FAILURES,
    STABLE_POLLS,
    aside,
    asked_to_wait,
    is_due,
    moved,
    next_poll_at,
    poll_request,
    polls,
    retry_after_s,
)

NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
URL = "https://news.example.org/feed"
NEW = "https://news.example.org/new"


def capture(status=200, error=None, url=URL, **fields):
    return Capture(
        kind="feed", feed_id="one", url=url, fetched_at=NOW, latency_s=0.1, raw_record="<r>",
        status=status, error=error, final_url=fields.pop("final_url", url), **fields,
    )  # fmt: skip


def after(next_at):
    return None if next_at is None else (next_at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("0", None), ("-5", None), ("soon", None), ("", None),
        (None, None), ("1.5", None), ("٣", None),
        ("Fri, 22 Nov 2024 09:31:00 GMT", 60),
        ("Friday, 22-Nov-24 09:31:00 GMT", 60),
        ("Fri, 22 Nov 2024 09:31:00 -0000", 60),
        ("Fri, 22 Nov 2024 08:00:00 GMT", None),
        ("9" * 400, 7 * 86400), ("Fri, 22 Nov 9999 09:31:00 GMT", 7 * 86400),
        ("Fri, 99 Nov 2024 99:99:99 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value, seconds):
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "60", 60), (503, "60", 60), (429, None, 3600), (503, None, None), (200, "60", None),
     (404, "60", None)],
)  # fmt: skip
def test_a_server_asks_for_time_with_429_and_503(status, header, seconds):
    headers = (("Retry-After", header),) if header else ()
    assert after(asked_to_wait(capture(status, headers=headers))) == seconds


def test_polling_is_free_after_a_good_poll_and_after_a_first_failure():
    assert next_poll_at(capture(), failures=0, ttl_s=3600) is None
    assert next_poll_at(capture(500, "http-500"), failures=1, ttl_s=None) is None


def test_failures_wait_longer_and_longer_up_to_a_day():
    waits = [
        after(next_poll_at(capture(500, "http-500"), failures=n, ttl_s=None)) for n in range(2, 40)
    ]
    for wait, plain in zip(waits, [300, 600, 1200, 2400], strict=False):
        assert plain * 0.9 <= wait <= plain * 1.1
    assert max(waits) <= 86400 * 1.1
    assert all(wait >= 86400 * 0.9 for wait in waits[15:])


def test_jitter_is_the_same_each_time_and_differs_between_feeds():
    one = capture(500, "http-500")
    other = dataclasses.replace(one, feed_id="two")
    assert next_poll_at(one, failures=5, ttl_s=None) == next_poll_at(one, failures=5, ttl_s=None)
    assert next_poll_at(one, failures=5, ttl_s=None) != next_poll_at(other, failures=5, ttl_s=None)


def test_a_failing_feed_is_not_asked_more_often_than_its_publisher_hints():
    assert after(next_poll_at(capture(500, "http-500"), failures=2, ttl_s=7200)) > 6000


def test_the_publisher_s_wish_comes_before_back_off():
    late = capture(429, "http-429", headers=(("Retry-After", "30"),))
    assert after(next_poll_at(late, failures=9, ttl_s=None)) == 30


def test_local_files_are_free():
    gone = capture(None, "no-such-file", url="file:///feed.xml")
    assert next_poll_at(gone, failures=20, ttl_s=None) is None


def test_due_and_aside():
    assert is_due(FeedState(), NOW)
    assert is_due(FeedState(next_poll_at=NOW), NOW)
    assert not is_due(FeedState(next_poll_at=NOW + dt.timedelta(seconds=1)), NOW)
    assert not is_due(FeedState(retired=True), NOW)
    assert aside(FeedState(consecutive_failures=ASIDE_FAILURES - 1)) is None
    assert "10 times" in aside(FeedState(consecutive_failures=10, next_poll_at=NOW))
    assert "410" in aside(FeedState(retired=True))


FEED = FeedSource(feed_id="one", url=URL, headers=(("X-Key", "secret"),))
LATER = NOW + dt.timedelta(hours=1)


def test_one_feed_s_retry_after_holds_for_its_registered_domain():
    sister = FeedSource(feed_id="two", url="https://www.example.org/other")
    stranger = FeedSource(feed_id="three", url="https://example.com/feed")
    states = {"one": FeedState(url=URL, status=429, next_poll_at=LATER)}
    assert [r.feed_id for r in polls([FEED, sister, stranger], states, NOW)] == ["three"]
    assert len(polls([FEED, sister, stranger], states, LATER)) == 3


def test_one_feed_s_back_off_is_its_own():
    sister = FeedSource(feed_id="two", url="https://www.example.org/other")
    states = {"one": FeedState(url=URL, status=500, next_poll_at=LATER, consecutive_failures=2)}
    assert [r.feed_id for r in polls([FEED, sister], states, NOW)] == ["two"]


def test_the_interval_of_a_stream_does_not_bind_a_run():
    for failures, polled in ((0, 1), (1, 1), (2, 0)):
        state = FeedState(url=URL, next_poll_at=LATER, consecutive_failures=failures)
        assert len(polls([FEED], {"one": state}, NOW)) == polled
    told = FeedState(url=URL, error="held", next_poll_at=LATER)
    assert polls([FEED], {"one": told}, NOW) == []


def test_what_was_true_of_another_url_is_forgotten():
    state = FeedState(url="https://old.example/", etag='"1"', next_poll_at=LATER, retired=True)
    [request] = polls([FEED], {"one": state}, NOW)
    assert (request.url, request.etag) == (URL, None)


def test_validators_are_sent_back():
    state = FeedState(url=URL, etag='"1"', last_modified="then")
    request = poll_request(FEED, state)
    assert (request.etag, request.last_modified, request.headers) == ('"1"', "then", FEED.headers)


def polled(states, *captures):
    for one in captures:
        to, count = moved(one, states)
        states = dataclasses.replace(states, moved_to=to, moved_polls=count, url=one.url)
    return states


MOVED = capture(redirects=((301, NEW),), final_url=NEW)


def test_a_permanent_redirect_is_adopted_once_it_is_stable():
    state = polled(FeedState(), *[MOVED] * (STABLE_POLLS - 1))
    assert poll_request(FEED, state).url == URL
    state = polled(state, MOVED)
    assert poll_request(FEED, state).url == NEW


def test_an_adopted_address_stays_while_it_answers_and_is_given_up_when_it_fails():
    state = polled(FeedState(), *[MOVED] * STABLE_POLLS)
    there = capture(url=NEW)
    state = polled(state, there, there)
    assert poll_request(FEED, state).url == NEW
    assert poll_request(FEED, polled(state, capture(404, "http-404", url=NEW))).url == URL


@pytest.mark.parametrize(
    ("redirects", "target"),
    [
        (((302, NEW),), None),
        (((307, NEW),), None),
        (((308, NEW),), NEW),
        (((301, NEW), (302, "https://cdn.example/x")), NEW),
        (((302, NEW), (301, "https://cdn.example/x")), None),
        ((), None),
    ],
)
def test_only_permanent_hops_from_the_start_count(redirects, target):
    assert moved(capture(redirects=redirects), FeedState())[0] == target


def test_another_target_starts_anew_and_a_fault_says_nothing():
    state = polled(FeedState(), MOVED, MOVED)
    assert moved(capture(redirects=((301, "https://x.example/"),)), state)[1] == 1
    assert moved(capture(None, "timeout"), state) == (NEW, 2)
    assert moved(MOVED, state, read=False) == (NEW, 2)
    assert moved(capture(), state) == (None, 0)


def test_an_adopted_address_elsewhere_gets_no_secret_and_no_lifted_rule():
    feed = dataclasses.replace(FEED, url="http://127.0.0.1/feed", allow_private=True)
    state = FeedState(moved_to="https://else.example/", moved_polls=STABLE_POLLS)
    request = poll_request(feed, state)
    assert (request.url, request.allow_private, request.headers) == (
        "https://else.example/",
        False,
        (),
    )
