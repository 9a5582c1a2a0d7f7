"""Commit: staged files become the run's committed rows, all at once or not at all.

The order is what makes it safe. Rules first; then the winners are renamed to names that no
manifest lists yet; the folders are synced; then the manifest is written, whole, by one rename, and
from that moment readers see the run; then leftovers go. A crash before the manifest leaves files
that no manifest lists, and the next commit of the run overwrites or removes them. A run that was
committed before and comes out with other bytes gets a new generation of names, so its readers keep
what they have open.

All of it happens under the lake's commit lock, so of several committers of one run one works and the
others find its manifest. On an object store that lock is a lease, which a process that is held up can
lose: there the manifest is written only if it is still what this commit began from (PUT If-Match, or
If-None-Match), and names carry the content's hash, so that a late committer overwrites nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from transforms.failures import LakeError
from transforms.lake import layout, raw
from transforms.lake.evolution import require_compatible
from transforms.lake.live import CHECKPOINT_AFTER, Live, checkpoint, live
from transforms.lake.manifests import (
    DataFile,
    Manifest,
    RawFile,
    Superseded,
    read_manifest,
)
from transforms.lake.reading import opened
from transforms.lake.reruns import Separated, own_files, rewritten_tables, separate
from transforms.lake.rules import Inspection, Summary, require
from transforms.lake.runs import find
from transforms.lake.session import require_standing
from transforms.lake.staging import StagedFile
from transforms.lake.store import Lake, Store, open_store
from transforms.records import Run
from transforms.schema import TABLES

_TAG = 8  # digits of the content's hash in names, where the store wants it


def commit(
    lake: Lake,
    run: Run,
    staged: Iterable[StagedFile],
    now: dt.datetime,
    *,
    session: str | None = None,
    stages: Mapping[str, dict[str, Any]] | None = None,
) -> Manifest:
    """Commit a run's staged files and return its manifest.

    Where the run is committed already with the same bytes nothing changes.

    Args:
        staged: All attempts at all shards of the run.
        now: When the commit happens, for the manifest.
        session: The stream that commits; None: no stream.
        stages: What the stages counted, for the manifest; None: nobody did.

    Raises:
        SessionOver: Another ingest has ended the stream.
        LakeError: A rule is broken (nothing is committed), or the lake cannot be written.
    """
    store = open_store(lake)
    began = time.perf_counter()
    chosen = winners(staged)
    with store.mutex(layout.COMMIT_LOCK):
        require_standing(store, session)
        current = live(store)
        require_compatible(store, current)
        token = store.token(layout.manifest(run.run_id))
        before = read_manifest(store, run.run_id)
        work = _Commit(store=store, run=run, chosen=chosen, before=before, current=current, now=now)
        if before is None or work.is_news():
            manifest = replace(work.publish(), stages=_with_commit(stages or {}, chosen, began))
            if not store.exchange(layout.manifest(run.run_id), manifest.to_json(), token):
                raise LakeError(f"run {run.run_id}: another process has committed this run")
        else:
            manifest = before
        _clean(store, run, manifest)
        # A manifest that the checkpoint holds and that has changed makes it void.
        if before not in (None, manifest) or current.uncovered + 1 >= CHECKPOINT_AFTER:
            checkpoint(store)
    return manifest


def winners(staged: Iterable[StagedFile]) -> list[StagedFile]:
    """Return one attempt per table and shard, by table and shard.

    >>> winners([])
    []
    """
    best: dict[tuple[str, int], StagedFile] = {}
    for file in staged:
        key = (file.table, file.shard)
        if key not in best or file.attempt < best[key].attempt:
            best[key] = file
    return [best[key] for key in sorted(best)]


def _with_commit(
    stages: Mapping[str, dict[str, Any]], files: Sequence[StagedFile], began: float
) -> dict[str, dict[str, Any]]:
    """Return what the stages counted, with the commit's own figures: files in, rows out."""
    own = {
        "in": len(files),
        "out": sum(file.rows for file in files),
        "dropped": {},
        "seconds": round(time.perf_counter() - began, 3),
    }
    return {**stages, "CommitRun": own}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    """One commit under way.

    Attributes:
        chosen: The run's staged files, one per table and shard.
        before: The run's manifest where it was committed already.
        current: What is committed now.
    """

    store: Store
    run: Run
    chosen: Sequence[StagedFile]
    before: Manifest | None
    current: Live
    now: dt.datetime

    def is_news(self) -> bool:
        """Say whether the commit would change anything."""
        before = self.before
        if before is None or self._hashes() != {(f.table, f.sha256) for f in own_files(before)}:
            return True
        landed = raw.staged_pieces(self.store, before.run_id)
        return bool(
            landed and landed.keys() - raw.committed_index(self.store, before.run_id).keys()
        )

    def publish(self) -> Manifest:
        """Check the rules, move the files to their places and return the manifest to write."""
        generation = self.before.generation + 1 if self.before else 0
        rewritten = self._rewritten()
        plan = self._plan(rewritten, generation)
        where = [(file.table, _whereabouts(self.store, file, target)) for file, target in plan]
        summary = _inspected(self.store, self.run, where)
        apart = self._separated(rewritten, generation)
        files = _move(self.store, self.run, plan)
        _place(self.store, apart)
        remains = tuple(file for file in self.before.files if file.mixed) if self.before else ()
        listed = (*files, *remains, *(entry for _, entry in apart.files))
        warcs = raw.publish(self.store, self.run, self.before)
        known = find(self.store, self.run.run_id)
        return Manifest(
            run_id=self.run.run_id,
            sequence=self.run.sequence,
            interval_start=self.run.interval_start.isoformat(),
            interval_end=self.run.interval_end.isoformat(),
            started_at=self.run.started_at.isoformat(),
            committed_at=_iso(self.now),
            config_hash=known.config_hash if known else "",
            coder_version=summary.coder_version,
            generation=generation,
            files=listed,
            raw=warcs,
            replaces=(self.before.replaces if self.before else ()) + apart.replaces,
            superseded=_superseded(self.before, listed, warcs, self.now)
            + tuple(Superseded(path=path, since=_iso(self.now)) for path in apart.replaces),
            counts={name: sum(f.rows for f in files if f.table == name) for name in TABLES},
            duplicates=summary.duplicates,
            rejects=summary.rejects,
            law=summary.law,
        )

    def _hashes(self) -> set[tuple[str, str]]:
        return {(file.table, file.sha256) for file in self.chosen}

    def _rewritten(self) -> set[str]:
        if self.before is None:
            return set()
        return rewritten_tables(self.current, self.before, self._hashes())

    def _separated(self, rewritten: set[str], generation: int) -> Separated:
        if self.before is None:
            return Separated()
        return separate(self.store, self.current, self.before, rewritten, generation)

    def _plan(self, rewritten: set[str], generation: int) -> list[tuple[StagedFile, str]]:
        """Return where each shard goes: where it was already if its bytes are the same."""
        same = {
            (file.table, file.sha256): file.path
            for file in (own_files(self.before) if self.before else ())
            if file.table not in rewritten
        }
        return [
            (
                file,
                same.get((file.table, file.sha256))
                or layout.data_file(
                    file.table,
                    file.date,
                    self.run.run_id,
                    file.shard,
                    generation,
                    file.sha256[:_TAG] if self.store.tagged else "",
                ),
            )
            for file in self.chosen
        ]


