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

from transforms.duplicates.decide import Decision, decide
from transforms.duplicates.fingerprint import Fingerprint, copy_id, fingerprints
from transforms.records import Copy
from transforms.runs import HistoryOf, Runs
from transforms.schema import Duplicate, Signature
from transforms.tally import TALLIES, Tallies

BATCH = 512
STAGE = "DeduplicateArticles"


class Deduplicated(NamedTuple):
    """What DeduplicateArticles gives."""

    articles: Any  # PCollection[Article]
    duplicates: Any  # PCollection[Duplicate]
    signatures: Any  # PCollection[Signature]
    tallies: Any  # PCollection[Tally]


@dataclass
class DeduplicateArticles(beam.PTransform):
    """PCollection[Copy] → Deduplicated(articles, duplicates, signatures, tallies).

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
        printed = (
            copies
            | "Batch" >> beam.BatchElements(min_batch_size=1, max_batch_size=BATCH)
            | "Fingerprint" >> beam.ParDo(_FingerprintFn()).with_outputs(TALLIES, main="prints")
        )
        decided = (
            printed.prints
            | "Gather" >> beam.GroupByKey()
            | "Decide"
            >> beam.ParDo(_DecideFn(self.runs, self.history)).with_outputs(
                TALLIES, main="decisions"
            )
        )
        done = (
            {"copies": copies | "KeyCopies" >> beam.Map(_keyed), "decided": decided.decisions}
            | "Join" >> beam.CoGroupByKey()
            | "Apply"
            >> beam.ParDo(_ApplyFn()).with_outputs(
                "duplicates", "signatures", TALLIES, main="articles"
            )
        )
        parts = (printed[TALLIES], decided[TALLIES], done[TALLIES])
        tallies = parts | "Tallies" >> beam.Flatten()
        return Deduplicated(done.articles, done.duplicates, done.signatures, tallies)


def _keyed(copy: Copy) -> tuple[str, Copy]:
    return copy_id(copy), copy


class _CountingFn(beam.DoFn):
    """Gives its tallies at the end of each bundle."""

    def __init__(self) -> None:
        self._tallies = Tallies(STAGE)

    def start_bundle(self) -> None:
        self._tallies.begin()

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tallies.drain()


class _FingerprintFn(_CountingFn):
    def process(
        self, copies: Sequence[Copy], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[tuple[str, Fingerprint]]:
        with self._tallies.of(window).timed():
            prints = fingerprints(copies)
        for item in prints:
            yield "", item


class _DecideFn(_CountingFn):
    def __init__(self, runs: Runs, history: HistoryOf | None) -> None:
        super().__init__()
        self._runs = runs
        self._history = history

    def process(
        self, group: tuple[str, Iterable[Fingerprint]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[tuple[str, tuple[Decision, Fingerprint]]]:
        with self._tallies.of(window).timed():
            prints = {item.copy_id: item for item in group[1]}
            tables = self._history(self._runs.of(window)) if self._history is not None else ()
            decisions = decide(prints.values(), tables)
        for decision in decisions:
            light = dataclasses.replace(prints[decision.copy_id], packed_shingles=b"")
            yield decision.copy_id, (decision, light)


class _ApplyFn(_CountingFn):
    def process(
        self, joined: tuple[str, dict[str, Iterable[Any]]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
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
        tally = self._tallies.of(window)
        tally.took()
        if decision.reason is None:
            tally.gave()
            yield dataclasses.replace(row, revision_of=decision.revision_of)
        else:
            tally.drop(decision.reason)
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
