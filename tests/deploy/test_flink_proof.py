"""The pieces of `make flink` that need no cluster."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import feedparser
import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts" / "flink"


def load(name):
    """Return a module of scripts/flink, which is no package."""
    spec = importlib.util.spec_from_file_location(f"flink_{name}", SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def newsroom():
    return load("newsroom").sample_newsroom()


def shown(room):
    """Return how many entries each document has now."""
    counts = {}
    for name in ("harbor-wire.xml", "meridian-post.atom", "delta-radio.xml"):
        counts[name] = len(feedparser.parse(room.body(name)).entries)
    return counts


def test_a_newsroom_that_shows_all_serves_the_sample_as_it_is(newsroom):
    sample = Path(__file__).parents[2] / "configs" / "sample"
    newsroom.show(newsroom.total)
    for name in ("harbor-wire.xml", "meridian-post.atom", "delta-radio.xml"):
        assert newsroom.body(name) == (sample / name).read_bytes()
    assert newsroom.total == 51


def test_entries_appear_one_by_one_and_stay(newsroom):
    before = {}
    for count in range(newsroom.total):
        newsroom.show(count)
        now = shown(newsroom)
        assert sum(now.values()) <= count
        assert all(now[name] >= held for name, held in before.items())
        before = now


def test_what_a_killed_process_has_started_ends_with_it(tmp_path):
    # A driver holds a leash, whose command starts a process of its own; the driver is killed.
    pid = tmp_path / "pid"
    driver = f"""
import os, subprocess, sys, time
life, mine = os.pipe()
command = ["sh", "-c", "sleep 600 & echo $! > {pid}; wait"]
subprocess.Popen([sys.executable, {str(SCRIPTS / "leash.py")!r}, str(life), *command],
                 pass_fds=(life,), start_new_session=True)
time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", driver])
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    grandchild = int(pid.read_text())
    process.kill()
    process.wait()
    while time.monotonic() < deadline:
        try:
            os.kill(grandchild, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{grandchild}/stat").read_text().rsplit(")", 1)[1].split()[0]:
            return  # dead, and nobody has asked yet how it died
        time.sleep(0.05)
    os.kill(grandchild, signal.SIGKILL)
    raise AssertionError("a process outlived who started it")
