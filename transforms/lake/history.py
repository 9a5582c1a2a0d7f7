"""What a run needs to know of the runs before it: feeds' states and articles' signatures.

Only committed rows of runs with a smaller sequence count, so a rerun sees what the first try saw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.live import Live, live
from transforms.lake.manifests import Committed
from transforms.lake.reading import BATCH_ROWS, before, history, scan
from transforms.lake.store import Lake, Store, open_store
from transforms.records import FeedState, Run, entry_number
from transforms.schema import TABLES

STATE = (
    "feed_id",
    "url",
    "status",
    "error",
    "etag",
    "last_modified",
    "next_poll_at",
    "consecutive_failures",
    "retired",
    "moved_to",
    "moved_polls",
    "ttl_s",
    "skip_hours",
    "skip_days",
    "shown",
    "polled_at",
    "run_id",
)
ENTRY_TABLES = ("articles", "duplicates", "rejects")


def feed_states(lake: Lake, run: Run, feed_ids: Sequence[str], days: int) -> dict[str, FeedState]:
    """Return what the lake remembers of each feed; a feed never polled is left out.

    The newest `polls` row is the feed's state; its shown entries are those of the newest row that
    says so, and those of the feed's articles, duplicates and rejects. Newest is by the runs'
    numbers, not by the clock, which may jump.

    Args:
        days: How many days to look back, see `first_day`.
    """
    store = open_store(lake)
    now = live(store)
    since = first_day(newest_day(now, run), run, days)
    newest, shown = _newest_polls(store, now, run, feed_ids, since)
    entries = _entries(store, now, run, feed_ids, since)
    return {
        feed_id: replace(
            state_of(row), shown=frozenset(shown.get(feed_id, ())) | entries.get(feed_id, set())
        )
        for feed_id, row in sorted(newest.items())
    }


def state_of(row: Mapping[str, Any]) -> FeedState:
    """Return the state in a row of `polls`, without the entries shown."""
    return FeedState(
        url=row["url"],
        status=row["status"],
        error=row["error"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        next_poll_at=row["next_poll_at"],
        consecutive_failures=row["consecutive_failures"],
        retired=row["retired"],
        moved_to=row["moved_to"],
        moved_polls=row["moved_polls"],
        ttl_s=row["ttl_s"],
        skip_hours=tuple(row["skip_hours"] or ()),
        skip_days=tuple(row["skip_days"] or ()),
    )


def signatures(lake: Lake, run: Run, days: int) -> Iterator[pa.Table]:
    """Yield the signatures of the copies known before a run, oldest run first.

    Each table has the columns of `signatures` and at most about 122,880 rows, so that a long history
    never has to be in memory at once.

    Args:
        days: How many days to look back, see `first_day`.
    """
    store = open_store(lake)
    now = live(store)
    since = first_day(newest_day(now, run), run, days)
    files = [pair for _, pairs in history(now, "signatures", run, since) for pair in pairs]
    files.sort(key=lambda pair: (pair[1].sequence, pair[1].path))
    columns = TABLES["signatures"].schema.names
    waiting: list[pa.RecordBatch] = []
    for batch in scan(store, "signatures", files, columns, before(now, run, files)):
        waiting.append(batch)
        if sum(item.num_rows for item in waiting) >= BATCH_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def newest_day(now: Live, run: Run) -> dt.date | None:
    """Return the last day before a run that has rows; None: none has."""
    earlier = (file.date for _, file in now.committed if file.sequence < run.sequence)
    return max(map(dt.date.fromisoformat, earlier), default=None)


def first_day(newest: dt.date | None, run: Run, days: int) -> dt.date:
    """Return the first day that counts: so many days before the run's, or before the last that has rows.

    The last day with rows, where it is earlier, so that neither a long pause nor a clock that jumps
    ahead makes a feed's old entries new again.
    """
    return min(run.date, newest or run.date) - dt.timedelta(days=days)


def _newest_polls(
    store: Store, now: Live, run: Run, feed_ids: Sequence[str], since: dt.date
) -> tuple[dict[str, dict[str, Any]], dict[str, list[int]]]:
    """Return each feed's newest row and newest `shown`, reading no more days than needed.

    Newest is by the runs' numbers. The days are read in that order, too: a clock that was ahead once has
    left a day that stays the last.
    """
    newest: dict[str, tuple[tuple[int, dt.datetime], dict[str, Any]]] = {}
    shown: dict[str, tuple[tuple[int, dt.datetime], list[int]]] = {}
    sequences = now.sequences
    wanted = set(feed_ids)
    days = [pairs for _, pairs in history(now, "polls", run, since)]
    for pairs in sorted(days, key=_last_sequence, reverse=True):
        known = [place for found in (newest, shown) for (place, _), _ in found.values()]
        if len(known) == 2 * len(wanted) and _last_sequence(pairs) < min(known, default=0):
            break
        where = pc.field("feed_id").isin(sorted(wanted))
        earlier = before(now, run, pairs)
        batches = scan(store, "polls", pairs, STATE, where if earlier is None else where & earlier)
        for row in (row for batch in batches for row in batch.to_pylist()):
            place = (sequences[row["run_id"]], row["polled_at"])
            feed_id = row["feed_id"]
            if feed_id not in newest or newest[feed_id][0] < place:
                newest[feed_id] = place, row
            if row["shown"] is not None and (feed_id not in shown or shown[feed_id][0] < place):
                shown[feed_id] = place, row["shown"]
    return (
        {feed_id: row for feed_id, (_, row) in newest.items()},
        {feed_id: entries for feed_id, (_, entries) in shown.items()},
    )


def _last_sequence(pairs: Sequence[Committed]) -> int:
    return max(file.sequence for _, file in pairs)


def _entries(
    store: Store, now: Live, run: Run, feed_ids: Sequence[str], since: dt.date
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {feed_id: set() for feed_id in feed_ids}
    for table in ENTRY_TABLES:
        files = [pair for _, pairs in history(now, table, run, since) for pair in pairs]
        wanted = pc.field("feed_id").isin(list(found)) & pc.field("entry_id").is_valid()
        earlier = before(now, run, files)
        where = wanted if earlier is None else wanted & earlier
        for batch in scan(store, table, files, ("feed_id", "entry_id"), where):
            for feed_id, entry_id in zip(*(column.to_pylist() for column in batch), strict=True):
                found[feed_id].add(entry_number(entry_id))
    return found
