"""NormalizeArticles: entries and their captured pages → clean, dated articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.articles.assemble import article
from transforms.articles.extractor import load_page_extractor
from transforms.failures import Failure, InputFault
from transforms.lent import Lent
from transforms.pool import SupervisorPool
from transforms.records import Capture, Copy, Entry, FeedSource, Page
from transforms.runs import Runs
from transforms.spread import Spread
from transforms.supervise import Fault, Supervisor
from transforms.tally import TALLIES, Tallies

STAGE = "normalize"
BATCH_PAGES = 64


class Normalized(NamedTuple):
    """What NormalizeArticles gives."""

    copies: Any  # PCollection[Copy]
    failures: Any  # PCollection[Failure]
    tallies: Any  # PCollection[Tally]


@dataclass
class NormalizeArticles(beam.PTransform):
    """PCollection[tuple[Entry, Capture | None]] → Normalized(copies, failures, tallies).

    An entry with neither title nor text is a Failure with unit "entry". A page that cannot be read, or
    on which the extractor dies, hangs or grows too large, is a Failure with unit "page"; its entry
    goes on with the feed's own text.

    Attributes:
        feeds: The feeds as configured.
        runs: Whose entries they are.
        deadline_s: Seconds that one page may take.
        memory_bytes: What the extracting process may take.
        several_workers: Whether to spread the entries; False where one worker does all.
    """

    feeds: Sequence[FeedSource]
    runs: Runs
    deadline_s: float = 20.0
    memory_bytes: int = 1_500_000_000
    several_workers: bool = True

    def __post_init__(self) -> None:
        """Refuse limits that nothing can keep.

        Raises:
            ValueError: deadline_s or memory_bytes is not positive.
        """
        if self.deadline_s <= 0 or self.memory_bytes <= 0:
            raise ValueError("deadline_s and memory_bytes must be positive")

    def expand(self, entries: Any) -> Normalized:
        """Spread entries over workers, batch them, read pages, assemble."""
        done = (
            entries
            | "Spread" >> Spread(self.several_workers)
            | "Batch" >> beam.BatchElements(min_batch_size=1, max_batch_size=BATCH_PAGES)
            | "Normalize"
            >> beam.ParDo(
                _NormalizeFn(
                    {feed.feed_id: feed for feed in self.feeds},
                    self.runs,
                    self.deadline_s,
                    self.memory_bytes,
                )
            ).with_outputs("failures", TALLIES, main="copies")
        )
        return Normalized(done.copies, done.failures, done[TALLIES])


class _NormalizeFn(beam.DoFn):
    def __init__(
        self, feeds: dict[str, FeedSource], runs: Runs, deadline_s: float, memory_bytes: int
    ) -> None:
        self._feeds = feeds
        self._runs = runs
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._supervisor: SupervisorPool[Capture, Page] | None = None
        self._shared: Lent[SupervisorPool[Capture, Page]] = Lent()
        self._tallies = Tallies("NormalizeArticles")

    def setup(self) -> None:
        # Its process starts with the first page: most runs only have feeds.
        self._supervisor = self._shared.borrow(lambda: SupervisorPool(self._extractor))

    def _extractor(self) -> Supervisor[Capture, Page]:
        return Supervisor(
            load_page_extractor,
            deadline_s=self._deadline_s,
            memory_bytes=self._memory_bytes,
            name="pages",
            batch_size=1,  # the deadline is for one page, and a culprit is known at once
        )

    def start_bundle(self) -> None:
        self._tallies.begin()

    def process(
        self,
        batch: Sequence[tuple[Entry, Capture | None]],
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        assert self._supervisor is not None
        run = self._runs.of(window)
        captures = [capture for _, capture in batch if capture is not None and _has_page(capture)]
        tally = self._tallies.of(window)
        tally.took(len(batch))
        with tally.timed():
            pages = iter(self._supervisor.map(captures) if captures else ())
        for entry, capture in batch:
            page = next(pages) if _has_page(capture) else None
            fault = page if isinstance(page, Fault) else None
            usable = None if isinstance(page, Fault) else page
            try:
                with tally.timed():
                    copy = article(entry, usable, self._feeds.get(entry.feed_id), run)
            except InputFault as reason:
                tally.drop(reason.error)
                yield _failure(entry, None, reason.error, reason.detail, unit="entry")
                copy = None
            if copy is not None:
                tally.gave()
                yield copy
            if fault is not None:
                yield _failure(entry, capture, fault.error, fault.detail, unit="page", copy=copy)

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tallies.drain()

    def teardown(self) -> None:
        if self._supervisor is not None:
            self._shared.give_back()
            self._supervisor = None


def _has_page(capture: Capture | None) -> bool:
    return capture is not None and capture.error is None and bool(capture.body)


def _failure(
    entry: Entry,
    capture: Capture | None,
    error: str,
    detail: str,
    *,
    unit: str,
    copy: Copy | None = None,
) -> beam.pvalue.TaggedOutput:
    return beam.pvalue.TaggedOutput(
        "failures",
        Failure(
            unit=unit,
            stage=STAGE,
            source=(capture.url if capture else entry.url) or entry.entry_id,
            error=error,
            detail=detail,
            feed_id=entry.feed_id,
            entry_id=entry.entry_id,
            article_id=copy.article.article_id if copy else None,
            raw_record=capture.raw_record if capture else entry.raw_record,
        ),
    )
