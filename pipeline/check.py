"""`wirelake check`: poll every feed once, remember nothing, say what answered."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.options import web_settings
from pipeline.settings import MB, Settings
from transforms.feeds import parse_feeds
from transforms.records import ParsedFeed
from transforms.supervise import Fault, Supervisor
from transforms.web.check import Check, checks


def check_feeds(settings: Settings, path: Path, *, as_json: bool) -> bool:
    """Print a table of what each feed answered; returns whether all could be read."""
    rows = sorted(_rows(settings, path), key=lambda row: str(row["feed_id"]))
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        Console().print(_table(rows))
    return all(row["error"] is None for row in rows)


def _rows(settings: Settings, path: Path) -> Iterator[dict[str, Any]]:
    parser: Supervisor[Any, ParsedFeed] = Supervisor(
        parse_feeds,
        deadline_s=settings.parse.deadline_s,
        memory_bytes=settings.parse.memory_mb * MB,
        name="parse",
        batch_size=1,
    )
    with contextlib.closing(parser):
        parser.start()
        for check in checks(settings.sources(path), web_settings(settings.fetch)):
            [parsed] = parser.map(
                [(check.capture, settings.parse.max_entries, check.feed.language)]
            )
            yield _row(check, parsed)


def _row(check: Check, parsed: ParsedFeed | Fault) -> dict[str, Any]:
    entries = 0 if isinstance(parsed, Fault) else len(parsed.entries)
    fault = parsed if isinstance(parsed, Fault) else parsed.fault
    failed = entries == 0 and fault is not None
    newest = [
        entry.published_at
        for entry in ([] if isinstance(parsed, Fault) else parsed.entries)
        if entry.published_at
    ]
    return {
        "feed_id": check.feed.feed_id,
        "url": check.feed.url,
        "status": check.status,
        "entries": entries,
        "newest": max(newest).isoformat() if newest else None,
        "bytes": check.bytes,
        "seconds": round(check.latency_s, 2),
        "moved_to": check.moved_to,
        "error": fault.error if failed and fault else None,
        "detail": fault.detail if fault else None,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    good = sum(row["error"] is None for row in rows)
    table = Table(title=f"{good} of {len(rows)} feeds can be read", title_justify="left", box=None)
    for name in ("feed", "status", "entries", "newest", "seconds", "what is wrong"):
        table.add_column(name, overflow="fold")
    for row in rows:
        wrong = f"{row['error']}: " if row["error"] else ""
        moved = f"moved to {row['moved_to']}" if row["moved_to"] else ""
        table.add_row(
            row["feed_id"],
            str(row["status"] or "-"),
            str(row["entries"]),
            (row["newest"] or "")[:10],
            f"{row['seconds']:.2f}",
            wrong + (row["detail"] or moved),
            style=None if row["error"] is None else "red",
        )
    return table
