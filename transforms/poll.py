"""Feeds → captures: every feed that is due is asked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.utils.windowed_value import WindowedValue

from transforms.records import Capture, FeedSource, FeedState, Request, Run
from transforms.runs import RawOf, Runs, States
from transforms.schema import hash_id
from transforms.web.fetcher import Fetcher
from transforms.web.journey import NOT_MODIFIED
from transforms.web.polite import domain_of
from transforms.web.schedule import polls
from transforms.web.settings import WebSettings

Due = Callable[[Sequence[FeedSource], Mapping[str, FeedState], dt.datetime], Iterable[Request]]
GROUPS = 64  # more than a cluster's workers, so that each has domains to ask


@dataclass(frozen=True, slots=True)
class Held:
    """A domain that asked to be left alone.

    Attributes:
        url: Any URL of the domain.
    """

    url: str
    until: dt.datetime


@dataclass
class PollFeeds(beam.PTransform):
    """PCollection[Run] → PCollection[Capture], one for each feed due in each run.

    Faults are captures with an error.

    Feeds are grouped by registered domain, so that one worker alone speaks to a domain, and each
    worker speaks to many at once. A response lands in `raw` before it goes on; what landed before
    is replayed.

    Attributes:
        feeds: The feeds as configured.
        runs: Whose runs the ticks are.
        states: What the lake remembers of the feeds.
        raw: Where the responses of a run land.
        settings: How requests are made.
        due: Which feeds a run polls. A run's start is the time by which they are due, so a rerun
            decides as the first try did.
        ask: Whether to ask at all; False: what landed is replayed, the other feeds are left out.
    """

    feeds: tuple[FeedSource, ...]
    runs: Runs
    states: States
    raw: RawOf
    settings: WebSettings = field(default_factory=WebSettings)
    due: Due = polls
    ask: bool = True

    def __post_init__(self) -> None:
        super().__init__()
        ids = [feed.feed_id for feed in self.feeds]
        if len(ids) != len(set(ids)):
            raise ValueError("two feeds have the same feed_id")

    def expand(self, ticks: Any) -> Any:
        """Build the stage."""
        replayed = None if self.ask else self.raw
        return (
            ticks
            | "DueFeeds"
            >> beam.ParDo(_DueFn(self.feeds, self.states.without_shown(), self.due, replayed))
            | "GroupByDomain" >> GroupByDomain()
            | "Poll" >> beam.ParDo(FetchFn(self.settings, self.runs, self.raw, name="poll"))
        )


class _DueFn(beam.DoFn):
    """Run → the requests of its polls."""

    def __init__(
        self, feeds: tuple[FeedSource, ...], states: States, due: Due, replayed: RawOf | None
    ) -> None:
        super().__init__()
        self._feeds = feeds
        self._states = states
        self._due = due
        self._replayed = replayed

    def process(self, run: Run) -> Iterator[Request]:
        states = self._states.all(run)
        raw = self._replayed(run) if self._replayed is not None else None
        for request in self._due(self._feeds, states, run.started_at):
            if raw is None or raw.get(request.record_id) is not None:
                yield request


class GroupByDomain(beam.PTransform):
    """PCollection[Request | Held] → PCollection[(group, requests)]; a domain is in one group only."""

    def expand(self, requests: Any) -> Any:
        """Build the step."""
        return (
            requests
            | "KeyByDomain" >> beam.Map(lambda item: (domain_group(item.url), item))
            | "Group" >> beam.GroupByKey()
        )


def domain_group(url: str) -> int:
    """Return the group of a URL's registered domain, the same on every worker."""
    return int(hash_id(domain_of(url))[:8], 16) % GROUPS


class FetchFn(beam.DoFn):
    """(group, requests and holds) → captures. All groups of a bundle are fetched side by side.

    Args:
        settings: How requests are made.
        runs: Whose requests they are.
        raw: Where the responses of a run land.
        name: Of the stage, in metrics.
    """

    def __init__(self, settings: WebSettings, runs: Runs, raw: RawOf, *, name: str) -> None:
        super().__init__()
        self._settings = settings
        self._runs = runs
        self._raw = raw
        self._name = name
        self._fetcher: Fetcher | None = None
        self._waiting: dict[tuple[Any, Any], list[Request | Held]] = {}

    def setup(self) -> None:
        """Start the fetcher."""
        self._fetcher = Fetcher(self._settings)

    def start_bundle(self) -> None:
        """Forget what a failed bundle left."""
        self._waiting = {}

    def process(
        self,
        group: tuple[int, Iterable[Request | Held]],
        window: Any = beam.DoFn.WindowParam,
        timestamp: Any = beam.DoFn.TimestampParam,
    ) -> None:
        """Remember the group's requests until the bundle is whole."""
        self._waiting.setdefault((window, timestamp), []).extend(group[1])

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Fetch what the bundle holds, handing on each capture as it comes."""
        assert self._fetcher is not None
        for (window, timestamp), items in self._waiting.items():
            self._fetcher.land_in(self._raw(self._runs.of(window)))
            for item in items:
                if isinstance(item, Held):
                    self._fetcher.hold(item.url, item.until)
            requests = [item for item in items if isinstance(item, Request)]
            for capture in self._fetcher.captures(_ordered(requests)):
                self._count(capture)
                yield WindowedValue(capture, timestamp, (window,))
        self._waiting = {}

    def teardown(self) -> None:
        """End the fetcher."""
        if self._fetcher is not None:
            self._fetcher.close()

    def _count(self, capture: Capture) -> None:
        Metrics.counter(self._name, "requests").inc()
        Metrics.counter(self._name, "bytes").inc(len(capture.body))
        if capture.error is not None:
            Metrics.counter(self._name, "failed").inc()
            Metrics.counter(self._name, f"error-{capture.error}").inc()
        elif capture.status == NOT_MODIFIED:
            Metrics.counter(self._name, "unchanged").inc()


def _ordered(requests: Iterable[Request]) -> list[Request]:
    """Return requests in an order that does not depend on the engine."""
    return sorted(requests, key=lambda request: (request.feed_id, request.url))
