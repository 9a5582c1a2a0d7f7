"""Entries → entries with their pages, where a feed wants them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.failures import Failure, LakeError
from transforms.poll import FetchFn, GroupByDomain, Held
from transforms.records import Capture, Entry, FeedSource, FeedState, Request, Run
from transforms.schema import Poll
from transforms.web.fetcher import Raw
from transforms.web.pages import page_request
from transforms.web.schedule import asked_until
from transforms.web.settings import WebSettings
from transforms.web.warc import from_warc


class Pages(NamedTuple):
    """Outputs of FetchPages.

    Attributes:
        pages: PCollection[tuple[Entry, Capture | None]]; None: no page was wanted, or it failed.
        failures: PCollection[Failure], one for each entry whose page failed.
    """

    pages: Any
    failures: Any


@dataclass
class FetchPages(beam.PTransform):
    """(PCollection[Entry], PCollection[Poll]), or entries alone → Pages.

    A page is fetched once per run, however many entries link to it. Pages land in `raw`, and only
    their ids travel between workers: a page is read again where its entry is. A domain that asked a
    poll, now or in an earlier run, to be left alone is not asked for pages either.

    Attributes:
        feeds: The feeds as configured; entries of others pass without a page.
        run: The run.
        raw: Where responses land.
        settings: How requests are made.
        states: What the lake remembers of the feeds.
    """

    feeds: tuple[FeedSource, ...]
    run: Run
    raw: Raw
    settings: WebSettings = field(default_factory=WebSettings)
    states: Mapping[str, FeedState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, inputs: Any) -> Pages:
        """Build the stage."""
        entries, polls = inputs if isinstance(inputs, tuple) else (inputs, None)
        now = self.run.started_at
        held = [wait for state in self.states.values() if (wait := asked_until(state, now))]
        waits = {} if polls is None else {"held": beam.pvalue.AsList(polls | Waits(now))}
        if not any(feed.full_text for feed in self.feeds):
            return Pages(
                entries | "NoPages" >> beam.Map(without_page),
                entries | "NoFailures" >> beam.FlatMap(nothing),
            )
        routed = entries | "Route" >> beam.ParDo(_RouteFn(self.feeds)).with_outputs(
            _RouteFn.WANTED, main=_RouteFn.PLAIN
        )
        wanted = routed[_RouteFn.WANTED]
        landed = (
            wanted
            | "Requests" >> beam.MapTuple(lambda key, pair: (key, pair[0]))
            | "OncePerPage" >> beam.CombinePerKey(_first)
            | "DropKeys" >> beam.Values()
            | "GroupByDomain" >> GroupByDomain()
            | "Fetch"
            >> beam.ParDo(FetchFn(self.settings, self.raw, name="fetch", held=held), **waits)
            | "IdsOnly" >> beam.Map(lambda capture: (capture.raw_record, capture.raw_record))
        )
        joined = (
            {
                "entries": wanted | "Entries" >> beam.MapTuple(lambda key, pair: (key, pair[1])),
                "landed": landed,
            }
            | "Join" >> beam.CoGroupByKey()
            | "Attach"
            >> beam.ParDo(_AttachFn(self.raw)).with_outputs(
                _AttachFn.FAILURES, main=_AttachFn.PAGES
            )
        )
        pages = (routed[_RouteFn.PLAIN], joined[_AttachFn.PAGES]) | "AllPages" >> beam.Flatten()
        return Pages(pages, joined[_AttachFn.FAILURES])


@dataclass
class Waits(beam.PTransform):
    """PCollection[Poll] → PCollection[(url, until)] of domains that asked to be left alone."""

    now: dt.datetime

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, polls: Any) -> Any:
        """Build the step."""
        return polls | "Asked" >> beam.FlatMap(_waits, self.now)


def _waits(poll: Poll, now: dt.datetime) -> list[Held]:
    wait = asked_until(poll, now)
    return [] if wait is None else [wait]


def without_page(entry: Entry) -> tuple[Entry, Capture | None]:
    """Return an entry that has no page."""
    return entry, None


def nothing(_: Entry) -> Iterable[Failure]:
    """Return no failure."""
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

    def __init__(self, raw: Raw) -> None:
        super().__init__()
        self._raw = raw

    def process(self, group: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        record_id, joined = group
        data = self._raw.get(record_id)
        if data is None:
            raise LakeError(f"the page {record_id} was landed and cannot be found again")
        capture = from_warc(data)
        for entry in joined["entries"]:
            if capture.error is None:
                Metrics.counter("fetch", "pages").inc()
                yield entry, dataclasses.replace(capture, feed_id=entry.feed_id)
                continue
            Metrics.counter("fetch", "without_page").inc()
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
