"""`wirelake status`: the last runs, feeds in trouble, lag and sizes, read from the lake alone."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from rich.console import Console, Group
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from pipeline.unfinished import unfinished_lines
from transforms.lake import layout
from transforms.lake.health import Health, feed_health
from transforms.lake.lock import holder
from transforms.lake.manifests import Manifest, read_manifest, require_lake
from transforms.lake.query import query
from transforms.lake.runs import unfinished
from transforms.lake.store import Store, open_store
from transforms.web.schedule import aside

# What a run brought, in the order of the pipeline.
COUNTED = ("polls", "articles", "duplicates", "events", "rejects")

_SIZES = """
    select "table", count(*) as files, sum(rows)::bigint as rows, sum(bytes)::bigint as bytes
    from files group by all order by bytes desc, "table"
"""
# Late is what a feed's entry took from its publication to our copy of it, over the last day of fetching.
_LAG = """
    with recent as (
        select fetched_at, epoch(fetched_at - published_at) as late from articles
        where fetched_at > (select max(fetched_at) - interval 1 day from articles)
    )
    select (select max(fetched_at) from articles) as newest_article,
        median(late) filter (late >= 0) as late_s from recent
"""
_CONFIGURED = "select distinct feed_id from feeds where run_id in ({runs}) order by feed_id"


def status(lake: str, now: dt.datetime, runs: int = 10) -> dict[str, Any]:
    """Return the lake's state as plain values; times are aware, sizes in bytes, lags in seconds.

    Args:
        now: The time to look from.
        runs: How many of the last commits to show.

    Raises:
        UsageError: There is no lake.
    """
    store = open_store(lake)
    require_lake(store)
    last = _last_manifests(store, runs)
    committed = [_aware(item.committed_at) for item in last if item.kind == "run"]
    since = (now - max(committed)).total_seconds() if committed else None
    lag = query(lake, _LAG).to_pylist()[0]
    feeds = _feeds(lake, [item.run_id for item in last if item.kind == "run"], now)
    return {
        "lake": lake,
        "now": now,
        "held_by": holder(store),
        "since_last_run_s": since,
        "newest_article": lag["newest_article"],
        "late_s": lag["late_s"],
        "runs": [_run_row(item) for item in last],
        "unfinished_runs": [begun.run.run_id for begun in unfinished(store)],
        "feeds": len(feeds),
        "overdue": sum(_overdue(health, now) for health in feeds),
        "troubled": [_trouble(health) for health in feeds if health.error is not None],
        "tables": query(lake, _SIZES).to_pylist(),
        "raw_bytes": _size(store, layout.RAW),
        "staged_bytes": _size(store, layout.STAGING),
    }


def _last_manifests(store: Store, limit: int) -> list[Manifest]:
    """Return the newest commits, newest first; a commit's file is as old as the commit."""
    stats = [stat for stat in store.listing(layout.RUNS) if stat.name.endswith(".json")]
    newest = sorted(stats, key=lambda stat: (stat.mtime, stat.name), reverse=True)[:limit]
    found = [read_manifest(store, stat.name.removesuffix(".json")) for stat in newest]
    return sorted(
        (item for item in found if item is not None),
        key=lambda item: (item.committed_at, item.run_id),
        reverse=True,
    )


def _run_row(manifest: Manifest) -> dict[str, Any]:
    started, committed = _aware(manifest.started_at), _aware(manifest.committed_at)
    return {
        "run_id": manifest.run_id,
        "kind": manifest.kind,
        "committed_at": committed,
        "took_s": (committed - started).total_seconds() if manifest.kind == "run" else None,
        **{name: manifest.counts.get(name) for name in COUNTED},
    }


def _feeds(lake: str, run_ids: list[str], now: dt.datetime) -> list[Health]:
    """Return the health of the feeds that these runs were configured with."""
    if not run_ids:
        return []
    sql = _CONFIGURED.format(runs=", ".join(f"'{run_id}'" for run_id in run_ids))
    ids = [row["feed_id"] for row in query(lake, sql).to_pylist()]
    return list(feed_health(lake, ids, now).values())


