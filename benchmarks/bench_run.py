"""Whole runs against the same pure functions in a plain loop without Beam.

On 500 generated articles: articles/s of `wirelake run` and of the loop, start-up excluded from both
(a run over one article is subtracted); the time to the first article; and peak memory. The runs
alternate, and the median of their ratios is printed.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import newsroom

ARTICLES = 500
ROUNDS = 3
ROOT = Path(__file__).parents[1]


@dataclasses.dataclass
class Timing:
    """Seconds of one process, and its peak memory with its children's."""

    seconds: float
    peak_mb: float


def measure(mode: str, articles: int) -> Timing:
    """Run this file anew in a process of its own, so that each start-up is a real one."""
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.xml"
        feed.write_text(newsroom.feed(newsroom.texts(articles)), encoding="utf-8")
        config = Path(folder) / "config.toml"
        config.write_text('lake = "lake"\n[[feeds]]\nid = "generated"\nurl = "feed.xml"\n')
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, mode, str(config)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
        return Timing(seconds, json.loads(done.stdout.splitlines()[-1])["peak_mb"])


def run_with_beam(config: Path) -> None:
    """Do what `wirelake run` does."""
    from pipeline.run import RunRequest, execute
    from pipeline.settings import read_settings

    execute(RunRequest(config=config, settings=read_settings(config), lake="lake"))


def run_plain_loop(config: Path) -> None:
    """Call the same pure functions one after the other."""
    import plain_loop

    plain_loop.run(config)


def main() -> None:
    """Print the figures."""
    ratios, with_beam, plain, firsts, peaks = [], [], [], [], []
    for _ in range(ROUNDS):
        whole = {mode: measure(mode, ARTICLES) for mode in ("beam", "plain")}
        one = {mode: measure(mode, 1) for mode in ("beam", "plain")}
        rate = {mode: (ARTICLES - 1) / (whole[mode].seconds - one[mode].seconds) for mode in whole}
        with_beam.append(rate["beam"])
        plain.append(rate["plain"])
        ratios.append(rate["beam"] / rate["plain"])
        firsts.append(one["beam"].seconds)
        peaks.append(whole["beam"].peak_mb)
    print(f"whole run, {ARTICLES} articles: {statistics.median(with_beam):.1f} articles/s")
    print(f"plain loop, same functions:   {statistics.median(plain):.1f} articles/s")
    print(f"ratio run/loop: {statistics.median(ratios):.2f} (goal: at least 0.80)")
    print(f"start-up to a lake with the first article: {statistics.median(firsts):.1f} s")
    print(f"peak memory of a run, children included: {statistics.median(peaks):.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        {"beam": run_with_beam, "plain": run_plain_loop}[sys.argv[1]](Path(sys.argv[2]))
        kilobytes = sum(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(json.dumps({"peak_mb": kilobytes / 1000}))
