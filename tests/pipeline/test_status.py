"""`wirelake status`: what a person on call sees of a lake, and what a monitor asks it."""

import datetime as dt
import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "transforms" / "lake"))
from lake_rows import NO_INTERVAL, NOON, committed

from pipeline.cli import app
from pipeline.status import render, status
from transforms.failures import UsageError
from transforms.lake.compact import compact
from transforms.lake.lock import lake_lock
from transforms.lake.runs import begin

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


def shown(found: dict[str, object]) -> str:
    console = Console(width=200, file=io.StringIO())
    console.print(render(found))
    return console.file.getvalue()


def test_the_last_commits_come_newest_first(lake):
    for number, run_id in enumerate("abc"):
        committed(lake, run_id, now=NOON + number * HOUR)
    found = status(lake, NOON + 3 * HOUR, runs=2)
    assert [row["run_id"] for row in found["runs"]] == ["c", "b"]
    assert found["since_last_run_s"] == 3600
    assert found["runs"][0]["articles"] > 0


def test_a_compaction_is_a_commit_and_no_run(lake):
    for run_id in "ab":
        committed(lake, run_id, now=NOON)
    compact(lake, dt.timedelta(0), NOON + HOUR)
    found = status(lake, NOON + 2 * HOUR)
    assert {row["kind"] for row in found["runs"]} == {"run", "compaction"}
    assert found["since_last_run_s"] == 7200


def test_sizes_are_those_of_the_committed_files(lake):
    committed(lake, "a")
    (events,) = (row for row in status(lake, NOON)["tables"] if row["table"] == "events")
    assert events["bytes"] == sum(p.stat().st_size for p in Path(lake).glob("events/*/*.parquet"))


def test_a_feed_that_fails_is_in_trouble(lake):
    committed(lake, "a")
    found = status(lake, NOON)
    assert found["feeds"] > 0
    assert all(row["error"] for row in found["troubled"])


def test_a_run_that_never_finished_is_named(lake):
    committed(lake, "a")
    begin(lake, "b", NO_INTERVAL, NOON + HOUR, "hash")
    found = status(lake, NOON + HOUR)
    assert found["unfinished_runs"] == ["b"]
    assert "go on with: wirelake run … --run-id b" in shown(found)


def test_the_run_of_whoever_holds_the_lake_is_under_way(lake):
    committed(lake, "a")
    begin(lake, "b", NO_INTERVAL, NOON + HOUR, "hash")
    begin(lake, "c", NO_INTERVAL, NOON + HOUR, "hash")
    with lake_lock(lake, "a test"):
        told = shown(status(lake, NOON + HOUR))
    assert "--run-id b" in told
    assert "Run c is under way" in told
    assert "--run-id c" not in told


def test_who_holds_the_lake_is_seen_without_a_lock(lake):
    committed(lake, "a")
    assert status(lake, NOON)["held_by"] is None
    with lake_lock(lake, "a test"):
        assert "a test (process" in status(lake, NOON)["held_by"]
    assert status(lake, NOON)["held_by"] is None


def test_no_lake_is_an_error(lake):
    with pytest.raises(UsageError, match="there is no lake"):
        status(lake, NOON)


def test_a_lake_that_has_begun_and_committed_nothing(lake):
    begin(lake, "a", NO_INTERVAL, NOON, "hash")
    found = status(lake, NOON)
    assert (found["since_last_run_s"], found["runs"], found["feeds"]) == (None, [], 0)
    render(found)


def test_a_monitor_asks_for_an_age(lake):
    committed(lake, "a", now=dt.datetime.now(dt.UTC))

    def code(*words):
        return CliRunner().invoke(app, ["status", "--lake", lake, *words]).exit_code

    assert (code(), code("--max-age", "1h")) == (0, 0)
    committed(Path(lake).with_name("old").as_posix(), "a", now=NOON)
    old = ["status", "--lake", Path(lake).with_name("old").as_posix()]
    assert CliRunner().invoke(app, [*old, "--max-age", "1h"]).exit_code == 1
    assert CliRunner().invoke(app, old).exit_code == 0


def test_json_holds_what_the_page_shows(lake):
    committed(lake, "a")
    result = CliRunner().invoke(app, ["status", "--lake", lake, "--json"])
    assert json.loads(result.stdout)["runs"][0]["run_id"] == "a"
