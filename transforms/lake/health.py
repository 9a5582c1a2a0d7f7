"""How each feed has been doing, from its rows in the lake: one row per feed, for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transforms.lake.query import query
from transforms.lake.store import Lake
from transforms.records import NEVER_POLLED, FeedState

DAYS = 30

# Newest by the time of polling; the day before a feed's first poll is no gap, so a rate needs two.
_HEALTH = """
    with mine as (select * from polls where feed_id in ({ids})),
    newest as (
        select * from mine
        qualify row_number() over (partition by feed_id order by polled_at desc, run_id desc) = 1
    ),
    spans as (
        select feed_id, count(*) as polls,
            max(polled_at) filter (error is null) as last_success,
            min(polled_at) as first_poll,
            arg_max(entries, polled_at) filter (error is null and status is distinct from 304)
                as entries
        from mine group by feed_id
    ),
    paces as (
        select feed_id, sum(new) as new,
            epoch(max(polled_at) - any_value(since)) / 86400 as days
        from (
            select *, min(polled_at) over (partition by feed_id) as since
            from mine where polled_at >= $since
        )
        where polled_at > since and error is null
        group by feed_id
    ),
    dated as (
        select feed_id, published_at from articles where feed_id in ({ids})
        union all
        select feed_id, published_at from duplicates where feed_id in ({ids})
    ),
    published as (
        select feed_id, count(*) as entries,
            epoch(cast($now as timestamptz) - min(published_at)) / 86400 as days
        from dated where published_at between $since and $now group by feed_id
    )
    select newest.feed_id, newest.url, newest.polled_at, newest.status, newest.error,
        newest.next_poll_at, newest.consecutive_failures, newest.retired,
        newest.moved_to, newest.moved_polls,
        spans.polls, spans.last_success, spans.entries,
        paces.new / nullif(paces.days, 0) as new_per_day,
        published.entries / greatest(published.days, 1) as entries_per_day
    from newest join spans using (feed_id)
        left join paces using (feed_id) left join published using (feed_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one feed has been doing.

    Attributes:
        state: What the next run will know of it, without the entries it has shown.
        polls: How often it was polled.
        last_poll: None: never.
        last_success: The newest poll that brought entries or "not modified"; None: none.
        error: What the newest poll failed of; None: it went well.
        entries: Entries in its newest document; None: none was read.
        entries_per_day: Entries of the last days by the dates that the feed gives them; None: none
            has a date.
        new_per_day: Entries that polls of the last days found new, the first poll of them not
            counted; None: polled less than twice.
    """

    feed_id: str
    state: FeedState = NEVER_POLLED
    polls: int = 0
    last_poll: dt.datetime | None = None
    last_success: dt.datetime | None = None
    error: str | None = None
    entries: int | None = None
    entries_per_day: float | None = None
    new_per_day: float | None = None


def feed_health(
    lake: Lake, feed_ids: Sequence[str], now: dt.datetime, days: int = DAYS
) -> dict[str, Health]:
    """Return the health of each feed; one that was never polled has that of a new feed.

    Args:
        now: The time to look back from.
        days: For the rates.

    Raises:
        UsageError: There is no lake.
    """
    health = {feed_id: Health(feed_id=feed_id) for feed_id in feed_ids}
    if not feed_ids:
        return health
    sql = _HEALTH.format(ids=", ".join(map(_quoted, feed_ids)))
    sql = sql.replace("$since", _time(now - dt.timedelta(days=days))).replace("$now", _time(now))
    for row in query(lake, sql).to_pylist():
        health[row["feed_id"]] = _health(row)
    return health


def _health(row: dict[str, Any]) -> Health:
    return Health(
        feed_id=row["feed_id"],
        state=FeedState(
            url=row["url"],
            status=row["status"],
            error=row["error"],
            next_poll_at=row["next_poll_at"],
            consecutive_failures=row["consecutive_failures"],
            retired=row["retired"],
            moved_to=row["moved_to"],
            moved_polls=row["moved_polls"],
        ),
        polls=row["polls"],
        last_poll=row["polled_at"],
        last_success=row["last_success"],
        error=row["error"],
        entries=row["entries"],
        entries_per_day=row["entries_per_day"],
        new_per_day=row["new_per_day"],
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _time(time: dt.datetime) -> str:
    return f"timestamptz {_quoted(time.isoformat())}"
