"""The signatures for a stream: what `history.signatures` says, followed run by run.

They are read for each window, and there may be a million of them (750 MB). So they wait in files
without a name, which the system maps into memory as they are read and lets go of as it likes; only the
newest few thousand are held.
"""

from __future__ import annotations

import datetime as dt
import functools
import mmap
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.follow import Follower
from transforms.lake.store import Lake
from transforms.records import Run
from transforms.schema import TABLES

HELD_ROWS = 16_384  # in memory, about 12 MB; then they go to a file
HELD_BATCHES = 64  # each of a run; then they become one


@dataclass(slots=True)
class _Day:
    """The signatures of one day: those in files, and those that are held."""

    files: list[pa.Table] = field(default_factory=list)
    held: list[pa.RecordBatch] = field(default_factory=list)

    def take(self, batch: pa.RecordBatch) -> None:
        """Take in the rows of one run, or of a part of a file."""
        self.held.append(batch)
        rows = sum(held.num_rows for held in self.held)
        if rows >= HELD_ROWS:
            self.files.append(_filed(pa.Table.from_batches(self.held)))
            self.held = []
        elif len(self.held) >= HELD_BATCHES:
            self.held = pa.Table.from_batches(self.held).combine_chunks().to_batches()

    def tables(self) -> list[pa.Table]:
        """Return all of them."""
        held = [pa.Table.from_batches(self.held).combine_chunks()] if self.held else []
        return [*self.files, *held]


class SignatureMemory(Follower):
    """The signatures of the copies known before any run of a stream. Thread-safe."""

    def __init__(self, lake: Lake, days: int) -> None:
        super().__init__(lake, ("signatures",), days)
        self.by_day: dict[dt.date, _Day] = {}

    def signatures(self, run: Run) -> Iterator[pa.Table]:
        """Yield what was known before a run, in tables with the columns of `signatures`."""
        with self.lock:
            days = self.before(run).by_day
            tables = [table for day in sorted(days) for table in days[day].tables()]
        yield from tables

    def again(self) -> SignatureMemory:
        """Return another memory of the same lake."""
        return SignatureMemory(self._lake, self._days)

    def clear(self) -> None:
        """Forget everything."""
        self.by_day = {}

    def forget(self, since: dt.date) -> None:
        """Forget what was before a day."""
        self.by_day = {day: known for day, known in self.by_day.items() if day >= since}

    def columns(self, table: str) -> Sequence[str]:
        """Return all of them."""
        return list(TABLES[table].schema.names)

    def rows(self, table: str) -> pc.Expression | None:  # noqa: ARG002
        """Return no filter."""
        return None

    def take(
        self, table: str, day: dt.date, batch: pa.RecordBatch, sequences: Mapping[str, int]
    ) -> None:
        """Take in signatures."""
        del table, sequences
        self.by_day.setdefault(day, _Day()).take(batch)


def _filed(table: pa.Table) -> pa.Table:
    """Return the same rows, in a file that goes when the last of them does."""
    with tempfile.TemporaryFile(prefix="wirelake-") as file:
        with pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_stream(pa.py_buffer(mapped)).read_all()


@functools.lru_cache(maxsize=4)
def signatures_of(lake: str, session: str, days: int) -> SignatureMemory:
    """Return this process's signatures for a stream; see `memory.memory_of`."""
    del session
    return SignatureMemory(lake, days)
