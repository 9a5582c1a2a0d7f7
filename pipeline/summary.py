"""The summary of a run: one set of figures, read from the lake, printed for people or as JSON."""

from __future__ import annotations

import datetime as dt
import logging
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.unfinished import unfinished_lines
from transforms.lake.health import feed_health
from transforms.lake.query import query
from transforms.lake.runs import unfinished
from transforms.records import FeedState
from transforms.schema import TABLES
from transforms.web.schedule import aside

_log = logging.getLogger(__name__)

BEST = 10
NEXT_QUERY = (
    "select event_date, source_code, plover_type, target_code, said_by_text, sentence "
    "from events order by confidence desc limit 20"
)

# Best: both actors known, and sure; one of each article, so that ten rows show ten stories.
_BEST_EVENTS = """
    select coalesce(source_code, source_text, '?') as source, plover_type as type,
           action_text as action, coalesce(target_code, target_text, '?') as target,
           coalesce(said_by_text, 'the text') as says, modality, polarity, confidence,
           cast(event_date as varchar) as date, sentence
    from events
    where run_id = $run and plover_type is not null
    qualify row_number() over (
        partition by article_id
        order by (source_code is not null and target_code is not null) desc,
                 (said_by_text is not null) desc, confidence desc, event_id
    ) = 1
    order by (source_code is not null and target_code is not null) desc, confidence desc, event_id
    limit {limit}
"""


