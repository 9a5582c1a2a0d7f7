"""ParseFeeds on FnApiRunner: what comes out where, and what one bad feed costs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline as Root
from apache_beam.testing.util import assert_that

from tests.transforms.feeds.samples import NOW, capture, item, rss
from transforms.failures import Failure
from transforms.parse import ParseFeeds
from transforms.records import Capture, Entry, FeedSource, FeedState, Run
from transforms.runs import KnownStates, OneRun
from transforms.schema import Poll

RUN = Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)
LARGE = rss(*(item(f"T{n}", n, "Text. " * 40) for n in range(12_000))).encode()


COLLECTED: dict[str, list[Any]] = {}  # the runner works in this process


def _grown(got: Capture) -> Capture:
    """Put in the large body: Beam packs what is in a Create slowly."""
    return dataclasses.replace(got, body=LARGE) if got.feed_id == "large" else got


def _keep(name: str, rows: list[Any]) -> None:
    COLLECTED[name] = rows


def parse(
    captures: list[Capture], states: dict[str, FeedState] | None = None, **settings: Any
) -> tuple[list[Entry], dict[str, Poll], list[Failure]]:
    """Return entries, polls by feed and failures, collected through a real run."""
    feeds = [FeedSource(feed_id=got.feed_id, url=got.url, language="de") for got in captures]
    COLLECTED.clear()
    with Root(runner="FnApiRunner", options=PipelineOptions([])) as root:
        parsed = (
            root
            | beam.Create(captures)
            | beam.Map(_grown)
            | ParseFeeds(feeds, OneRun(RUN), KnownStates(states or {}), **settings)
        )
        for name, rows in parsed._asdict().items():
            assert_that(rows, functools.partial(_keep, name), label=f"Keep{name}")
    entries = sorted(COLLECTED["entries"], key=lambda entry: (entry.feed_id, entry.position))
    return entries, {poll.feed_id: poll for poll in COLLECTED["polls"]}, COLLECTED["failures"]


def feed(feed_id: str, body: str | bytes, **fields: object) -> Capture:
    return dataclasses.replace(
        capture(body, **fields),  # type: ignore[arg-type]
        feed_id=feed_id,
        url=f"https://{feed_id}.example/feed",
    )


def test_entries_polls_and_failures_come_out_apart() -> None:
    entries, polls, failures = parse(
        [
            feed("good", rss(item("A", 1), item("B", 2), "<category>x</category>")),
            feed("cut", rss(item("C", 1), item("D", 2))[:-60]),
            feed("page", "<html><p>Hello"),
            feed("down", b"", status=None, error="timeout", detail="no answer in 30 s"),
            feed("same", b"", status=304),
        ]
    )
    assert [entry.title for entry in entries] == ["C", "A", "B"]
    assert {entry.language for entry in entries} == {"de"}
    assert {feed_id: (poll.entries, poll.new, poll.error) for feed_id, poll in polls.items()} == {
        "good": (3, 3, None),
        "cut": (1, 1, None),
        "page": (0, 0, "not-a-feed"),
        "down": (0, 0, "timeout"),
        "same": (0, 0, None),
    }
    assert {(row.feed_id, row.unit, row.stage, row.error) for row in failures} == {
        ("good", "entry", "parse", "empty-entry"),
        ("cut", "feed", "parse", "truncated"),
        ("page", "feed", "parse", "not-a-feed"),
        ("down", "feed", "poll", "timeout"),
    }


def test_a_second_poll_gives_what_is_new_only() -> None:
    first = feed("f", rss(item("A", 1), "<category>x</category>"))
    _, polls, _ = parse([first])
    assert polls["f"].shown is not None
    state = FeedState(url=first.url, shown=frozenset(polls["f"].shown))
    again = feed("f", rss(item("B", 2), item("A", 1), "<category>x</category>"))
    entries, polls, failures = parse([again], {"f": state})
    assert [entry.title for entry in entries] == ["B"]
    assert (polls["f"].entries, polls["f"].new) == (3, 1)
    assert failures == []


def test_the_counting_law_holds_for_what_leaves_here() -> None:
    entries, polls, failures = parse(
        [feed("f", rss(item("A", 1), item("A", 1), "<category/>", item("B", 2), "<category/>"))]
    )
    bad = [failure for failure in failures if failure.unit == "entry"]
    assert polls["f"].new == len(entries) + len(bad) == 3
    ids = [entry.entry_id for entry in entries] + [failure.entry_id for failure in bad]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("limits", "error"), [({"deadline_s": 0.6}, "timeout"), ({"memory_bytes": 80 << 20}, "memory")]
)
def test_a_feed_that_takes_too_much_costs_itself_only(limits: dict[str, Any], error: str) -> None:
    entries, polls, failures = parse(
        [
            feed("before", rss(item("A", 1))),
            feed("large", b""),
            feed("after", rss(item("B", 1))),
        ],
        max_entries=100_000,
        **limits,
    )
    assert [entry.feed_id for entry in entries] == ["after", "before"]
    assert (polls["large"].error, polls["large"].consecutive_failures) == (error, 1)
    assert polls["large"].shown is None
    assert [(row.feed_id, row.unit, row.stage, row.error) for row in failures] == [
        ("large", "feed", "parse", error)
    ]


def test_the_state_of_another_address_does_not_count_but_what_was_shown_does() -> None:
    first = feed("f", rss(item("A", 1)))
    _, polls, _ = parse([first])
    state = FeedState(
        url="https://old.example/",
        shown=frozenset(polls["f"].shown or ()),
        consecutive_failures=7,
        next_poll_at=NOW + dt.timedelta(days=1),
        etag='"old"',
    )
    entries, polls, _ = parse([feed("f", b"", status=500, error="http-500")], {"f": state})
    assert (polls["f"].consecutive_failures, polls["f"].etag) == (1, None)
    entries, polls, _ = parse([first], {"f": state})
    assert (entries, polls["f"].new) == ([], 0)


@pytest.mark.parametrize("wrong", ["max_entries", "deadline_s", "memory_bytes"])
def test_limits_must_be_positive(wrong: str) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        ParseFeeds([], OneRun(RUN), KnownStates(), **{wrong: 0})
