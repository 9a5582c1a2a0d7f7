"""Retention: days older than a table's limit are taken out of the lake, raw responses first.

One commit takes the expired files of a table away; the files themselves go after the grace period.
Manifests stay: they say that the run happened and what it counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.failures import UsageError
from transforms.lake.layout import RAW
from transforms.lake.manifests import Snapshot, require_lake, snapshot
from transforms.lake.rewrites import (
    GRACE,
    MAINTENANCE_LOCK,
    Rewrite,
    free_id,
    publish,
    remove_superseded,
)
from transforms.lake.store import Lake, open_store
from transforms.schema import TABLES

KIND = "expiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What an expiry did.

    Attributes:
        files: Files taken out of each table, and of raw.
        removed: Superseded files whose grace period had ended.
    """

    files: dict[str, int]
    removed: int


def expire(
    lake: Lake,
    keep: Mapping[str, dt.timedelta],
    now: dt.datetime,
    *,
    grace: dt.timedelta = GRACE,
) -> Expired:
    """Take out what is older than its retention and return what was done.

    Args:
        keep: How long the days of a table, or of "raw", are kept; those not named are kept for ever.
            raw may not be kept longer than articles, since it goes first.

    Raises:
        UsageError: There is no lake or no such table, or an age cannot be.
        LakeError: The lake cannot be read or written.
    """
    store = open_store(lake)
    require_lake(store)
    _check(keep)
    done: dict[str, int] = {}
    with store.mutex(MAINTENANCE_LOCK):
        for name in (RAW, *TABLES):
            if name not in keep:
                continue
            last = (now.astimezone(dt.UTC) - keep[name]).date()
            old = tuple(path for path, date in _dated(snapshot(store), name) if date < last)
            if not old:
                continue
            rewrite = Rewrite(files=(), replaces=old)
            if publish(store, free_id(store, KIND, now), KIND, rewrite, now) is not None:
                done[name] = len(old)
        removed = remove_superseded(store, now, grace)
    return Expired(files=done, removed=len(removed))


def _check(keep: Mapping[str, dt.timedelta]) -> None:
    for name, age in keep.items():
        if name not in (RAW, *TABLES):
            raise UsageError(f"no table {name!r}; there are {', '.join((RAW, *TABLES))}")
        if age < dt.timedelta(0):
            raise UsageError(f"retention of {name} must not be negative")
    if "articles" in keep and keep.get(RAW, dt.timedelta.max) > keep["articles"]:
        raise UsageError("raw expires first: give it a retention no longer than that of articles")


def _dated(current: Snapshot, name: str) -> list[tuple[str, dt.date]]:
    if name != RAW:
        return [(file.path, dt.date.fromisoformat(file.date)) for _, file in current.files(name)]
    gone = current.replaced()
    return [
        (warc.path, dt.datetime.fromisoformat(manifest.interval_start).date())
        for manifest in current.manifests
        for warc in manifest.raw
        if warc.path not in gone
    ]
