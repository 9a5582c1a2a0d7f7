"""The row a poll leaves, and what it carries forward."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.transforms.feeds.samples import NOW, URL, capture, item, rss
from transforms.feeds import parse_feed
from transforms.feeds.novelty import new_entries, shown_numbers
from transforms.feeds.polls import poll_row
from transforms.records import Capture, FeedState, Run, entry_number
from transforms.schema import Poll
from transforms.web.intervals import ANY_TIME

RUN = Run(run_id="r2", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=2)
OLD = FeedState(url=URL, status=200, etag='"old"', last_modified="Mon", shown=frozenset({1, 2}))
VALIDATORS = (("ETag", '"new"'), ("Last-Modified", "Tue"))


def row(got: Capture, state: FeedState = OLD, max_entries: int = 100) -> Poll:
    result = parse_feed(got, max_entries=max_entries, language=None)
    entries, faults = new_entries(result, state.shown)
    return poll_row(got, result, state, RUN, new=len(entries) + len(faults))


def test_a_good_poll() -> None:
    body = rss(item("A", 1), item("B", 2), "<category>x</category>")
    poll = row(capture(body, headers=VALIDATORS), FeedState(consecutive_failures=4, url=URL))
    assert (poll.entries, poll.new, poll.error) == (3, 3, None)
    assert (poll.etag, poll.last_modified) == ('"new"', "Tue")
    assert (poll.status, poll.bytes, poll.latency_s) == (200, len(body), 0.1)
    assert (poll.polled_at, poll.run_id, poll.url) == (NOW, "r2", URL)
    assert (poll.consecutive_failures, poll.retired) == (0, False)
    result = parse_feed(capture(body), max_entries=100, language=None)
    assert poll.shown == shown_numbers(result)
    assert poll.shown is not None
    assert entry_number(result.entries[0].entry_id) in poll.shown


def test_validators_that_are_not_sent_are_forgotten() -> None:
    poll = row(capture(rss(item("A", 1))))
    assert (poll.etag, poll.last_modified) == (None, None)


def test_not_modified_carries_everything_forward() -> None:
    poll = row(capture(b"", status=304))
    assert (poll.etag, poll.last_modified) == ('"old"', "Mon")
    assert (poll.entries, poll.new, poll.shown, poll.error) == (0, 0, None, None)
    assert row(capture(b"", status=304, headers=VALIDATORS)).etag == '"new"'
    assert (
        row(capture(b"", status=304), FeedState(consecutive_failures=3)).consecutive_failures == 0
    )


@pytest.mark.parametrize(
    "got",
    [
        capture(b"", status=None, error="timeout"),
        capture(b"", status=500, error="http-500", headers=VALIDATORS),
        capture("<html>", headers=VALIDATORS),
        capture("", headers=VALIDATORS),
    ],
)
def test_a_failed_poll_counts_up_and_keeps_the_old_validators(got: Capture) -> None:
    poll = row(got, FeedState(etag='"old"', consecutive_failures=2, url=URL))
    assert poll.consecutive_failures == 3
    assert poll.error is not None
    assert (poll.etag, poll.shown, poll.entries) == ('"old"', None, 0)
    assert poll.next_poll_at is not None
    assert poll.next_poll_at > NOW


def test_a_document_that_breaks_off_is_no_failure_but_gives_no_validators() -> None:
    poll = row(capture(rss(item("A", 1), item("B", 2))[:-60], headers=VALIDATORS))
    assert (poll.error, poll.entries, poll.consecutive_failures) == (None, 1, 0)
    assert poll.etag == '"old"'
    assert poll.shown is not None
    assert len(poll.shown) == 1
    lost = row(capture(rss(item("A", 1))[:-60], headers=VALIDATORS))
    assert (lost.error, lost.consecutive_failures) == ("truncated", 1)


def test_too_many_entries_are_no_failure_and_give_validators() -> None:
    poll = row(
        capture(rss(*(item(f"{n}", n) for n in range(9))), headers=VALIDATORS), max_entries=3
    )
    assert (poll.error, poll.entries, poll.new, poll.etag) == (None, 3, 3, '"new"')


def test_gone_retires() -> None:
    assert row(capture(b"", status=410, error="http-410")).retired
    assert not row(capture(rss()), FeedState(retired=True)).retired


def test_a_feed_that_was_not_asked_has_not_failed() -> None:
    poll = row(capture(b"", status=None, error="held"), FeedState(consecutive_failures=1, url=URL))
    assert (poll.error, poll.consecutive_failures) == ("held", 1)


def test_validators_of_another_address_are_not_kept() -> None:
    poll = row(capture(b"", status=None, error="timeout"), FeedState(url="https://x/", etag='"x"'))
    assert poll.etag is None


def test_permanent_redirects_are_counted() -> None:
    got = capture(rss(item("A", 1)), redirects=((301, "https://new.example/feed"),))
    first = row(got, FeedState())
    assert (first.moved_to, first.moved_polls) == ("https://new.example/feed", 1)
    again = row(got, FeedState(url=URL, moved_to=first.moved_to, moved_polls=first.moved_polls))
    assert again.moved_polls == 2
    assert row(capture(rss(item("A", 1))), OLD).moved_to is None


def test_a_redirect_to_what_is_no_feed_is_not_counted() -> None:
    moved = ((301, "https://new.example/"),)
    state = FeedState(url=URL, moved_to="https://new.example/", moved_polls=4)
    poll = row(capture("<html><body>Bye</body></html>", redirects=moved), state)
    assert (poll.error, poll.moved_polls) == ("not-a-feed", 4)


def test_kinds_of_failure_are_counted_apart() -> None:
    state = FeedState(url=URL, error="timeout", consecutive_failures=3)
    lost = row(capture(b"", status=None, error="dns"), state)
    assert lost.consecutive_failures == 4
    assert row(capture(b"", status=503, error="http-503"), state).consecutive_failures == 4
    assert row(capture(b"", status=404, error="http-404"), state).consecutive_failures == 1
    assert row(capture("<html>"), state).consecutive_failures == 1
    assert row(capture(b"", status=None, error="held"), state).consecutive_failures == 3


def test_a_transfer_that_broke_off_is_no_failure_where_entries_came() -> None:
    cut = capture(rss(item("A", 1), item("B", 2))[:-60], error="truncated", headers=VALIDATORS)
    poll = row(cut)
    assert (poll.error, poll.entries, poll.etag) == (None, 1, '"old"')


def test_entries_shown_before_are_not_new() -> None:
    body = rss(item("A", 1), item("B", 2))
    first = row(capture(body))
    assert first.shown is not None
    second = row(capture(rss(item("A", 1), item("C", 3))), FeedState(shown=frozenset(first.shown)))
    assert (second.entries, second.new) == (2, 1)
    assert dt.timedelta(0) == NOW.utcoffset()


def test_what_the_publisher_wishes_is_that_of_the_last_document_that_was_read() -> None:
    wish = (
        "<ttl>30</ttl><skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    )
    read = row(capture(rss(item("A", 1), head=wish)), FeedState())
    kept = (read.ttl_s, read.skip_hours, read.skip_days)
    assert kept == (1800, (3,), (6,))
    state = FeedState(ttl_s=1800, skip_hours=(3,), skip_days=(6,))
    for later in (capture("", status=304), capture("", status=503, error="http-503")):
        poll = row(later, state)
        assert (poll.ttl_s, poll.skip_hours, poll.skip_days) == kept
    silent = row(capture(rss(item("A", 1))), state)
    assert (silent.ttl_s, silent.skip_hours, silent.skip_days) == (None, (), ())


def test_a_stream_s_feed_has_an_interval_and_a_run_s_has_none() -> None:
    got = capture(rss(item("A", 1), head="<ttl>30</ttl>"))
    result = parse_feed(got, max_entries=9, language=None)
    assert poll_row(got, result, FeedState(), RUN, new=1).next_poll_at is None
    paced = poll_row(got, result, FeedState(), RUN, new=1, bounds=ANY_TIME)
    assert paced.next_poll_at is not None
    assert 1800 <= (paced.next_poll_at - NOW).total_seconds() <= 1800 * 1.1
