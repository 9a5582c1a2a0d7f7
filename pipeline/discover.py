"""`wirelake feeds discover`: the feeds of a site, each read once to see that it is one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from rich.console import Console
from rich.table import Table

from pipeline.settings import MB, ParseSettings
from transforms.feeds import parse_feeds
from transforms.feeds.discovery import announced
from transforms.records import Capture, ParsedFeed, Request
from transforms.supervise import Fault, Supervisor
from transforms.web.fetcher import Fetcher
from transforms.web.settings import WebSettings

# Where sites keep a feed that their pages do not announce, by what common systems do.
USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
MOST = 30  # candidates that are looked at


def discover(url: str, web: WebSettings, parse: ParseSettings, *, private: bool) -> dict[str, Any]:
    """Return {"url", "error", "feeds"}: the feeds of a page or site, or the URL itself if it is one.

    Args:
        url: http or https; without a scheme https is meant.
        web: How to ask.
        parse: How long reading one may take, and how much memory.
        private: Lift the rules for addresses and ports.
    """
    url = url if "://" in url else f"https://{url}"
    parser: Supervisor[Any, ParsedFeed] = Supervisor(
        parse_feeds,
        deadline_s=parse.deadline_s,
        memory_bytes=parse.memory_mb * MB,
        name="parse",
        batch_size=1,
    )
    with Fetcher(web) as fetcher, contextlib.closing(parser):

        def read(urls: list[str]) -> Iterator[tuple[Capture, ParsedFeed | Fault]]:
            for capture in fetcher.captures([_request(target, private=private) for target in urls]):
                [parsed] = parser.map([(capture, parse.max_entries, None)])
                yield capture, parsed

        [(page, first)] = read([url])
        row = _row(page, first)
        if row is not None:
            return {"url": url, "error": None, "feeds": [row]}
        if page.error is not None:
            return {"url": url, "error": f"{page.error}: {page.detail}", "feeds": []}
        named = announced(page)
        found = _feeds(read(named[:MOST]), named)
        if not found:
            usual = [urljoin(page.final_url, place) for place in USUAL_PLACES]
            found = _feeds(read([place for place in usual if place not in named]), usual)
    error = None if found else "the page announces no feed, and none is where feeds usually are"
    return {"url": url, "error": error, "feeds": found}


def _request(url: str, *, private: bool) -> Request:
    return Request(kind="discover", feed_id="", url=url, allow_private=private)


def _feeds(
    read: Iterator[tuple[Capture, ParsedFeed | Fault]], order: list[str]
) -> list[dict[str, Any]]:
    """Return a row for each that is a feed; those that are the same after redirects once."""
    rows: dict[str, dict[str, Any]] = {}
    for capture, parsed in sorted(read, key=lambda pair: order.index(pair[0].url)):
        row = _row(capture, parsed)
        if row is not None:
            rows.setdefault(capture.final_url, row)
    return list(rows.values())


def _row(capture: Capture, parsed: ParsedFeed | Fault) -> dict[str, Any] | None:
    """Return what is known of a feed; None: it is none."""
    if isinstance(parsed, Fault) or (parsed.fault is not None and not parsed.entries):
        return None
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    return {
        "url": capture.final_url,
        "title": parsed.title,
        "entries": len(parsed.entries),
        "newest": max(dates).isoformat() if dates else None,
    }


def print_discovered(found: dict[str, Any], *, as_json: bool) -> None:
    """Print what was found, as a table or as JSON."""
    if as_json:
        print(json.dumps(found, indent=2))
        return
    if found["error"] is not None:
        Console(stderr=True).print(
            f"{found['url']}: {found['error']}", soft_wrap=True, markup=False
        )
        return
    table = Table(box=None)
    for name in ("url", "title", "entries", "newest"):
        table.add_column(name, overflow="fold")
    for row in found["feeds"]:
        newest = (row["newest"] or "")[:10]
        table.add_row(row["url"], row["title"] or "", str(row["entries"]), newest)
    Console().print(table)
