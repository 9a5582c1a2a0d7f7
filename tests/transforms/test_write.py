"""WriteLake and CommitRun on an engine."""

import datetime as dt
import sys
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from transforms.commit import CommitRun
from transforms.failures import Failure, LakeError
from transforms.lake.query import query
from transforms.lake.runs import begin
from transforms.runs import OneRun
from transforms.write import WriteLake

sys.path.insert(0, str(Path(__file__).parent / "lake"))
from lake_rows import NO_INTERVAL, NOON, poll, rows_of

MULTI = ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]


def fixed_clock():
    return dt.datetime(2024, 11, 22, 12, 5, tzinfo=dt.UTC)


def write(lake, run, *groups, shards=2, flags=()):
    """Run the two transforms on groups of rows."""
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions([*flags])) as root:
        made = tuple(root | f"Rows{n}" >> beam.Create(rows) for n, rows in enumerate(groups))
        staged = made | "WriteLake" >> WriteLake(lake, OneRun(run), shards=shards)
        ticks = root | "Ticks" >> beam.Create([run])
        commit = CommitRun(lake, OneRun(run), clock=fixed_clock)
        manifests = (staged.files, ticks, staged.tallies) | "CommitRun" >> commit
        counts = manifests | "Counts" >> beam.Map(lambda m: (m["run_id"], m["law"]["new"]))
        expected = sum(
            row.new for group in groups for row in group if type(row) is type(poll("", 0))
        )
        assert_that(counts, equal_to([(run.run_id, expected)]))


def tree(lake):
    return {
        path.relative_to(lake): path.read_bytes()
        for path in Path(lake).rglob("*")
        if path.is_file()
    }


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


def test_rows_of_all_tables_are_committed_and_failures_become_rejects(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    rows = rows_of("r")
    write(
        lake,
        run,
        [row for row in rows if not isinstance(row, Failure)],
        [row for row in rows if isinstance(row, Failure)],
    )
    assert query(
        lake, 'SELECT "table", sum(rows)::INT AS n FROM files GROUP BY ALL ORDER BY ALL'
    ).to_pylist() == [
        {"table": "articles", "n": 6},
        {"table": "duplicates", "n": 1},
        {"table": "events", "n": 6},
        {"table": "feeds", "n": 1},
        {"table": "polls", "n": 1},
        {"table": "rejects", "n": 1},
        {"table": "signatures", "n": 6},
    ]
    assert query(lake, "SELECT run_id, error FROM rejects").to_pylist() == [
        {"run_id": "r", "error": "broken"}
    ]


def test_a_run_without_rows_still_commits(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    write(lake, run, [])
    assert query(lake, "SELECT * FROM files").num_rows == 0


def test_a_rerun_gives_the_same_bytes_in_one_process_and_over_workers(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    write(lake, run, rows_of("r"))
    before = tree(lake)
    write(lake, run, list(reversed(rows_of("r"))), flags=MULTI)
    assert tree(lake) == before


def test_a_broken_rule_ends_the_pipeline(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    with pytest.raises(LakeError, match="counting-law"):
        write(lake, run, rows_of("r")[:-1])
    assert query(lake, "SELECT * FROM files").num_rows == 0


def test_what_is_no_row_is_a_mistake_in_the_wiring(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    with pytest.raises(TypeError, match="str is no row of a table"):
        write(lake, run, ["x"])


@pytest.mark.parametrize("shards", [0, 1001])
def test_shards_are_checked(lake, shards):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    with pytest.raises(ValueError, match="shards must be"):
        WriteLake(lake, OneRun(run), shards=shards)
