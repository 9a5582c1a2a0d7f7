"""Generated articles for benchmarks: sentences of our own gold sets, drawn anew for each article."""

from __future__ import annotations

import json
import random
from html import escape
from pathlib import Path

SETS = Path(__file__).parents[1] / "tests" / "data" / "events"
SENTENCES_PER_ARTICLE = 15  # about 330 words, a wire story's length
EVENTFUL = 0.5  # the share of sentences that hold an event, as in raw political news


def texts(count: int, *, seed: int = 1, eventful: float = EVENTFUL) -> list[str]:
    """Return `count` article texts of about 330 words, the same for the same seed."""
    chance = random.Random(seed)
    wire, none = _sentences("wire.jsonl"), _sentences("none.jsonl")
    return ["\n\n".join(_paragraphs(chance, wire, none, eventful)) for _ in range(count)]


def feed(articles: list[str]) -> str:
    """Return an RSS feed that carries the articles in full."""
    items = "".join(
        f"<item><title>Story {number}</title><link>https://news.example/{number}</link>"
        f"<guid isPermaLink='false'>{number}</guid>"
        f"<pubDate>Fri, 22 Nov 2024 {number % 24:02}:30:00 GMT</pubDate>"
        f"<content:encoded>{escape(_html(text))}</content:encoded></item>"
        for number, text in enumerate(articles)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Generated</title>{items}</channel></rss>"
    )


def _html(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))


def _sentences(name: str) -> list[str]:
    lines = (SETS / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if not row.get("title")]


def _paragraphs(
    chance: random.Random, wire: list[str], none: list[str], eventful: float
) -> list[str]:
    return [
        chance.choice(wire if chance.random() < eventful else none)
        for _ in range(SENTENCES_PER_ARTICLE)
    ]
