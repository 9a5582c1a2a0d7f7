"""A newer coder over stored articles: all of its events at once, or none of them."""

import dataclasses
import datetime as dt

import pytest
from lake_rows import NOON, committed, event, failure, rows_of

from transforms.failures import LakeError, UsageError
from transforms.lake.compact import compact
from transforms.lake.manifests import snapshot
from transforms.lake.query import query
from transforms.lake.recode import Recoded, recode
from transforms.lake.rewrites import Rewrite, publish
from transforms.lake.store import open_store
from transforms.lake.verify import verify

DAY = dt.timedelta(days=1)
EVENTS = "SELECT run_id, coder_version, count(*) AS n FROM events GROUP BY ALL ORDER BY ALL"
REJECTS = "SELECT stage, error, article_id, run_id FROM rejects ORDER BY ALL"


def rows(lake, sql):
    return [tuple(row.values()) for row in query(lake, sql).to_pylist()]


def version(number, events_each=2):
    """Return a coder that finds so many events in each article."""

    def code(articles):
        return [
            [event(item, index, coder_version=number) for index in range(events_each)]
            for item in articles
        ]

    return code


def failing(article_ids, error="timeout"):
    """Return a coder that fails on some articles."""

    def code(articles):
        return [
            failure(0, item.run_id, unit="article", stage="code", error=error,
                    entry_id=item.entry_id, article_id=item.article_id)
            if item.article_id in article_ids
            else [event(item, coder_version="2")]
            for item in articles
        ]  # fmt: skip

    return code


def test_old_events_are_replaced_in_one_commit(lake):
    committed(lake, "a")
    committed(lake, "b")
    done = recode(lake, version("2"), NOON)
    assert done == Recoded(days=1, articles=12, failed=0, events_before=12, events_after=24)
    assert rows(lake, EVENTS) == [("a", "2", 12), ("b", "2", 12)]
    manifest = next(item for item in snapshot(lake).manifests if item.kind == "recode")
    assert manifest.coder_version == "2"
    assert len(manifest.replaces) == 2
    assert verify(lake, NOON) == []


def test_a_coder_that_finds_the_same_changes_nothing(lake):
    committed(lake, "a")
    assert recode(lake, version("1", 1), NOON) == Recoded(articles=6)
    assert [item.kind for item in snapshot(lake).manifests] == ["run"]


def test_articles_before_the_day_keep_their_events(lake):
    committed(lake, "a")
    committed(lake, "b", now=NOON + 2 * DAY)
    done = recode(lake, version("2"), NOON, since=(NOON + DAY).date())
    assert done.articles == 6
    assert rows(lake, EVENTS) == [("a", "1", 6), ("b", "2", 12)]


def test_failures_are_rejects_and_a_later_success_takes_them_away(lake):
    committed(lake, "a")
    [bad, *_] = [row[0] for row in rows(lake, "SELECT article_id FROM articles ORDER BY 1")]
    before = rows(lake, REJECTS)
    assert recode(lake, failing({bad}), NOON).failed == 1
    assert rows(lake, EVENTS) == [("a", "2", 5)]
    assert rows(lake, REJECTS) == sorted([*before, ("code", "timeout", bad, "a")])
    done = recode(lake, version("3", 1), NOON, only={bad})
    assert (done.articles, done.failed) == (1, 0)
    assert rows(lake, EVENTS) == [("a", "2", 5), ("a", "3", 1)]
    assert rows(lake, REJECTS) == before


def test_events_that_break_a_rule_are_not_committed(lake):
    committed(lake, "a")

    def code(articles):
        return [[event(item, cameo_root="99")] for item in articles]

    with pytest.raises(LakeError, match=r"commit refused.*\(event-codes\)"):
        recode(lake, code, NOON)
    assert rows(lake, EVENTS) == [("a", "1", 6)]


def test_nothing_changes_where_a_rerun_replaced_the_articles_meanwhile(lake):
    committed(lake, "a")

    def code(articles):
        committed(lake, "a", rows_of("a", 9))
        return version("2")(articles)

    with pytest.raises(LakeError, match="replaced meanwhile, nothing has changed"):
        recode(lake, code, NOON)
    assert rows(lake, EVENTS) == [("a", "1", 9)]


def test_a_run_that_commits_meanwhile_keeps_its_own_events(lake):
    committed(lake, "a")

    def code(articles):
        committed(lake, "b")
        return version("2")(articles)

    recode(lake, code, NOON)
    assert rows(lake, EVENTS) == [("a", "2", 12), ("b", "1", 6)]


def test_a_rerun_of_a_recoded_run_replaces_its_rows_only(lake):
    committed(lake, "a")
    committed(lake, "b")
    recode(lake, version("2"), NOON)
    committed(lake, "a", rows_of("a", 3))
    assert rows(lake, EVENTS) == [("a", "1", 3), ("b", "2", 12)]


def test_compacted_and_recoded_and_compacted(lake):
    for run_id in "abc":
        committed(lake, run_id)
    compact(lake, dt.timedelta(0), NOON)
    recode(lake, version("2"), NOON)
    committed(lake, "d")
    compact(lake, dt.timedelta(0), NOON + DAY)
    assert rows(lake, EVENTS) == [("a", "2", 12), ("b", "2", 12), ("c", "2", 12), ("d", "1", 6)]
    assert verify(lake, NOON + DAY) == []


def test_events_without_their_article_stay(lake):
    committed(lake, "a")
    committed(lake, "b")
    path = next(file.path for _, file in snapshot(lake).files("articles") if "/a-" in file.path)
    publish(open_store(lake), "expiry.x", "expiry", Rewrite(files=(), replaces=(path,)), NOON)
    done = recode(lake, version("2"), NOON)
    assert dataclasses.astuple(done) == (1, 6, 0, 12, 18)
    assert rows(lake, EVENTS) == [("a", "1", 6), ("b", "2", 12)]


def test_without_a_lake(tmp_path):
    with pytest.raises(UsageError, match="there is no lake"):
        recode(str(tmp_path / "none"), version("2"), NOON)
