"""How often a stream asks a feed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.records import Capture, FeedSource, FeedState
from transforms.web.intervals import (
    ANY_TIME,
    Bounds,
    Hints,
    due_polls,
    fresh_s,
    interval_s,
    new_per_day,
    next_due,
    stream_poll_at,
)

NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)  # a Friday


def capture(*, status=200, error=None, **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(
        kind="feed", feed_id="one", url="https://example.org/", final_url="", fetched_at=NOW,
        latency_s=0, raw_record="<r>", status=status, error=error, headers=pairs,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache_control": "max-age=600"}, 600),
        ({"cache_control": "public, MAX-AGE = 600"}, 600),
        ({"cache_control": "s-maxage=600"}, None),
        ({"cache_control": "max-age=600", "age": "500"}, 100),
        ({"cache_control": "max-age=600", "age": "700"}, None),
        ({"cache_control": "max-age=600, no-cache"}, None),
        ({"cache_control": "no-store"}, None),
        ({"cache_control": "max-age=0", "expires": "Fri, 22 Nov 2024 10:30:00 GMT"}, None),
        ({"expires": "Fri, 22 Nov 2024 10:30:00 GMT"}, 3600),
        ({"expires": "Fri, 22 Nov 2024 10:30:00 GMT", "date": "Fri, 22 Nov 2024 10:00:00 GMT"}, 1800),
        ({"expires": "0"}, None),
        ({"expires": "Fri, 22 Nov 2020 10:30:00 GMT"}, None),
        ({"last_modified": "Fri, 22 Nov 2020 10:30:00 GMT"}, None),
    ],
)  # fmt: skip
def test_how_long_an_answer_is_fresh(headers, seconds):
    assert fresh_s(capture(**headers)) == seconds


@pytest.mark.parametrize(
    ("new_per_day", "ttl_s", "control", "seconds"),
    [
        (None, None, "", 300),  # not known yet: often, to learn its pace
        (48, None, "", 900),
        (1000, None, "", 300),
        (0, None, "", 86400),
        (48, 3600, "", 3600),
        (48, None, "max-age=1800", 1800),
        (48, 60, "", 900),
        (48, 10**9, "", 86400),
    ],
)
def test_pace_hints_and_bounds(new_per_day, ttl_s, control, seconds):
    found = interval_s(
        capture(cache_control=control), new_per_day=new_per_day, ttl_s=ttl_s, bounds=ANY_TIME
    )
    assert found == seconds


def test_failures_and_retry_after_come_on_top():
    late = capture(status=429, error="http-429", retry_after="7200")
    assert stream_poll_at(late, failures=1, new_per_day=48) == NOW + dt.timedelta(hours=2)
    down = capture(status=500, error="http-500")
    assert stream_poll_at(down, failures=9, new_per_day=48) > NOW + dt.timedelta(hours=8)


def test_hours_and_days_to_be_skipped():
    morning = Hints(skip_hours=range(12))
    assert stream_poll_at(capture(), failures=0, new_per_day=None, hints=morning).hour == 12
    weekend = Hints(skip_hours=range(9, 24), skip_days=(5, 6))
    found = stream_poll_at(capture(), failures=0, new_per_day=None, hints=weekend)
    assert found == dt.datetime(2024, 11, 25, 0, 0, tzinfo=dt.UTC)
    never = Hints(skip_hours=range(24))
    assert stream_poll_at(
        capture(), failures=0, new_per_day=None, hints=never
    ) < NOW + dt.timedelta(1)


@given(
    st.none() | st.floats(0, 1e6),
    st.none() | st.floats(0, 1e12),
    st.integers(0, 10_000_000),
)
def test_the_bounds_hold_whatever_the_hints(new_per_day, ttl_s, age):
    bounds = Bounds(shortest_s=60, longest_s=7200)
    found = stream_poll_at(
        capture(cache_control=f"max-age={age}"),
        failures=0, new_per_day=new_per_day, hints=Hints(ttl_s=ttl_s), bounds=bounds,
    )  # fmt: skip
    assert 60 <= (found - NOW).total_seconds() <= 7200 * 1.1 + 1


def test_bounds_must_be_bounds():
    with pytest.raises(ValueError, match="bounds"):
        Bounds(shortest_s=10, longest_s=5)


LATER = NOW + dt.timedelta(minutes=5)
FEEDS = [
    FeedSource(feed_id="one", url="https://a.example.org/1"),
    FeedSource(feed_id="two", url="https://b.example.org/2"),
    FeedSource(feed_id="far", url="https://example.com/"),
]


def ids(requests):
    return [request.feed_id for request in requests]


def test_the_feeds_that_waited_longest_are_polled_first_and_a_domain_has_its_share():
    states = {
        "one": FeedState(next_poll_at=NOW - dt.timedelta(minutes=1)),
        "two": FeedState(next_poll_at=NOW - dt.timedelta(minutes=9)),
        "far": FeedState(next_poll_at=LATER),
    }
    assert ids(due_polls(FEEDS, states, NOW)) == ["two", "one"]
    assert ids(due_polls(FEEDS, states, NOW, most_per_domain=1)) == ["two"]
    assert ids(due_polls(FEEDS, states, LATER, most_per_domain=1)) == ["two", "far"]
    assert ids(due_polls(FEEDS, {}, NOW)) == ["far", "one", "two"]  # never polled: at once


def test_a_domain_that_asked_to_be_left_alone_is_due_when_that_is_over():
    states = {
        "one": FeedState(status=429, error="http-429", next_poll_at=LATER),
        "far": FeedState(retired=True),
    }
    assert due_polls(FEEDS, states, NOW) == []
    assert next_due(FEEDS, states) == LATER
    assert ids(due_polls(FEEDS, states, LATER)) == ["two", "one"]
    assert next_due([FEEDS[2]], states) is None


@given(
    st.dictionaries(
        st.sampled_from(["one", "two", "far"]),
        st.builds(
            FeedState,
            next_poll_at=st.none()
            | st.integers(0, 900).map(lambda s: NOW + dt.timedelta(seconds=s)),
            status=st.sampled_from([200, 429, 503]),
            retired=st.booleans(),
        ),
    )
)
def test_the_next_time_is_the_first_at_which_something_is_due(states):
    at = next_due(FEEDS, states)
    if at is None:
        assert all(states.get(feed.feed_id, FeedState()).retired for feed in FEEDS)
        return
    assert due_polls(FEEDS, states, max(at, NOW))
    if at > NOW:
        assert not due_polls(FEEDS, states, at - dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("counted", "hours", "new", "rate"),
    [
        (0, 24, 0, 1),  # silent for a day: it brings one a day, as far as one can tell
        (0, 1, 0, 24),
        (10, 24, 13, 24),
        (0, 0, 0, None),
    ],
)
def test_the_pace_of_a_feed(counted, hours, new, rate):
    state = FeedState(counted_since=NOW - dt.timedelta(hours=hours), counted_new=counted)
    assert new_per_day(state, NOW, new) == rate
    assert new_per_day(FeedState(), NOW, new) is None


def test_after_a_failure_a_quiet_feed_is_not_left_for_a_day():
    quiet = stream_poll_at(capture(), failures=0, new_per_day=0.5)
    failed = stream_poll_at(capture(status=503, error="http-503"), failures=1, new_per_day=0.5)
    assert quiet - NOW > dt.timedelta(hours=23)
    assert failed - NOW < dt.timedelta(minutes=6)
