"""A lake in a bucket: the same promises as in a folder, on a real server."""

import contextlib
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pandas as pd
import polars as pl
import pytest
from lake_child import (
    TERM_S,
    KillAt,
    killed_compaction,
    killed_expiry,
    killed_recode,
    killed_run,
    whole_run,
)
from lake_rows import NO_INTERVAL, NOON, committed, event, rows_of, staged
from reading import Reader
from s3_server import VERSITYGW

from transforms.failures import ConfigError, LakeError, UsageError
from transforms.lake import dataset, files
from transforms.lake.commit import commit
from transforms.lake.compact import compact
from transforms.lake.expire import expire
from transforms.lake.history import feed_states, signatures
from transforms.lake.manifests import snapshot
from transforms.lake.query import query
from transforms.lake.raw import RawStore
from transforms.lake.recode import recode
from transforms.lake.runs import begin, unfinished
from transforms.lake.s3 import S3Store
from transforms.lake.store import check_writable, open_store
from transforms.lake.verify import verify
from transforms.schema import TABLES

COUNTS = "SELECT run_id, count(*) AS n FROM articles GROUP BY run_id ORDER BY run_id"
DAY = dt.timedelta(days=1)


def counts(lake):
    return tuple((row["run_id"], row["n"]) for row in query(lake, COUNTS).to_pylist())


def test_a_run_is_committed_and_read_back(s3_lake):
    manifest = committed(s3_lake, "r", shards=2)
    assert manifest.counts["articles"] == 6
    assert counts(s3_lake) == (("r", 6),)
    assert query(s3_lake, "SELECT mentions, articles FROM one_a_day").num_rows == 1
    assert query(s3_lake, "SELECT authors FROM articles LIMIT 1").to_pylist() == [
        {"authors": ["A. Author", "B. Author"]}
    ]
    store = open_store(s3_lake)
    left = {path for path, _ in store.walk("_staging") if ".lock" not in path}
    assert left == set()
    assert verify(s3_lake, NOON) == []
    assert unfinished(s3_lake) == []


def test_every_reader_reads_it(s3_lake):
    committed(s3_lake, "a")
    committed(s3_lake, "b")
    paths = files(s3_lake, "events")
    assert all(path.startswith(f"{s3_lake}/events/dt=2024-11-22/") for path in paths)
    events = dataset(s3_lake, "events")
    assert events.to_table(columns=["event_date"]).num_rows == 12
    assert events.schema.names == TABLES["events"].schema.names
    assert isinstance(events.to_table().to_pandas(), pd.DataFrame)
    counted = duckdb.from_arrow(events).aggregate("plover_type, count(*)").fetchall()
    assert counted == [("AID", 12)]
    frame = pl.scan_parquet(paths, missing_columns="insert").select(pl.len()).collect()
    assert frame.item() == 12
    with pytest.raises(UsageError, match="no table 'none'"):
        dataset(s3_lake, "none")


def test_a_rerun_replaces_its_rows_and_keeps_what_readers_have_open(s3_lake):
    committed(s3_lake, "r")
    opened = dataset(s3_lake, "articles")
    same = committed(s3_lake, "r", list(reversed(rows_of("r"))))
    assert same.generation == 0
    committed(s3_lake, "r", rows_of("r", 9))
    assert counts(s3_lake) == (("r", 9),)
    assert opened.count_rows() == 6
    assert verify(s3_lake, NOON) == []


def test_the_same_rows_give_the_same_bytes_as_in_a_folder(s3_lake, lake):
    one, other = committed(s3_lake, "r"), committed(lake, "r")
    assert [file.sha256 for file in one.files] == [file.sha256 for file in other.files]


def test_what_was_fetched_and_what_the_next_run_needs(s3_lake):
    run = begin(s3_lake, "r", NO_INTERVAL, NOON, "c")
    raw = RawStore(s3_lake, run)
    raw.put("<urn:uuid:1>", b"one")
    raw.put("<urn:uuid:2>", b"two")
    committed(s3_lake, "r")
    again = RawStore(s3_lake, run)
    assert (again.get("<urn:uuid:2>"), again.get("<urn:uuid:3>")) == (b"two", None)
    later = begin(s3_lake, "s", NO_INTERVAL, NOON + DAY, "c")
    assert feed_states(s3_lake, later, ["f1"], 30)["f1"].etag == '"r"'
    assert sum(table.num_rows for table in signatures(s3_lake, later, 30)) == 6


def test_compaction_recoding_and_expiry(s3_lake):
    for run_id in "abc":
        committed(s3_lake, run_id)
    assert compact(s3_lake, dt.timedelta(0), NOON).files_after == 7
    done = recode(s3_lake, lambda batch: [[event(item, coder_version="2")] for item in batch], NOON)
    assert done.articles == 18
    assert expire(s3_lake, {"rejects": dt.timedelta(0)}, NOON + DAY).files == {"rejects": 1}
    assert counts(s3_lake) == (("a", 6), ("b", 6), ("c", 6))
    compact(s3_lake, dt.timedelta(0), NOON + 3 * DAY)
    store = open_store(s3_lake)
    assert [len(list(store.walk(table))) for table in ("articles", "events", "rejects")] == [
        1,
        1,
        0,
    ]
    assert verify(s3_lake, NOON + 3 * DAY) == []


