"""Reading article pages against bare trafilatura on the same made-up pages.

Ours finds text, title, authors, publisher, canonical address and a dated publication, and cleans the
lines; bare trafilatura finds text (`extract`), or text and metadata (`bare_extraction`). Prints CPU pages/s
of each and the ratios, and pages/s by the clock through the supervised process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import trafilatura

from transforms.articles.extractor import load_page_extractor
from transforms.articles.page import extract_page
from transforms.records import Capture, Page
from transforms.supervise import Supervisor

NOW = dt.datetime(2024, 11, 23, tzinfo=dt.UTC)
WORDS = [
    *("minister", "treaty", "border", "talks", "army", "grain", "vote", "envoy", "summit"),
    *("the", "a", "of", "in", "on", "with", "said", "after", "before", "between", "two"),
    *("new", "former", "president", "court", "police", "city", "region", "week", "month"),
]


def page(chance: random.Random, number: int) -> bytes:
    """Return a page of some 60 kB: an article among navigation, teasers, scripts and a footer."""

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(12, 30))).capitalize() + "."

    def paragraph() -> str:
        return "<p>" + " ".join(sentence() for _ in range(chance.randint(2, 4))) + "</p>"

    links = "".join(f'<li><a href="/{n}">{sentence()[:40]}</a></li>' for n in range(60))
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/t{n}">{sentence()}</a></h3><span>{sentence()}</span></div>'
        for n in range(40)
    )
    story = "".join(paragraph() for _ in range(chance.randint(10, 25)))
    script = "".join(f"var v{n} = {{'k': {n}}};" for n in range(1200))
    title = sentence()
    day = f"2024-11-{1 + number % 22:02d}"
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>
<link rel="canonical" href="https://a.example/{number}"><meta property="og:site_name" content="Example">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{title}",
"author":{{"name":"Jane Roe"}},
"datePublished":"{day}T08:00:00Z"}}</script>
<script>{script}</script></head><body><nav><ul>{links}</ul></nav><main><article><h1>{title}</h1>
<p class="byline">By Jane Roe</p>{story}</article><aside>{teasers}</aside></main>
<footer><ul>{links}</ul></footer></body></html>""".encode()


def rate(function: Callable[[Capture], Any], captures: Sequence[Capture]) -> float:
    """Return CPU pages/s."""
    for capture in captures[:5]:
        function(capture)
    start = time.process_time()
    for capture in captures:
        function(capture)
    return len(captures) / (time.process_time() - start)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    count = parser.parse_args().pages
    chance = random.Random(1)
    captures = [
        Capture(
            kind="page",
            feed_id="f",
            url=f"https://a.example/{number}",
            final_url=f"https://a.example/{number}",
            fetched_at=NOW,
            latency_s=0.1,
            raw_record="",
            status=200,
            body=page(chance, number),
        )
        for number in range(count)
    ]
    text = rate(lambda capture: trafilatura.extract(capture.body), captures)
    metadata = rate(
        lambda capture: trafilatura.bare_extraction(capture.body, with_metadata=True), captures
    )
    ours = rate(extract_page, captures)
    print(f"pages: wirelake {ours:.0f}/s, trafilatura {text:.0f}/s, with metadata {metadata:.0f}/s")
    print(f"pages, wirelake / trafilatura: {ours / text:.2f}; with metadata: {ours / metadata:.2f}")
    with Supervisor[Capture, Page](
        load_page_extractor, deadline_s=20, memory_bytes=1_500_000_000, name="pages", batch_size=1
    ) as supervisor:
        supervisor.map(captures[:5])
        start = time.perf_counter()
        supervised = supervisor.map(captures)
        seconds = time.perf_counter() - start
    assert all(isinstance(item, Page) and item.text for item in supervised)
    print(f"pages, through the supervised process: {count / seconds:.0f}/s by the clock")


if __name__ == "__main__":
    main()
