"""What a run knows of the runs before it."""

import datetime as dt

import pyarrow as pa
from lake_rows import (
    NO_INTERVAL,
    NOON,
    article,
    committed,
    duplicate,
    failure,
    poll,
    rows_of,
    signature,
)

from transforms.lake.history import feed_states, signatures
from transforms.lake.runs import begin
from transforms.records import FeedSource, entry_number
from transforms.schema import TABLES
from transforms.web.schedule import polls

DAY = dt.timedelta(days=1)


def test_a_new_lake_knows_nothing(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    assert feed_states(lake, run, ["f1"], 30) == {}
    assert list(signatures(lake, run, 30)) == []


def test_the_newest_poll_is_the_state_by_number_of_the_run_not_by_clock(lake):
    committed(lake, "one", [poll("one", 0, polled_at=NOON + DAY)])
    committed(lake, "two", [poll("two", 0, polled_at=NOON, consecutive_failures=3, retired=True)])
    run = begin(lake, "three", NO_INTERVAL, NOON, "c")
    state = feed_states(lake, run, ["f1", "unknown"], 30)
    assert list(state) == ["f1"]
    assert (state["f1"].etag, state["f1"].consecutive_failures) == ('"two"', 3)
    assert state["f1"].retired


def test_the_state_says_what_was_asked_and_answered(lake):
    address = "https://example.org/old"
    until = NOON + DAY
    committed(
        lake, "one", [poll("one", 0, url=address, status=429, error="http-429", next_poll_at=until)]
    )
    state = feed_states(lake, begin(lake, "two", NO_INTERVAL, NOON, "c"), ["f1"], 30)["f1"]
    assert (state.url, state.status, state.error) == (address, 429, "http-429")
    feeds = [
        FeedSource(feed_id="f1", url=address),
        FeedSource(feed_id="f2", url="https://www.example.org/other"),
        FeedSource(feed_id="f3", url="https://elsewhere.example.com/feed"),
    ]
    assert [request.feed_id for request in polls(feeds, {"f1": state}, NOON)] == ["f3"]
    moved = FeedSource(feed_id="f1", url="https://example.com/new")
    [request] = polls([moved], {"f1": state}, NOON)
    assert (request.etag, request.url) == (None, moved.url)


def test_shown_is_of_the_newest_poll_that_says_so_and_of_the_feeds_rows(lake):
    committed(lake, "one", [poll("one", 0, shown=(1, 2))])
    committed(lake, "two", [poll("two", 0, shown=(3,))])
    kept = article(1, "three")
    copy = duplicate(kept, 1)
    bad = failure(1, "three")
    other = article(2, "three", feed_id="f2")
    rows = [kept, copy, bad, other, poll("three", 3), poll("three", 1, "f2")]
    committed(lake, "three", rows)
    run = begin(lake, "four", NO_INTERVAL, NOON, "c")
    numbers = {entry_number(item.entry_id) for item in (kept, copy, bad)}
    states = feed_states(lake, run, ["f1", "f2"], 30)
    assert states["f1"].shown == {3} | numbers
    assert states["f2"].shown == {entry_number(other.entry_id)}


def test_an_empty_shown_counts_as_said(lake):
    committed(lake, "one", [poll("one", 0, shown=(1,))])
    committed(lake, "two", [poll("two", 0, shown=())])
    run = begin(lake, "three", NO_INTERVAL, NOON, "c")
    assert feed_states(lake, run, ["f1"], 30)["f1"].shown == frozenset()


def test_a_rerun_of_a_committed_run_sees_what_its_first_try_saw(lake):
    for name in ("one", "two", "three"):
        committed(lake, name)
    again = begin(lake, "two", NO_INTERVAL, NOON, "c")
    assert feed_states(lake, again, ["f1"], 30)["f1"].etag == '"one"'
    known = pa.concat_tables(signatures(lake, again, 30))
    assert set(known["run_id"].to_pylist()) == {"one"}


def test_days_before_the_window_are_not_read(lake):
    for days in (40, 20, 0):
        committed(lake, f"r{days}", rows_of(f"r{days}"), now=NOON - days * DAY)
    run = begin(lake, "now", NO_INTERVAL, NOON, "c")

    def runs(days):
        return {
            name for table in signatures(lake, run, days) for name in table["run_id"].to_pylist()
        }

    assert runs(0) == {"r0"}
    assert runs(20) == {"r20", "r0"}
    assert runs(400) == {"r40", "r20", "r0"}
    assert feed_states(lake, run, ["f1"], 0)["f1"].etag == '"r0"'


def test_signatures_come_oldest_run_first_with_the_columns_of_the_schema(lake):
    for name in ("b", "a"):
        committed(lake, name)
    run = begin(lake, "now", NO_INTERVAL, NOON, "c")
    whole = pa.concat_tables(signatures(lake, run, 30))
    assert whole.column_names == TABLES["signatures"].schema.names
    assert whole["run_id"].to_pylist() == ["b"] * 6 + ["a"] * 6
    assert whole.schema.field("minhash").type == TABLES["signatures"].schema.field("minhash").type
    row = whole.slice(0, 1).to_pylist()[0]
    assert row["content_key"] in {signature(article(n, "b")).content_key for n in range(6)}


def test_neither_a_long_pause_nor_a_clock_ahead_makes_old_entries_new(lake):
    committed(lake, "old", now=NOON - 40 * DAY)
    committed(lake, "one")
    late = begin(lake, "late", NO_INTERVAL, NOON + 4000 * DAY, "c")
    assert len(feed_states(lake, late, ["f1"], 30)["f1"].shown) == 8
    assert sum(rows.num_rows for rows in signatures(lake, late, 30)) == 6


def test_a_clock_that_goes_back_hides_nothing(lake):
    committed(lake, "ahead", now=NOON + 4000 * DAY)
    back = begin(lake, "back", NO_INTERVAL, NOON, "c")
    assert back.sequence == 2
    assert feed_states(lake, back, ["f1"], 30)["f1"].etag == '"ahead"'
    assert sum(rows.num_rows for rows in signatures(lake, back, 30)) == 6
