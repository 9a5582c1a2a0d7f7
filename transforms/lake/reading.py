"""Arrow scans over committed files: column projection, `dt` pruning, old files under new schemas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from transforms.failures import LakeError, UsageError
from transforms.lake import layout
from transforms.lake.live import Live, live
from transforms.lake.manifests import Committed, require_lake
from transforms.lake.store import Lake, Store, open_store
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
    schema = nullable(TABLES[table].schema)
    data = opened(store, [file.path for _, file in committed], schema)
    batches = data.to_batches(columns=list(columns), filter=where, batch_size=BATCH_ROWS)
    while True:
        try:
            batch = next(batches, None)
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(store.root, error) from error
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


def dataset(lake: Lake, table: str) -> ds.Dataset:
    """Return the committed rows of one table as a pyarrow dataset, wherever the lake is.

    DuckDB, Polars and pandas take it (`duckdb.from_arrow`, `polars.scan_pyarrow_dataset`,
    `.to_table().to_pandas()`). Columns that a file was written without are null.

    Raises:
        UsageError: There is no lake or no such table.
    """
    if table not in TABLES:
        raise UsageError(f"no table {table!r}; there are {', '.join(TABLES)}")
    store = open_store(lake)
    require_lake(store)
    paths = [file.path for _, file in live(store).files(table)]
    return opened(store, sorted(paths), nullable(TABLES[table].schema))


def opened(store: Store, paths: Sequence[str], schema: pa.Schema) -> ds.Dataset:
    """Return some of the lake's Parquet files as one dataset; opens none of them yet."""
    return ds.dataset(
        list(map(store.arrow_path, paths)),
        schema=schema,
        format="parquet",
        filesystem=store.filesystem,
    )


def schema_of(store: Store, path: str) -> pa.Schema:
    """Return the schema of one of the lake's Parquet files; LakeError where it cannot be read."""
    try:
        return pq.read_schema(pa.BufferReader(store.read(path)))
    except (OSError, pa.ArrowInvalid) as error:
        raise unreadable(store.root, error) from error


def nullable(schema: pa.Schema) -> pa.Schema:
    """Return the schema with every column nullable, as files of an older version may need."""
    return pa.schema([field.with_nullable(True) for field in schema])
