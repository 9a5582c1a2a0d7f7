"""Runs: ids, intervals, numbers, reruns."""

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from lake_rows import NO_INTERVAL, NOON, committed

from transforms.failures import UsageError
from transforms.lake.runs import begin, find, unfinished

SECOND = dt.timedelta(seconds=1)


def test_without_flags_a_run_is_named_after_its_time(lake):
    run = begin(lake, None, NO_INTERVAL, NOON + dt.timedelta(microseconds=5), "c")
    assert run.run_id == "20241122T120000Z"
    assert run.interval_start == run.interval_end == run.started_at == NOON
    assert run.date == dt.date(2024, 11, 22)
    assert run.sequence == 1


def test_the_next_free_second_where_the_time_is_taken(lake):
    names = [begin(lake, None, NO_INTERVAL, NOON, "c").run_id for _ in range(3)]
    assert names == ["20241122T120000Z", "20241122T120001Z", "20241122T120002Z"]
    committed(lake, names[0], [])
    assert begin(lake, None, NO_INTERVAL, NOON, "c").run_id == "20241122T120003Z"


@pytest.mark.parametrize("commit_first", [False, True])
def test_a_rerun_gets_the_same_run_whatever_the_clock_says(lake, commit_first):
    first = begin(lake, "nightly", NO_INTERVAL, NOON, "c")
    if commit_first:
        committed(lake, "nightly")
    begin(lake, "other", NO_INTERVAL, NOON, "c")
    assert begin(lake, "nightly", NO_INTERVAL, NOON - dt.timedelta(days=9), "c") == first


def test_numbers_follow_the_order_of_first_starts_not_the_clock(lake):
    runs = [begin(lake, f"r{n}", NO_INTERVAL, NOON - n * SECOND, "c") for n in range(3)]
    committed(lake, "r2")
    runs.append(begin(lake, "r3", NO_INTERVAL, NOON, "c"))
    assert [run.sequence for run in runs] == [1, 2, 3, 4]


@pytest.mark.parametrize("run_id", ["", "a b", "ä", "a/b", "..", "a.b", "x" * 129, "a\n"])
def test_ids_that_cannot_be(lake, run_id):
    with pytest.raises(UsageError, match="run id"):
        begin(lake, run_id, NO_INTERVAL, NOON, "c")


@pytest.mark.parametrize("run_id", ["-", "_x", "2024-11-22", "A_b-9"])
def test_ids_that_can(lake, run_id):
    assert begin(lake, run_id, NO_INTERVAL, NOON, "c").run_id == run_id


def test_an_interval_is_kept_in_utc_and_names_the_partition(lake):
    east = dt.timezone(dt.timedelta(hours=9))
    start = dt.datetime(2024, 11, 22, 3, tzinfo=east)
    run = begin(lake, "r", (start, start + dt.timedelta(hours=1)), NOON, "c")
    assert run.interval_start == start
    assert run.date == dt.date(2024, 11, 21)


def test_intervals_that_cannot_be(lake):
    with pytest.raises(UsageError, match="before its start"):
        begin(lake, "r", (NOON, NOON - SECOND), NOON, "c")
    with pytest.raises(UsageError, match="no UTC offset"):
        begin(lake, "r", (NOON.replace(tzinfo=None), None), NOON, "c")


def test_a_rerun_with_another_interval_is_refused(lake):
    begin(lake, "r", (NOON, NOON), NOON, "c")
    begin(lake, "r", (NOON, None), NOON, "c")
    with pytest.raises(UsageError, match="interval start"):
        begin(lake, "r", (NOON - SECOND, None), NOON, "c")


def test_a_rerun_under_another_configuration_goes_ahead_with_a_warning(lake, caplog):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    assert begin(lake, "r", NO_INTERVAL, NOON, "d") == run
    assert "another configuration" in caplog.text
    assert find(lake, "r").config_hash == "c"


def test_unfinished_runs_are_known(lake):
    for name in ("b", "a", "c"):
        begin(lake, name, NO_INTERVAL, NOON, "c")
    committed(lake, "a")
    assert [item.run.run_id for item in unfinished(lake)] == ["b", "c"]
    assert unfinished(f"{lake}/nowhere") == []


def test_many_starts_at_once_get_different_ids_and_numbers(lake):
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: begin(lake, None, NO_INTERVAL, NOON, "c"), range(16)))
    assert len({run.run_id for run in runs}) == 16
    assert sorted(run.sequence for run in runs) == list(range(1, 17))


def test_two_processes_starting_one_id_at_once_get_one_run(lake):
    program = (
        "import datetime as dt, sys; from transforms.lake.runs import begin;"
        "print(begin(sys.argv[1], 'r', (None, None), dt.datetime.now(dt.UTC), 'c'))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, lake], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_an_unfinished_run_goes_on_behind_those_committed_since(lake):
    first = begin(lake, "one", NO_INTERVAL, NOON, "c")
    assert begin(lake, "one", NO_INTERVAL, NOON, "c") == first
    committed(lake, "two")
    again = begin(lake, "one", NO_INTERVAL, NOON, "c")
    assert again.sequence > begin(lake, "two", NO_INTERVAL, NOON, "c").sequence
    assert again.started_at == first.started_at
    assert begin(lake, "one", NO_INTERVAL, NOON, "c") == again
