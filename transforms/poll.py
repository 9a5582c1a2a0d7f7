"""Feeds → captures: every feed that is due is asked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from transforms.lent import Lent
from transforms.records import FeedSource, FeedState, Request, Run
from transforms.runs import RawOf, Runs, States
from transforms.schema import hash_id
from transforms.tally import TALLIES, Tallies
from transforms.web.fetcher import Fetcher
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


class Polled(NamedTuple):
    """What PollFeeds gives."""

    captures: Any  # PCollection[Capture], one for each feed due in each run
    tallies: Any  # PCollection[Tally]


@dataclass
class PollFeeds(beam.PTransform):
    """PCollection[Run] → Polled(captures, tallies).

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

    def expand(self, ticks: Any) -> Polled:
        """Build the stage."""
        replayed = None if self.ask else self.raw
        fetch = FetchFn(self.settings, self.runs, self.raw, stage="PollFeeds")
        done = (
            ticks
            | "DueFeeds"
            >> beam.ParDo(_DueFn(self.feeds, self.states.without_shown(), self.due, replayed))
            | "GroupByDomain" >> GroupByDomain()
            | "Poll" >> beam.ParDo(fetch).with_outputs(TALLIES, main="captures")
        )
        return Polled(done.captures, done[TALLIES])


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
        stage: Whose tallies it gives.
    """

    def __init__(self, settings: WebSettings, runs: Runs, raw: RawOf, *, stage: str) -> None:
        super().__init__()
        self._settings = settings
        self._runs = runs
        self._raw = raw
        self._tallies = Tallies(stage)
        self._fetcher: Fetcher | None = None
        # One for all threads: turns, holds and robots.txt are kept there.
        self._shared: Lent[Fetcher] = Lent()
        self._waiting: dict[tuple[Any, Any], list[Request | Held]] = {}

    def setup(self) -> None:
        """Start the fetcher."""
        self._fetcher = self._shared.borrow(lambda: Fetcher(self._settings))

    def start_bundle(self) -> None:
        """Forget what a failed bundle left."""
        self._waiting = {}
        self._tallies.begin()

    def process(
        self,
        group: tuple[int, Iterable[Request | Held]],
        window: Any = beam.DoFn.WindowParam,
        timestamp: Any = beam.DoFn.TimestampParam,
    ) -> None:
        """Remember the group's requests until the bundle is whole."""
        self._waiting.setdefault((window, timestamp), []).extend(group[1])

    def finish_bundle(self) -> Iterator[Any]:
        """Fetch what the bundle holds, handing on each capture as it comes."""
        assert self._fetcher is not None
        for (window, timestamp), items in self._waiting.items():
            raw = self._raw(self._runs.of(window))
            for item in items:
                if isinstance(item, Held):
                    self._fetcher.hold(item.url, item.until)
            requests = [item for item in items if isinstance(item, Request)]
            tally = self._tallies.of(window)
            tally.took(len(requests))
            for capture in tally.timed_each(self._fetcher.captures(_ordered(requests), raw)):
                if capture.error is None:
                    tally.gave()
                else:
                    tally.drop(capture.error)
                yield WindowedValue(capture, timestamp, (window,))
        self._waiting = {}
        yield from self._tallies.drain()

    def teardown(self) -> None:
        """End the fetcher, if no other thread has it."""
        if self._fetcher is not None:
            self._shared.give_back()
            self._fetcher = None


def _ordered(requests: Iterable[Request]) -> list[Request]:
    """Return requests in an order that does not depend on the engine."""
    return sorted(requests, key=lambda request: (request.feed_id, request.url))
