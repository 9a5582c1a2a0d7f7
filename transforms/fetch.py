"""Entries → entries with their pages, where a feed wants them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.failures import Failure, LakeError
from transforms.poll import FetchFn, GroupByDomain, Held
from transforms.records import Capture, Entry, FeedSource, Request, Run
from transforms.runs import RawOf, Runs, States
from transforms.schema import Poll
from transforms.tally import TALLIES, Tally
from transforms.web.pages import page_request
from transforms.web.schedule import asked_until
from transforms.web.settings import WebSettings
from transforms.web.warc import from_warc


class Pages(NamedTuple):
    """Outputs of FetchPages.

    Attributes:
        pages: PCollection[tuple[Entry, Capture | None]]; None: no page was wanted, or it failed.
        failures: PCollection[Failure], one for each entry whose page failed.
        tallies: PCollection[Tally], of the pages.
    """

    pages: Any
    failures: Any
    tallies: Any


@dataclass
class FetchPages(beam.PTransform):
    """(PCollection[Entry], PCollection[Poll], PCollection[Run]) → Pages.

    A page is fetched once per run, however many entries link to it. Pages land in `raw`, and only
    their ids travel between workers: a page is read again where its entry is. A domain that asked a
    poll, now or in an earlier run, to be left alone is not asked for pages either.

    Attributes:
        feeds: The feeds as configured; entries of others pass without a page.
        runs: Whose entries they are.
        states: What the lake remembers of the feeds.
        raw: Where the responses of a run land.
        settings: How requests are made.
    """

    feeds: tuple[FeedSource, ...]
    runs: Runs
    states: States
    raw: RawOf
    settings: WebSettings = field(default_factory=WebSettings)

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, inputs: Any) -> Pages:
        """Build the stage."""
        entries, polls, ticks = inputs
        if not any(feed.full_text for feed in self.feeds):
            return Pages(
                entries | "NoPages" >> beam.Map(without_page),
                entries | "NoFailures" >> beam.FlatMap(no_failure),
                entries | "NoTallies" >> beam.FlatMap(no_tally),
            )
        routed = entries | "Route" >> beam.ParDo(_RouteFn(self.feeds)).with_outputs(
            _RouteFn.WANTED, main=_RouteFn.PLAIN
        )
        wanted = routed[_RouteFn.WANTED]
        requests = (
            wanted
            | "Requests" >> beam.MapTuple(lambda key, pair: (key, pair[0]))
            | "OncePerPage" >> beam.CombinePerKey(_first)
            | "DropKeys" >> beam.Values()
        )
        fetch = FetchFn(self.settings, self.runs, self.raw, stage="FetchPages")
        fetched = (
            (
                requests,
                polls | "ToldNow" >> beam.ParDo(_ToldNowFn(self.runs)),
                ticks | "ToldBefore" >> beam.ParDo(_ToldBeforeFn(self.states.without_shown())),
            )
            | "WithHolds" >> beam.Flatten()  # a domain's holds go where its requests go
            | "GroupByDomain" >> GroupByDomain()
            | "Fetch" >> beam.ParDo(fetch).with_outputs(TALLIES, main="captures")
        )
        landed = fetched.captures | "IdsOnly" >> beam.Map(
            lambda capture: (capture.raw_record, capture.raw_record)
        )
        joined = (
            {
                "entries": wanted | "Entries" >> beam.MapTuple(lambda key, pair: (key, pair[1])),
                "landed": landed,
            }
            | "Join" >> beam.CoGroupByKey()
            | "Attach"
            >> beam.ParDo(_AttachFn(self.runs, self.raw)).with_outputs(
                _AttachFn.FAILURES, main=_AttachFn.PAGES
            )
        )
        pages = (routed[_RouteFn.PLAIN], joined[_AttachFn.PAGES]) | "AllPages" >> beam.Flatten()
        return Pages(pages, joined[_AttachFn.FAILURES], fetched[TALLIES])


class _ToldNowFn(beam.DoFn):
    """Poll → Held, where it was told to leave its domain alone."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs

    def process(self, poll: Poll, window: Any = beam.DoFn.WindowParam) -> Iterator[Held]:
        wait = asked_until(poll, self._runs.of(window).started_at)
        if wait is not None:
            yield Held(*wait)


class _ToldBeforeFn(beam.DoFn):
    """Run → Held, for each domain that asked an earlier run to be left alone."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._states = states

    def process(self, run: Run) -> Iterator[Held]:
        for state in self._states.all(run).values():
            wait = asked_until(state, run.started_at)
            if wait is not None:
                yield Held(*wait)


def without_page(entry: Entry) -> tuple[Entry, Capture | None]:
    """Return an entry that has no page."""
    return entry, None


def no_failure(_: Entry) -> Iterable[Failure]:
    """Return no failure."""
    return ()


def no_tally(_: Entry) -> Iterable[Tally]:
    """Return no tally: no page was to be fetched."""
    return ()


def _first(requests: Iterable[Request]) -> Request:
    """Return any: requests with the same record id are equal."""
    return next(iter(requests))


class _RouteFn(beam.DoFn):
    """Entry → (record id, (Request, Entry)) where a page is wanted, else (Entry, None)."""

    PLAIN = "plain"
    WANTED = "wanted"

    def __init__(self, feeds: tuple[FeedSource, ...]) -> None:
        super().__init__()
        self._feeds = {feed.feed_id: feed for feed in feeds}

    def process(self, entry: Entry) -> Iterator[Any]:
        feed = self._feeds.get(entry.feed_id)
        request = page_request(entry, feed) if feed is not None else None
        if request is None:
            yield entry, None
        else:
            yield beam.pvalue.TaggedOutput(self.WANTED, (request.record_id, (request, entry)))


class _AttachFn(beam.DoFn):
    """(record id, entries and whether landed) → (Entry, Capture) each; failures beside them."""

    PAGES = "pages"
    FAILURES = "failures"

    def __init__(self, runs: Runs, raw: RawOf) -> None:
        super().__init__()
        self._runs = runs
        self._raw = raw

    def process(
        self,
        group: tuple[str, dict[str, Iterable[Any]]],
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        record_id, joined = group
        data = self._raw(self._runs.of(window)).get(record_id)
        if data is None:
            raise LakeError(f"the page {record_id} was landed and cannot be found again")
        capture = from_warc(data)
        for entry in joined["entries"]:
            if capture.error is None:
                yield entry, dataclasses.replace(capture, feed_id=entry.feed_id)
                continue
            yield entry, None
            yield beam.pvalue.TaggedOutput(self.FAILURES, page_failure(entry, capture))


def page_failure(entry: Entry, capture: Capture) -> Failure:
    """Return the failure of one entry's page."""
    return Failure(
        unit="page",
        stage="fetch",
        source=capture.url,
        error=capture.error or "unknown",
        detail=capture.detail or "",
        feed_id=entry.feed_id,
        entry_id=entry.entry_id,
        raw_record=capture.raw_record,
    )
