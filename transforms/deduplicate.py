"""DeduplicateArticles: copies → articles, duplicates, and what later runs need to recognise them.

Every copy's fingerprint (keys and shingles, no text) is gathered under one key and decided upon by
`duplicates.decide`; decisions then meet the copies again by id. So the result cannot depend on bundles,
order or workers, and no worker holds all texts. A fingerprint takes about 4 kB.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.duplicates.decide import Decision, decide
from transforms.duplicates.fingerprint import Fingerprint, copy_id, fingerprints
from transforms.records import Copy
from transforms.runs import HistoryOf, Runs
from transforms.schema import Duplicate, Signature

BATCH = 512


class Deduplicated(NamedTuple):
    """What DeduplicateArticles gives."""

    articles: Any  # PCollection[Article]
    duplicates: Any  # PCollection[Duplicate]
    signatures: Any  # PCollection[Signature]


@dataclass
class DeduplicateArticles(beam.PTransform):
    """PCollection[Copy] → Deduplicated(articles, duplicates, signatures).

    Each copy becomes one article or one duplicate, and one signature.

    Attributes:
        runs: Whose copies they are.
        history: Returns the signatures that a run knows, in parts, anew on each call; picklable.
            None: there are none.
    """

    runs: Runs
    history: HistoryOf | None = None

    def expand(self, copies: Any) -> Deduplicated:
        """Fingerprint, decide together, join the decisions to the copies."""
        decided = (
            copies
            | "Batch" >> beam.BatchElements(min_batch_size=1, max_batch_size=BATCH)
            | "Fingerprint" >> beam.ParDo(_FingerprintFn())
            | "Gather" >> beam.GroupByKey()
            | "Decide" >> beam.ParDo(_DecideFn(self.runs, self.history))
        )
        done = (
            {"copies": copies | "KeyCopies" >> beam.Map(_keyed), "decided": decided}
            | "Join" >> beam.CoGroupByKey()
            | "Apply"
            >> beam.ParDo(_ApplyFn()).with_outputs("duplicates", "signatures", main="articles")
        )
        return Deduplicated(done.articles, done.duplicates, done.signatures)


def _keyed(copy: Copy) -> tuple[str, Copy]:
    return copy_id(copy), copy


class _FingerprintFn(beam.DoFn):
    def process(self, copies: Sequence[Copy]) -> Iterator[tuple[str, Fingerprint]]:
        for item in fingerprints(copies):
            yield "", item


class _DecideFn(beam.DoFn):
    def __init__(self, runs: Runs, history: HistoryOf | None) -> None:
        self._runs = runs
        self._history = history

    def process(
        self, group: tuple[str, Iterable[Fingerprint]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[tuple[str, tuple[Decision, Fingerprint]]]:
        prints = {item.copy_id: item for item in group[1]}
        tables = self._history(self._runs.of(window)) if self._history is not None else ()
        for decision in decide(prints.values(), tables):
            light = dataclasses.replace(prints[decision.copy_id], packed_shingles=b"")
            yield decision.copy_id, (decision, light)


class _ApplyFn(beam.DoFn):
    def __init__(self) -> None:
        self._copies = Metrics.counter(DeduplicateArticles, "copies")
        self._kept = Metrics.counter(DeduplicateArticles, "kept")

    def process(self, joined: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        name, sides = joined
        copies, decided = list(sides["copies"]), list(sides["decided"])
        if len(copies) != 1 or len(decided) != 1:
            raise ValueError(
                f"{len(copies)} copies and {len(decided)} decisions have the id {name}"
            )
        copy: Copy = copies[0]
        decision: Decision = decided[0][0]
        item: Fingerprint = decided[0][1]
        row = copy.article
        self._copies.inc()
        if decision.reason is None:
            self._kept.inc()
            yield dataclasses.replace(row, revision_of=decision.revision_of)
        else:
            Metrics.counter(DeduplicateArticles, f"dropped_{decision.reason}").inc()
            yield beam.pvalue.TaggedOutput(
                "duplicates",
                Duplicate(
                    article_id=decision.article_id,
                    entry_id=row.entry_id,
                    feed_id=row.feed_id,
                    url=row.url,
                    title=row.title,
                    published_at=row.published_at,
                    reason=decision.reason,
                    similarity=decision.similarity,
                    run_id=row.run_id,
                ),
            )
        yield beam.pvalue.TaggedOutput(
            "signatures",
            Signature(
                article_id=decision.article_id,
                kept=decision.reason is None,
                guid_key=item.guid_key,
                url_key=item.url_key,
                content_key=item.content_key,
                minhash=item.minhash,
                bands=item.bands,
                shingles=item.shingle_count,
                numbers=item.numbers,
                run_id=row.run_id,
            ),
        )
