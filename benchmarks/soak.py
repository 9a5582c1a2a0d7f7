"""A stream for twenty minutes over 50 feeds that grow, killed in the middle: nothing lost, memory flat.

The feeds are on loopback and are polled every few seconds; each shows its newest 30 entries. The server
remembers each entry that any answer has shown, and at the end the lake must have exactly those, once each.
Prints every half minute how many windows and entries there are and what the stream's processes take in
all (Prism and the supervised children included), then the first third of each half against its last.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import itertools
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import newsroom

from transforms.lake.manifests import snapshot
from transforms.lake.query import query
from transforms.lake.runs import unfinished

FEEDS = 50
SHOWN_AT_ONCE = 30
ENTRIES_PER_S = 1.0
WARM_S = 90.0  # until models are loaded and caches are filled
SETTINGS = """
[fetch]
delay_s = 0
[stream]
window_s = 2
min_interval_minutes = 0.05
max_interval_minutes = 0.2
"""


class Feeds:
    """Feeds that grow; `shown` holds the guid of each entry that was in an answer."""

    def __init__(self, seed: int = 3) -> None:
        self._chance = random.Random(seed)
        self._texts = itertools.cycle(newsroom.texts(1500, seed=seed))
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._entries: dict[str, deque[str]] = {
            f"/f{n}": deque(maxlen=SHOWN_AT_ONCE) for n in range(FEEDS)
        }
        self.shown: set[str] = set()

    def publish(self) -> None:
        """Let one feed show one more entry."""
        with self._lock:
            number = next(self._numbers)
            path = self._chance.choice(list(self._entries))
            self._entries[path].append(
                f"<item><guid isPermaLink='false'>{path}-{number}</guid><title>Story {number}</title>"
                f"<description>{next(self._texts)} It was story {number}.</description></item>"
            )

    def answer(self, path: str) -> bytes:
        """Return a feed as it is now."""
        with self._lock:
            items = "".join(self._entries[path])
            self.shown.update(re.findall(r"<guid[^>]*>(.*?)</guid>", items))
        return f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    feeds: Feeds

    def do_GET(self) -> None:
        body = self.feeds.answer(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Clients are killed here."""


@contextlib.contextmanager
def serving(feeds: Feeds, entries_per_s: float) -> Iterator[str]:
    """Serve growing feeds on loopback; yields the origin."""
    handler = type("Handler", (_Handler,), {"feeds": feeds})
    done = threading.Event()

    def grow() -> None:
        while not done.wait(1 / entries_per_s):
            feeds.publish()

    with _Server(("127.0.0.1", 0), handler) as server:
        for target in (server.serve_forever, grow):
            threading.Thread(target=target, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        done.set()
        server.shutdown()


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in path.read_text().split():
                found += family(int(child))
    return found


def megabytes(pid: int) -> float:
    """Return what a process and its descendants hold in memory, shared pages divided among them."""
    total = 0
    for each in family(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(text.split("Pss:")[1].split()[0])
    return total / 1024


def stream(config: Path, *, seconds: float, number: int | signal.Signals) -> list[float]:
    """Stream for so long, then send a signal; returns memory every 5 s once it is warm."""
    command = [sys.executable, "-m", "pipeline", "stream", str(config)]
    said = config.parent / "stderr"
    with said.open("wb") as stderr:
        process = subprocess.Popen(command, cwd=config.parent, stderr=stderr)
    began, samples, told = time.monotonic(), [], 0.0
    while (now := time.monotonic() - began) < seconds:
        if process.poll() is not None:
            print("\n".join(said.read_text().splitlines()[-60:]))
            sys.exit(f"the stream ended by itself with {process.returncode}")
        held = megabytes(process.pid)
        if now > WARM_S:
            samples.append(held)
        if now - told > 30:
            told = now
            done = len(list((config.parent / "lake" / "_runs").glob("*.json")))
            print(f"{now:6.0f} s  {done:5} windows  {held:6.0f} MB", flush=True)
        time.sleep(5)
    children = family(process.pid)[1:]
    while not unfinished(str(config.parent / "lake")):  # in the middle of a window
        time.sleep(0.02)
    process.send_signal(number)
    print(process.communicate(timeout=300)[0] or f"sent {number!r}", flush=True)
    time.sleep(2)
    left = [pid for pid in children if Path(f"/proc/{pid}").exists()]
    if left:
        sys.exit(f"processes were left behind: {left}")
    return samples


def window_seconds(lake: str) -> dict[str, float]:
    """Return how many windows there were, and what they took from their beginning to their commit."""
    took = sorted(
        (
            dt.datetime.fromisoformat(window.committed_at)
            - dt.datetime.fromisoformat(window.started_at)
        ).total_seconds()
        for window in snapshot(lake).manifests
    )
    return {
        "windows": len(took),
        "window_s_median": statistics.median(took),
        "window_s_95": took[int(0.95 * len(took))],
        "window_s_longest": took[-1],
    }


def main() -> None:
    """Soak, and compare the lake with what was shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    minutes = parser.parse_args().minutes
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    feeds = Feeds()
    with tempfile.TemporaryDirectory() as name, serving(feeds, ENTRIES_PER_S) as origin:
        folder = Path(name)
        tables = "".join(
            f'[[feeds]]\nid = "f{n}"\nurl = "{origin}/f{n}"\nallow_private = true\n'
            for n in range(FEEDS)
        )
        config = folder / "soak.toml"
        config.write_text(f'lake = "lake"\n{tables}{SETTINGS}', encoding="utf-8")
        halves = [
            stream(config, seconds=minutes * 30, number=number)
            for number in (signal.SIGKILL, signal.SIGTERM)
        ]
        lake = str(folder / "lake")
        rows = query(
            lake,
            "select count(*) as n, count(distinct entry_id) as entries from (select entry_id from "
            "articles union all select entry_id from duplicates union all select entry_id from "
            "rejects where unit = 'entry')",
        ).to_pylist()[0]
        guids = {row["guid"] for row in query(lake, "select guid from articles").to_pylist()}
        lag = query(
            lake,
            "with p as (select polled_at, lag(next_poll_at) over (partition by feed_id order by "
            "polled_at) as due from polls) select quantile_cont(epoch(polled_at - due), 0.5) as "
            "median, max(epoch(polled_at - due)) as longest, count(*) as polls from p",
        ).to_pylist()[0]
        verified = subprocess.run(
            [sys.executable, "-m", "pipeline", "verify", "--lake", lake], check=False
        ).returncode
        print(json.dumps({"shown": len(feeds.shown), **rows, **lag, **window_seconds(lake)}))
        growth = []
        for number, samples in enumerate(halves):
            third = max(1, len(samples) // 3)
            first, last = statistics.mean(samples[:third]), statistics.mean(samples[-third:])
            growth.append(last / first)
            print(
                f"half {number + 1}: {first:.0f} MB in its first third, {last:.0f} MB in its last"
            )
        exact = rows["n"] == rows["entries"] == len(feeds.shown) and guids <= feeds.shown
        print("entries: exactly those shown" if exact else "entries: LOST OR DOUBLED")
    sys.exit(0 if exact and verified == 0 and max(growth) < 1.25 else 1)


if __name__ == "__main__":
    main()
