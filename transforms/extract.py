"""ExtractEvents: articles → events, coded in a supervised process."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.events.options import CoderOptions, load_coder
from transforms.failures import Failure
from transforms.lent import Lent
from transforms.pool import SupervisorPool
from transforms.schema import Article, Event
from transforms.spread import Spread
from transforms.supervise import Fault, Supervisor
from transforms.tally import TALLIES, Tallies

STAGE = "code"
BATCH_WORDS = 6_000  # about what one core codes in a second; a batch shares one round trip


class Extracted(NamedTuple):
    """What ExtractEvents gives."""

    events: Any  # PCollection[Event]
    failures: Any  # PCollection[Failure]
    tallies: Any  # PCollection[Tally]


@dataclass
class ExtractEvents(beam.PTransform):
    """PCollection[Article] → Extracted(events, failures).

    An article on which the coder dies, hangs or grows too large is a Failure of its own; one in
    another language is a Failure "language". Both keep their rows in `articles`.

    Attributes:
        options: Model and extra data of the coder.
        deadline_s: Seconds that one batch (BATCH_WORDS words) or one larger article may take.
        memory_bytes: What the coding process may take.
        several_workers: Whether to spread the articles. Where one worker does all it has them in one
            bundle, and ends the coding process behind it: the stages to come have its memory.
    """

    options: CoderOptions
    deadline_s: float = 60.0
    memory_bytes: int = 1_500_000_000
    several_workers: bool = True

    def expand(self, articles: Any) -> Extracted:
        """Spread articles over workers, batch them, code them."""
        coded = (
            articles
            | "Spread" >> Spread(self.several_workers)
            | "Batch"
            >> beam.BatchElements(
                min_batch_size=1,
                max_batch_size=BATCH_WORDS,
                element_size_fn=_words,
            )
            | "Code"
            >> beam.ParDo(
                _CodeFn(self.options, self.deadline_s, self.memory_bytes, self.several_workers)
            ).with_outputs("failures", TALLIES, main="events")
        )
        return Extracted(coded.events, coded.failures, coded[TALLIES])


def _words(article: Article) -> int:
    return max(1, article.word_count)


class _CodeFn(beam.DoFn):
    def __init__(
        self,
        options: CoderOptions,
        deadline_s: float,
        memory_bytes: int,
        keep: bool,
    ) -> None:
        self._options = options
        self._keep = keep
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._supervisor: SupervisorPool[Article, list[Event]] | None = None
        self._shared: Lent[SupervisorPool[Article, list[Event]]] = Lent()
        self._tallies = Tallies("ExtractEvents")

    def setup(self) -> None:
        self._supervisor = self._shared.borrow(lambda: SupervisorPool(self._coder))
        self._supervisor.start()

    def _coder(self) -> Supervisor[Article, list[Event]]:
        return Supervisor(
            functools.partial(load_coder, self._options),
            deadline_s=self._deadline_s,
            memory_bytes=self._memory_bytes,
            name="coder",
        )

    def start_bundle(self) -> None:
        self._tallies.begin()

    def process(
        self, articles: Sequence[Article], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        assert self._supervisor is not None
        tally = self._tallies.of(window)
        tally.took(len(articles))
        english = []
        for article in articles:
            if article.language in (None, "en"):
                english.append(article)
            else:
                detail = f"the text is in {article.language!r}; events are coded in English only"
                tally.drop("language")
                yield _failure(article, "language", detail)
        with tally.timed():
            outcomes = self._supervisor.map(english)
        for article, outcome in zip(english, outcomes, strict=True):
            if isinstance(outcome, Fault):
                tally.drop(outcome.error)
                yield _failure(article, outcome.error, outcome.detail)
                continue
            tally.gave(len(outcome))
            yield from outcome

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tallies.drain()
        if self._supervisor is not None and not self._keep:
            self._supervisor.close()  # should there be another bundle, it starts again

    def teardown(self) -> None:
        if self._supervisor is not None:
            self._shared.give_back()
            self._supervisor = None


def _failure(article: Article, error: str, detail: str) -> beam.pvalue.TaggedOutput:
    return beam.pvalue.TaggedOutput(
        "failures",
        Failure(
            unit="article",
            stage=STAGE,
            source=article.url or article.article_id,
            error=error,
            detail=detail,
            feed_id=article.feed_id,
            entry_id=article.entry_id,
            article_id=article.article_id,
        ),
    )
