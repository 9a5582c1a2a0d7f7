"""One pipeline on every engine of one machine, against the same functions in a plain loop.

For each engine: articles/s without its start-up (a run over one article is subtracted), the start-up to a
lake with one article, and the peak of its processes' proportional memory (PSS, so that shared pages count
once). Engines that are not here are left out and named. The rounds alternate; medians are printed, and the
ratio of each engine to the loop and to one worker within its round.

    python benchmarks/bench_engines.py [--articles 2000] [--rounds 3] [--only NAME …]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import newsroom
import psutil

ROOT = Path(__file__).parents[1]
LOOP_FILE = str(ROOT / "benchmarks" / "bench_run.py")
PRISM = ROOT / "build" / "bin" / "prism"
FLINK = ROOT / "build" / "flink"
LOOP, ONE = "plain loop", "in memory"
FEEDS = 8  # one document may hold 10,000 entries; several let an engine spread the parsing, too
SAMPLE_S = 0.5


@dataclass(frozen=True)
class Timing:
    """Seconds of one run, and the peak of its processes' memory in MB."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Engine:
    """One way to run the pipeline.

    Attributes:
        words: What calls it; the configuration comes behind them.
        around: Keeps up what must stand beside it; gives options that follow the configuration.
        warm: Whether a first run, which is not counted, brings what stands beside it to work.
    """

    words: Sequence[str]
    around: Callable[[], AbstractContextManager[Sequence[str]]] = lambda: contextlib.nullcontext(())
    warm: bool = False


@contextlib.contextmanager
def flink() -> Iterator[Sequence[str]]:
    """Keep a cluster of two task managers and a worker pool up, all of this machine."""
    sys.path.append(str(ROOT / "scripts" / "flink"))
    from cluster import Cluster
    from install import install
    from processes import Processes

    with tempfile.TemporaryDirectory() as name, Processes(Path(name) / "logs") as processes:
        cluster = Cluster.start(install(FLINK), processes, Path(name) / "cluster")
        yield ("--", *cluster.batch_options)


def engines() -> dict[str, Engine]:
    """Return the engines that are here."""
    wirelake = [str(Path(sys.executable).with_name("wirelake")), "run"]
    found = {
        LOOP: Engine([sys.executable, LOOP_FILE, "plain"]),
        ONE: Engine(wirelake),
        "2 workers": Engine([*wirelake, "--workers=2"]),
        "4 workers": Engine([*wirelake, "--workers=4"]),
    }
    if PRISM.exists():
        found["Prism"] = Engine([*wirelake, "--runner=PrismRunner"])
    if FLINK.exists():
        found["Flink"] = Engine(wirelake, flink, warm=True)
    return found


def measure(words: Sequence[str], options: Sequence[str], articles: int) -> Timing:
    """Run one engine over generated articles, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        texts = newsroom.texts(articles)
        lines = ['lake = "lake"']
        feeds = 1 if LOOP_FILE in words else min(FEEDS, articles)  # the loop reads one feed
        for number in range(feeds):
            name = f"feed{number}"
            part = newsroom.feed(texts[number::feeds])
            (Path(folder) / f"{name}.xml").write_text(
                part.replace("news.example/", f"news.example/{name}/"), encoding="utf-8"
            )
            lines.append(f'[[feeds]]\nid = "{name}"\nurl = "{name}.xml"')
        config.write_text("\n".join(lines), encoding="utf-8")
        return _timed([*words, str(config), *options], folder)


def _timed(words: Sequence[str], folder: str) -> Timing:
    began = time.perf_counter()
    log = Path(folder) / "log"
    with log.open("wb") as output:
        process = psutil.Popen(
            words,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory())
            time.sleep(SAMPLE_S)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}:\n{log.read_text()}")
    return Timing(seconds, peak / 1e6)


def _memory() -> int:
    """Return the bytes of all that was started from here: the run and, on Flink, its cluster."""
    total = 0
    for each in psutil.Process().children(recursive=True):
        try:
            total += each.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*")
    given = parser.parse_args()
    known = engines()
    names = [name for name in known if not given.only or name in {*given.only, LOOP, ONE}]
    rates: dict[str, list[float]] = {name: [] for name in names}
    starts: dict[str, list[float]] = {name: [] for name in names}
    peaks: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(given.rounds):
        for name in names:
            with known[name].around() as options:
                if known[name].warm:
                    measure(known[name].words, options, 1)
                one = measure(known[name].words, options, 1)
                whole = measure(known[name].words, options, given.articles)
            rates[name].append((given.articles - 1) / (whole.seconds - one.seconds))
            starts[name].append(one.seconds)
            peaks[name].append(whole.peak_mb)
    print(f"{given.articles} articles, {os.cpu_count()} cores, median of {given.rounds}")
    print(
        f"{'engine':<12} {'articles/s':>10} {'of loop':>8} {'of one':>7} {'start s':>8} {'MB':>6}"
    )
    for name in names:
        of_loop, of_one = (
            statistics.median(a / b for a, b in zip(rates[name], rates[base], strict=True))
            for base in (LOOP, ONE)
        )
        print(
            f"{name:<12} {statistics.median(rates[name]):>10.1f} {of_loop:>8.2f} {of_one:>7.2f} "
            f"{statistics.median(starts[name]):>8.1f} {statistics.median(peaks[name]):>6.0f}"
        )
    if not PRISM.exists():
        print("left out: Prism (make prism builds it)")
    if not FLINK.exists():
        print("left out: Flink (make flink-server fetches and builds it)")


if __name__ == "__main__":
    main()
