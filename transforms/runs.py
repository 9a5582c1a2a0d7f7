"""Which run an element belongs to, and what that run knows of the runs before it.

In a batch there is one run, known when the pipeline is built. In a stream each window is a run of its
own: the window's start is the second that names it, and the lake says the rest. No Beam here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from transforms.failures import LakeError
from transforms.lake.marks import signatures_of
from transforms.lake.memory import memory_of
from transforms.lake.raw import RawStore
from transforms.lake.runs import find, id_of_second
from transforms.records import NEVER_POLLED, FeedState, Run
from transforms.web.fetcher import Raw

RawOf = Callable[[Run], Raw]
HistoryOf = Callable[[Run], Iterable[pa.Table]]


class Runs(Protocol):
    """Tells an element's run; picklable."""

    def of(self, window: Any) -> Run:
        """Return the run of the elements of a window."""


class States(Protocol):
    """Tells what the lake remembers of the feeds, as it was before a run; picklable."""

    def all(self, run: Run) -> Mapping[str, FeedState]:
        """Return each feed's state, without the entries it has shown; never polled: left out."""

    def of(self, run: Run, feed_id: str) -> FeedState:
        """Return one feed's whole state."""

    def without_shown(self) -> States:
        """Return the same for who needs `all` only: less to send to workers."""


@dataclass(frozen=True, slots=True)
class OneRun:
    """The run of a batch, whatever the window."""

    run: Run

    def of(self, window: Any) -> Run:  # noqa: ARG002
        """Return the one run."""
        return self.run


@dataclass(frozen=True, slots=True)
class KnownStates:
    """States that were read when the pipeline was built."""

    states: Mapping[str, FeedState] = field(default_factory=dict)

    def all(self, run: Run) -> Mapping[str, FeedState]:  # noqa: ARG002
        """Return them all."""
        return self.states

    def of(self, run: Run, feed_id: str) -> FeedState:  # noqa: ARG002
        """Return one of them."""
        return self.states.get(feed_id, NEVER_POLLED)

    def without_shown(self) -> States:
        """Return them without the entries shown."""
        return KnownStates(
            {
                feed_id: dataclasses.replace(state, shown=frozenset())
                for feed_id, state in self.states.items()
            }
        )


@dataclass(slots=True)
class WindowRuns:
    """The runs of a stream: each window's is found in the lake by the second that begins it."""

    lake: str
    _known: dict[int, Run] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> tuple[str]:
        return (self.lake,)

    def __setstate__(self, state: tuple[str]) -> None:
        self.lake, self._known = state[0], {}

    def of(self, window: Any) -> Run:
        """Return the run that began at the window's start."""
        return self.of_second(int(window.start))

    def of_second(self, second: int) -> Run:
        """Return the run that began at a second, since the epoch.

        Raises:
            LakeError: The lake does not know it: it is not the lake that the stream began with.
        """
        if second not in self._known:
            run_id = id_of_second(dt.datetime.fromtimestamp(second, dt.UTC))
            started = find(self.lake, run_id)
            if started is None:
                raise LakeError(f"the lake {self.lake} knows no run {run_id}")
            self._known = {second: started.run}  # windows come one after the other
        return self._known[second]


def next_run(now: dt.datetime) -> Run:
    """Return a run that no run is before but those that are committed: what the next one will know."""
    return Run(
        run_id="", interval_start=now, interval_end=now, started_at=now, sequence=sys.maxsize
    )


@dataclass(frozen=True, slots=True)
class LakeStates:
    """The states before any run of a stream, read from the lake once and then kept up to date.

    Attributes:
        session: The stream's; the memory of an earlier one is not trusted.
        days: How many days before a run's to look back.
    """

    lake: str
    session: str
    feed_ids: tuple[str, ...]
    days: int

    def all(self, run: Run) -> Mapping[str, FeedState]:
        """Return them as they were before a run."""
        return memory_of(self.lake, self.session, self.feed_ids, self.days).states(run)

    def of(self, run: Run, feed_id: str) -> FeedState:
        """Return one of them, with the entries the feed has shown."""
        return memory_of(self.lake, self.session, self.feed_ids, self.days).state(run, feed_id)

    def without_shown(self) -> States:
        """Return this: what is read is not sent."""
        return self


@dataclass(frozen=True, slots=True)
class LakeHistory:
    """The signatures known before any run of a stream, read once and then kept up to date.

    Attributes:
        days: How many days before a run's to look back.
    """

    lake: str
    session: str
    days: int

    def __call__(self, run: Run) -> Iterable[pa.Table]:
        """Return those of one run, in parts."""
        return signatures_of(self.lake, self.session, self.days).signatures(run)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the responses of each run land."""

    lake: str

    def __call__(self, run: Run) -> Raw:
        """Return the place of one run."""
        return RawStore(self.lake, run)
