"""What is live: the committed files that nothing replaces, found without reading every manifest.

A lake may hold thousands of runs. A checkpoint keeps the live files of the manifests it knows, by
their store tokens; opening a lake then means one listing, the checkpoint, and the manifests that are newer.
The checkpoint is a cache only: where a manifest that it knows has changed (a run was committed anew) or
is gone, all manifests are read, and it may be deleted at any time.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from transforms.failures import LakeError, UsageError
from transforms.lake import layout
from transforms.lake.manifests import (
    Committed,
    DataFile,
    Manifest,
    Origin,
    Snapshot,
    listing,
    parse_manifest,
    require_lake,
)
from transforms.lake.store import Lake, Stat, Store, open_store
from transforms.schema import TABLES

CHECKPOINT_FORMAT = 2
CHECKPOINT_AFTER = 32  # manifests not in the checkpoint that make writing a new one worth it
_TRIES = 50
_FIELDS = tuple(field.name for field in dataclasses.fields(DataFile))


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The live files at one moment.

    Attributes:
        committed: By the number of the newest run in each file, then path.
        sequences: The number of each committed run.
        uncovered: How many manifests had to be read because no checkpoint holds them.
    """

    committed: tuple[Committed, ...]
    sequences: dict[str, int]
    uncovered: int = field(default=0, compare=False)

    def files(self, table: str | None = None) -> list[Committed]:
        """Return the live files (of one table) with what committed each."""
        return [pair for pair in self.committed if table is None or pair[1].table == table]

    def paths(self) -> set[str]:
        """Return the live files' paths."""
        return {file.path for _, file in self.committed}

    def newest(self) -> int:
        """Return the largest number of a committed run; 0: there is none."""
        return max(self.sequences.values(), default=0)


@dataclass(slots=True)
class _Known:
    """What a checkpoint holds; grows by reading manifests.

    Attributes:
        tokens: Token of each manifest that is in it, by file name.
        files: Live files by path.
        uncovered: Manifests that were taken in since it was read.
    """

    tokens: dict[str, str]
    files: dict[str, Committed]
    sequences: dict[str, int]
    uncovered: int = 0

    def holds(self, stats: list[Stat]) -> bool:
        """Say whether all that is known is still so."""
        there = {stat.name: stat.token for stat in stats}
        return all(there.get(name) == token for name, token in self.tokens.items())

    def add(self, stats: list[Stat], manifests: list[Manifest]) -> None:
        """Take in manifests that are new; what one of them replaces goes, whoever brought it."""
        snapshot = Snapshot(manifests=tuple(manifests))
        gone = snapshot.replaced()
        for pair in snapshot.files():
            self.files[pair[1].path] = pair
        for path in gone & self.files.keys():
            del self.files[path]
        self.sequences |= snapshot.sequences()
        self.tokens |= {stat.name: stat.token for stat in stats}
        self.uncovered += len(stats)


def live(lake: Lake) -> Live:
    """Return what is live now.

    The folder is listed before and after reading new manifests, until nothing changed between: a listing
    alone may show a later commit and miss an earlier one.
    """
    known = _settled(open_store(lake))
    committed = sorted(known.files.values(), key=lambda pair: (pair[1].sequence, pair[1].path))
    return Live(committed=tuple(committed), sequences=known.sequences, uncovered=known.uncovered)


def checkpoint(store: Store) -> None:
    """Write the cache anew; for whoever has just committed."""
    known = _settled(store)
    data = {
        "format": CHECKPOINT_FORMAT,
        "fields": _FIELDS,
        "tokens": known.tokens,
        "sequences": known.sequences,
        "files": [
            [origin.run_id, origin.kind, *(getattr(file, name) for name in _FIELDS)]
            for origin, file in known.files.values()
        ],
    }
    store.put(layout.CHECKPOINT, json.dumps(data, separators=(",", ":")).encode(), durable=False)


def files(lake: Lake, table: str) -> list[str]:
    """Return what a reader opens to see the committed rows of one table: paths, sorted.

    Hand them to `pandas.read_parquet`, `polars.scan_parquet`, `pyarrow.dataset.dataset` or
    DuckDB's `read_parquet`. Files that a rerun or a compaction replaced are left out.

    Raises:
        UsageError: There is no lake or no such table.
    """
    if table not in TABLES:
        raise UsageError(f"no table {table!r}; there are {', '.join(TABLES)}")
    store = open_store(lake)
    require_lake(store)
    return sorted(store.uri(file.path) for _, file in live(store).files(table))


def _settled(store: Store) -> _Known:
    for _ in range(_TRIES):
        stats = listing(store)
        known = _read_checkpoint(store)
        if not known.holds(stats):
            known = _nothing()
        fresh = [stat for stat in stats if stat.name not in known.tokens]
        try:
            known.add(fresh, [_read(store, stat) for stat in fresh])
        except FileNotFoundError:
            continue
        # Without any that are new it is a state that was committed, whatever came since.
        if not fresh or stats == listing(store):
            return known
    raise LakeError(f"{store.uri(layout.RUNS)}: the manifests change faster than can be read")


def _read(store: Store, stat: Stat) -> Manifest:
    path = f"{layout.RUNS}/{stat.name}"
    return parse_manifest(store, path, store.read(path))


def _nothing() -> _Known:
    return _Known({}, {}, {})


def _read_checkpoint(store: Store) -> _Known:
    try:
        data = json.loads(store.read(layout.CHECKPOINT))
        if data["format"] != CHECKPOINT_FORMAT or tuple(data["fields"]) != _FIELDS:
            return _nothing()
        return _Known(dict(data["tokens"]), _files(data["files"]), dict(data["sequences"]))
    except FileNotFoundError:
        return _nothing()
    except (KeyError, TypeError, ValueError):
        return _nothing()  # cut short by a loss of power; the manifests are the truth


def _files(rows: list[list[Any]]) -> dict[str, Committed]:
    found: dict[str, Committed] = {}
    for run_id, kind, *values in rows:
        file = DataFile(**dict(zip(_FIELDS, values, strict=True)))
        found[file.path] = (Origin(run_id, kind), file)
    return found
