"""The feeds' states for a stream: read from the lake once, then brought up to date run by run.

`history.feed_states` reads all that the lake remembers, once for a run. A stream would do so for each of
its windows, over ever more small files. Here each run is read once: its own files, named by its manifest.

Only one ingest writes at a time, so while a stream's session stands its runs come one after the other, and
what a committed run says stays so (a compaction moves its rows, expiry takes old ones away).
"""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow.compute as pc

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.history import ENTRY_TABLES, STATE, state_of
from transforms.lake.live import live
from transforms.lake.manifests import Committed, Manifest, Origin, listing, read_manifest
from transforms.lake.reading import before, history, scan
from transforms.lake.store import Lake, Store, open_store
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


class FeedMemory:
    """The states of some feeds, as they were before any run of a stream. Thread-safe.

    Args:
        days: How many days before a run's to look back.
    """

    def __init__(self, lake: Lake, feed_ids: Iterable[str], days: int) -> None:
        self._lake = lake
        self._feed_ids = tuple(feed_ids)
        self._days = days
        self._lock = threading.RLock()
        self._older: FeedMemory | None = None  # for the rerun of a run that was taken in
        self._run: Run | None = None  # for which it was brought up to date
        self._sequence = 0  # of the newest run that was taken in
        self._manifests: set[str] = set()  # names of those that hold nothing more for us
        self._feeds = {feed_id: _Feed() for feed_id in self._feed_ids}
        self._states: dict[str, FeedState] = {}

    def states(self, run: Run) -> Mapping[str, FeedState]:
        """Return each feed's state before a run, without what it has shown; never polled: left out."""
        with self._lock:
            return self._before(run)._states  # noqa: SLF001 - one of us

    def state(self, run: Run, feed_id: str) -> FeedState:
        """Return one feed's state before a run, with what it has shown."""
        with self._lock:
            memory = self._before(run)
            known: FeedState | None = memory._states.get(feed_id)  # noqa: SLF001
            if known is None:
                return NEVER_POLLED
            return replace(known, shown=memory._feeds[feed_id].all_shown())  # noqa: SLF001

    def _before(self, run: Run) -> FeedMemory:
        """Return the memory that knows exactly what was before a run."""
        if run == self._run:
            return self
        if self._sequence >= run.sequence:
            if self._older is None or self._older._sequence >= run.sequence:  # noqa: SLF001
                self._older = FeedMemory(self._lake, self._feed_ids, self._days)
            return self._older._before(run)  # noqa: SLF001
        store = open_store(self._lake)
        since = run.date - dt.timedelta(days=self._days)
        if not (self._run and self._take_new(store, run, since)):
            self._feeds = {feed_id: _Feed() for feed_id in self._feed_ids}
            self._take_all(store, run, since)
        for feed in self._feeds.values():
            feed.forget(since)
        found = {name: feed.paced(run.date) for name, feed in self._feeds.items()}
        self._states = {name: state for name, state in found.items() if state is not None}
        self._run = run
        return self

    def _take_all(self, store: Store, run: Run, since: dt.date) -> None:
        """Read all days from one on."""
        now = live(store)
        for table in ("polls", *ENTRY_TABLES):
            files = [pair for _, pairs in history(now, table, run, since) for pair in pairs]
            self._take(store, table, files, now.sequences, before(now, run, files))
        taken = {name: number for name, number in now.sequences.items() if number < run.sequence}
        self._manifests = {f"{name}.json" for name in taken}
        self._sequence = max(taken.values(), default=0)

    def _take_new(self, store: Store, run: Run, since: dt.date) -> bool:
        """Read the runs that were committed since; False: that cannot be told, read all."""
        names = [stat.name for stat in listing(store)]
        for name in names:
            if name in self._manifests:
                continue
            manifest = read_manifest(store, name.removesuffix(".json"))
            if manifest is None or manifest.generation:
                return False
            if manifest.kind == "run" and manifest.sequence >= run.sequence:
                continue
            if manifest.kind == "run":
                try:
                    self._take_run(store, manifest, since)
                except LakeError:  # compacted, and the small files are gone
                    return False
            self._manifests.add(name)
        return self._manifests.issubset(names)

    def _take_run(self, store: Store, manifest: Manifest, since: dt.date) -> None:
        sequences = {manifest.run_id: manifest.sequence}
        for table in ("polls", *ENTRY_TABLES):
            files: list[Committed] = [
                (Origin(manifest.run_id, manifest.kind), file)
                for file in manifest.files
                if file.table == table and layout.date_of(file.path) >= since
            ]
            self._take(store, table, files, sequences, None)
        self._sequence = max(self._sequence, manifest.sequence)

    def _take(
        self,
        store: Store,
        table: str,
        files: Sequence[Committed],
        sequences: Mapping[str, int],
        earlier: pc.Expression | None,
    ) -> None:
        """Take in the rows of one table's files, day by day."""
        columns = (*STATE, "new") if table == "polls" else ("feed_id", "entry_id")
        where = pc.field("feed_id").isin(sorted(self._feeds))
        where = where if table == "polls" else where & pc.field("entry_id").is_valid()
        where = where if earlier is None else where & earlier
        days: dict[dt.date, list[Committed]] = {}
        for pair in files:
            days.setdefault(layout.date_of(pair[1].path), []).append(pair)
        for day, pairs in days.items():
            for batch in scan(store, table, pairs, columns, where):
                for row in batch.to_pylist():
                    feed = self._feeds[row["feed_id"]]
                    if table == "polls":
                        feed.take(day, sequences[row["run_id"]], row)
                    else:
                        numbers = feed.entries.setdefault(day, set())
                        numbers.add(entry_number(row["entry_id"]))


@functools.lru_cache(maxsize=4)
def memory_of(lake: str, session: str, feed_ids: tuple[str, ...], days: int) -> FeedMemory:
    """Return this process's memory for a stream.

    Args:
        session: The stream's; no other stream's memory is taken over.
    """
    del session
    return FeedMemory(lake, feed_ids, days)
