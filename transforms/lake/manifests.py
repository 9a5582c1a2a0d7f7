"""Which files are committed: the manifests in `_runs/` and the snapshot they add up to.

Committed are the files that any manifest lists and none replaces. A manifest is one JSON object
written whole, so each commit, compaction or expiry is visible at once or not at all.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.failures import LakeError, UsageError
from transforms.lake import layout
from transforms.lake.store import Lake, LocalStore, Stat, Store, open_store
from transforms.records import Run
from transforms.schema import SCHEMA_VERSION

FORMAT = 1
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


@dataclass(frozen=True, slots=True)
class Origin:
    """Which manifest lists a file.

    Attributes:
        kind: run, or what rewrote the lake.
    """

    run_id: str
    kind: str


Committed = tuple[Origin, DataFile]


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
        stages: What each stage counted when the run was committed: in, out, dropped (by reason), seconds.
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
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)

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

    def files(self, table: str | None = None) -> list[Committed]:
        """Return the committed files (of one table) with what committed each."""
        gone = self.replaced()
        return [
            (Origin(manifest.run_id, manifest.kind), file)
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
    return parse_manifest(store, path, data)


def manifest_of(lake: Lake, run_id: str) -> Manifest:
    """Return the manifest of a committed run.

    Raises:
        LakeError: It is not committed.
    """
    manifest = read_manifest(open_store(lake), run_id)
    if manifest is None:
        raise LakeError(f"run {run_id} is not committed")
    return manifest


def snapshot(lake: Lake) -> Snapshot:
    """Return all manifests as they are now; `live.live` is the quick way to what is committed.

    The folder is listed before and after reading, until nothing changed between.
    """
    store = open_store(lake)
    for _ in range(SNAPSHOT_TRIES):
        before = listing(store)
        try:
            paths = [f"{layout.RUNS}/{stat.name}" for stat in before]
            found = [parse_manifest(store, path, store.read(path)) for path in paths]
        except FileNotFoundError:
            continue
        if before == listing(store):
            return Snapshot(
                manifests=tuple(sorted(found, key=lambda item: (item.sequence, item.run_id)))
            )
    raise LakeError(f"{store.uri(layout.RUNS)}: the manifests change faster than can be read")


def listing(store: Store) -> list[Stat]:
    """Return the manifests' files."""
    return [stat for stat in store.listing(layout.RUNS) if stat.name.endswith(".json")]


def require_lake(store: Store) -> None:
    """Raise UsageError where there is no lake."""
    if isinstance(store, LocalStore):
        root = Path(store.root)
        if not (root / layout.RUNS).is_dir() and not (root / layout.STAGING).is_dir():
            raise UsageError(f"there is no lake in {store.root}; `wirelake run` makes one")
    elif not listing(store) and not store.folders(layout.STAGING):
        raise UsageError(f"there is no lake in {store.root}; `wirelake run` makes one")


def parse_manifest(store: Store, path: str, data: bytes) -> Manifest:
    """Return the manifest in some bytes; LakeError where they are none."""
    try:
        return Manifest.from_dict(json.loads(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LakeError(f"{store.uri(path)} is not a manifest of this lake: {error!r}") from error


def _known(cls: Any, data: dict[str, Any]) -> dict[str, Any]:
    names = {item.name for item in dataclasses.fields(cls)}
    return {key: value for key, value in data.items() if key in names}