def _place(store: Store, apart: Separated) -> None:
    for path, entry in apart.files:
        store.move(path, entry.path)
    store.settle({entry.path.rpartition("/")[0] for _, entry in apart.files})


def _whereabouts(store: Store, file: StagedFile, target: str) -> str:
    """Return where a shard is: staged, or at its target where an interrupted commit moved it."""
    if store.exists(file.path):
        return file.path
    if store.exists(target) and hashlib.sha256(store.read(target)).hexdigest() == file.sha256:
        return target
    raise LakeError(f"{store.uri(file.path)} is gone: another process has committed this run")


def _inspected(store: Store, run: Run, paths: Sequence[tuple[str, str]]) -> Summary:
    """Return the run's numbers; LakeError where a rule is broken."""
    tables: dict[str, Any] = {}
    for name, table in TABLES.items():
        found = [path for of, path in paths if of == name]
        if found and store.filesystem is None:
            tables[name] = list(map(store.arrow_path, found))
        elif found:
            tables[name] = opened(store, found, table.schema)
    with Inspection(run.run_id, tables) as inspection:
        require(inspection.breaches())
        return inspection.summary()


def _move(store: Store, run: Run, plan: Sequence[tuple[StagedFile, str]]) -> tuple[DataFile, ...]:
    """Rename the winners to their targets and return what the manifest says of them."""
    for file, target in plan:
        if _whereabouts(store, file, target) != target:
            store.move(file.path, target)
    store.settle({target.rpartition("/")[0] for _, target in plan})
    return tuple(
        DataFile(
            table=file.table,
            date=file.date,
            path=target,
            rows=file.rows,
            bytes=file.bytes,
            sha256=file.sha256,
            sequence=run.sequence,
        )
        for file, target in plan
    )


def _superseded(
    before: Manifest | None,
    files: Sequence[DataFile],
    warcs: Sequence[RawFile],
    now: dt.datetime,
) -> tuple[Superseded, ...]:
    """Return what the run listed before and lists no more; readers may have it open yet."""
    if before is None:
        return ()
    kept = {file.path for file in files} | {warc.path for warc in warcs}
    gone = [file.path for file in before.files if file.path not in kept]
    for warc in before.raw:
        if warc.path not in kept:
            gone += [warc.path, layout.raw_index(warc.path)]
    since = _iso(max(now, dt.datetime.fromisoformat(before.committed_at)))  # a clock may go back
    return before.superseded + tuple(Superseded(path=path, since=since) for path in gone)


def _clean(store: Store, run: Run, manifest: Manifest) -> None:
    """Remove what this commit and interrupted ones before it left behind."""
    listed = {file.path for file in manifest.files}
    listed |= {path for warc in manifest.raw for path in (warc.path, layout.raw_index(warc.path))}
    listed |= {item.path for item in manifest.superseded}
    for table in TABLES:
        folder = layout.partition(table, run.date)
        for stat in store.listing(folder):
            path = f"{folder}/{stat.name}"
            if layout.of_run(stat.name, run.run_id) and path not in listed:
                store.remove(path)
    folder = layout.raw_folder(run.date, run.run_id)
    for stat in store.listing(folder):
        if f"{folder}/{stat.name}" not in listed:
            store.remove(f"{folder}/{stat.name}")
    for swept in (folder, layout.RUNS, layout.STAGING):
        store.sweep(swept)
    store.remove_tree(layout.staging(run.run_id))


def _iso(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="seconds")
