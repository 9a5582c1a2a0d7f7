"""What a window costs a stream whose lake has many runs: reading what is known, beginning, committing.

Makes a lake of so many small runs (a feed's poll, an article, its signature), then makes windows on it and
times each step of ours, without feeds, parsing and coding. `whole` is what a single run would read.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "transforms" / "lake"))
from lake_rows import NO_INTERVAL, NOON, article, committed, poll, signature, staged

from transforms.lake.commit import commit
from transforms.lake.history import feed_states, signatures
from transforms.lake.marks import SignatureMemory
from transforms.lake.memory import FeedMemory
from transforms.lake.runs import begin
from transforms.schema import Record

FEEDS = tuple(f"f{n}" for n in range(50))
DAYS = 30
WINDOWS = 20


def rows(name: str, number: int) -> list[Record]:
    """Return the rows of one window."""
    row = article(number, name, FEEDS[number % len(FEEDS)])
    return [row, signature(row), poll(name, 1, FEEDS[number % len(FEEDS)])]


def timed(times: list[float], call: Callable[..., Any], *args: Any) -> Any:
    """Call, and note the milliseconds."""
    began = time.perf_counter()
    result = call(*args)
    times.append((time.perf_counter() - began) * 1000)
    return result


def main() -> None:
    """Print milliseconds, as medians over windows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="*", default=[100, 1500])
    for runs in parser.parse_args().runs:
        with tempfile.TemporaryDirectory() as folder:
            measure(f"{folder}/lake", runs)


def measure(lake: str, runs: int) -> None:
    """Measure windows on a lake of so many runs."""
    for number in range(runs):
        committed(lake, f"r{number:05}", rows(f"r{number:05}", number))
    states, marks = FeedMemory(lake, FEEDS, DAYS), SignatureMemory(lake, DAYS)
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(WINDOWS + 1):
        name = f"w{number:05}"
        run = timed(times["begin"], begin, lake, name, NO_INTERVAL, NOON, "config")
        timed(times["states"], states.states, run)
        timed(times["signatures"], lambda run: list(marks.signatures(run)), run)
        if number == 0:
            timed(times["states, whole"], feed_states, lake, run, FEEDS, DAYS)
            timed(times["signatures, whole"], lambda run: list(signatures(lake, run, DAYS)), run)
        timed(times["commit"], commit, lake, run, staged(lake, run, rows(name, number)), NOON)
    print(f"{runs} runs in the lake, milliseconds:")
    for step, spent in times.items():
        later = f"{statistics.median(spent[1:]):8.1f}" if len(spent) > 1 else "       -"
        print(f"  {step:20} first window {spent[0]:8.1f}   later, median {later}")


if __name__ == "__main__":
    main()
