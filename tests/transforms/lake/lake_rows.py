"""Runs of made-up rows that keep every rule, and the shortest way to commit them."""

import datetime as dt

from transforms.failures import Failure
from transforms.lake.commit import commit
from transforms.lake.runs import begin
from transforms.lake.staging import row_of, shard_of, stage
from transforms.lake.store import open_store
from transforms.schema import (
    Article,
    Duplicate,
    Event,
    Feed,
    Poll,
    Signature,
    hash_id,
)

NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)
NO_INTERVAL = (None, None)


def article(number, run_id, feed_id="f1", **changes):
    """Return an article; the same number and run give the same ids."""
    fields = {
        "article_id": hash_id("article", run_id, number),
        "entry_id": hash_id("entry", run_id, number),
        "feed_id": feed_id,
        "guid": f"guid-{number}",
        "url": f"https://example.org/{run_id}/{number}?utm_source=x",
        "canonical_url": f"https://example.org/{run_id}/{number}",
        "publisher": "Example",
        "title": f"Title {number}",
        "authors": ("A. Author", "B. Author"),
        "byline": None,
        "dateline": None,
        "published_at": NOON - dt.timedelta(minutes=number) if number % 3 else None,
        "published_source": "feed" if number % 3 else "missing",
        "fetched_at": NOON,
        "language": "en",
        "language_score": 0.98765432,
        "text": f"North Korea sent troops to Russia, officials said on day {number}. " * 20,
        "text_source": "feed",
        "word_count": 200,
        "categories": ("world",),
        "revision_of": None,
        "run_id": run_id,
    }
    return Article(**{**fields, **changes})


def event(of, number=0, **changes):
    """Return an event of an article; the actors' codes follow from their parts."""
    text = "sent troops"
    start = of.text.index(text)
    fields = {
        "event_id": hash_id("event", of.article_id, number),
        "article_id": of.article_id,
        "sentence_index": number,
        "sentence": "North Korea sent troops to Russia, officials said.",
        "char_start": start,
        "char_end": start + len(text),
        "event_date": dt.date(2024, 11, 21),
        "event_date_precision": "day",
        "published_at": of.published_at,
        "source_text": "North Korea",
        "source_country": "PRK",
        "source_org": None,
        "source_sector": "GOV",
        "target_text": "Russia",
        "target_country": "RUS",
        "target_org": None,
        "target_sector": None,
        "action_text": text,
        "action_lemma": "send",
        "object_text": "troops",
        "plover_type": "AID",
        "plover_mode": None,
        "context": "military",
        "cameo_code": "072",
        "cameo_root": "07",
        "quad_class": 2,
        "goldstein": 8.3,
        "polarity": "positive",
        "modality": "asserted",
        "tense": "past",
        "confidence": 0.87654321,
        "said_by_text": "officials",
        "said_by_country": None,
        "said_by_org": None,
        "said_by_sector": "GOV",
        "said_by_verb": "say",
        "place_text": None,
        "place_country": None,
        "place_geonameid": None,
        "latitude": None,
        "longitude": None,
        "event_key": hash_id("key", "PRK", "RUS"),
        "rule": "send-troops/active",
        "coder_version": "1",
        "run_id": of.run_id,
    }
    fields |= changes
    for party in ("source", "target"):
        parts = (fields[f"{party}_{part}"] or "" for part in ("country", "sector", "org"))
        fields.setdefault(f"{party}_code", "".join(parts) or None)
    return Event(**fields)


def poll(run_id, new, feed_id="f1", **changes):
    """Return the poll of one feed."""
    fields = {
        "feed_id": feed_id,
        "url": f"https://example.org/{feed_id}",
        "polled_at": NOON,
        "status": 200,
        "bytes": 1000,
        "entries": new,
        "new": new,
        "etag": f'"{run_id}"',
        "last_modified": None,
        "next_poll_at": None,
        "latency_s": 0.25,
        "error": None,
        "consecutive_failures": 0,
        "retired": False,
        "moved_to": None,
        "moved_polls": 0,
        "shown": None,
        "run_id": run_id,
    }
    return Poll(**{**fields, **changes})


def duplicate(of, number, **changes):
    """Return a copy of an article."""
    fields = {
        "article_id": of.article_id,
        "entry_id": hash_id("copy", of.article_id, number),
        "feed_id": of.feed_id,
        "url": None,
        "title": of.title,
        "published_at": of.published_at,
        "reason": "near",
        "similarity": 0.91239,
        "run_id": of.run_id,
    }
    return Duplicate(**{**fields, **changes})


def signature(of, **changes):
    """Return an article's signature."""
    key = bytes.fromhex(of.article_id)
    fields = {
        "article_id": of.article_id,
        "kept": True,
        "guid_key": key,
        "url_key": None,
        "content_key": key,
        "minhash": key * 32,
        "bands": key * 8,
        "shingles": 12,
        "run_id": of.run_id,
    }
    return Signature(**{**fields, **changes})


def feed(run_id, feed_id="f1"):
    """Return a configured feed."""
    return Feed(
        feed_id=feed_id,
        url=f"https://example.org/{feed_id}",
        title=None,
        outlet="Example",
        country="INT",
        kind="agency",
        ownership=None,
        group=None,
        run_id=run_id,
    )


def failure(number, run_id, **changes):
    """Return an entry that could not be read."""
    fields = {
        "unit": "entry",
        "stage": "parse",
        "source": f"https://example.org/{run_id}/bad/{number}",
        "error": "broken",
        "detail": "the entry breaks off",
        "feed_id": "f1",
        "entry_id": hash_id("bad", run_id, number),
    }
    return Failure(**{**fields, **changes})


def rows_of(run_id, articles=6):
    """Return the rows of one run: articles, an event each, a copy, a reject, a poll that adds up."""
    kept = [article(number, run_id) for number in range(articles)]
    copies = [duplicate(kept[0], 0)] if kept else []
    return [
        *kept,
        *(event(item) for item in kept),
        *copies,
        *(signature(item) for item in kept),
        feed(run_id),
        failure(0, run_id),
        poll(run_id, len(kept) + len(copies) + 1),
    ]


def staged(lake, run, rows, shards=1):
    """Return the staged files of rows."""
    groups = {}
    for item in rows:
        row = row_of(item, run.run_id)
        groups.setdefault(shard_of(row, shards), []).append(row)
    return [stage(lake, run, *key, group) for key, group in groups.items()]


def committed(lake, run_id, rows=None, now=NOON, shards=1):
    """Begin, stage and commit a run; return its manifest."""
    store = open_store(lake)
    run = begin(store, run_id, NO_INTERVAL, now, "config")
    rows = rows_of(run_id) if rows is None else rows
    return commit(store, run, staged(store, run, rows, shards), now)
