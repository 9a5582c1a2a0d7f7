"""Several worker processes: one of them killed in the middle costs time and nothing else."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"
ROWS = "select * exclude (fetched_at, run_id) from articles order by all"


def workers_of(process):
    """Return the worker processes that have loaded something: they are at work."""
    return [
        child
        for child in process.children(recursive=True)
        if "pipeline.worker" in child.cmdline() and child.memory_info().rss > 150e6
    ]


def test_a_run_goes_on_after_one_of_its_workers_was_killed(tmp_path, wirelake, rows):
    wirelake("run", SAMPLE, "--lake", "whole", "--run-id", "r")
    process = psutil.Popen(
        f"{sys.executable} -m pipeline run {SAMPLE} --lake lake --run-id r --workers 2".split(),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(workers_of(process)) < 2:
        assert process.poll() is None, "it ended before it could be disturbed"
        time.sleep(0.05)
    workers_of(process)[0].kill()
    _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert "a worker process was lost" in said
    assert rows(ROWS) == rows(ROWS, tmp_path / "whole")
    assert rows("select event_id from events order by all") == rows(
        "select event_id from events order by all", tmp_path / "whole"
    )
