"""The lake's sink against a bare `pyarrow.parquet.write_table` of the same rows.

Both start from the same records and write to the same disk. The bare call turns them into Arrow,
unchecked and unsorted, and writes; the sink checks every value, sorts, encodes, hashes, stages and
syncs, checks the rules over all rows, and commits. The strict ratio gives the bare call its Arrow
tables ready, which the sink has to make. Prints rows/s of each, as the median of alternating
rounds, and the median of the rounds' ratios (goal: 0.7 or more). The second ratio leaves the records
out: the sink's encoding of an Arrow table against `write_table` of that table. Also: how long a lake of
many runs takes to open, and what compaction does for one of many small files.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def sink(lake: str, rows: dict[str, list[object]]) -> None:
    """Begin a run, stage all rows, commit."""
    run = begin(lake, "bench", (None, None), NOW, "bench")
    staged = [stage(lake, run, table, 0, items) for table, items in rows.items()]
    commit(lake, run, staged, NOW)


def bare(folder: str, rows: dict[str, list[object]]) -> None:
    """Write the same records with `write_table` and nothing else."""
    for name, items in rows.items():
        schema = TABLES[name].schema
        columns = [
            pa.array([getattr(item, field.name) for item in items], field.type) for field in schema
        ]
        pq.write_table(
            pa.Table.from_arrays(columns, schema=schema),
            f"{folder}/{name}.parquet",
            compression="zstd",
        )


def written(folder: str, tables: dict[str, pa.Table]) -> None:
    """Write Arrow tables with `write_table`."""
    for name, table in tables.items():
        pq.write_table(table, f"{folder}/{name}.parquet", compression="zstd")


def opening(runs: int) -> tuple[float, float]:
    """Return the seconds to open a lake of many runs without and with its checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(folder)
        run = begin(store, "r", (None, None), NOW, "bench")
        one = commit(store, run, [stage(store, run, "polls", 0, [poll(0, "r")])], NOW)
        for number in range(runs):
            name = f"r{number}"
            file = dataclasses.replace(one.files[0], path=f"polls/dt=2024-11-22/{name}.parquet")
            manifest = dataclasses.replace(one, run_id=name, sequence=number, files=(file,) * 7)
            store.put(layout.manifest(name), manifest.to_json(), durable=False)
        cold = timed(lambda: files(folder, "events"))
        checkpoint(store)
        return cold, timed(lambda: files(folder, "events"))


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
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--files", type=int, default=10_000)
    args = parser.parse_args()
    chance = random.Random(1)
    articles = [article(chance, number) for number in range(args.articles)]
    events = [event(chance, item, number) for item in articles for number in range(3)]
    rows: dict[str, list[object]] = {
        "articles": [*articles],
        "events": [*events],
        "polls": [poll(len(articles))],
    }
    total = sum(map(len, rows.values()))
    ours, theirs = [], []
    for _ in range(args.rounds):
        with tempfile.TemporaryDirectory() as folder:
            theirs.append(timed(lambda at=folder: bare(at, rows)))  # type: ignore[misc]
            ours.append(timed(lambda at=folder: sink(str(Path(at) / "lake"), rows)))  # type: ignore[misc]
    rates = [total / statistics.median(times) for times in (ours, theirs)]
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    table = parquet.to_table(TABLES["events"], events)
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/events.parquet"
        encoding = statistics.median(
            timed(lambda: pq.write_table(table, file, compression="zstd"))
            / timed(lambda: Path(file).write_bytes(parquet.encode(table)))
            for _ in range(args.rounds)
        )
    tables = {name: parquet.to_table(TABLES[name], items) for name, items in rows.items()}
    with tempfile.TemporaryDirectory() as folder:
        strict = statistics.median(timed(lambda: written(folder, tables)) for _ in ours)
    cold, warm = opening(args.runs)
    many, rewriting, few = small_files(args.files)
    print(f"sink          {rates[0]:>10,.0f} rows/s   records to a committed run")
    print(f"write_table   {rates[1]:>10,.0f} rows/s   the same records, nothing else")
    print(
        f"ratio         {ratio:>10.2f}          goal 0.70 or more, median of {args.rounds} rounds"
    )
    print(
        f"strict        {strict / statistics.median(ours):>10.2f}          "
        "write_table of ready Arrow tables against records to a committed run"
    )
    print(f"encoding      {encoding:>10.2f}          Arrow to bytes alone, events")
    print(f"open          {cold:>10.2f} s        {args.runs:,} runs, without the checkpoint")
    print(f"open          {warm:>10.2f} s        {args.runs:,} runs, with it")
    print(f"query         {many:>10.2f} s        {args.files:,} small files")
    print(f"compact       {rewriting:>10.2f} s        them")
    print(f"query         {few:>10.2f} s        after compaction")


if __name__ == "__main__":
    main()
