"""What each stage counts: elements in and out, dropped by reason, seconds of its own work.

A DoFn counts per window, so per run, and hands its tallies on at the end of each bundle; they are ordinary
elements, so an engine that repeats a bundle does not count it twice, and they reach the run's manifest with
its rows. Beam's own counters get the same numbers, for an engine's own pages.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

TALLIES = "tallies"

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What one stage did in one bundle, or in one run.

    Attributes:
        taken: Elements in.
        given: Elements out.
        dropped: Elements that are not among those given, by reason.
        seconds: Wall-clock seconds of the stage's own work, of all workers together.
    """

    stage: str
    taken: int = 0
    given: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def took(self, count: int = 1) -> None:
        """Count elements in."""
        self.taken += count

    def gave(self, count: int = 1) -> None:
        """Count elements out."""
        self.given += count

    def drop(self, reason: str, count: int = 1) -> None:
        """Count elements that go no further."""
        self.dropped[reason] += count

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Count the seconds of the body; it yields nothing to other stages."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - began

    def timed_each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items, counting the seconds it takes to make each."""
        source = iter(items)
        while True:
            with self.timed():
                try:
                    item = next(source)
                except StopIteration:
                    return
            yield item

    def add(self, other: Tally) -> None:
        """Take in another bundle's tally of the same stage."""
        self.taken += other.taken
        self.given += other.given
        self.dropped += other.dropped
        self.seconds += other.seconds


class Tallies:
    """The tallies of one DoFn, by window; emptied with each bundle."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._by_window: dict[Any, Tally] = {}

    def begin(self) -> None:
        """Forget what a failed bundle left."""
        self._by_window = {}

    def of(self, window: Any) -> Tally:
        """Return the tally of a window's elements."""
        tally = self._by_window.get(window)
        if tally is None:
            tally = self._by_window[window] = Tally(self._stage)
        return tally

    def drain(self) -> Iterator[TaggedOutput]:
        """Yield a tally for each window, as `finish_bundle` gives them."""
        for window, tally in self._by_window.items():
            _tell_beam(tally)
            yield TaggedOutput(TALLIES, WindowedValue(tally, window.max_timestamp(), (window,)))
        self._by_window = {}


def _tell_beam(tally: Tally) -> None:
    counts = {
        "in": tally.taken,
        "out": tally.given,
        "busy_ms": round(1000 * tally.seconds),
        **{f"dropped_{reason}": count for reason, count in tally.dropped.items()},
    }
    for name, count in counts.items():
        if count:
            Metrics.counter(tally.stage, name).inc(count)


def stage_figures(tallies: Iterable[Tally]) -> dict[str, dict[str, Any]]:
    """Return the figures of a run's manifest: by stage in, out, dropped (by reason), seconds."""
    stages: dict[str, Tally] = {}
    for tally in tallies:
        stages.setdefault(tally.stage, Tally(tally.stage)).add(tally)
    return {name: figures(stages[name]) for name in sorted(stages)}


def figures(tally: Tally) -> dict[str, Any]:
    """Return one stage's figures as JSON has them."""
    return {
        "in": tally.taken,
        "out": tally.given,
        "dropped": dict(sorted(tally.dropped.items())),
        "seconds": round(tally.seconds, 3),
    }
