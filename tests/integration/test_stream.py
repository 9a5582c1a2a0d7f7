"""`wirelake stream` on Prism: feeds that grow while it goes, signals, kills, a second ingest."""

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.prism import BUILT, find_prism
from transforms.failures import UsageError
from transforms.lake.session import end_session

ROOT = Path(__file__).parents[2]
SETTINGS = """
[fetch]
delay_s = 0
[stream]
window_s = 1
min_interval_minutes = 0.01
max_interval_minutes = 0.03
"""
SYLLABLES = (("ba", "do", "mi", "su"), ("lan", "rok", "tiv"), ("e", "o", "a"))
WORDS = ["".join(parts) for parts in itertools.product(*SYLLABLES)]
STORIES = (
    "France condemned the coup in Niger.",
    "Turkey sent troops to Libya, officials said.",
    "The mayor opened a library.",
)


@pytest.fixture(scope="session", autouse=True)
def prism():
    """Skip where Prism cannot be had: it is built once, by Go."""
    try:
        return find_prism()
    except UsageError:
        if not shutil.which("go"):
            pytest.skip("neither a Prism binary nor Go to build one")
        subprocess.run(["make", "prism"], cwd=ROOT, check=True, capture_output=True)
        return BUILT


class Growing:
    """Feeds that grow; remembers what each has shown to anybody who asked."""

    def __init__(self, server, count):
        self._rng = random.Random(7)
        self._server = server
        self._entries = {f"f{n}": [] for n in range(count)}
        self._lock = threading.Lock()
        self._last = {}
        self.shown = set()
        for feed_id in self._entries:
            self.publish(feed_id)
        plain = server.answer

        def answer(path, asked):
            with self._lock:
                got = plain(path, asked)
                self._last[path] = self._server.routes[path]
                self.shown.update(re.findall(rb"<guid>(.*?)</guid>", got[2]))
            return got

        server.answer = answer

    def configs(self):
        return [
            {"id": name, "url": self._server.url(f"/{name}"), "allow_private": True}
            for name in self._entries
        ]

    def publish(self, feed_id=None):
        """Let a feed show one more entry, of words of its own."""
        with self._lock:
            feed_id = feed_id or self._rng.choice(list(self._entries))
            entries = self._entries[feed_id]
            text = " ".join(self._rng.choices(WORDS, k=80))
            entries.append(
                f"<item><guid>{feed_id}-{len(entries)}</guid><title>Story {text[:30]}</title>"
                f"<description>{self._rng.choice(STORIES)} {text}</description></item>"
            )
            body = f"<rss version='2.0'><channel><title>F</title>{''.join(entries)}</channel></rss>"
            self._server.add(f"/{feed_id}", body)

    def go_back(self):
        """Show what was shown last, and not what came after that."""
        self._server.routes.update(self._last)

    def grow(self, seconds, pause=0.3):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.publish()
            time.sleep(pause)


@pytest.fixture
def growing(feed_server):
    return Growing(feed_server, 4)


@pytest.fixture
def stream(tmp_path):
    """Return a function that starts `wirelake stream`; what still runs at the end is killed."""
    started = []

    def _start(config, *args):
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "stream", config, *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield _start
    for process in started:
        process.kill()
        process.communicate()


def until(what, seconds=90):
    """Wait until something holds."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)


def windows(tmp_path):
    folder = tmp_path / "lake" / "_runs"
    return sorted(path.stem for path in folder.glob("*.json")) if folder.is_dir() else []


def family(pid):
    """Return the process ids of all descendants."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *family(int(child))]
    return found


def guids(rows):
    found = rows("select guid from articles union all select null from duplicates")
    return sorted(row["guid"] for row in found)


def everything_holds(growing, wirelake, rows):
    """What has to hold behind every stream, however it went."""
    assert guids(rows) == sorted(guid.decode() for guid in growing.shown)
    wirelake("verify")


def test_what_the_feeds_showed_is_what_the_lake_has_and_sigterm_drains(  # noqa: PLR0917
    tmp_path, growing, write_config, wirelake, rows, stream
):
    process = stream(write_config(growing.configs(), SETTINGS), "--json")
    until(lambda: windows(tmp_path))
    growing.grow(4)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    everything_holds(growing, wirelake, rows)
    done = windows(tmp_path)
    assert len(done) >= 3  # lock-step, yet no slower than the feeds
    figures = json.loads(out)
    assert figures["windows"] == len(done)
    assert figures["entries"] == len(growing.shown)
    assert [line.split()[0] for line in err.splitlines() if line[:2] == "20"] == done
    assert not list((tmp_path / "lake" / "_staging").glob("2*"))

    # the same entries by one run: the same articles, and events but for the run's name
    growing.go_back()
    wirelake("run", "config.toml", "--lake", "batch")
    for table, columns in (("articles", "run_id, fetched_at"), ("events", "run_id")):
        sql = f"select * exclude ({columns}) from {table} order by all"
        assert rows(sql) == rows(sql, tmp_path / "batch")


def test_after_a_kill_it_goes_on_and_nothing_is_lost_or_doubled(  # noqa: PLR0917
    tmp_path, growing, write_config, wirelake, rows, stream
):
    config = write_config(growing.configs(), SETTINGS)
    for number in range(2):
        enough = len(windows(tmp_path)) + 2  # one may be what the one before had begun
        process = stream(config)
        until(lambda enough=enough: len(windows(tmp_path)) >= enough)
        growing.grow(1.5 + number / 2)
        children = family(process.pid)
        assert children
        process.kill()
        until(lambda children=children: not any(Path(f"/proc/{pid}").exists() for pid in children))
        growing.grow(1)
    process = stream(config, "--windows", "3")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    everything_holds(growing, wirelake, rows)
    assert rows("select count(*) as n from (select distinct feed_id from polls)")[0]["n"] == 4


def test_one_ingest_at_a_time(tmp_path, growing, write_config, wirelake, stream):
    config = write_config(growing.configs(), SETTINGS)
    process = stream(config)
    until(lambda: windows(tmp_path))
    for second in ("run", "stream"):
        done = wirelake(second, config, check=75)
        assert "held by a stream" in done.stderr
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0


def test_a_runner_that_does_not_stream_is_refused(growing, write_config, wirelake):
    config = write_config(growing.configs(), SETTINGS)
    done = wirelake("stream", config, "--", "--runner=FnApiRunner", check=2)
    assert done.stderr.startswith("wirelake: --runner=FnApiRunner does not stream")
    done = wirelake("stream", config, "--for", "soon", check=2)
    assert "--for 'soon': give a whole number" in done.stderr


def test_a_run_on_prism_gives_what_the_run_in_memory_gives(tmp_path, wirelake):
    sample = ROOT / "configs" / "sample.toml"
    for lake, flags in (("memory", ()), ("prism", ("--", "--runner=PrismRunner"))):
        wirelake("run", sample, "--run-id", "one", "--lake", lake, *flags)
    for table in ("events", "duplicates", "signatures", "rejects", "feeds"):
        [one], [other] = (
            list((tmp_path / lake / table).rglob("*.parquet")) for lake in ("memory", "prism")
        )
        assert one.read_bytes() == other.read_bytes(), table


def test_a_stream_that_another_ingest_has_ended_commits_nothing_more(
    tmp_path, growing, write_config, wirelake, stream
):
    process = stream(write_config(growing.configs(), SETTINGS))
    until(lambda: windows(tmp_path))
    end_session(str(tmp_path / "lake"))  # as every ingest does, once it has the lock
    done = windows(tmp_path)
    _, err = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "was ended by another ingest" in err, err
    assert windows(tmp_path) == done
    wirelake("verify")
