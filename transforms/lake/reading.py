"""Arrow scans over committed files: column projection, `dt` pruning, old files under new schemas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.live import Live
from transforms.lake.manifests import Committed
from transforms.lake.store import Store
from transforms.records import Run
from transforms.schema import TABLES

BATCH_ROWS = 122_880  # one row group, see parquet.ROW_GROUP


def history(
    now: Live, table: str, run: Run, since: dt.date | None
) -> list[tuple[dt.date, list[Committed]]]:
    """Return the files of a table that may hold rows from before a run, by day, newest day first.

    Args:
        since: Leave out days before this one; None: all days.
    """
    days: dict[dt.date, list[Committed]] = {}
    for origin, file in now.files(table):
        date = layout.date_of(file.path)
        if (since is None or date >= since) and (file.sequence < run.sequence or file.mixed):
            days.setdefault(date, []).append((origin, file))
    return sorted(days.items(), reverse=True)


def before(now: Live, run: Run, committed: Sequence[Committed]) -> pc.Expression | None:
    """Return the filter on run_id that keeps rows from before a run; None: all are.

    Only a rewritten file (a compaction's) can hold rows of earlier and later runs.
    """
    if all(file.sequence < run.sequence for _, file in committed):
        return None
    later = [run_id for run_id, sequence in now.sequences.items() if sequence >= run.sequence]
    return ~pc.field("run_id").isin(later)


def scan(
    store: Store,
    table: str,
    committed: Sequence[Committed],
    columns: Sequence[str],
    where: pc.Expression | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of some committed files, in the files' order.

    Columns that a file was written without are null.

    Raises:
        LakeError: A committed file is missing or damaged.
    """
    if not committed:
        return
    data = ds.dataset(
        [store.uri(file.path) for _, file in committed],
        schema=nullable(TABLES[table].schema),
        format="parquet",
    )
    batches = data.to_batches(columns=list(columns), filter=where, batch_size=BATCH_ROWS)
    while True:
        try:
            batch = next(batches, None)
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(store.uri(""), error) from error
        if batch is None:
            return
        if batch.num_rows:
            yield batch


def unreadable(lake: str, error: Exception) -> LakeError:
    """Return what to tell about a committed file that cannot be read, in one line."""
    what = str(error).splitlines()[0].rstrip(". ")
    return LakeError(
        f"cannot read the lake {lake}: {what}; `wirelake verify` names every file that is wrong"
    )


def nullable(schema: pa.Schema) -> pa.Schema:
    """Return the schema with every column nullable, as files of an older version may need."""
    return pa.schema([field.with_nullable(True) for field in schema])
