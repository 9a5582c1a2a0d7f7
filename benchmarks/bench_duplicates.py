"""The whole near-duplicate stage against datasketch's MinHashLSH on the same texts.

CPU seconds, so that a busy machine counts for neither. Ours: words, shingles, MinHash, bands,
candidates, verification by Jaccard and containment, clusters, decisions. datasketch's: the same words
and 3-grams, MinHash (128 permutations), MinHashLSH query and insert, no verification; once as its
documentation shows it (`update` of one 3-gram after the other; on a tenth of the texts) and once in its
fastest form (`update_batch`). Prints docs/s of each, the ratios (goal: 10 or more), and how many of the
planted edited copies each finds. Then what one run of 1,000 articles costs against a lake of many known
signatures: seconds, and megabytes above what the process had before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from datasketch import MinHash, MinHashLSH

from transforms.duplicates import minhash
from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import copy_id, fingerprints
from transforms.duplicates.shingles import compared_words
from transforms.records import Copy
from transforms.schema import NUMBERS_BYTES, TABLES, Article, hash_id

NOW = dt.datetime(2024, 11, 22, tzinfo=dt.UTC)
VOCABULARY = 20_000
COPY_SHARE = 0.1
BATCH = 512
LSH_THRESHOLD = 0.5
BLOCK = 50_000


def texts(count: int, seed: int = 1) -> list[tuple[str, int]]:
    """Return (text, story): news-like lengths, Zipf's words, a tenth of them edited copies."""
    chance = random.Random(seed)
    words = [f"{chance.choice('bcdfgklmnprst')}{number:x}" for number in range(VOCABULARY)]
    found: list[tuple[str, int]] = []
    stories: list[list[str]] = []
    for number in range(count):
        if stories and chance.random() < COPY_SHARE:
            story = chance.randrange(len(stories))
            body = stories[story]
            start = chance.randrange(len(body) // 4)
            part = body[start : start + round(len(body) * chance.uniform(0.6, 1))]
            extra = [words[int(VOCABULARY ** chance.random())] for _ in range(len(part) // 8)]
            found.append((" ".join(part + extra), story))
        else:
            body = [
                words[int(VOCABULARY ** chance.random()) - 1]
                for _ in range(chance.randint(150, 600))
            ]
            stories.append(body)
            found.append((" ".join(body), len(stories) - 1))
        assert number < count
    return found


def make_copy(number: int, text: str) -> Copy:
    """Return a text as a copy with an address of its own."""
    url = f"https://a.example/{number}"
    return Copy(
        article=Article(
            article_id=hash_id(url, text),
            entry_id=hash_id(str(number)),
            feed_id="f",
            guid=str(number),
            url=url,
            canonical_url=url,
            publisher=None,
            title="A title",
            authors=(),
            byline=None,
            dateline=None,
            published_at=NOW + dt.timedelta(seconds=number),
            published_source="feed",
            fetched_at=NOW,
            language="en",
            language_score=1.0,
            text=text,
            text_source="feed",
            word_count=text.count(" ") + 1,
            categories=(),
            revision_of=None,
            run_id="r",
        )
    )


def ours(copies: list[Copy]) -> tuple[float, set[str]]:
    """Return CPU seconds and the ids of dropped copies."""
    start = time.process_time()
    prints = [
        item
        for at in range(0, len(copies), BATCH)
        for item in fingerprints(copies[at : at + BATCH])
    ]
    decisions = decide(prints)
    seconds = time.process_time() - start
    return seconds, {item.copy_id for item in decisions if item.reason is not None}


def datasketch(copies: list[Copy], *, batched: bool) -> tuple[float, set[str]]:
    """Return CPU seconds and the ids of texts that have an earlier similar one."""
    start = time.process_time()
    index = MinHashLSH(threshold=LSH_THRESHOLD, num_perm=128)
    found = set()
    for copy in copies:
        words = compared_words(copy.article.text).split()
        grams = {" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)}
        sketch = MinHash(num_perm=128)
        if batched:
            sketch.update_batch(list(grams))
        else:
            for gram in grams:
                sketch.update(gram)
        if index.query(sketch):
            found.add(copy_id(copy))
        index.insert(copy_id(copy), sketch)
    return time.process_time() - start, found


def known(count: int, seed: int = 2) -> Iterator[pa.Table]:
    """Yield `count` made-up signatures in parts, as the lake streams them."""
    schema = TABLES["signatures"].schema
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        chance = np.random.default_rng(seed + start)
        rows = chance.integers(0, 1 << 32, size=(size, 128), dtype=np.uint32)
        bands = minhash.bands(rows)

        def fixed(data: bytes, width: int, size: int = size) -> pa.Array:
            return pa.FixedSizeBinaryArray.from_buffers(
                pa.binary(width), size, [None, pa.py_buffer(data)]
            )

        columns = {
            "article_id": pa.array([f"{start + place:032x}" for place in range(size)]),
            "kept": pa.array(np.ones(size, dtype=bool)),
            "guid_key": fixed(chance.bytes(16 * size), 16),
            "url_key": fixed(chance.bytes(16 * size), 16),
            "content_key": fixed(chance.bytes(16 * size), 16),
            "minhash": fixed(rows.tobytes(), 512),
            "bands": fixed(bands.astype("<u4").tobytes(), 128),
            "shingles": pa.array(chance.integers(100, 600, size=size, dtype=np.int32)),
            "numbers": fixed(chance.bytes(NUMBERS_BYTES * size), NUMBERS_BYTES),
            "run_id": pa.array(["r0"] * size),
        }
        yield pa.table(columns, schema=schema)


class Timed:
    """Tables, and the CPU seconds that making them took, which are not the stage's."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        self._tables = tables
        self.seconds = 0.0

    def __iter__(self) -> Iterator[pa.Table]:
        while True:
            start = time.process_time()
            table = next(self._tables, None)
            self.seconds += time.process_time() - start
            if table is None:
                return
            yield table


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--known", type=int, nargs="*", default=[100_000, 1_000_000])
    options = parser.parse_args()

    made = texts(options.texts)
    copies = [make_copy(number, text) for number, (text, _) in enumerate(made)]
    first: set[int] = set()
    planted = set()
    for copy, (_, story) in zip(copies, made, strict=True):
        if story in first:
            planted.add(copy_id(copy))
        first.add(story)
    ours(copies[:1000])  # both warm
    datasketch(copies[:100], batched=True)
    part = copies[: len(copies) // 10]
    slow_s, _ = datasketch(part, batched=False)
    slow_s *= len(copies) / len(part)
    peer_s, peer_found = datasketch(copies, batched=True)
    our_s, our_found = ours(copies)
    for name, seconds, found in (
        ("wirelake", our_s, our_found),
        ("datasketch", peer_s, peer_found),
    ):
        print(
            f"near-duplicates, {name}: {len(copies) / seconds:,.0f} docs/s; "
            f"{len(found & planted)} of {len(planted)} planted, {len(found - planted)} others"
        )
    print(f"near-duplicates, wirelake / datasketch with update: {slow_s / our_s:.1f} (goal 10)")
    print(f"near-duplicates, wirelake / datasketch with update_batch: {peer_s / our_s:.1f}")

    prints = fingerprints(copies[:1000])
    for count in options.known:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tables = Timed(known(count))
        start = time.process_time()
        decide(prints, tables)
        seconds = time.process_time() - start - tables.seconds
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"1,000 articles against {count:,} known: {seconds:.2f} s, {more:.0f} MB more at the peak"
        )


if __name__ == "__main__":
    main()
