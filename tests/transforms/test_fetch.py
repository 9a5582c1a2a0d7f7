"""FetchPages: the shell that brings pages to their entries."""

import datetime as dt

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline
from apache_beam.testing.util import assert_that

from transforms.fetch import FetchPages
from transforms.records import Entry, FeedSource, FeedState, Run
from transforms.runs import KnownStates, Landing, OneRun
from transforms.schema import Poll
from transforms.web.settings import WebSettings

NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
RUN = Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)
QUICK = WebSettings(delay_s=0, page_delay_s=0, total_timeout_s=5, retry_wait_s=0.01)
FULL = FeedSource(feed_id="full", url="http://127.0.0.1/", full_text=True, allow_private=True)
SHORT = FeedSource(feed_id="short", url="http://127.0.0.1/", allow_private=True)


def entry(entry_id, feed_id, url):
    return Entry(
        entry_id=entry_id, feed_id=feed_id, position=0, guid=entry_id, url=url, title="T",
        fetched_at=NOW, raw_record="<r>",
    )  # fmt: skip


def fetched(root, entries, feeds, raw, *, polls=(), states=None):
    inputs = (
        root | "Entries" >> beam.Create(entries),
        root | "Polls" >> beam.Create(polls),
        root | "Ticks" >> beam.Create([RUN]),
    )
    stage = FetchPages(tuple(feeds), OneRun(RUN), KnownStates(states or {}), raw, QUICK)
    return inputs | "FetchPages" >> stage


def same(expected):
    def _check(found):
        assert sorted(found) == sorted(expected)

    return _check


def run(entries, feeds, tmp_path, pages, failures):
    raw = Landing(str(tmp_path / "lake"))
    with BeamPipeline(runner="FnApiRunner") as root:
        found = fetched(root, entries, feeds, raw)
        assert_that(
            found.pages
            | "Short" >> beam.MapTuple(lambda e, c: (e.entry_id, c.body.decode() if c else "none")),
            same(pages),
            label="Pages",
        )
        assert_that(
            found.failures
            | "Faults" >> beam.Map(lambda f: (f.entry_id, f.feed_id, f.unit, f.stage, f.error)),
            same(failures),
            label="Failures",
        )


def test_pages_come_to_the_entries_that_want_them(feed_server, tmp_path):
    page = feed_server.add("/page", "<html>", "text/html")
    entries = [
        entry("wants", "full", page),
        entry("wants not", "short", page),
        entry("no link", "full", None),
        entry("broken", "full", feed_server.url("/gone")),
        entry("file", "full", "file:///etc/passwd"),
    ]
    run(
        entries,
        [FULL, SHORT],
        tmp_path,
        pages=[("wants", "<html>"), ("wants not", "none"), ("no link", "none"),
               ("broken", "none"), ("file", "none")],
        failures=[("broken", "full", "page", "fetch", "http-404"),
                  ("file", "full", "page", "fetch", "scheme")],
    )  # fmt: skip


def test_a_page_is_fetched_once_per_run(feed_server, tmp_path):
    page = feed_server.add("/page", "<html>", "text/html")
    entries = [entry(f"e{n}", "full", f"{page}#{n}") for n in range(5)]
    pages = [(f"e{n}", "<html>") for n in range(5)]
    run(entries, [FULL], tmp_path, pages, [])
    run(entries, [FULL], tmp_path, pages, [])
    assert feed_server.counts == {"/robots.txt": 1, "/page": 1}


def test_a_domain_that_asked_to_be_left_alone_is_not_asked_for_pages(feed_server, tmp_path):
    page = feed_server.add("/page", "<html>", "text/html")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    told = {"status": 429, "url": feed_server.url("/feed"), "next_poll_at": later}
    row = Poll(
        feed_id="full", polled_at=NOW, bytes=0, entries=0, new=0, etag=None, last_modified=None,
        latency_s=0.1, error="http-429", consecutive_failures=1, retired=False, moved_to=None,
        moved_polls=0, shown=None, run_id="r1", **told,
    )  # fmt: skip
    for states, rows in (({}, [row]), ({"full": FeedState(**told)}, [])):
        raw = Landing(str(tmp_path / f"lake{len(rows)}"))
        with BeamPipeline(runner="FnApiRunner") as root:
            found = fetched(
                root, [entry("e", "full", page)], [FULL], raw, polls=rows, states=states
            )
            faults = found.failures | beam.Map(lambda fault: fault.error)
            assert_that(faults, same(["held"]))
    assert feed_server.counts["/page"] == 0


def test_where_no_feed_wants_pages_entries_pass(tmp_path):
    run([entry("e", "short", "http://127.0.0.1:1/")], [SHORT], tmp_path, [("e", "none")], [])
