"""Captures and documents that the feed tests share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from transforms.feeds import parse_feed
from transforms.records import Capture, Headers, ParsedFeed

SHARED = Path(__file__).parents[3] / ".." / "shared" / "data" / "feeds"
URL = "https://feeds.example/feed"
NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)


def capture(body: bytes | str = b"", *, headers: Headers = (), **fields: object) -> Capture:
    values: dict[str, object] = {
        "kind": "feed",
        "feed_id": "feed",
        "url": URL,
        "fetched_at": NOW,
        "latency_s": 0.1,
        "raw_record": "<urn:uuid:1>",
        "status": 200,
        "final_url": URL,
        "headers": headers,
        "body": body.encode() if isinstance(body, str) else body,
    }
    return Capture(**(values | fields))  # type: ignore[arg-type]


def parsed(body: bytes | str, *, max_entries: int = 10_000, **fields: object) -> ParsedFeed:
    return parse_feed(
        capture(body, **fields),  # type: ignore[arg-type]
        max_entries=max_entries,
        language=None,
    )


def rss(*items: str, head: str = "", version: str = "2.0", namespaces: str = "") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="{version}" {namespaces}><channel><title>Paper</title>'
        f"<link>https://paper.example/</link>{head}{body}</channel></rss>"
    )


def atom(*entries: str, head: str = "") -> str:
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>'
        f'<link href="https://paper.example/"/>{head}{body}</feed>'
    )


def item(title: str, number: int, text: str = "Text.") -> str:
    link = f"https://paper.example/{number}"
    return (
        f"<title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<description>{text}</description>"
    )
