"""The memory of a stream: run by run it knows what a run that reads the whole lake would know."""

import dataclasses
import datetime as dt
import tempfile

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lake_rows import NO_INTERVAL, NOON, article, committed, poll, signature

from transforms.lake import marks
from transforms.lake.compact import compact
from transforms.lake.history import feed_states, signatures
from transforms.lake.memory import FeedMemory
from transforms.lake.runs import begin

DAYS = 3
FEEDS = ("f1", "f2")


def known(memory, run):
    """Return the memory's states, whole, without what only a stream asks for."""
    return {
        feed_id: dataclasses.replace(memory.state(run, feed_id), counted_since=None, counted_new=0)
        for feed_id in sorted(memory.states(run))
    }


one_run = st.fixed_dictionaries(
    {
        "feeds": st.lists(st.sampled_from(FEEDS), unique=True),
        "entries": st.integers(0, 2),
        "shown": st.none() | st.lists(st.integers(0, 9), max_size=3),
        "hours": st.integers(0, 40),  # since the run before
    }
)


def commit_run(lake, name, asked, at):
    rows = []
    for feed_id in asked["feeds"]:
        shown = asked["shown"]
        rows.append(
            poll(
                name, asked["entries"], feed_id, polled_at=at, etag=name,
                shown=None if shown is None else tuple(shown),
            )
        )  # fmt: skip
        made = [article(n, f"{name}-{feed_id}", feed_id) for n in range(asked["entries"])]
        rows += [dataclasses.replace(row, run_id=name) for row in made]
    committed(lake, name, rows, now=at)


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(st.lists(one_run, max_size=6), st.data())
def test_run_by_run_it_knows_what_the_whole_lake_says(runs, data):
    with tempfile.TemporaryDirectory() as folder:
        lake = f"{folder}/lake"
        memory = FeedMemory(lake, FEEDS, DAYS)
        at = NOON
        for number, asked in enumerate(runs):
            at += dt.timedelta(hours=asked["hours"])
            commit_run(lake, f"run{number}", asked, at)
            if data.draw(st.booleans(), label="compacted"):
                compact(lake, dt.timedelta(0), at)
            if data.draw(st.booleans(), label="asked"):
                run = begin(lake, f"next{number}", NO_INTERVAL, at, "c")
                assert known(memory, run) == feed_states(lake, run, FEEDS, DAYS)
                committed(lake, run.run_id, [], now=at)


def test_a_pause_longer_than_the_window_forgets_nothing(lake):
    memory = FeedMemory(lake, FEEDS, DAYS)
    at = NOON
    asked = {"feeds": list(FEEDS), "shown": [1], "entries": 1}
    for name in "ab":
        commit_run(lake, name, asked, at)
        at += dt.timedelta(days=DAYS + 3)
        run = begin(lake, f"next-{name}", NO_INTERVAL, at, "c")
        assert known(memory, run) == feed_states(lake, run, FEEDS, DAYS)
        committed(lake, run.run_id, [], now=at)


def test_a_run_that_was_taken_in_is_told_what_its_first_try_knew(lake):
    memory = FeedMemory(lake, FEEDS, DAYS)
    runs = []
    for number in range(3):
        runs.append(begin(lake, f"r{number}", NO_INTERVAL, NOON, "c"))
        committed(lake, f"r{number}", [poll(f"r{number}", 0, etag=f"{number}")])
        memory.states(begin(lake, f"look{number}", NO_INTERVAL, NOON, "c"))
        committed(lake, f"look{number}", [])
    assert [memory.states(run)["f1"].etag for run in runs[1:]] == ["0", "1"]
    assert memory.states(runs[0]) == {}


def test_the_pace_counts_what_came_after_the_first_poll_of_the_last_week(lake):
    days = [0, 1, 1, 6, 7]
    for number, (day, new) in enumerate(zip(days, [100, 2, 3, 4, 5], strict=True)):
        at = NOON + dt.timedelta(days=day, minutes=number)
        rows = [article(n, f"r{number}") for n in range(new)]
        committed(lake, f"r{number}", [poll(f"r{number}", new, polled_at=at), *rows], now=at)
    memory = FeedMemory(lake, FEEDS, 30)
    later = NOON + dt.timedelta(days=6, hours=1)
    state = memory.states(begin(lake, "n", (later, later), later, "c"))["f1"]
    assert state.counted_since == NOON
    assert state.counted_new == 2 + 3 + 4 + 5


def test_signatures_are_those_of_the_whole_lake_in_memory_and_in_files(lake, monkeypatch):
    monkeypatch.setattr(marks, "HELD_ROWS", 5)
    monkeypatch.setattr(marks, "HELD_BATCHES", 2)
    memory = marks.SignatureMemory(lake, DAYS)
    for number in range(7):
        at = NOON + dt.timedelta(hours=20 * number)
        made = [article(n, f"r{number}") for n in range(number % 4)]
        rows = [*made, *map(signature, made), poll(f"r{number}", len(made), polled_at=at)]
        committed(lake, f"r{number}", rows, now=at)
        run = begin(lake, f"n{number}", NO_INTERVAL, at, "c")
        for _ in range(2):  # anew on each call
            found = pa.concat_tables(memory.signatures(run)) if number else None
            whole = list(signatures(lake, run, DAYS))
            if found is None or not whole:
                continue
            wanted = pa.concat_tables(whole)
            order = [("article_id", "ascending")]
            assert found.sort_by(order).to_pylist() == wanted.sort_by(order).to_pylist()
        committed(lake, run.run_id, [], now=at)
