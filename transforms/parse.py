"""ParseFeeds: captured feeds → new entries, a row per poll, faults; in a supervised process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from transforms.feeds.document import Job, fault_of, parse_feeds
from transforms.feeds.novelty import new_entries
from transforms.feeds.polls import poll_row
from transforms.lent import Lent
from transforms.pool import SupervisorPool
from transforms.records import Capture, FeedSource, ParsedFeed
from transforms.runs import Runs, States
from transforms.supervise import Fault, Supervisor
from transforms.tally import TALLIES, Tallies
from transforms.web.intervals import Bounds
from transforms.web.schedule import state_for

POLLS, FAILURES = "polls", "failures"
IDLE_S = 2.0  # the stages behind need the memory more
STREAM_IDLE_S = 60.0  # in a stream the next window does


class Parsed(NamedTuple):
    """What ParseFeeds gives."""

    entries: Any  # PCollection[Entry], new ones only
    polls: Any  # PCollection[Poll], one per capture
    failures: Any  # PCollection[Failure]
    tallies: Any  # PCollection[Tally]


@dataclass
class ParseFeeds(beam.PTransform):
    """PCollection[Capture] → Parsed(entries, polls, failures, tallies).

    A feed whose parse hangs, dies or grows too large is a Failure of its own and a failed poll; so
    is one that could not be fetched. A bad entry is a Failure with unit=entry, once: like an entry it
    is new only where the feed has not shown it before.

    Attributes:
        feeds: Every feed a capture may be of.
        runs: Whose captures they are.
        states: What the lake remembers of the feeds.
        paced: Whether feeds are polled at intervals of their own, as in a stream.
        max_entries: Entries read of one document.
        deadline_s: Wall-clock seconds that one document may take.
        memory_bytes: What the parsing process may take.
    """

    feeds: Sequence[FeedSource]
    runs: Runs
    states: States
    paced: bool = False
    max_entries: int = 10_000
    deadline_s: float = 30.0
    memory_bytes: int = 1_000_000_000

    def __post_init__(self) -> None:
        super().__init__()
        if self.max_entries <= 0 or self.deadline_s <= 0 or self.memory_bytes <= 0:
            raise ValueError("max_entries, deadline_s and memory_bytes must be positive")

    def expand(self, captures: Any) -> Parsed:
        """Parse each capture on its own."""
        parsed = captures | "Parse" >> beam.ParDo(_ParseFn(self)).with_outputs(
            POLLS, FAILURES, TALLIES, main="entries"
        )
        return Parsed(parsed.entries, parsed.polls, parsed.failures, parsed[TALLIES])


class _ParseFn(beam.DoFn):
    def __init__(self, stage: ParseFeeds) -> None:
        self._feeds = {feed.feed_id: feed for feed in stage.feeds}
        self._runs = stage.runs
        self._states = stage.states
        self._paced = stage.paced
        self._max_entries = stage.max_entries
        self._deadline_s = stage.deadline_s
        self._memory_bytes = stage.memory_bytes
        self._supervisor: SupervisorPool[Job, ParsedFeed] | None = None
        self._shared: Lent[SupervisorPool[Job, ParsedFeed]] = Lent()
        self._tallies = Tallies("ParseFeeds")

    def setup(self) -> None:
        self._supervisor = self._shared.borrow(lambda: SupervisorPool(self._parser))
        self._supervisor.start()

    def _parser(self) -> Supervisor[Job, ParsedFeed]:
        return Supervisor(
            parse_feeds,
            deadline_s=self._deadline_s,
            memory_bytes=self._memory_bytes,
            name="parse",
            batch_size=1,
            idle_s=STREAM_IDLE_S if self._paced else IDLE_S,
        )

    def start_bundle(self) -> None:
        self._tallies.begin()

    def process(self, capture: Capture, window: Any = beam.DoFn.WindowParam) -> Iterator[Any]:
        assert self._supervisor is not None
        run = self._runs.of(window)
        feed = self._feeds[capture.feed_id]
        state = state_for(feed, self._states.of(run, capture.feed_id))
        tally = self._tallies.of(window)
        tally.took()
        with tally.timed():
            [parsed] = self._supervisor.map([(capture, self._max_entries, feed.language)])
        if isinstance(parsed, Fault):
            parsed = fault_of(capture, parsed.error, parsed.detail)
        entries, faults = new_entries(parsed, state.shown)
        new = len(entries) + len(faults)
        tally.gave(len(entries))
        yield from entries
        bounds = Bounds(shortest_s=feed.min_interval_s, longest_s=feed.max_interval_s)
        yield TaggedOutput(
            POLLS,
            poll_row(capture, parsed, state, run, new=new, bounds=bounds if self._paced else None),
        )
        for fault in (*([parsed.fault] if parsed.fault else []), *faults):
            tally.drop(fault.error)
            yield TaggedOutput(FAILURES, fault)

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tallies.drain()

    def teardown(self) -> None:
        if self._supervisor is not None:
            self._shared.give_back()
            self._supervisor = None
