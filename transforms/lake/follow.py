"""Following a lake: each run is read once, by who wants to know all that was before the next.

A stream asks before each window what `history` says, over ever more small files. A follower reads the
whole lake for the first window, and for each later one only the runs that were committed since, by the
files that their manifests name.

Only one ingest writes at a time, so while a stream's session stands its runs come one after the other, and
what a committed run says stays so (a compaction moves its rows, expiry takes old ones away).
"""

from __future__ import annotations

import abc
import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.history import first_day, newest_day
from transforms.lake.live import live
from transforms.lake.manifests import Committed, Manifest, Origin, listing, read_manifest
from transforms.lake.reading import before, history, scan
from transforms.lake.store import Lake, Store, open_store
from transforms.records import Run


class Follower(abc.ABC):
    """What was in some tables before a run. Thread-safe where `lock` is held.

    Args:
        tables: Names of the tables that are read.
        days: How many days before a run's to look back.
    """

    def __init__(self, lake: Lake, tables: Sequence[str], days: int) -> None:
        self._lake = lake
        self._tables = tuple(tables)
        self._days = days
        self._run: Run | None = None  # for which it was brought up to date
        self.sequence = 0  # of the newest run that was taken in
        self._manifests: set[str] = set()  # names of those that hold nothing more for us
        self._newest: dt.date | None = None  # day before the run that has rows
        self._since = dt.date.min  # what was before is forgotten
        self._older: Self | None = None  # for the rerun of a run that was taken in
        self.lock = threading.RLock()

    @abc.abstractmethod
    def again(self) -> Self:
        """Return another follower of the same, which has read nothing."""

    @abc.abstractmethod
    def clear(self) -> None:
        """Forget everything."""

    @abc.abstractmethod
    def forget(self, since: dt.date) -> None:
        """Forget what was before a day."""

    @abc.abstractmethod
    def columns(self, table: str) -> Sequence[str]:
        """Return the columns that are read of one table."""

    @abc.abstractmethod
    def rows(self, table: str) -> pc.Expression | None:
        """Return the filter that keeps the rows which matter of one table; None: all do."""

    @abc.abstractmethod
    def take(
        self, table: str, day: dt.date, batch: pa.RecordBatch, sequences: Mapping[str, int]
    ) -> None:
        """Take in rows of one table and day.

        Args:
            sequences: Numbers of the runs that the rows are of.
        """

    def before(self, run: Run) -> Self:
        """Return the follower that knows exactly what was before a run: this one, or one for reruns."""
        if run == self._run:
            return self
        if self.sequence >= run.sequence:
            if self._older is None or self._older.sequence >= run.sequence:
                self._older = self.again()
            return self._older.before(run)
        store = open_store(self._lake)
        if not (self._run and self._take_new(store, run)):
            self.clear()
            self._take_all(store, run)
        self.forget(self._since)
        self._run = run
        return self

    def _take_all(self, store: Store, run: Run) -> None:
        """Read all days that count."""
        now = live(store)
        self._newest = newest_day(now, run)
        self._since = since = first_day(self._newest, run, self._days)
        for table in self._tables:
            for day, pairs in history(now, table, run, since):
                self._read(store, table, day, pairs, now.sequences, before(now, run, pairs))
        taken = {name: number for name, number in now.sequences.items() if number < run.sequence}
        self._manifests = {f"{name}.json" for name in taken}
        self.sequence = max(taken.values(), default=0)

    def _take_new(self, store: Store, run: Run) -> bool:
        """Read the runs that were committed since; False: that cannot be told, read all."""
        names = [stat.name for stat in listing(store)]
        for name in names:
            if name in self._manifests:
                continue
            manifest = read_manifest(store, name.removesuffix(".json"))
            if manifest is None or manifest.generation:
                return False
            if manifest.kind == "run":
                if manifest.sequence >= run.sequence:
                    continue
                try:
                    self._take_run(store, manifest)
                except (LakeError, FileNotFoundError):  # compacted, and the small files are gone
                    return False
            self._manifests.add(name)
        since = first_day(self._newest, run, self._days)
        if since < self._since:  # a clock was set back; what counts again was forgotten
            return False
        self._since = since
        return self._manifests.issubset(names)

    def _take_run(self, store: Store, manifest: Manifest) -> None:
        days = [layout.date_of(file.path) for file in manifest.files]
        self._newest = max([*days, *([self._newest] if self._newest else [])], default=None)
        for table in self._tables:
            for day, pairs in _days(manifest, table, self._since).items():
                self._read(store, table, day, pairs, {manifest.run_id: manifest.sequence})
        self.sequence = max(self.sequence, manifest.sequence)

    def _read(  # noqa: PLR0917 - one call, cut out of two
        self,
        store: Store,
        table: str,
        day: dt.date,
        pairs: Sequence[Committed],
        sequences: Mapping[str, int],
        earlier: pc.Expression | None = None,
    ) -> None:
        where = self.rows(table)
        if where is None or earlier is None:
            where = earlier if where is None else where
        else:
            where &= earlier
        for batch in scan(store, table, pairs, self.columns(table), where):
            self.take(table, day, batch, sequences)


def _days(manifest: Manifest, table: str, since: dt.date) -> dict[dt.date, list[Committed]]:
    """Return a run's files of one table by day."""
    found: dict[dt.date, list[Committed]] = {}
    for file in manifest.files:
        day = layout.date_of(file.path)
        if file.table == table and day >= since:
            found.setdefault(day, []).append((Origin(manifest.run_id, manifest.kind), file))
    return found
