"""SIGKILL at random moments of a run: after a rerun the lake is as if nothing had happened.

`make kill`. A reader asks the lake in a loop all the while, and only ever sees committed states.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from reading import Reader

from transforms.lake.query import query
from transforms.schema import TABLES

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"
KILLS = 20
CLOCKS = {
    "articles": "fetched_at",
    "polls": "polled_at, latency_s, next_poll_at",
}


def start(folder, run_id):
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(SAMPLE), "--run-id", run_id],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def assert_gone(group):
    """Check that no process of a killed run is left."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("a child outlived its killed run")


def contents(lake):
    """Return the rows of every table, but for the clock's readings."""
    found = {}
    for table in TABLES:
        leave = f"exclude ({CLOCKS[table]})" if table in CLOCKS else ""
        found[table] = query(str(lake), f"select * {leave} from {table} order by all").to_pylist()
    return found


def sizes(lake):
    """Return how many articles and events a reader finds; None where there is no lake yet."""
    if not (lake / "_runs").is_dir():
        return None
    asked = "select (select count(*) from articles) as articles, (select count(*) from events) as events"
    [row] = query(str(lake), asked).to_pylist()
    return row["articles"], row["events"]


@pytest.mark.slow
def test_killed_at_random_moments_a_rerun_ends_with_the_rows_of_an_undisturbed_run(tmp_path):
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    began = time.monotonic()
    assert start(undisturbed, "run").wait(300) == 0
    seconds = time.monotonic() - began
    expected = contents(undisturbed / "lake")
    whole = (len(expected["articles"]), len(expected["events"]))
    assert whole[0] >= 30

    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    print(f"\nan undisturbed run: {seconds:.1f} s, {whole[0]} articles, {whole[1]} events")
    print(f"KILL_SEED={seed}")
    chance = random.Random(seed)
    killed = queries = 0
    for number in range(KILLS):
        folder = tmp_path / f"kill-{number}"
        folder.mkdir()
        with Reader(partial(sizes, folder / "lake")) as reader:
            process = start(folder, "run")
            moment = chance.uniform(0.05, 1.0) * seconds
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                kill = os.killpg if number % 2 else os.kill  # with its children, or it alone
                kill(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
            assert_gone(process.pid)
            assert start(folder, "run").wait(300) == 0
        assert reader.answers <= {(0, 0), whole}
        queries += reader.queries
        assert contents(folder / "lake") == expected
        assert not (folder / "lake" / "_staging" / "run").exists()
        assert not list((folder / "lake").rglob("*.staged"))
        shutil.rmtree(folder)
    print(f"{killed} of {KILLS} runs killed, {queries} queries, every answer (0, 0) or {whole}")
    assert killed >= KILLS * 3 // 4
