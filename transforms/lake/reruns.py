"""Reruns of runs whose rows were rewritten since: compacted together with others, or recoded.

Such a run's own files are no longer committed; its rows stand in files that hold other runs' rows,
too. When the rerun comes out with other rows, those files are written anew without the run's rows, as
part of the rerun's own commit, so that never both and never neither are visible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from transforms.lake import layout
from transforms.lake.live import Live
from transforms.lake.manifests import Committed, DataFile, Manifest
from transforms.lake.rewrites import planned, rows_of, stage_rows
from transforms.lake.store import Store

_FIRST_SHARD = 90_000  # beyond any shard of the run's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """A run's rows taken out of rewritten files.

    Attributes:
        files: (staged path, entry) of what remains of each.
        replaces: The rewritten files' paths.
    """

    files: tuple[tuple[str, DataFile], ...] = ()
    replaces: tuple[str, ...] = ()


def own_files(manifest: Manifest) -> list[DataFile]:
    """Return the files of a run's manifest that hold its own rows, not what remains of others."""
    return [file for file in manifest.files if not file.mixed]


def rewritten_tables(current: Live, before: Manifest, hashes: set[tuple[str, str]]) -> set[str]:
    """Return the tables whose rows changed and no longer stand in the run's own files.

    Args:
        hashes: (table, sha256) of the files that the rerun made.
    """
    there = current.paths()
    rewritten = {file.table for file in own_files(before) if file.path not in there}
    return {
        table
        for table in rewritten
        if {(table, file.sha256) for file in own_files(before) if file.table == table}
        != {pair for pair in hashes if pair[0] == table}
    }


def separate(
    store: Store, current: Live, before: Manifest, tables: set[str], generation: int
) -> Separated:
    """Stage what remains of rewritten files without the run's rows."""
    date = before.run().date.isoformat()
    sequences = current.sequences
    files: list[tuple[str, DataFile]] = []
    replaces: list[str] = []
    for table in sorted(tables):
        for origin, file in _rewritten(current, table, date):
            rows = rows_of(store, table, [(origin, file)])
            others = rows.filter(pc.not_equal(rows["run_id"], before.run_id))
            if others.num_rows == rows.num_rows:
                continue
            replaces.append(file.path)
            if others.num_rows:
                shard = _FIRST_SHARD + len(files)
                path = layout.data_file(table, date, before.run_id, shard, generation)
                runs = pc.unique(others["run_id"]).to_pylist()
                entry = planned(table, date, path, max(sequences[run] for run in runs), mixed=True)
                files.append(stage_rows(store, before.run_id, entry, others))
    return Separated(files=tuple(files), replaces=tuple(replaces))


def _rewritten(current: Live, table: str, date: str) -> Sequence[Committed]:
    return [
        pair
        for pair in current.files(table)
        if pair[1].date == date and (pair[0].kind != "run" or pair[1].mixed)
    ]
