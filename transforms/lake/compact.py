"""Compaction: the many small files of closed days become few of about 256 MB.

Opening 10,000 files takes seconds where 10 files take milliseconds. A day is closed when it is old
enough; a run may still add to it later, and the next compaction takes that in. Ingests and readers go on
meanwhile: a day's rewrite is one commit, and it is dropped where a rerun replaced one of its files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.failures import UsageError
from transforms.lake import layout
from transforms.lake.live import Live, live
from transforms.lake.manifests import Committed, DataFile, require_lake
from transforms.lake.rewrites import (
    GRACE,
    MAINTENANCE_LOCK,
    Rewrite,
    free_id,
    planned,
    publish,
    remove_superseded,
    rows_of,
    stage_rows,
    sweep,
)
from transforms.lake.store import Lake, Store, open_store
from transforms.schema import TABLES

KIND = "compaction"
TARGET_BYTES = 256 << 20
_FULL = 0.5  # a file of at least this share of the target is left as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What a compaction did.

    Attributes:
        days: Days of which some table was rewritten.
        files_before, files_after, bytes_before, bytes_after: Of the files rewritten.
        removed: Superseded files whose grace period had ended.
        dropped: Days left alone because a rerun replaced some of their files meanwhile.
    """

    days: int = 0
    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    removed: int = 0
    dropped: int = 0


def compact(
    lake: Lake,
    older_than: dt.timedelta,
    now: dt.datetime,
    *,
    target_bytes: int = TARGET_BYTES,
    grace: dt.timedelta = GRACE,
) -> Compacted:
    """Rewrite the small files of closed days and return what was done.

    Args:
        older_than: Days whose `dt` is at least this long before today; 0 includes today.
        target_bytes: About how large files become; a group of small files of up to this size is in
            memory at once.
        grace: How long superseded files stay.

    Raises:
        UsageError: There is no lake, or an argument is negative.
        LakeError: The lake cannot be read or written.
    """
    if older_than < dt.timedelta(0) or target_bytes <= 0:
        raise UsageError("compact: age and size must not be negative")
    store = open_store(lake)
    require_lake(store)
    last = (now.astimezone(dt.UTC) - older_than).date()
    done = Compacted()
    with store.mutex(MAINTENANCE_LOCK):
        sweep(store, KIND)
        for date in sorted({file.date for _, file in live(store).files()}):
            if dt.date.fromisoformat(date) <= last:
                done = _add(done, _compact_day(store, date, now, target_bytes))
        removed = remove_superseded(store, now, grace)
    return _add(done, Compacted(removed=len(removed)))


def groups(files: Sequence[Committed], target_bytes: int) -> list[list[Committed]]:
    """Return which files become one: in the order of their runs, up to the target together.

    A group of one file is not worth rewriting and is left out.
    """
    found: list[list[Committed]] = []
    size = 0
    for pair in sorted(files, key=lambda pair: (pair[1].sequence, pair[1].path)):
        if pair[1].bytes >= _FULL * target_bytes:
            continue
        if not found or size + pair[1].bytes > target_bytes:
            found.append([])
            size = 0
        found[-1].append(pair)
        size += pair[1].bytes
    return [group for group in found if len(group) > 1]


def _compact_day(store: Store, date: str, now: dt.datetime, target_bytes: int) -> Compacted:
    current = live(store)
    plan = [
        (table, group)
        for table in TABLES
        for group in groups(_of_day(current, table, date), target_bytes)
    ]
    if not plan:
        return Compacted()
    rewrite_id = free_id(store, KIND, now)
    staged = []
    for shard, (table, group) in enumerate(plan):
        path = layout.data_file(table, date, rewrite_id, shard)
        entry = planned(table, date, path, max(file.sequence for _, file in group))
        staged.append(stage_rows(store, rewrite_id, entry, rows_of(store, table, group)))
    old = [file for _, group in plan for _, file in group]
    rewrite = Rewrite(files=tuple(staged), replaces=tuple(sorted(file.path for file in old)))
    manifest = publish(store, rewrite_id, KIND, rewrite, now)
    store.remove_tree(layout.staging(rewrite_id))
    if manifest is None:
        return Compacted(dropped=1)
    return Compacted(
        days=1,
        files_before=len(old),
        files_after=len(staged),
        bytes_before=_bytes(old),
        bytes_after=_bytes(manifest.files),
    )


def _of_day(current: Live, table: str, date: str) -> list[Committed]:
    return [pair for pair in current.files(table) if pair[1].date == date]


def _bytes(files: Sequence[DataFile]) -> int:
    return sum(file.bytes for file in files)


def _add(one: Compacted, other: Compacted) -> Compacted:
    return Compacted(
        days=one.days + other.days,
        files_before=one.files_before + other.files_before,
        files_after=one.files_after + other.files_after,
        bytes_before=one.bytes_before + other.bytes_before,
        bytes_after=one.bytes_after + other.bytes_after,
        removed=one.removed + other.removed,
        dropped=one.dropped + other.dropped,
    )
