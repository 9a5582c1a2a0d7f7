"""PollFeeds: the shell around the fetcher."""

import datetime as dt

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.poll import GROUPS, FetchFn, GroupByDomain, PollFeeds, domain_group
from transforms.records import FeedSource, FeedState, Request, Run
from transforms.runs import KnownStates, Landing, OneRun
from transforms.tally import TALLIES
from transforms.web.schedule import all_polls
from transforms.web.settings import WebSettings

NOW = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
RUN = Run(run_id="r1", interval_start=NOW, interval_end=NOW, started_at=NOW, sequence=1)
QUICK = WebSettings(delay_s=0, page_delay_s=0, total_timeout_s=5, retry_wait_s=0.01)


def source(feed_id, url, **fields):
    return FeedSource(feed_id=feed_id, url=url, allow_private=True, **fields)


def polled(root, feeds, raw, states=None, **options):
    ticks = root | "Ticks" >> beam.Create([RUN])
    stage = PollFeeds(tuple(feeds), OneRun(RUN), KnownStates(states or {}), raw, QUICK, **options)
    return (ticks | stage).captures


def only(expected):
    def _check(captures):
        assert sorted((one.feed_id, one.error) for one in captures) == sorted(expected)

    return _check


def test_each_due_feed_is_polled_once_and_faults_are_captures(feed_server, tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    feeds = [source(f"f{n}", feed_server.add(f"/{n}", "<rss/>")) for n in range(5)]
    feeds.append(source("gone", feed_server.url("/gone")))
    expected = [(f"f{n}", None) for n in range(5)] + [("gone", "http-404")]
    with BeamPipeline(runner="FnApiRunner") as root:
        captures = polled(root, feeds, raw)
        assert_that(captures, only(expected))
    assert set(feed_server.counts.values()) == {1}
    with BeamPipeline(runner="FnApiRunner") as root:  # a rerun replays
        captures = polled(root, feeds, raw)
        assert_that(captures, only(expected))
    assert set(feed_server.counts.values()) == {1}


def test_feeds_that_are_not_due_are_not_asked(feed_server, tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    feeds = tuple(source(n, feed_server.add(f"/{n}", "<rss/>")) for n in ("due", "late", "old"))
    states = {
        "late": FeedState(next_poll_at=NOW + dt.timedelta(minutes=5), consecutive_failures=2),
        "old": FeedState(retired=True),
    }
    with BeamPipeline(runner="FnApiRunner") as root:
        assert_that(polled(root, feeds, raw, states), only([("due", None)]))
    assert feed_server.counts == {"/due": 1}


def test_a_replay_asks_nobody_and_gives_what_has_landed(feed_server, tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    landed, other = (source(n, feed_server.add(f"/{n}", "<rss/>")) for n in ("landed", "other"))
    with BeamPipeline(runner="FnApiRunner") as root:
        assert_that(polled(root, [landed], raw), only([("landed", None)]))
    with BeamPipeline(runner="FnApiRunner") as root:
        captures = polled(root, [landed, other], raw, due=all_polls, ask=False)
        assert_that(captures, only([("landed", None)]))
    assert feed_server.counts == {"/landed": 1}


def test_no_feed_at_all(tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    with BeamPipeline(runner="FnApiRunner") as root:
        assert_that(polled(root, (), raw), only([]))


def test_captures_stay_in_their_window(feed_server, tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    requests = [
        (Request(kind="feed", feed_id=f"f{n}", url=feed_server.add(f"/{n}", "x"), allow_private=True), n)
        for n in range(6)
    ]  # fmt: skip
    with BeamPipeline(runner="FnApiRunner") as root:
        done = (
            root
            | beam.Create(requests)
            | "Stamp" >> beam.MapTuple(beam.window.TimestampedValue)
            | "TwoSeconds" >> beam.WindowInto(beam.window.FixedWindows(2))
            | GroupByDomain()
            | beam.ParDo(FetchFn(QUICK, OneRun(RUN), raw, stage="S")).with_outputs(
                TALLIES, main="captures"
            )
        )
        found = done.captures | beam.Map(
            lambda one, window=beam.DoFn.WindowParam: (one.feed_id, int(window.start))
        )
        expected = [(f"f{n}", n // 2 * 2) for n in range(6)]
        assert_that(found | beam.WindowInto(beam.window.GlobalWindows()), equal_to(expected))


def test_two_feeds_of_one_id_are_a_mistake(tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    feed = source("one", "https://example.org/")
    with pytest.raises(ValueError, match="feed_id"):
        PollFeeds((feed, feed), OneRun(RUN), KnownStates(), raw)


def test_a_domain_is_in_one_group_only():
    assert domain_group("https://a.example.org/1") == domain_group("https://b.example.org/2")
    groups = {domain_group(f"https://{n}.example/") for n in range(500)}
    assert len(groups) > GROUPS / 2
    assert max(groups) < GROUPS


def test_tallies_tell_what_happened_and_so_do_beam_s_counters(feed_server, tmp_path):
    raw = Landing(str(tmp_path / "lake"))
    feeds = (source("good", feed_server.add("/1", "<rss/>")), source("gone", feed_server.url("/2")))
    root = beam.Pipeline(runner="FnApiRunner")
    _ = polled(root, feeds, raw)
    result = root.run()
    result.wait_until_finish()
    counted = {
        row.key.metric.name: row.committed
        for row in result.metrics().query()["counters"]
        if row.key.metric.namespace == "PollFeeds"
    }
    assert counted.pop("busy_ms") > 0
    assert counted == {"in": 2, "out": 1, "dropped_http-404": 1}
