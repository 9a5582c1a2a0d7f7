"""The same input twice changes nothing; two runs at once cannot be."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"


def tree(lake):
    """Return every file of the lake with a hash of its bytes, the lock aside."""
    return {
        str(path.relative_to(lake)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.rglob("*"))
        if path.is_file() and path.name != "_lock"
    }


def tables(lake):
    """Return the bytes' hashes of all tables' files."""
    return {name: digest for name, digest in tree(lake).items() if name.endswith(".parquet")}


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


def test_a_second_run_over_unchanged_feeds_adds_no_article_and_no_event(wirelake, rows):
    wirelake("run", SAMPLE, "--run-id", "first")
    before = rows("select * from articles order by all"), rows("select * from events order by all")
    second = wirelake("run", SAMPLE, "--run-id", "second", "--json")
    after = rows("select * from articles order by all"), rows("select * from events order by all")
    assert after == before
    figures = json.loads(second.stdout)
    assert figures["counting_law"] == {
        "new": 0, "articles": 0, "duplicates": 0, "rejects": 0, "holds": True
    }  # fmt: skip


def test_a_rerun_of_a_run_id_gives_the_same_bytes(wirelake, lake):
    wirelake("run", SAMPLE, "--run-id", "one")
    before = tree(lake)
    wirelake("run", SAMPLE, "--run-id", "one")
    assert tree(lake) == before


@pytest.mark.parametrize("workers", [2, 4])
def test_several_workers_give_the_same_rows_and_bytes_as_one(wirelake, lake, workers):
    wirelake("run", SAMPLE, "--run-id", "one", "--workers", workers)
    several = tables(lake)
    assert several
    wirelake("run", SAMPLE, "--run-id", "one")  # replays, in memory
    assert tables(lake) == several


def test_a_rerun_after_later_runs_gives_the_same_bytes(wirelake, lake):
    wirelake("run", SAMPLE, "--run-id", "one", "--only", "meridian-post")
    wirelake("run", SAMPLE, "--run-id", "two")
    before = tree(lake)
    wirelake("run", SAMPLE, "--run-id", "one", "--only", "meridian-post")
    assert tree(lake) == before


def test_a_killed_run_that_goes_on_after_a_later_one_brings_nothing_twice(wirelake, rows, tmp_path):
    started = tmp_path / "lake" / "_staging" / "killed" / "started.json"
    killed = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(SAMPLE), "--run-id", "killed"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    while not started.exists():
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    told = json.loads(wirelake("run", SAMPLE, "--run-id", "later", "--json").stdout)
    assert told["unfinished_runs"] == ["killed"]
    before = rows("select article_id from articles order by all")
    wirelake("run", SAMPLE, "--run-id", "killed")
    assert rows("select article_id from articles order by all") == before


def test_two_runs_at_once_the_second_exits_75_and_changes_nothing(
    wirelake, write_config, feed_server, tmp_path, lake
):
    feed = (ROOT / "configs" / "sample").glob("*.xml").__next__().read_bytes()
    feed_server.routes["/slow.xml"] = (200, {"Content-Type": "application/xml"}, feed)
    feed_server.delay_s = 3.0
    config = write_config(
        [{"id": "slow", "url": feed_server.url("/slow.xml"), "allow_private": True}]
    )
    first = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(config), "--run-id", "first"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        started = lake / "_staging" / "first" / "started.json"
        deadline = time.monotonic() + 60
        while not started.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        before = tree(lake)
        refused = wirelake("run", config, "--run-id", "second", check=75)
        assert len(refused.stderr.strip().splitlines()) == 1
        assert not (lake / "_staging" / "second").exists()
        assert not (set(before) - set(tree(lake)))
    finally:
        assert first.wait(60) == 0
