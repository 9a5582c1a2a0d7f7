"""Ctrl-C and SIGTERM stop a run at once, in one line; its id goes on where it was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"


def stopped(tmp_path, number, *flags):
    """Return a run that got a signal once it had begun to write."""
    run = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", SAMPLE, "--run-id", "one", *flags],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    landed = tmp_path / "lake" / "_staging" / "one" / "raw"
    until = time.monotonic() + 60
    while not (landed.is_dir() and any(landed.iterdir())):
        assert time.monotonic() < until, "the run never began"
        time.sleep(0.05)
    run.send_signal(number)
    out, err = run.communicate(timeout=30)
    return run.returncode, out, err


@pytest.mark.parametrize(
    ("number", "flags"),
    [(signal.SIGINT, []), (signal.SIGTERM, []), (signal.SIGINT, ["--workers", "2"])],
)
def test_a_stopped_run_says_how_to_go_on(tmp_path, number, flags, wirelake, rows):
    returned, out, err = stopped(tmp_path, number, *flags)
    assert (returned, out) == (128 + number, "")
    assert err.splitlines() == ["wirelake: stopped; go on with --run-id one"]
    assert not list((tmp_path / "lake" / "_runs").glob("*.json"))
    wirelake("run", SAMPLE, "--run-id", "one")
    assert rows("select count(*) as n from articles")[0]["n"] >= 30


def test_worker_processes_are_quiet(wirelake, rows):
    done = wirelake("run", SAMPLE, "--workers", "2")
    assert done.stderr == ""
    assert rows("select count(*) as n from articles")[0]["n"] >= 30
