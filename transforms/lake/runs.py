"""Runs: their ids, intervals, clocks and numbers, and which of them never finished.

A run begins once. Whoever starts the same id again gets the same `Run` back: from `started.json`
while it is not committed, from its manifest afterwards. So a rerun sees the lake and the clock that
the first try saw.

A rerun under another configuration goes ahead (an operator mends a feed's URL and tries again):
what had landed is replayed, the rest follows the new configuration, and a warning says so.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import dataclass, replace

from transforms.failures import LakeError, UsageError
from transforms.lake import layout
from transforms.lake.live import live
from transforms.lake.manifests import read_manifest
from transforms.lake.session import require_standing
from transforms.lake.store import Lake, Store, open_store
from transforms.records import Run

Interval = tuple[dt.datetime | None, dt.datetime | None]

_log = logging.getLogger(__name__)
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What `started.json` holds.

    Attributes:
        config_hash: Of the configuration that the run first started under.
    """

    run: Run
    config_hash: str


def begin(
    lake: Lake,
    run_id: str | None,
    interval: Interval,
    now: dt.datetime,
    config_hash: str,
    *,
    session: str | None = None,
) -> Run:
    """Start a run, or return the one that this id already names.

    Args:
        run_id: `[A-Za-z0-9_-]+`; None: the time, or the next second that is free.
        interval: Start and end of the data; None for each: now.
        now: The run's clock, aware; cut to the second.
        config_hash: Of the configuration; kept, and compared on a rerun.
        session: The stream that starts it; None: no stream.

    Raises:
        SessionOver: Another ingest has ended the stream.
        UsageError: The id or the interval cannot be, or a rerun asks for another interval.
        LakeError: The lake cannot be written.
    """
    store = open_store(lake)
    now = _second(now)
    start, end = (None if time is None else _second(time) for time in interval)
    _check(start, end, now)
    with store.mutex(layout.COMMIT_LOCK):
        require_standing(store, session)
        if run_id is None:
            run_id = _free_id(store, now)
        elif known := find(store, layout.valid_run_id(run_id)):
            forget_attempts(store, known.run)
            return _resumed(store, _again(known, start, end, config_hash), config_hash)
        first = start or end or now
        run = Run(
            run_id=run_id,
            interval_start=min(first, end) if end else first,
            interval_end=end or max(first, now),
            started_at=now,
            sequence=_next_sequence(store),
        )
        if not store.create(layout.started(run_id), _to_json(run, config_hash)):
            raise LakeError(f"run {run_id}: another process started it at the same moment")
    return run


def id_of_second(time: dt.datetime) -> str:
    """Return the id of a run that is named after the time.

    >>> id_of_second(dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC))
    '20241122T093000Z'
    """
    return f"{time:%Y%m%dT%H%M%SZ}"


def forget_attempts(lake: Lake, run: Run) -> None:
    """Remove the tables that a try which has ended staged; what it landed stays."""
    open_store(lake).remove_tree(layout.staged_tables(run.run_id))


def find(lake: Lake, run_id: str) -> Started | None:
    """Return what is known of a run that was started or committed; None: no such run."""
    store = open_store(lake)
    manifest = read_manifest(store, run_id)
    if manifest is not None:
        if manifest.kind != "run":
            raise UsageError(f"run id {run_id!r}: taken by a {manifest.kind} of the lake")
        return Started(run=manifest.run(), config_hash=manifest.config_hash)
    try:
        return _from_json(store, layout.started(run_id))
    except FileNotFoundError:
        return None


def unfinished(lake: Lake) -> list[Started]:
    """Return the runs that were started and never committed, oldest first."""
    store = open_store(lake)
    staged = store.folders(layout.STAGING)  # often none, where there are thousands of manifests
    committed = {item.name for item in store.listing(layout.RUNS)} if staged else set()
    found = []
    for run_id in staged:
        if f"{run_id}.json" in committed:
            continue
        try:
            found.append(_from_json(store, layout.started(run_id)))
        except FileNotFoundError:
            continue
    return sorted(found, key=lambda item: item.run.sequence)


def _check(start: dt.datetime | None, end: dt.datetime | None, now: dt.datetime) -> None:
    if start and (end or max(start, now)) < start:
        raise UsageError(f"interval: its end {end} is before its start {start}")


def _again(
    known: Started, start: dt.datetime | None, end: dt.datetime | None, config_hash: str
) -> Run:
    run = known.run
    for name, asked, have in (
        ("start", start, run.interval_start),
        ("end", end, run.interval_end),
    ):
        if asked is not None and asked != have:
            raise UsageError(
                f"run {run.run_id} has interval {name} {have.isoformat()}, "
                f"not {asked.isoformat()}; choose another run id for another interval"
            )
    if known.config_hash != config_hash:
        _log.warning(
            "run %s started under another configuration; what it fetched then is replayed",
            run.run_id,
        )
    return run


def _resumed(store: Store, run: Run, config_hash: str) -> Run:
    """Return a run that goes on, behind those that were committed since it first started.

    A run that never finished must see what later runs brought, or both would bring the same entries.
    A committed one keeps its number: its rerun sees what its first try saw.
    """
    if read_manifest(store, run.run_id) is not None:
        return run
    newest = live(store).newest()
    if newest < run.sequence:
        return run
    run = replace(run, sequence=_next_sequence(store))
    store.put(layout.started(run.run_id), _to_json(run, config_hash))
    return run


def _free_id(store: Store, now: dt.datetime) -> str:
    while True:
        run_id = id_of_second(now)
        taken = store.exists(layout.started(run_id)) or store.exists(layout.manifest(run_id))
        if not taken:
            return run_id
        now += _SECOND


def _next_sequence(store: Store) -> int:
    begun = [item.run.sequence for item in unfinished(store)]
    return max([live(store).newest(), *begun]) + 1


def _second(time: dt.datetime) -> dt.datetime:
    if time.tzinfo is None:
        raise UsageError(f"time {time.isoformat()}: has no UTC offset; write …Z or …+00:00")
    return time.astimezone(dt.UTC).replace(microsecond=0)


def _to_json(run: Run, config_hash: str) -> bytes:
    data = {
        "run_id": run.run_id,
        "interval_start": run.interval_start.isoformat(),
        "interval_end": run.interval_end.isoformat(),
        "started_at": run.started_at.isoformat(),
        "sequence": run.sequence,
        "config_hash": config_hash,
    }
    return (json.dumps(data, indent=1) + "\n").encode()


def _from_json(store: Store, path: str) -> Started:
    content = store.read(path)
    try:
        data = json.loads(content)
        run = Run(
            run_id=data["run_id"],
            interval_start=dt.datetime.fromisoformat(data["interval_start"]),
            interval_end=dt.datetime.fromisoformat(data["interval_end"]),
            started_at=dt.datetime.fromisoformat(data["started_at"]),
            sequence=data["sequence"],
        )
        return Started(run=run, config_hash=data["config_hash"])
    except (KeyError, TypeError, ValueError) as error:
        raise LakeError(f"{store.uri(path)} does not say how the run began: {error!r}") from error