def test_damage_is_found(s3_lake):
    manifest = committed(s3_lake, "r")
    store = open_store(s3_lake)
    one, other = manifest.files[0].path, manifest.files[1].path
    data = store.read(one)
    store.put(one, data[:50] + bytes([data[50] ^ 1]) + data[51:])
    store.put(other, store.read(other)[:-1])
    store.put("events/dt=2024-11-22/x-00000.parquet", b"orphan")
    found = {(item.kind, item.path) for item in verify(s3_lake, NOON)}
    assert found == {
        ("hash", one),
        ("size", other),
        ("orphan", "events/dt=2024-11-22/x-00000.parquet"),
    }


def race(lake, run, attempts):
    """Let several committers of one run race, each with a store of its own; return the winners."""

    def one(attempt):
        try:
            return commit(S3Store(lake), run, attempt, NOON)
        except LakeError as error:
            assert "another process has committed this run" in str(error)  # noqa: PT017
            return None

    with ThreadPoolExecutor(len(attempts)) as pool:
        return [manifest for manifest in pool.map(one, attempts) if manifest]


def test_of_eight_committers_of_one_run_exactly_one_wins(s3_lake):
    run = begin(s3_lake, "r", NO_INTERVAL, NOON, "c")
    attempts = [staged(s3_lake, run, rows_of("r", 1 + number)) for number in range(8)]
    won = race(s3_lake, run, attempts)
    assert len(won) == 1
    assert snapshot(s3_lake).manifests == tuple(won)
    assert counts(s3_lake) == (("r", won[0].counts["articles"]),)
    assert verify(s3_lake, NOON) == []


@pytest.mark.parametrize("articles_before", [0, 9])
def test_they_do_so_where_the_lock_keeps_nobody_out(s3_lake, monkeypatch, articles_before):
    """The conditional PUT of the manifest decides alone, as where leases are lost."""
    if articles_before:
        committed(s3_lake, "r", rows_of("r", articles_before))
    run = begin(s3_lake, "r", NO_INTERVAL, NOON, "c")
    attempts = [staged(s3_lake, run, rows_of("r", 1 + number)) for number in range(8)]
    monkeypatch.setattr(S3Store, "mutex", lambda self, path: contextlib.nullcontext())
    together = threading.Barrier(8)
    exchange = S3Store.exchange

    def at_once(self, path, data, token):
        together.wait(30)
        return exchange(self, path, data, token)

    # Cleaning comes after the manifest; a loser's files may go before it has read them all.
    monkeypatch.setattr(S3Store, "exchange", at_once)
    won = race(s3_lake, run, attempts)
    monkeypatch.undo()
    assert len(won) == 1


@pytest.mark.parametrize("stride", [13, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.timeout(900)
def test_killed_at_any_point_a_reader_sees_committed_states_only(s3_lake, stride):
    committed(s3_lake, "first")
    old, new = (("first", 6),), (("first", 6), ("r", 6))
    seen = []
    with Reader(lambda: counts(s3_lake), pause_s=0.02) as reader:
        for at in range(stride, 200, stride):
            if not killed_run(s3_lake, "r", 6, at):
                break
            seen.append(counts(s3_lake))
        whole_run(s3_lake, "r", 6, KillAt(0))
    assert len(seen) >= 26 // stride
    assert set(seen) | reader.answers <= {old, new}
    assert counts(s3_lake) == new
    assert verify(s3_lake, NOON) == []


@pytest.mark.parametrize("at", [4, 9, 14])
def test_killed_while_it_rewrites(s3_lake, at):
    for run_id in "ab":
        committed(s3_lake, run_id)
    before = counts(s3_lake)
    assert killed_compaction(s3_lake, NOON + DAY, at)
    assert killed_recode(s3_lake, "2", NOON, min(at, 9))
    assert killed_expiry(s3_lake, NOON + DAY, min(at, 9))
    assert counts(s3_lake) == before
    store = S3Store(s3_lake, term_s=TERM_S)
    recode(store, lambda batch: [[event(item, coder_version="3")] for item in batch], NOON)
    compact(store, dt.timedelta(0), NOON + DAY)
    expire(store, {"rejects": dt.timedelta(0)}, NOON + DAY)
    assert counts(s3_lake) == before
    assert query(s3_lake, "SELECT * FROM rejects").num_rows == 0
    assert verify(s3_lake, NOON + DAY) == []
    found = query(s3_lake, "SELECT coder_version, count(*) AS n FROM events GROUP BY ALL")
    assert found.to_pylist() == [{"coder_version": "3", "n": 12}]


@pytest.mark.parametrize("url", ["s3://", "s3:///x", "s3://UPPER/x", "s3://b"])
def test_urls_without_a_bucket(url):
    with pytest.raises(ConfigError, match="s3://bucket/prefix"):
        open_store(url)


def test_other_stores_are_refused():
    with pytest.raises(ConfigError, match="gs lakes are not supported; use a folder or s3://"):
        open_store("gs://bucket/lake")


def test_there_is_no_lake(s3_lake):
    with pytest.raises(UsageError, match="there is no lake in s3://"):
        query(s3_lake, "SELECT 1")


@pytest.mark.usefixtures("s3_lake")
def test_a_bucket_that_is_not_there_is_said_in_one_line():
    with pytest.raises(LakeError, match=r"^cannot write s3://none/.*there is no such bucket$"):
        check_writable("s3://none/lake")


@pytest.mark.skipif(not VERSITYGW.exists(), reason="moto's server checks no signatures")
def test_a_wrong_secret_is_said_in_one_line_without_it(s3_lake, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-wrong-secret")
    with pytest.raises(LakeError, match=r"^cannot write s3://.*SignatureDoesNotMatch") as at:
        S3Store(s3_lake).put("x", b"")
    assert "\n" not in str(at.value)
    assert "a-wrong-secret" not in str(at.value)
