"""Which files are committed: the manifests in `_runs/` and the snapshot they add up to.

Committed are the files that any manifest lists and none replaces. A manifest is one JSON object
written whole, so each commit, compaction or expiry is visible at once or not at all.

A lake may hold thousands of runs, so a checkpoint keeps the content of manifests already read
together with their store tokens. It is a cache only: a manifest whose token differs is read anew,
and the checkpoint may be deleted at any time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from transforms.failures import LakeError, UsageError
from transforms.lake import layout
from transforms.lake.store import Lake, Stat, Store, open_store
from transforms.records import Run
from transforms.schema import SCHEMA_VERSION, TABLES

FORMAT = 1
CHECKPOINT_AFTER = 32  # manifests not in the checkpoint that make writing a new one worth it
SNAPSHOT_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One committed file of one table.

    Attributes:
        date: Its `dt`, ISO.
        path: Relative to the lake.
        sha256: Hex, of the file's bytes.
        sequence: The largest number of the runs whose rows it holds.
        mixed: It holds rows of several runs.
    """

    table: str
    date: str
    path: str
    rows: int
    bytes: int
    sha256: str
    sequence: int
    mixed: bool = False
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """One committed WARC file with its index."""

    path: str
    records: int
    bytes: int
    sha256: str
    index_bytes: int
    index_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """A file that this manifest replaced; removed after a grace period.

    Attributes:
        since: When, ISO, UTC.
    """

    path: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One commit.

    Attributes:
        run_id: The run's id; the commit's own id where kind is not "run".
        kind: run, or what rewrote the lake (compaction, recode, expiry).
        sequence: The run's number in the order of first starts; of a rewrite the largest it holds.
        interval_start, interval_end, started_at, committed_at: ISO, UTC.
        generation: How often the run was committed with other bytes than before.
        replaces: Paths of other manifests' files that are no longer committed.
        counts: Rows per table.
        duplicates: Rows per reason.
        rejects: Rows per unit, stage and error.
        law: The counting law's numbers: new, articles, duplicates, rejects.
    """

    run_id: str
    kind: str = "run"
    format: int = FORMAT
    sequence: int
    interval_start: str
    interval_end: str
    started_at: str
    committed_at: str
    config_hash: str = ""
    schema_version: int = SCHEMA_VERSION
    coder_version: str | None = None
    generation: int = 0
    files: tuple[DataFile, ...] = ()
    raw: tuple[RawFile, ...] = ()
    replaces: tuple[str, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, int] = field(default_factory=dict)
    rejects: tuple[dict[str, Any], ...] = ()
    law: dict[str, int] = field(default_factory=dict)

    def run(self) -> Run:
        """Return the run that this manifest committed."""
        return Run(
            run_id=self.run_id,
            interval_start=dt.datetime.fromisoformat(self.interval_start),
            interval_end=dt.datetime.fromisoformat(self.interval_end),
            started_at=dt.datetime.fromisoformat(self.started_at),
            sequence=self.sequence,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds of it."""
        return dataclasses.asdict(self)

    def to_json(self) -> bytes:
        """Return the manifest's file."""
        return (json.dumps(self.to_dict(), indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Manifest:
        """Return the manifest that `to_dict` wrote; keys of later versions are left out.

        Raises:
            KeyError, TypeError, ValueError: It is not a manifest.
        """
        known = _known(cls, data)
        known["files"] = tuple(DataFile(**_known(DataFile, item)) for item in data["files"])
        known["raw"] = tuple(RawFile(**_known(RawFile, item)) for item in data.get("raw", ()))
        known["superseded"] = tuple(
            Superseded(**_known(Superseded, item)) for item in data.get("superseded", ())
        )
        known["replaces"] = tuple(data.get("replaces", ()))
        known["rejects"] = tuple(data.get("rejects", ()))
        return cls(**known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What is committed at one moment.

    Attributes:
        manifests: By sequence, then id.
    """

    manifests: tuple[Manifest, ...]

    def files(self, table: str | None = None) -> list[tuple[Manifest, DataFile]]:
        """Return the committed files (of one table) with the manifest that lists each."""
        gone = self.replaced()
        return [
            (manifest, file)
            for manifest in self.manifests
            for file in manifest.files
            if (table is None or file.table == table) and file.path not in gone
        ]

    def replaced(self) -> set[str]:
        """Return the paths that some manifest replaces."""
        return {path for manifest in self.manifests for path in manifest.replaces}

    def sequences(self) -> dict[str, int]:
        """Return the sequence of each run."""
        return {item.run_id: item.sequence for item in self.manifests if item.kind == "run"}


def read_manifest(store: Store, run_id: str) -> Manifest | None:
    """Return the manifest of a run; None where it is not committed."""
    path = layout.manifest(run_id)
    try:
        data = store.read(path)
    except FileNotFoundError:
        return None
    return _parse(store, path, data)


def snapshot(lake: Lake) -> Snapshot:
    """Return what is committed now.

    The folder is listed before and after reading, until nothing changed between: a listing alone
    may show a later commit and miss an earlier one.
    """
    store = open_store(lake)
    known = _checkpoint(store)
    for _ in range(SNAPSHOT_TRIES):
        before = _listing(store)
        try:
            found = {stat.name: _read(store, stat, known) for stat in before}
        except FileNotFoundError:
            continue
        if before == _listing(store):
            known = found
            break
    else:
        raise LakeError(f"{store.uri(layout.RUNS)}: the manifests change faster than can be read")
    manifests = [manifest for _, manifest in known.values()]
    return Snapshot(manifests=tuple(sorted(manifests, key=lambda m: (m.sequence, m.run_id))))


def checkpoint(store: Store) -> None:
    """Write the cache of manifests where many are not in it; for whoever has just committed."""
    known = _checkpoint(store)
    listing = _listing(store)
    fresh = [stat for stat in listing if known.get(stat.name, ("",))[0] != stat.token]
    if len(fresh) < CHECKPOINT_AFTER:
        return
    try:
        found = {stat.name: _read(store, stat, known) for stat in listing}
    except FileNotFoundError:
        return
    data = {name: [token, manifest.to_dict()] for name, (token, manifest) in found.items()}
    store.put(layout.CHECKPOINT, json.dumps(data, separators=(",", ":")).encode(), durable=False)


def files(lake: Lake, table: str) -> list[str]:
    """Return what a reader opens to see the committed rows of one table: paths, sorted.

    Hand them to `pandas.read_parquet`, `polars.scan_parquet`, `pyarrow.dataset.dataset` or
    DuckDB's `read_parquet`. Files that a rerun or a compaction replaced are left out.

    Raises:
        UsageError: There is no such table.
    """
    if table not in TABLES:
        raise UsageError(f"no table {table!r}; there are {', '.join(TABLES)}")
    store = open_store(lake)
    return sorted(store.uri(file.path) for _, file in snapshot(store).files(table))


def total_rows(committed: Iterable[tuple[Manifest, DataFile]]) -> dict[str, int]:
    """Return the rows of each table, 0 for those without a file."""
    totals = dict.fromkeys(TABLES, 0)
    for _, file in committed:
        totals[file.table] = totals.get(file.table, 0) + file.rows
    return totals


def _listing(store: Store) -> list[Stat]:
    return [stat for stat in store.listing(layout.RUNS) if stat.name.endswith(".json")]


def _read(store: Store, stat: Stat, known: dict[str, tuple[str, Manifest]]) -> tuple[str, Manifest]:
    if stat.name in known and known[stat.name][0] == stat.token:
        return known[stat.name]
    path = f"{layout.RUNS}/{stat.name}"
    return stat.token, _parse(store, path, store.read(path))


def _checkpoint(store: Store) -> dict[str, tuple[str, Manifest]]:
    try:
        data = json.loads(store.read(layout.CHECKPOINT))
        return {name: (token, Manifest.from_dict(item)) for name, (token, item) in data.items()}
    except FileNotFoundError:
        return {}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}  # a cache cut short by a loss of power; the manifests are the truth


def _parse(store: Store, path: str, data: bytes) -> Manifest:
    try:
        return Manifest.from_dict(json.loads(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LakeError(f"{store.uri(path)} is not a manifest of this lake: {error!r}") from error


def _known(cls: Any, data: dict[str, Any]) -> dict[str, Any]:
    names = {item.name for item in dataclasses.fields(cls)}
    return {key: value for key, value in data.items() if key in names}
