"""Feeds → captures: every feed that is due is asked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.utils.windowed_value import WindowedValue

from transforms.records import Capture, FeedSource, FeedState, Request, Run
from transforms.schema import hash_id
from transforms.web.fetcher import Fetcher, Raw
from transforms.web.journey import NOT_MODIFIED
from transforms.web.polite import domain_of
from transforms.web.schedule import polls
from transforms.web.settings import WebSettings

Held = tuple[str, dt.datetime]
GROUPS = 64  # more than a cluster's workers, so that each has domains to ask


@dataclass
class PollFeeds(beam.PTransform):
    """root → PCollection[Capture], one for each feed that is due; faults are captures with an error.

    Feeds are grouped by registered domain, so that one worker alone speaks to a domain, and each
    worker speaks to many at once. A response lands in `raw` before it goes on; what landed before
    is replayed.

    Attributes:
        feeds: The feeds as configured.
        states: What the lake remembers, by feed_id; feeds never polled are missing.
        run: Its start is the time by which feeds are due, so a rerun decides as the first try did.
        raw: Where responses land.
        settings: How requests are made.
    """

    feeds: tuple[FeedSource, ...]
    states: Mapping[str, FeedState]
    run: Run
    raw: Raw
    settings: WebSettings = field(default_factory=WebSettings)

    def __post_init__(self) -> None:
        super().__init__()
        ids = [feed.feed_id for feed in self.feeds]
        if len(ids) != len(set(ids)):
            raise ValueError("two feeds have the same feed_id")

    def expand(self, root: Any) -> Any:
        """Build the stage."""
        return (
            root
            | "DueFeeds" >> beam.Create(polls(self.feeds, self.states, self.run.started_at))
            | "GroupByDomain" >> GroupByDomain()
            | "Poll" >> beam.ParDo(FetchFn(self.settings, self.raw, name="poll"))
        )


class GroupByDomain(beam.PTransform):
    """PCollection[Request] → PCollection[(group, requests)]; a domain is in one group only."""

    def expand(self, requests: Any) -> Any:
        """Build the step."""
        return (
            requests
            | "KeyByDomain" >> beam.Map(lambda request: (domain_group(request.url), request))
            | "Group" >> beam.GroupByKey()
        )


def domain_group(url: str) -> int:
    """Return the group of a URL's registered domain, the same on every worker."""
    return int(hash_id(domain_of(url))[:8], 16) % GROUPS


class FetchFn(beam.DoFn):
    """(group, requests) → captures. All groups of a bundle are fetched side by side.

    Args:
        settings: How requests are made.
        raw: Where responses land.
        name: Of the stage, in metrics.
        held: (url, until) of domains that asked to be left alone before.
    """

    def __init__(
        self, settings: WebSettings, raw: Raw, *, name: str, held: Iterable[Held] = ()
    ) -> None:
        super().__init__()
        self._settings = settings
        self._raw = raw
        self._name = name
        self._held = tuple(held)
        self._held_now: tuple[Held, ...] = ()
        self._fetcher: Fetcher | None = None
        self._waiting: dict[tuple[Any, Any], list[Request]] = {}

    def setup(self) -> None:
        """Start the fetcher."""
        self._fetcher = Fetcher(self._settings, self._raw)

    def start_bundle(self) -> None:
        """Forget what a failed bundle left."""
        self._waiting = {}

    def process(
        self,
        group: tuple[int, Iterable[Request]],
        window: Any = beam.DoFn.WindowParam,
        timestamp: Any = beam.DoFn.TimestampParam,
        held: Iterable[Held] = (),
    ) -> None:
        """Remember the group's requests until the bundle is whole; `held` is like that of the class."""
        self._held_now = tuple(held)
        self._waiting.setdefault((window, timestamp), []).extend(group[1])

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Fetch what the bundle holds, handing on each capture as it comes."""
        assert self._fetcher is not None
        for url, until in (*self._held, *self._held_now):
            self._fetcher.hold(url, until)
        for (window, timestamp), requests in self._waiting.items():
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
