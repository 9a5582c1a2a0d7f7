"""`wirelake` on a lake in a bucket: run, rerun, upkeep, readers, a kill and the way on from there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from reading import Reader

from transforms.lake import dataset, files
from transforms.lake.query import query
from transforms.lake.store import open_store

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"
IDS = """
SELECT 'article' AS what, article_id AS id FROM articles
UNION ALL SELECT 'event', event_id FROM events
UNION ALL SELECT 'copy', entry_id FROM duplicates
UNION ALL SELECT 'reject', concat(source, error, detail) FROM rejects WHERE unit <> 'feed'
ORDER BY ALL
"""
KILLS = 10
LEASE_S = 60  # a lock is free some 45 s after its holder was killed


def ids(lake):
    return [tuple(row.values()) for row in query(str(lake), IDS).to_pylist()]


def ids_if_any(lake):
    """Return all ids; None before anything was committed."""
    return tuple(ids(lake)) if open_store(lake).listing("_runs") else None


def objects(lake):
    """Return every object of the lake with its ETag, locks aside."""
    walked = open_store(lake).walk("")
    return {path: stat.token for path, stat in walked if ".lock" not in path and path != "_lock"}


def start(lake, run_id):
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(SAMPLE), "--lake", lake, "--run-id", run_id],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def goes_on(lake, run_id):
    """Start a run until the lease of the one that was killed has ended; return its exit code."""
    ends = time.monotonic() + LEASE_S
    while (code := start(lake, run_id).wait(300)) == 75 and time.monotonic() < ends:
        time.sleep(1)
    return code


@pytest.mark.timeout(300)
def test_a_run_in_a_bucket_is_as_one_in_a_folder(wirelake, s3_lake, tmp_path):
    """One story, since each run takes seconds: run, rerun, second run, upkeep, readers."""
    wirelake("run", SAMPLE, "--run-id", "one")
    wirelake("run", SAMPLE, "--run-id", "one", "--lake", s3_lake)
    here = ids(tmp_path / "lake")
    assert len(here) > 100
    assert ids(s3_lake) == here

    before = objects(s3_lake)
    wirelake("run", SAMPLE, "--run-id", "one", "--lake", s3_lake)
    assert objects(s3_lake) == before

    second = wirelake("run", SAMPLE, "--run-id", "two", "--lake", s3_lake, "--json")
    assert json.loads(second.stdout)["counting_law"]["new"] == 0
    assert ids(s3_lake) == here

    wirelake("verify", "--lake", s3_lake)
    wirelake("compact", "--older-than", "0d", "--lake", s3_lake)
    wirelake("expire", "--keep", "raw=0d", "--lake", s3_lake)
    told = wirelake("rejects", "list", "--lake", s3_lake, "--format", "json")
    rejects = [row for row in json.loads(told.stdout) if row["unit"] != "feed"]
    assert len(rejects) == sum(what == "reject" for what, _ in here) > 0
    counted = wirelake(
        "query", "select count(*) n from events", "--lake", s3_lake, "--format", "csv"
    )
    events = sum(what == "event" for what, _ in here)
    assert counted.stdout == f"n\n{events}\n"
    assert ids(s3_lake) == here
    wirelake("verify", "--lake", s3_lake)

    for lake in (str(tmp_path / "lake"), s3_lake):
        data = dataset(lake, "events")
        assert data.count_rows() == events
        assert isinstance(data.to_table().to_pandas(), pd.DataFrame)
        assert duckdb.from_arrow(data).aggregate("count(*)").fetchall() == [(events,)]
        scanned = pl.scan_parquet(files(lake, "events"), missing_columns="insert")
        assert scanned.select(pl.len()).collect().item() == events


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_killed_at_random_moments_a_run_in_a_bucket_goes_on(s3_lake):
    began = time.monotonic()
    assert start(f"{s3_lake}/undisturbed", "run").wait(300) == 0
    seconds = time.monotonic() - began
    expected = ids(f"{s3_lake}/undisturbed")
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    print(f"\nan undisturbed run: {seconds:.1f} s; KILL_SEED={seed}")
    chance = random.Random(seed)
    killed = queries = number = 0
    while killed < KILLS:
        number += 1
        assert number <= 4 * KILLS, "most runs end before they can be killed"
        lake = f"{s3_lake}/{number}"
        with Reader(partial(ids_if_any, lake), pause_s=0.05) as reader:
            began = time.monotonic()
            process = start(lake, "run")
            try:
                process.wait(chance.uniform(0.1, 1.0) * seconds)
                seconds = time.monotonic() - began  # the machine is quicker than it was
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
            assert goes_on(lake, "run") == 0
        queries += reader.queries
        assert reader.answers <= {(), tuple(expected)}
        assert ids(lake) == expected
        assert not [path for path in objects(lake) if path.startswith("_staging/run/")]
    print(f"{killed} of {number} runs killed, {queries} queries, every answer none or all rows")