def _trouble(health: Health) -> dict[str, Any]:
    return {
        "feed_id": health.feed_id,
        "error": health.error,
        "failures_in_a_row": health.state.consecutive_failures,
        "last_success": health.last_success,
        "next_poll": health.state.next_poll_at,
        "aside": aside(health.state),
    }


def _overdue(health: Health, now: dt.datetime) -> bool:
    due = health.state.next_poll_at
    return due is not None and due < now and aside(health.state) is None


def _size(store: Store, folder: str) -> int:
    return sum(stat.size for _, stat in store.walk(folder))


def _aware(time: str) -> dt.datetime:
    return dt.datetime.fromisoformat(time)


def print_status(found: dict[str, Any], *, as_json: bool) -> None:
    """Print the state, for people or as JSON."""
    if as_json:
        print(json.dumps(found, indent=2, default=dt.datetime.isoformat))
    else:
        Console().print(render(found))


def render(found: dict[str, Any]) -> Group:
    """Return the state for people."""
    parts: list[Any] = [_head(found), _runs_table(found["runs"])]
    if found["troubled"]:
        parts.append(_trouble_table(found["troubled"]))
    parts.append(_sizes_table(found))
    parts.extend(unfinished_lines(found["unfinished_runs"], found["held_by"]))
    return Group(*parts)


def _head(found: dict[str, Any]) -> Text:
    since = found["since_last_run_s"]
    parts = [
        f"Last run committed {_span(since)} ago" if since is not None else "No run yet",
        f"held by {found['held_by']}" if found["held_by"] else "no ingest at work",
        f"{found['feeds']} feeds, {len(found['troubled'])} in trouble, {found['overdue']} overdue",
    ]
    if found["late_s"] is not None:
        parts.append(f"articles come {_span(found['late_s'])} after publication (median)")
    return Text("; ".join(parts), "bold")


def _runs_table(runs: list[dict[str, Any]]) -> Table:
    table = _table("Last commits", ["run", "kind", "committed"], ["took", *COUNTED])
    for row in runs:
        counts = ("" if row[name] is None else f"{row[name]:,}" for name in COUNTED)
        took = "" if row["took_s"] is None else _span(row["took_s"])
        table.add_row(row["run_id"], row["kind"], _minute(row["committed_at"]), took, *counts)
    return table


def _trouble_table(troubled: list[dict[str, Any]]) -> Table:
    names = ["feed", "error", "last success", "next poll", "what to know"]
    table = _table("Feeds in trouble", names, ["failures"])
    for row in troubled:
        table.add_row(
            row["feed_id"],
            row["error"],
            _minute(row["last_success"]) or "never",
            _minute(row["next_poll"]) or "any time",
            row["aside"] or "",
            str(row["failures_in_a_row"]),
        )
    return table


def _sizes_table(found: dict[str, Any]) -> Table:
    table = _table(f"Lake {found['lake']}", ["table"], ["rows", "files", "size"])
    for row in found["tables"]:
        table.add_row(row["table"], f"{row['rows']:,}", f"{row['files']:,}", decimal(row["bytes"]))
    table.add_row("raw", "", "", decimal(found["raw_bytes"]))
    table.add_row("not committed yet", "", "", decimal(found["staged_bytes"]))
    return table


def _table(title: str, words: list[str], numbers: list[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    for name in words:
        table.add_column(name, overflow="fold", no_wrap=name in {"run", "kind", "committed"})
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _minute(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _span(seconds: float) -> str:
    """Return a time span in its two largest units.

    >>> _span(4), _span(3720), _span(90_000)
    ('4 s', '1 h 2 min', '1 d 1 h')
    """
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    rest = max(0, round(seconds))
    parts = []
    for name, size in units:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"
