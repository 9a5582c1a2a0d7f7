"""Commits that rewrite what is committed: compaction, expiry, recoding.

Such a commit is one manifest of its own: the files it adds and, in `replaces`, those it takes away.
Readers see all of it at once. Files that were taken away stay for a grace period, since a reader or
a query that began before may have them open; `remove_superseded` deletes them afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake import layout, parquet
from transforms.lake.live import checkpoint
from transforms.lake.manifests import (
    Committed,
    DataFile,
    Manifest,
    Snapshot,
    Superseded,
    snapshot,
)
from transforms.lake.reading import scan
from transforms.lake.store import Store
from transforms.schema import TABLES

GRACE = dt.timedelta(days=1)
MAINTENANCE_LOCK = f"{layout.STAGING}/_maintenance.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """One commit that rewrites: new files for old ones.

    Attributes:
        files: (staged path, entry) of each new file; the entry's path is where it will be.
        replaces: Committed paths that these stand in for.
        reads: Other committed paths that the new files were made of, and that stay.
        coder_version: Of the events, where a coder made them.
    """

    files: tuple[tuple[str, DataFile], ...]
    replaces: tuple[str, ...]
    reads: tuple[str, ...] = ()
    coder_version: str | None = None


def free_id(store: Store, kind: str, now: dt.datetime) -> str:
    """Return an id for a rewrite: its kind and time, the next second that is free.

    It has a dot, which no run's id may have, so the two never meet.
    """
    while True:
        name = f"{kind}.{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        if not store.exists(layout.manifest(name)):
            return name
        now += dt.timedelta(seconds=1)


def stage_rows(
    store: Store, rewrite_id: str, entry: DataFile, rows: pa.Table
) -> tuple[str, DataFile]:
    """Write rows to a rewrite's staging folder.

    Args:
        entry: What is known of the file: table, date, path, sequence.

    Returns:
        Where it is staged, and the entry with all that the manifest says of it.
    """
    data = parquet.encode(parquet.ordered(TABLES[entry.table], rows))
    name = entry.path.replace("/", "-").removesuffix(".parquet")
    path = f"{layout.staged_tables(rewrite_id)}/{name}.staged"
    store.put(path, data)
    return path, replace(
        entry,
        rows=rows.num_rows,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        mixed=entry.mixed or pc.count_distinct(rows["run_id"]).as_py() > 1,
    )


def planned(table: str, date: str, path: str, sequence: int, *, mixed: bool = False) -> DataFile:
    """Return the entry of a file that is not written yet."""
    return DataFile(
        table=table,
        date=date,
        path=path,
        rows=0,
        bytes=0,
        sha256="",
        sequence=sequence,
        mixed=mixed,
    )


def publish(
    store: Store, rewrite_id: str, kind: str, rewrite: Rewrite, now: dt.datetime
) -> Manifest | None:
    """Commit a rewrite; None where a file that it replaces or read is no longer committed.

    That is so when a rerun or another rewrite replaced it meanwhile; nothing has changed then.
    """
    with store.mutex(layout.COMMIT_LOCK):
        before = snapshot(store)
        listed = {file.path for _, file in before.files()}
        listed |= {warc.path for item in before.manifests for warc in item.raw} - before.replaced()
        if not listed.issuperset(rewrite.replaces + rewrite.reads):
            return None
        for staged, entry in rewrite.files:
            store.move(staged, entry.path)
        store.settle({entry.path.rpartition("/")[0] for _, entry in rewrite.files})
        time = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        added = tuple(entry for _, entry in rewrite.files)
        ages = _committed_at(before)
        sequences = [file.sequence for _, file in before.files() if file.path in rewrite.replaces]
        manifest = Manifest(
            run_id=rewrite_id,
            kind=kind,
            sequence=max([0, *sequences, *(file.sequence for file in added)]),
            interval_start=time,
            interval_end=time,
            started_at=time,
            committed_at=time,
            coder_version=rewrite.coder_version,
            files=added,
            replaces=rewrite.replaces,
            superseded=tuple(
                # A clock may go back: nothing was superseded before it was committed.
                Superseded(path=path, since=max(time, ages[path]))
                for path in rewrite.replaces
            ),
        )
        if not store.exchange(layout.manifest(rewrite_id), manifest.to_json(), None):
            return None
        checkpoint(store)
    return manifest


def _committed_at(current: Snapshot) -> dict[str, str]:
    """Return when each file was committed, ISO, UTC."""
    return {
        path: manifest.committed_at
        for manifest in current.manifests
        for path in (*(f.path for f in manifest.files), *(warc.path for warc in manifest.raw))
    }


def remove_superseded(store: Store, now: dt.datetime, grace: dt.timedelta = GRACE) -> list[str]:
    """Delete the files that were superseded longer ago than the grace period; return their paths."""
    removed = []
    with store.mutex(layout.COMMIT_LOCK):
        current = snapshot(store)
        listed = {file.path for _, file in current.files()}
        for item in superseded(current):
            due = dt.datetime.fromisoformat(item.since) + grace <= now
            if due and item.path not in listed and store.exists(item.path):
                store.remove(item.path)
                removed.append(item.path)
    return removed


def superseded(current: Snapshot) -> Iterable[Superseded]:
    """Return what any manifest superseded, an index with its WARC file."""
    for manifest in current.manifests:
        for item in manifest.superseded:
            yield item
            if item.path.endswith(".warc.gz"):
                yield Superseded(path=layout.raw_index(item.path), since=item.since)


def sweep(store: Store, kind: str) -> None:
    """Remove what interrupted rewrites of a kind left; the caller holds the maintenance lock."""
    with store.mutex(layout.COMMIT_LOCK):
        for name in store.folders(layout.STAGING):
            if name.startswith(f"{kind}.") and not store.exists(layout.started(name)):
                store.remove_tree(layout.staging(name))
        listed = {file.path for item in snapshot(store).manifests for file in item.files}
        for table in TABLES:
            for path, stat in list(store.walk(table)):
                if stat.name.startswith(f"{kind}.") and path not in listed:
                    store.remove(path)


def rows_of(store: Store, table: str, committed: Sequence[Committed]) -> pa.Table:
    """Return all rows of some committed files of one table, in the schema of today."""
    schema = TABLES[table].schema
    batches = list(scan(store, table, committed, schema.names))
    return pa.Table.from_batches(
        [pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches], schema
    )
