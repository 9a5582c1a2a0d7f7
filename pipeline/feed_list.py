"""`wirelake feeds list`: the configured feeds and how they have been doing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.settings import FeedSettings, Settings
from transforms.failures import UsageError
from transforms.lake.health import Health, feed_health
from transforms.lake.manifests import require_lake
from transforms.lake.store import open_store
from transforms.records import FeedSource
from transforms.web.schedule import STABLE_POLLS, aside, state_for


def list_feeds(
    settings: Settings, path: Path, lake: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    """Return a row per configured feed, in the configuration's order; times are aware."""
    ids = [feed.id for feed in settings.feeds]
    health = feed_health(lake, ids, now) if _exists(lake) else {}
    return [
        _row(feed, url, health.get(feed.id) or Health(feed_id=feed.id))
        for feed, url in zip(settings.feeds, settings.urls(path), strict=True)
    ]


def _exists(lake: str) -> bool:
    try:
        require_lake(open_store(lake))
    except UsageError:
        return False
    return True


def _row(feed: FeedSettings, url: str, health: Health) -> dict[str, Any]:
    state = state_for(FeedSource(feed_id=feed.id, url=url), health.state)
    moved = state.moved_to if state.moved_polls >= STABLE_POLLS else None
    return {
        "feed_id": feed.id,
        "url": url,
        "group": feed.group,
        "polls": health.polls,
        "last_poll": health.last_poll,
        "last_success": health.last_success,
        "failures_in_a_row": state.consecutive_failures,
        "error": health.error,
        "next_poll": state.next_poll_at,
        "retired": state.retired,
        "aside": aside(state),
        "moved_to": moved,
        "redirects_to": state.moved_to if moved is None else None,
        "entries": health.entries,
        "entries_per_day": _rounded(health.entries_per_day),
        "new_per_day": _rounded(health.new_per_day),
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 2)


def print_feeds(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print the rows, as a table or as JSON."""
    if as_json:
        print(json.dumps(rows, indent=2, default=dt.datetime.isoformat))
    else:
        Console().print(_table(rows))


def _table(rows: list[dict[str, Any]]) -> Table:
    well = sum(row["error"] is None and row["polls"] > 0 for row in rows)
    table = Table(title=f"{well} of {len(rows)} feeds went well", title_justify="left", box=None)
    for name in ("feed", "group", "last success", "failures", "next poll", "a day", "new a day"):
        table.add_column(name, overflow="fold")
    table.add_column("what to know", overflow="fold")
    for row in rows:
        table.add_row(
            row["feed_id"],
            row["group"] or "",
            _minute(row["last_success"]) or "never",
            str(row["failures_in_a_row"] or ""),
            _minute(row["next_poll"]) or "any time",
            _rate(row["entries_per_day"]),
            _rate(row["new_per_day"]),
            _note(row),
            style="red" if row["aside"] else "yellow" if row["error"] else None,
        )
    return table


def _note(row: dict[str, Any]) -> str:
    if not row["polls"]:
        return "not polled yet"
    parts = [row["aside"] or row["error"]]
    if row["moved_to"]:
        parts.append(f"moved to {row['moved_to']}: change its url")
    elif row["redirects_to"]:
        parts.append(f"redirects to {row['redirects_to']}")
    return "; ".join(part for part in parts if part)


def _minute(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1f}"
