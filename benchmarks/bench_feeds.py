"""Feeds parsed per second, whole way to entries, against plain feedparser: prints a ratio.

Generated feeds (seeded, fixed sizes: RSS with full texts, RSS with teasers, Atom), each parsed by

- feedparser as it comes (sanitising and resolving on),
- feedparser as `parse_feed` uses it (both off), the floor,
- `parse_feed`: the same and encoding, dates, identity, plain text, faults,
- the same in the supervised process: with pickling and the pipe.

All four in one run, in turns: medians of the rounds and of their ratios. `--quick` runs one small
round, for CI.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import statistics
import sys
import time
from collections.abc import Callable

import feedparser

from transforms.feeds import parse_feed, parse_feeds
from transforms.records import Capture
from transforms.supervise import Supervisor

SEED = 20241122
TEXT = "the minister said talks troops border on with president and army Monday of in to"
WORDS = TEXT.split()
NOW = dt.datetime(2024, 11, 22, tzinfo=dt.UTC)


def sentences(rng: random.Random, count: int) -> str:
    """Return sentences of 18 words."""
    return " ".join(" ".join(rng.choices(WORDS, k=18)).capitalize() + "." for _ in range(count))


def feed(rng: random.Random, kind: str, entries: int) -> bytes:
    """Return one feed: "full" (content:encoded), "teaser" or "atom"."""
    parts = []
    for number in range(entries):
        link = f"https://paper{rng.randrange(99)}.example/{number}/{rng.randrange(10**9)}"
        title = sentences(rng, 1)
        body = "".join(f"&lt;p&gt;{sentences(rng, 3)}&lt;/p&gt;" for _ in range(8))
        teaser = sentences(rng, 2)
        when = NOW - dt.timedelta(minutes=number)
        if kind == "atom":
            parts.append(
                f"<entry><id>{link}</id><title>{title}</title><link href='{link}'/>"
                f"<updated>{when.isoformat()}</updated><author><name>J D</name></author>"
                f"<content type='html'>{body}</content></entry>"
            )
            continue
        full = f"<content:encoded>{body}</content:encoded>" if kind == "full" else ""
        parts.append(
            f"<item><guid>{link}</guid><title>{title}</title><link>{link}</link>"
            f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate><category>World</category>"
            f"<description>{teaser}</description>{full}</item>"
        )
    text = "".join(parts)
    if kind == "atom":
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{text}</feed>".encode()
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>P</title><link>https://paper.example/</link>{text}</channel></rss>"
    ).encode()


def main(*, quick: bool) -> None:
    """Measure and print."""
    rng = random.Random(SEED)
    count, rounds = (6, 1) if quick else (15, 15)
    kinds = ("full", "teaser", "atom")
    captures = [
        Capture(
            kind="feed",
            feed_id=f"f{number}",
            url="https://paper.example/feed",
            final_url="https://paper.example/feed",
            fetched_at=NOW,
            latency_s=0.1,
            raw_record="<urn:uuid:1>",
            status=200,
            body=feed(rng, kinds[number % 3], 30),
        )
        for number in range(count)
    ]
    with Supervisor(
        parse_feeds, deadline_s=60, memory_bytes=1 << 30, name="bench", batch_size=1
    ) as supervisor:
        supervisor.map([(captures[0], 10_000, None)])
        ways: dict[str, Callable[[], object]] = {
            "feedparser as it comes": lambda: [
                feedparser.parse(io.BytesIO(c.body)) for c in captures
            ],
            "feedparser, both off": lambda: [
                feedparser.parse(
                    io.BytesIO(c.body), sanitize_html=False, resolve_relative_uris=False
                )
                for c in captures
            ],
            "parse_feed": lambda: [
                parse_feed(c, max_entries=10_000, language=None) for c in captures
            ],
            "parse_feed, supervised": lambda: supervisor.map([(c, 10_000, None) for c in captures]),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                seconds[name].append(time.perf_counter() - began)
    plain = seconds["feedparser as it comes"]
    size = sum(len(c.body) for c in captures) / count / 1024
    print(f"{count} feeds of 30 entries, {size:.0f} KB on average, median of {rounds}")
    for name, found in seconds.items():
        median = statistics.median(found)
        ratio = statistics.median(a / b for a, b in zip(plain, found, strict=True))
        print(f"  {name:24} {count / median:7.1f} feeds/s   {ratio:5.2f} x feedparser")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
