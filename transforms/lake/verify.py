"""Verification: the manifests against the files, without changing anything unless asked to.

Every committed file is read whole and hashed, so one flipped byte is found. `repair` removes only
what no manifest needs: leftovers of interrupted commits, and superseded files whose grace has ended.
What is missing or damaged cannot be repaired here; a rerun of the run or a backup brings it back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.layout import RAW
from transforms.lake.lock import lake_lock
from transforms.lake.manifests import (
    Manifest,
    RawFile,
    Snapshot,
    read_manifest,
    require_lake,
    snapshot,
)
from transforms.lake.rewrites import GRACE, MAINTENANCE_LOCK, superseded
from transforms.lake.store import Lake, Store, open_store
from transforms.schema import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        kind: manifest, missing, size, hash, rows, schema, index, doubled, or orphan.
        path: The file, relative to the lake.
        repaired: It was an orphan and is gone.
    """

    kind: str
    path: str
    detail: str
    repaired: bool = False


def verify(
    lake: Lake,
    now: dt.datetime,
    *,
    repair: bool = False,
    grace: dt.timedelta = GRACE,
) -> list[Finding]:
    """Return what is wrong with a lake; nothing: it is clean.

    Args:
        repair: Remove orphans. Takes the lake's lock, so that no ingest is under way.

    Raises:
        UsageError: There is no lake.
        LakeLocked: An ingest holds the lake, and `repair` was asked for.
    """
    store = open_store(lake)
    require_lake(store)
    broken = list(_manifests(store))
    if broken:
        return broken  # what is committed cannot be told
    found = list(_committed(store, snapshot(store)))
    if found:  # files that a commit replaced meanwhile do not count
        now_listed = _needed(snapshot(store))
        found = [item for item in found if item.path in now_listed]
    if not repair:
        with store.mutex(layout.COMMIT_LOCK):
            return found + list(_orphans(store, snapshot(store), now, grace))
    with (
        lake_lock(store, "verify --repair"),
        store.mutex(MAINTENANCE_LOCK),
        store.mutex(layout.COMMIT_LOCK),
    ):
        for orphan in _orphans(store, snapshot(store), now, grace):
            store.remove(orphan.path)
            found.append(replace(orphan, repaired=True))
    return found


def _manifests(store: Store) -> Iterator[Finding]:
    for stat in store.listing(layout.RUNS):
        path = f"{layout.RUNS}/{stat.name}"
        run_id = stat.name.removesuffix(".json")
        try:
            manifest = read_manifest(store, run_id)
        except LakeError as error:
            yield Finding(kind="manifest", path=path, detail=str(error))
            continue
        if manifest is not None and manifest.run_id != run_id:
            yield Finding(kind="manifest", path=path, detail=f"says it is of {manifest.run_id}")


def _committed(store: Store, current: Snapshot) -> Iterator[Finding]:
    seen: set[str] = set()
    for _, file in current.files():
        if file.path in seen:
            yield Finding(kind="doubled", path=file.path, detail="listed by two manifests")
        seen.add(file.path)
        data = _read(store, file.path)
        problem = _bytes_problem(data, file.bytes, file.sha256)
        if problem:
            yield Finding(kind=problem[0], path=file.path, detail=problem[1])
        elif data is not None:
            yield from _content(file.path, file.table, file.rows, data)
    for manifest, warc in _warcs(current):
        yield from _raw(store, manifest, warc)


def _content(path: str, table: str, rows: int, data: bytes) -> Iterator[Finding]:
    try:
        parquet = pq.ParquetFile(pa.BufferReader(data))
    except pa.ArrowInvalid as error:
        yield Finding(kind="schema", path=path, detail=str(error))
        return
    if parquet.metadata.num_rows != rows:
        detail = f"{parquet.metadata.num_rows} rows, the manifest says {rows}"
        yield Finding(kind="rows", path=path, detail=detail)
    ours = TABLES[table].schema
    for field in parquet.schema_arrow:
        if field.name in ours.names and not field.type.equals(ours.field(field.name).type):
            detail = f"{field.name} is {field.type}, not {ours.field(field.name).type}"
            yield Finding(kind="schema", path=path, detail=detail)


def _raw(store: Store, manifest: Manifest, warc: RawFile) -> Iterator[Finding]:
    index = layout.raw_index(warc.path)
    for path, size, sha256 in (
        (warc.path, warc.bytes, warc.sha256),
        (index, warc.index_bytes, warc.index_sha256),
    ):
        problem = _bytes_problem(_read(store, path), size, sha256)
        if problem:
            detail = f"{problem[1]} (run {manifest.run_id})"
            yield Finding(kind=problem[0], path=path, detail=detail)


def _orphans(
    store: Store, current: Snapshot, now: dt.datetime, grace: dt.timedelta
) -> Iterator[Finding]:
    """Yield files that no manifest needs; the caller holds the commit lock, so none is being moved."""
    needed = _needed(current)
    ends = {
        item.path: dt.datetime.fromisoformat(item.since) + grace for item in superseded(current)
    }
    for folder in (*TABLES, RAW):
        for path, stat in store.walk(folder):
            if path in needed:
                continue
            if path not in ends:
                detail = f"{stat.size} bytes that no manifest lists"
                yield Finding(kind="orphan", path=path, detail=detail)
            elif ends[path] <= now:
                detail = f"superseded, its grace period ended {ends[path].isoformat()}"
                yield Finding(kind="orphan", path=path, detail=detail)


def _needed(current: Snapshot) -> set[str]:
    """Return the paths of all that is committed, tables and raw."""
    needed = {file.path for _, file in current.files()}
    for _, warc in _warcs(current):
        needed |= {warc.path, layout.raw_index(warc.path)}
    return needed


def _warcs(current: Snapshot) -> Iterator[tuple[Manifest, RawFile]]:
    gone = current.replaced()
    for manifest in current.manifests:
        for warc in manifest.raw:
            if warc.path not in gone:
                yield manifest, warc


def _read(store: Store, path: str) -> bytes | None:
    try:
        return store.read(path)
    except FileNotFoundError:
        return None


def _bytes_problem(data: bytes | None, size: int, sha256: str) -> tuple[str, str] | None:
    if data is None:
        return "missing", "the manifest lists it and it is not there"
    if len(data) != size:
        return "size", f"{len(data)} bytes, the manifest says {size}"
    if hashlib.sha256(data).hexdigest() != sha256:
        return "hash", "its bytes are not those that were committed"
    return None
