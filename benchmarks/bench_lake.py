"""The lake's sink against a bare `pyarrow.parquet.write_table` of the same rows.

All start from the same records and write to the same disk. The sink checks every value, sorts, encodes,
hashes, stages and syncs, checks the rules over all rows, and commits. It is held against what does
none of that, in alternating rounds:

- from_pylist: `pa.Table.from_pylist` of the records' dictionaries, then `write_table`, which is how a
  pipeline writes without a sink (goal: the sink's rows/s are 0.7 of it or more);
- columns: the quickest plain way from records to Arrow, a list per column, then `write_table`;
- ready: `write_table` of Arrow tables that are there already, which the sink has to make.

Prints medians of the rounds' ratios. `encoding` leaves the records out: the sink's encoding of an Arrow
table against `write_table` of it. Also: how long a lake of many runs takes to open and to commit to, and
what compaction does for one of many small files.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import functools
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.lake import files, layout, parquet
from transforms.lake.commit import commit
from transforms.lake.compact import compact
from transforms.lake.live import checkpoint
from transforms.lake.query import query
from transforms.lake.runs import begin
from transforms.lake.staging import stage
from transforms.lake.store import LocalStore
from transforms.schema import TABLES, Article, Event, Poll, hash_id

NOW = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)
COUNTRIES = ("PRK", "KOR", "RUS", "UKR", "USA", "CHN", "FRA", "DEU", "ISR", "PSE", "SDN", "IND")
WORDS = [
    *("talks", "ceasefire", "troops", "minister", "border", "grain"),
    *("vote", "strike", "aid", "envoy", "summit", "sanctions"),
]


def article(chance: random.Random, number: int) -> Article:
    """Return a made-up article."""
    text = " ".join(chance.choices(WORDS, k=300))
    return Article(
        article_id=hash_id("a", number),
        entry_id=hash_id("e", number),
        feed_id="feed",
        guid=str(number),
        url=f"https://example.org/{number}",
        canonical_url=f"https://example.org/{number}",
        publisher="Example",
        title=" ".join(chance.choices(WORDS, k=8)),
        authors=("A. Author",),
        byline=None,
        dateline=None,
        published_at=NOW - dt.timedelta(seconds=chance.randrange(86_400)),
        published_source="feed",
        fetched_at=NOW,
        language="en",
        language_score=chance.random(),
        text=text,
        text_source="feed",
        word_count=300,
        categories=("world",),
        revision_of=None,
        run_id="bench",
    )


def event(chance: random.Random, of: Article, number: int) -> Event:
    """Return a made-up event of an article."""
    source, target = chance.sample(COUNTRIES, 2)
    start = chance.randrange(100)
    return Event(
        event_id=hash_id("event", of.article_id, number),
        article_id=of.article_id,
        sentence_index=number,
        sentence=" ".join(chance.choices(WORDS, k=25)),
        char_start=start,
        char_end=start + 8,
        event_date=NOW.date(),
        event_date_precision="day",
        published_at=of.published_at,
        source_text=source.title(),
        source_country=source,
        source_org=None,
        source_sector="GOV",
        source_code=f"{source}GOV",
        target_text=target.title(),
        target_country=target,
        target_org=None,
        target_sector=None,
        target_code=target,
        action_text=of.text[start : start + 8],
        action_lemma=chance.choice(WORDS),
        object_text=None,
        plover_type="CONSULT",
        plover_mode="visit",
        context=None,
        cameo_code="040",
        cameo_root="04",
        quad_class=1,
        goldstein=1.0,
        polarity="positive",
        modality="asserted",
        tense="past",
        confidence=chance.random(),
        said_by_text=None,
        said_by_country=None,
        said_by_org=None,
        said_by_sector=None,
        said_by_verb=None,
        place_text=None,
        place_country=None,
        place_geonameid=None,
        latitude=None,
        longitude=None,
        event_key=hash_id(source, target),
        rule="bench",
        coder_version="1",
        run_id="bench",
    )


def poll(new: int, run_id: str = "bench") -> Poll:
    """Return the poll that the articles came from."""
    return Poll(
        feed_id="feed",
        url="https://example.org/feed",
        polled_at=NOW,
        status=200,
        bytes=0,
        entries=new,
        new=new,
        etag=None,
        last_modified=None,
        next_poll_at=None,
        latency_s=0.1,
        error=None,
        consecutive_failures=0,
        retired=False,
        moved_to=None,
        moved_polls=0,
        shown=None,
        run_id=run_id,
    )


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def sink(lake: str, rows: dict[str, list[Any]]) -> None:
    """Begin a run, stage all rows, commit."""
    run = begin(lake, "bench", (None, None), NOW, "bench")
    staged = [stage(lake, run, table, 0, items) for table, items in rows.items()]
    commit(lake, run, staged, NOW)


def from_pylist(folder: str, rows: dict[str, list[Any]]) -> None:
    """Write the records' dictionaries with `from_pylist` and `write_table`."""
    tables = {
        name: pa.Table.from_pylist(
            [
                {field: getattr(item, field) for field in TABLES[name].schema.names}
                for item in items
            ],
            schema=TABLES[name].schema,
        )
        for name, items in rows.items()
    }
    written(folder, tables)


def columns(folder: str, rows: dict[str, list[Any]]) -> None:
    """Write the records with a list per column and `write_table`."""
    tables = {}
    for name, items in rows.items():
        schema = TABLES[name].schema
        arrays = [
            pa.array([getattr(item, field.name) for item in items], field.type) for field in schema
        ]
        tables[name] = pa.Table.from_arrays(arrays, schema=schema)
    written(folder, tables)


