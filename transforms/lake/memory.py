"""The feeds' states for a stream: what `history.feed_states` says, followed run by run."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.follow import Follower
from transforms.lake.history import ENTRY_TABLES, STATE, state_of
from transforms.lake.store import Lake
from transforms.records import NEVER_POLLED, FeedState, Run, entry_number

PACE_DAYS = 7  # in which new entries are counted: a whole week, since feeds rest at weekends
Order = tuple[dt.date, int, dt.datetime]  # of polls: day and number of the run, time


@dataclass(slots=True)
class _Day:
    """What one day's polls of one feed brought.

    Attributes:
        first: The earliest of them.
        first_new: Entries that were new in it: in a feed's first poll, all that it had.
        new: Entries that were new in all.
    """

    first: dt.datetime
    first_new: int
    new: int

    def take(self, at: dt.datetime, new: int) -> None:
        """Take in one poll."""
        if at < self.first:
            self.first, self.first_new = at, new
        self.new += new


@dataclass(slots=True)
class _Feed:
    """What is known of one feed.

    Attributes:
        state: As its newest poll says, without what it has shown; None: never polled.
        newest: Which poll that is.
        shown: As the newest poll says that read a document.
        shown_at: Which poll that is.
        entries: Numbers of the entries that it brought, by the day of the run.
        days: What its polls brought, by the day of the poll.
    """

    state: FeedState | None = None
    newest: Order | None = None
    shown: tuple[int, ...] = ()
    shown_at: Order | None = None
    entries: dict[dt.date, set[int]] = field(default_factory=dict)
    days: dict[dt.date, _Day] = field(default_factory=dict)

    def take(self, day: dt.date, sequence: int, row: Mapping[str, Any]) -> None:
        """Take in one poll."""
        at: dt.datetime = row["polled_at"]
        order = (day, sequence, at)
        if self.newest is None or order > self.newest:
            self.state, self.newest = state_of(row), order
        if row["shown"] is not None and (self.shown_at is None or order > self.shown_at):
            self.shown, self.shown_at = tuple(row["shown"]), order
        if at.date() in self.days:
            self.days[at.date()].take(at, row["new"])
        else:
            self.days[at.date()] = _Day(at, row["new"], row["new"])

    def forget(self, since: dt.date) -> None:
        """Forget what was before a day."""
        self.entries = {day: numbers for day, numbers in self.entries.items() if day >= since}
        self.days = {day: polls for day, polls in self.days.items() if day >= since}
        if self.newest is not None and self.newest[0] < since:
            self.state = self.newest = None
        if self.shown_at is not None and self.shown_at[0] < since:
            self.shown, self.shown_at = (), None

    def paced(self, today: dt.date) -> FeedState | None:
        """Return the state with what the polls of the last days brought; None: never polled."""
        since = today - dt.timedelta(days=PACE_DAYS)
        recent = {day: polls for day, polls in self.days.items() if day > since}
        if self.state is None or not recent:
            return self.state
        first = recent[min(recent)]
        new = sum(polls.new for polls in recent.values()) - first.first_new
        return replace(self.state, counted_since=first.first, counted_new=new)

    def all_shown(self) -> frozenset[int]:
        """Return the numbers of all entries that it has shown."""
        return frozenset(self.shown).union(*self.entries.values())


class FeedMemory(Follower):
    """The states of some feeds, as they were before any run of a stream. Thread-safe.

    Args:
        days: How many days before a run's to look back.
    """

    def __init__(self, lake: Lake, feed_ids: Sequence[str], days: int) -> None:
        super().__init__(lake, ("polls", *ENTRY_TABLES), days)
        self._feed_ids = tuple(feed_ids)
        self.feeds = {feed_id: _Feed() for feed_id in feed_ids}
        self._states: tuple[Run, dict[str, FeedState]] | None = None

    def states(self, run: Run) -> Mapping[str, FeedState]:
        """Return each feed's state before a run, without what it has shown; never polled: left out."""
        with self.lock:
            return self.before(run).known(run)

    def state(self, run: Run, feed_id: str) -> FeedState:
        """Return one feed's state before a run, with what it has shown."""
        with self.lock:
            memory = self.before(run)
            known = memory.known(run).get(feed_id)
            if known is None:
                return NEVER_POLLED
            return replace(known, shown=memory.feeds[feed_id].all_shown())

    def again(self) -> FeedMemory:
        """Return another memory of the same feeds."""
        return FeedMemory(self._lake, self._feed_ids, self._days)

    def clear(self) -> None:
        """Forget everything."""
        self.feeds = {feed_id: _Feed() for feed_id in self._feed_ids}

    def forget(self, since: dt.date) -> None:
        """Forget what was before a day."""
        for feed in self.feeds.values():
            feed.forget(since)

    def columns(self, table: str) -> Sequence[str]:
        """Return what a state is made of, or whose the entries are."""
        return (*STATE, "new") if table == "polls" else ("feed_id", "entry_id")

    def rows(self, table: str) -> pc.Expression | None:
        """Return the filter that keeps what is of our feeds."""
        ours = pc.field("feed_id").isin(sorted(self._feed_ids))
        return ours if table == "polls" else ours & pc.field("entry_id").is_valid()

    def take(
        self, table: str, day: dt.date, batch: pa.RecordBatch, sequences: Mapping[str, int]
    ) -> None:
        """Take in polls, or entries that feeds have brought."""
        for row in batch.to_pylist():
            feed = self.feeds[row["feed_id"]]
            if table == "polls":
                feed.take(day, sequences[row["run_id"]], row)
            else:
                feed.entries.setdefault(day, set()).add(entry_number(row["entry_id"]))

    def known(self, run: Run) -> dict[str, FeedState]:
        """Return the states before the run for which it was brought up to date."""
        if self._states is None or self._states[0] != run:
            found = {name: feed.paced(run.date) for name, feed in self.feeds.items()}
            self._states = (run, {name: state for name, state in found.items() if state})
        return self._states[1]


@functools.lru_cache(maxsize=4)
def memory_of(lake: str, session: str, feed_ids: tuple[str, ...], days: int) -> FeedMemory:
    """Return this process's memory for a stream.

    Args:
        session: The stream's; no other stream's memory is taken over.
    """
    del session
    return FeedMemory(lake, feed_ids, days)
