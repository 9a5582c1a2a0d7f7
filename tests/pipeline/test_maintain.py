"""The commands of a lake's upkeep, as a user calls them."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "transforms" / "lake"))
from lake_rows import NO_INTERVAL, NOON, committed, failure, rows_of

from pipeline.ages import age
from pipeline.cli import app
from transforms.failures import UsageError
from transforms.lake.raw import RawStore
from transforms.lake.runs import begin
from transforms.records import Capture, Request
from transforms.web.warc import to_warc


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


def call(*words):
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def said(*words):
    return json.loads(call(*words).stdout)


def test_small_files_become_few(lake):
    for run_id in "abc":
        committed(lake, run_id)
    done = said("compact", "--older-than", "0d", "--lake", lake, "--json")
    assert (done["days"], done["files_before"], done["files_after"]) == (1, 21, 7)


def test_days_that_are_not_old_enough_stay(lake):
    committed(lake, "a", now=NOON.replace(year=2999))
    committed(lake, "b", now=NOON.replace(year=2999))
    assert said("compact", "--lake", lake, "--json")["days"] == 0


def test_retention_by_table(lake):
    committed(lake, "a")
    done = said("expire", "--keep", "rejects=30d", "--keep", "polls=1w", "--lake", lake, "--json")
    assert done["files"] == {"polls": 1, "rejects": 1}
    found = said("query", "SELECT count(*) AS n FROM rejects", "--lake", lake, "--format", "json")
    assert found == [{"n": 0}]


@pytest.mark.parametrize("keep", ["raw", "=3d", "raw=", "raw=3", "raw=-3d", "nothing=3d"])
def test_a_retention_that_cannot_be(lake, keep):
    committed(lake, "a")
    with pytest.raises(UsageError, match=r"--keep|no table"):
        call("expire", "--keep", keep, "--lake", lake)


def test_a_clean_lake_and_a_damaged_one(lake):
    committed(lake, "a")
    assert call("verify", "--lake", lake).exit_code == 0
    path = Path(lake, "events/dt=2024-11-22/a-00000.parquet")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    result = call("verify", "--lake", lake, "--json")
    assert result.exit_code == 1
    assert [(item["kind"], item["path"]) for item in json.loads(result.stdout)] == [
        ("hash", "events/dt=2024-11-22/a-00000.parquet")
    ]
    assert call("verify", "--repair", "--lake", lake).exit_code == 1


def test_an_orphan_is_removed_on_demand(lake):
    committed(lake, "a")
    orphan = Path(lake, "events/dt=2024-11-22/x-00000.parquet")
    orphan.write_bytes(b"left behind")
    assert call("verify", "--lake", lake).exit_code == 1
    assert orphan.exists()
    assert call("verify", "--repair", "--lake", lake).exit_code == 0
    assert not orphan.exists()
    assert call("verify", "--lake", lake).stdout == "clean\n"


def captured(lake, body):
    """Commit a run that captured a feed which could not be read."""
    run = begin(lake, "r", NO_INTERVAL, NOON, "config")
    url = "https://example.org/feed"
    capture = Capture(
        kind="feed", feed_id="f1", url=url, fetched_at=NOON, latency_s=0.1,
        raw_record="<urn:uuid:00000000-0000-0000-0000-000000000001>", status=200, final_url=url,
        headers=(("Content-Type", "text/plain"),), body=body,
    )  # fmt: skip
    RawStore(lake, run).put(
        capture.raw_record, to_warc(Request(kind="feed", feed_id="f1", url=url), capture)
    )
    bad = failure(1, "r", unit="feed", entry_id=None, raw_record=capture.raw_record)
    committed(lake, "r", [*rows_of("r"), bad])


def test_rejects_are_listed_and_shown_as_captured(lake):
    body = b"<rss>cut \xff here"
    captured(lake, body)
    assert len(said("rejects", "list", "--lake", lake, "--format", "json")) == 2
    [reject] = said("rejects", "list", "--unit", "feed", "--lake", lake, "--format", "json")
    result = call("rejects", "show", reject["id"][:8], "--lake", lake)
    assert result.stdout_bytes == body
    assert "Content-Type: text/plain" in result.stderr
    assert said("rejects", "list", "--feed", "none", "--lake", lake, "--format", "json") == []
    with pytest.raises(UsageError, match="0 rejects"):
        call("rejects", "show", "zz", "--lake", lake)


def test_the_coder_over_stored_articles(lake):
    broken = failure(
        7, "a", unit="article", stage="code", error="timeout",
        article_id=rows_of("a")[0].article_id,
    )  # fmt: skip
    committed(lake, "a", [*rows_of("a"), broken])
    done = call("rejects", "retry", "--lake", lake, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["recoded"]["articles"] == 1
    assert json.loads(done.stdout)["left"] == {"entry": 1}
    assert "not tried" in done.stderr
    assert said("rejects", "list", "--stage", "code", "--lake", lake, "--format", "json") == []
    done = said("recode", "--since", "2024-01-01", "--lake", lake, "--json")
    assert (done["articles"], done["failed"], done["days"]) == (6, 0, 1)
    found = said("query", "SELECT DISTINCT coder_version = '1' AS old FROM events", "--lake", lake,
                 "--format", "json")  # fmt: skip
    assert found == [{"old": False}]
    with pytest.raises(UsageError, match="--since"):
        call("recode", "--since", "yesterday", "--lake", lake)


@pytest.mark.parametrize("text", ["", "d", "1", "1y", "-1d", "1 d", "1.5d", "999999d"])
def test_ages_that_are_none(text):
    with pytest.raises(UsageError, match="as in 30d"):
        age("--older-than", text)