def summarize(lake: str, run_id: str) -> dict[str, Any]:
    """Return the figures of one committed run and the lake's totals."""

    def rows(sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = query(lake, sql.replace("$run", f"'{run_id}'")).to_pylist()
        return found

    polls = rows(
        "select count(*) as polled, coalesce(sum(entries), 0)::bigint as entries, "
        "coalesce(sum(new), 0)::bigint as new, count(*) filter (error is not null) as failed, "
        "coalesce(list(feed_id order by feed_id) filter (error is not null), []) as failed_feeds "
        "from polls where run_id = $run"
    )[0]
    return {
        "run_id": run_id,
        "lake": lake,
        "feeds": polls | {"left_out": _left_out(rows, lake)},
        "articles": _count(rows("select count(*) as n from articles where run_id = $run")),
        "duplicates": _by(rows, "reason", "duplicates"),
        "events": _count(rows("select count(*) as n from events where run_id = $run")),
        "events_by_type": _by(rows, "coalesce(plover_type, 'statement')", "events"),
        "rejects": rows(
            "select stage, error, unit, count(*) as n from rejects where run_id = $run "
            "group by all order by n desc, stage, error"
        ),
        "counting_law": _counting_law(rows, polls["new"]),
        "best_events": rows(_BEST_EVENTS.format(limit=BEST)),
        "totals": {
            name: _count(rows(f"select count(*) as n from {name}"))  # noqa: S608 - our own names
            for name in TABLES
        },
        "unfinished_runs": [begun.run.run_id for begun in unfinished(lake)],
        "next": f"{_wirelake()} query {shlex.quote(NEXT_QUERY)} --lake {shlex.quote(lake)}",
    }


def _left_out(rows: Any, lake: str) -> list[dict[str, str]]:
    """Return the feeds of the run that were not polled, each with the reason."""
    found = rows(
        "select feed_id from feeds where run_id = $run and feed_id not in "
        "(select feed_id from polls where run_id = $run) order by feed_id"
    )
    names = [row["feed_id"] for row in found]
    health = feed_health(lake, names, dt.datetime.now(dt.UTC))
    return [{"feed_id": name, "why": _why_left_out(health[name].state)} for name in names]


def _why_left_out(state: FeedState) -> str:
    until = state.next_poll_at and f"{state.next_poll_at:%Y-%m-%d %H:%M}Z"
    return aside(state) or (f"not to be polled before {until}" if until else "not due")


def _counting_law(rows: Any, new: int) -> dict[str, Any]:
    found = rows(
        "select (select count(*) from articles where run_id = $run) as articles, "
        "(select count(*) from duplicates where run_id = $run) as duplicates, "
        "(select count(*) from rejects where run_id = $run and unit = 'entry') as rejects"
    )[0]
    return {"new": new, **found, "holds": new == sum(found.values())}


def _wirelake() -> str:
    """Return how the user can call us again: by name where it is on the path."""
    if shutil.which("wirelake"):
        return "wirelake"
    called = Path(sys.argv[0])
    return str(called) if called.name == "wirelake" else f"{sys.executable} -m pipeline"


def _count(found: list[dict[str, Any]]) -> int:
    return int(found[0]["n"])


def _by(rows: Any, expression: str, table: str) -> dict[str, int]:
    found = rows(
        f"select {expression} as name, count(*) as n from {table} "  # noqa: S608 - our own names
        "where run_id = $run group by all order by n desc, name"
    )
    return {row["name"]: row["n"] for row in found}


def render(figures: dict[str, Any]) -> Group:
    """Return the summary for people."""
    feeds = figures["feeds"]
    law = figures["counting_law"]
    lines = Table.grid(padding=(0, 2))
    lines.add_column(style="bold")
    lines.add_column()
    failed = f", {feeds['failed']} failed: {', '.join(feeds['failed_feeds'])}" * bool(
        feeds["failed"]
    )
    lines.add_row("Feeds", f"{feeds['polled']} polled{failed}")
    lines.add_row("Entries", f"{feeds['entries']:,} shown, {feeds['new']:,} new")
    lines.add_row("Articles", f"{figures['articles']:,}")
    lines.add_row("Duplicates", _counts(figures["duplicates"]))
    lines.add_row("Events", _counts(figures["events_by_type"]))
    lines.add_row(
        "Rejects",
        _counts({f"{r['stage']}: {r['error']} ({r['unit']})": r["n"] for r in figures["rejects"]}),
    )
    lines.add_row(
        "Counting law",
        f"{law['new']} new = {law['articles']} articles + {law['duplicates']} duplicates "
        f"+ {law['rejects']} rejected entries: {'holds' if law['holds'] else 'BROKEN'}",
    )
    totals = ", ".join(f"{name} {n:,}" for name, n in figures["totals"].items() if n)
    lines.add_row("Lake", f"{figures['lake']}: {totals}")
    parts: list[Any] = [Panel(lines, title=f"run {figures['run_id']}", title_align="left")]
    if figures["best_events"]:
        parts.append(_best(figures["best_events"]))
    parts.extend(
        Text(f"Feed {feed['feed_id']} was left out: {feed['why']}", "yellow")
        for feed in feeds["left_out"]
    )
    parts.extend(unfinished_lines(figures["unfinished_runs"], held_by=None))
    parts.append(Text.assemble("Next: ", (figures["next"], "bold green")))
    return Group(*parts)


def _counts(counts: dict[str, int]) -> str:
    if not counts:
        return "none"
    return f"{sum(counts.values()):,}: " + ", ".join(f"{n:,} {name}" for name, n in counts.items())


def _best(events: list[dict[str, Any]]) -> Table:
    table = Table(title="Events", title_justify="left", box=None, padding=(0, 1))
    for name in ("source → action → target", "date", "says who", "how sure"):
        table.add_column(name, overflow="fold")
    for event in events:
        how = f"{event['modality']} {event['confidence']:.2f}"
        table.add_row(
            Text.assemble(
                (event["source"], "cyan"),
                f" → {event['action']} ",
                (event["type"], "magenta"),
                " → ",
                (event["target"], "cyan"),
            ),
            event["date"] or "",
            event["says"],
            f"not: {how}" if event["polarity"] == "negative" else how,
        )
    return table


def log_figures(figures: dict[str, Any]) -> None:
    """Log what a run brought, and a line for each feed that failed or was left out."""
    feeds = figures["feeds"]
    for name in feeds["failed_feeds"]:
        _log.info("feed failed", extra={"feed_id": name})
    for feed in feeds["left_out"]:
        _log.info("feed left out", extra={"feed_id": feed["feed_id"], "why": feed["why"]})
    counts = {name: figures[name] for name in ("articles", "events")}
    counts |= {name: feeds[name] for name in ("polled", "failed", "entries", "new")}
    counts["duplicates"] = sum(figures["duplicates"].values())
    counts["rejects"] = sum(row["n"] for row in figures["rejects"])
    _log.info("run committed", extra=counts)


def show(figures: dict[str, Any], console: Console) -> None:
    """Print the summary for people."""
    console.print(render(figures))
