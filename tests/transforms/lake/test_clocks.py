"""A clock that jumps: ahead by years, back to 1970. No row is lost or doubled, and every rerun is one."""

import datetime as dt
import itertools

import pytest
from lake_rows import NO_INTERVAL, NOON, committed, event, rows_of

from transforms.lake.compact import compact
from transforms.lake.history import feed_states
from transforms.lake.query import query
from transforms.lake.recode import recode
from transforms.lake.runs import begin
from transforms.lake.verify import verify

DAY = dt.timedelta(days=1)
AHEAD = NOON + 4000 * DAY
BEHIND = dt.datetime(1970, 1, 1, 0, 0, 5, tzinfo=dt.UTC)
CLOCKS = (NOON, AHEAD, BEHIND, NOON + DAY)
COUNTS = "SELECT run_id, count(*) AS n FROM articles GROUP BY run_id ORDER BY run_id"


def counts(lake):
    return {row["run_id"]: row["n"] for row in query(lake, COUNTS).to_pylist()}


@pytest.fixture
def jumped(lake):
    """Return a lake of one run per clock."""
    for number, now in enumerate(CLOCKS):
        committed(lake, f"r{number}", now=now)
    return lake


def test_runs_are_told_apart_and_ordered_by_number(jumped):
    run = begin(jumped, None, NO_INTERVAL, BEHIND, "c")
    assert run.sequence == len(CLOCKS) + 1
    assert begin(jumped, None, NO_INTERVAL, BEHIND, "c").run_id != run.run_id
    newest = f'"r{len(CLOCKS) - 1}"'
    assert feed_states(jumped, run, ["f1"], 30)["f1"].etag == newest
    assert run.interval_start <= run.interval_end


@pytest.mark.parametrize("now", CLOCKS)
def test_a_rerun_under_another_clock_replaces_its_own_rows_only(jumped, now):
    committed(jumped, "r1", rows_of("r1", 9), now=now)
    assert counts(jumped) == {"r0": 6, "r1": 9, "r2": 6, "r3": 6}
    same = committed(jumped, "r0", now=now)
    assert same.generation == 0
    assert verify(jumped, NOON) == []


@pytest.mark.parametrize(("first", "second"), [*itertools.permutations(CLOCKS[:3], 2)])
def test_rewrites_under_any_clock_keep_every_row(jumped, first, second):
    expected = counts(jumped)
    for run_id in ("a", "b"):
        committed(jumped, run_id, now=NOON)
        expected[run_id] = 6
    compact(jumped, dt.timedelta(0), first)
    recode(jumped, lambda batch: [[event(item, coder_version="2")] for item in batch], second)
    compact(jumped, dt.timedelta(0), second)
    compact(jumped, dt.timedelta(0), first)
    assert counts(jumped) == expected
    assert query(jumped, "SELECT DISTINCT coder_version FROM events").to_pylist() == [
        {"coder_version": "2"}
    ]
    assert {item.kind for item in verify(jumped, AHEAD + 9 * DAY)} <= {"orphan"}
    assert counts(jumped) == expected