def written(folder: str, tables: dict[str, pa.Table]) -> None:
    """Write Arrow tables with `write_table`."""
    for name, table in tables.items():
        pq.write_table(table, f"{folder}/{name}.parquet", compression="zstd")


def writing(articles: int, rounds: int) -> None:
    """Print what the sink and the bare calls make of the same records."""
    chance = random.Random(1)
    kept = [article(chance, number) for number in range(articles)]
    rows: dict[str, list[Any]] = {
        "articles": kept,
        "events": [event(chance, item, number) for item in kept for number in range(3)],
        "polls": [poll(len(kept))],
    }
    tables = {name: parquet.to_table(TABLES[name], items) for name, items in rows.items()}
    total = sum(map(len, rows.values()))
    ways: dict[str, Callable[[str], None]] = {
        "sink": lambda folder: sink(f"{folder}/lake", rows),
        "from_pylist": lambda folder: from_pylist(folder, rows),
        "columns": lambda folder: columns(folder, rows),
        "ready": lambda folder: written(folder, tables),
    }
    times: dict[str, list[float]] = {name: [] for name in (*ways, "encode", "write")}
    events = tables["events"]
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name, way in ways.items():
                times[name].append(timed(functools.partial(way, folder)))
            file = Path(folder) / "events.parquet"
            times["encode"].append(timed(lambda at=file: at.write_bytes(parquet.encode(events))))  # type: ignore[misc]
            times["write"].append(
                timed(lambda at=file: written(str(at.parent), {"events": events}))
            )  # type: ignore[misc]
    print(f"{articles:,} articles, {total:,} rows, medians of {rounds} rounds")
    for name in ways:
        rate = total / statistics.median(times[name])
        print(f"  {name:<12}{rate:>10,.0f} rows/s{_against(times['sink'], times[name])}")
    print(f"  {'encoding':<12}{'':17}{_against(times['encode'], times['write'])}")


def _against(ours: list[float], theirs: list[float]) -> str:
    if ours is theirs:
        return ""
    return f"   ratio {statistics.median(b / a for a, b in zip(ours, theirs, strict=True)):.2f}"


def opening(runs: int) -> tuple[float, float, float]:
    """Return the seconds to open a lake of many runs without its checkpoint and with it, and to commit."""
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(folder)
        run = begin(store, "r", (None, None), NOW, "bench")
        one = commit(store, run, [stage(store, run, "polls", 0, [poll(0, "r")])], NOW)
        for number in range(runs):
            name = f"r{number}"
            path = layout.data_file("polls", NOW.date(), name, 0)
            store.put(path, store.read(one.files[0].path), durable=False)
            file = dataclasses.replace(one.files[0], path=path)
            manifest = dataclasses.replace(one, run_id=name, sequence=number + 2, files=(file,) * 7)
            store.put(layout.manifest(name), manifest.to_json(), durable=False)
        cold = timed(lambda: files(folder, "events"))
        checkpoint(store)
        warm = statistics.median(timed(lambda: files(folder, "events")) for _ in range(5))
        committing = []
        for number in range(5):
            run = begin(store, f"s{number}", (None, None), NOW, "bench")
            staged = [stage(store, run, "polls", 0, [poll(0, run.run_id)])]
            committing.append(
                timed(lambda run=run, staged=staged: commit(store, run, staged, NOW))  # type: ignore[misc]
            )
        return cold, warm, statistics.median(committing)


def small_files(count: int) -> tuple[float, float, float]:
    """Return the seconds of a query over many small files, of compacting them, and of it again."""
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(folder)
        run = begin(store, "bench", (None, None), NOW, "bench")
        one = commit(store, run, [stage(store, run, "polls", 0, [poll(0)])], NOW)
        data = store.read(one.files[0].path)
        runs = count // 100
        for number in range(runs):
            listed = []
            for shard in range(100):
                path = layout.data_file("polls", NOW.date(), f"r{number}", shard)
                store.put(path, data, durable=False)
                listed.append(dataclasses.replace(one.files[0], path=path, sequence=number + 2))
            manifest = dataclasses.replace(
                one, run_id=f"r{number}", sequence=number + 2, files=tuple(listed)
            )
            store.put(layout.manifest(f"r{number}"), manifest.to_json(), durable=False)
        sql = "SELECT feed_id, sum(new) FROM polls GROUP BY feed_id"
        before = timed(lambda: query(folder, sql))
        rewriting = timed(lambda: compact(folder, dt.timedelta(0), NOW))
        return before, rewriting, timed(lambda: query(folder, sql))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[4_000, 20_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--runs", type=int, nargs="+", default=[1, 1_000, 10_000])
    parser.add_argument("--files", type=int, default=10_000)
    args = parser.parse_args()
    for articles in args.articles:
        writing(articles, args.rounds)
    for runs in args.runs:
        cold, warm, committing = opening(runs)
        print(
            f"{runs:,} runs: open {cold * 1000:,.0f} ms without the checkpoint, "
            f"{warm * 1000:,.0f} ms with it; commit of one row {committing * 1000:,.0f} ms"
        )
    many, rewriting, few = small_files(args.files)
    print(
        f"{args.files:,} small files: query {many:.2f} s; compaction {rewriting:.1f} s; "
        f"query after it {few:.2f} s"
    )


if __name__ == "__main__":
    main()
