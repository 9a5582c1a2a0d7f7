"""Compaction: fewer files, the same rows, at every moment."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from lake_child import killed_compaction
from lake_rows import NO_INTERVAL, NOON, committed, poll, rows_of

from transforms.failures import UsageError
from transforms.lake import files
from transforms.lake.compact import compact
from transforms.lake.history import feed_states, signatures
from transforms.lake.manifests import snapshot
from transforms.lake.query import query
from transforms.lake.runs import begin, find
from transforms.lake.store import LocalStore
from transforms.schema import TABLES

DAY = dt.timedelta(days=1)
NOW = dt.timedelta(0)
COUNTS = "SELECT run_id, count(*) AS n FROM events GROUP BY run_id ORDER BY run_id"


def contents(lake):
    return {
        table: query(lake, f"SELECT * FROM {table} ORDER BY ALL").to_pylist() for table in TABLES
    }


def counts(lake):
    return {row["run_id"]: row["n"] for row in query(lake, COUNTS).to_pylist()}


@pytest.fixture
def three_runs(lake):
    for name in ("a", "b", "c"):
        committed(lake, name, rows_of(name, 4), shards=2)
    return lake


def test_closed_days_become_one_file_a_table_with_the_same_rows(three_runs):
    before = contents(three_runs)
    done = compact(three_runs, DAY, NOON + DAY)
    assert (done.days, done.files_after) == (1, 7)
    assert done.files_before > 20
    assert all(len(files(three_runs, table)) == 1 for table in TABLES)
    assert contents(three_runs) == before
    assert compact(three_runs, DAY, NOON + DAY).days == 0


def test_todays_files_are_left_alone_unless_asked_for(three_runs):
    assert compact(three_runs, DAY, NOON).days == 0
    assert compact(three_runs, NOW, NOON).days == 1


def test_old_files_stay_for_the_grace_period(three_runs):
    opened = files(three_runs, "articles")
    compact(three_runs, NOW, NOON)
    assert all(Path(path).exists() for path in opened)
    assert compact(three_runs, NOW, NOON + DAY / 2).removed == 0
    assert compact(three_runs, NOW, NOON + DAY).removed > 20
    assert not any(Path(path).exists() for path in opened)
    assert counts(three_runs) == {"a": 4, "b": 4, "c": 4}


def test_files_near_the_target_are_left_alone(three_runs):
    assert compact(three_runs, NOW, NOON, target_bytes=1000).days == 0
    with pytest.raises(UsageError):
        compact(three_runs, NOW, NOON, target_bytes=0)


def test_late_runs_of_a_compacted_day_join_it(three_runs):
    compact(three_runs, NOW, NOON)
    committed(three_runs, "d", rows_of("d", 4))
    compact(three_runs, NOW, NOON)
    assert len(files(three_runs, "events")) == 1
    assert counts(three_runs) == {"a": 4, "b": 4, "c": 4, "d": 4}


def test_a_rerun_sees_in_compacted_files_what_its_first_try_saw(lake):
    committed(lake, "one", [*rows_of("one")[:-1], poll("one", 8, shown=(5,))])
    committed(lake, "two")
    committed(lake, "three")
    compact(lake, NOW, NOON)
    again = begin(lake, "two", NO_INTERVAL, NOON, "c")
    state = feed_states(lake, again, ["f1"], 30)["f1"]
    assert state.etag == '"one"'
    assert len(state.shown) == 9  # 1 said so, 6 articles, 1 copy, 1 reject
    known = pa.concat_tables(signatures(lake, again, 30))
    assert set(known["run_id"].to_pylist()) == {"one"}


def test_a_rerun_of_a_compacted_run_with_the_same_rows_changes_nothing(three_runs):
    compact(three_runs, NOW, NOON)
    before = snapshot(three_runs)
    committed(three_runs, "b", rows_of("b", 4), shards=2)
    assert snapshot(three_runs) == before


@pytest.mark.parametrize("again", [1, 2])
def test_a_rerun_of_a_compacted_run_with_other_rows_replaces_its_rows_only(three_runs, again):
    compact(three_runs, NOW, NOON)
    for articles in range(6, 6 + again):
        committed(three_runs, "b", rows_of("b", articles), shards=2)
        assert counts(three_runs) == {"a": 4, "b": articles, "c": 4}
    before = snapshot(three_runs)
    committed(three_runs, "b", rows_of("b", articles), shards=2)
    assert snapshot(three_runs) == before
    compact(three_runs, NOW, NOON + 2 * DAY)
    assert counts(three_runs) == {"a": 4, "b": articles, "c": 4}
    committed(three_runs, "c", rows_of("c", 1), shards=2)
    assert counts(three_runs) == {"a": 4, "b": articles, "c": 1}


def test_of_a_rerun_and_a_compaction_at_once_none_is_lost(three_runs):
    class Meddler(LocalStore):
        """Lets a rerun commit just before the compaction does."""

        def mutex(self, path):
            if path.endswith("_commit.lock") and list(
                Path(self.root).glob("_staging/compaction.*")
            ):
                committed(self.root, "b", rows_of("b", 9), shards=2)
            return super().mutex(path)

    done = compact(Meddler(three_runs), NOW, NOON)
    assert (done.days, done.dropped) == (0, 1)
    assert counts(three_runs) == {"a": 4, "b": 9, "c": 4}
    assert compact(three_runs, NOW, NOON).days == 1
    assert counts(three_runs) == {"a": 4, "b": 9, "c": 4}


def test_a_compactions_id_is_no_runs(three_runs):
    compact(three_runs, NOW, NOON)
    [rewrite] = [item for item in snapshot(three_runs).manifests if item.kind != "run"]
    with pytest.raises(UsageError, match="taken by a compaction"):
        find(three_runs, rewrite.run_id)


def test_a_run_may_be_named_like_a_compaction(lake):
    name = "compaction-20241122T120000Z"
    committed(lake, name, rows_of(name, 4))
    opened = files(lake, "events")
    committed(lake, name, rows_of(name, 5))
    committed(lake, "b")
    compact(lake, NOW, NOON)
    assert all(Path(path).exists() for path in opened)
    assert counts(lake) == {name: 5, "b": 6}


def test_killed_at_any_point_rows_stay_the_same(three_runs):
    before = contents(three_runs)
    steps = 0
    for at in range(1, 60, 7):
        died = killed_compaction(three_runs, NOON + 2 * DAY, at)
        assert contents(three_runs) == before
        if not died:
            break
        steps += 1
    assert steps > 2
    compact(three_runs, NOW, NOON + 9 * DAY)
    compact(three_runs, NOW, NOON + 9 * DAY)
    assert contents(three_runs) == before
    listed = {path for table in TABLES for path in files(three_runs, table)}
    assert {str(path) for path in Path(three_runs).rglob("*.parquet")} == listed
