"""Verification and retention."""

import datetime as dt
from pathlib import Path

import pytest
from lake_child import KillAt, killed_run, whole_run
from lake_rows import NOON, committed, rows_of

from transforms.failures import LakeLocked, UsageError
from transforms.lake.compact import compact
from transforms.lake.expire import expire
from transforms.lake.lock import lake_lock
from transforms.lake.manifests import read_manifest
from transforms.lake.query import query
from transforms.lake.raw import RawStore
from transforms.lake.store import LocalStore
from transforms.lake.verify import verify

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def filled(lake):
    """Return a lake of two runs on two days, with raw responses."""
    whole_run(lake, "new", 6, KillAt(0))
    committed(lake, "old", now=NOON - WEEK)
    return lake


def kinds(lake, now=NOON, **flags):
    return [(item.kind, item.path) for item in verify(lake, now, **flags)]


def only(lake, pattern):
    [path] = list(Path(lake).glob(pattern))
    return path


def test_a_lake_after_runs_reruns_and_compactions_is_clean(filled):
    committed(filled, "new", rows_of("new", 3))
    compact(filled, 0 * DAY, NOON)
    expire(filled, {"raw": DAY}, NOON + WEEK, grace=2 * DAY)
    assert kinds(filled, NOON + DAY / 2) == []


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("articles/*/old-*.parquet", "articles/dt=2024-11-15/old-00000.parquet"),
        ("raw/*/new/*.warc.gz", "raw/dt=2024-11-22/new/00000.warc.gz"),
        ("raw/*/new/*.index.jsonl", "raw/dt=2024-11-22/new/00000.index.jsonl"),
    ],
)
def test_one_flipped_byte_a_cut_and_a_loss_are_found(filled, pattern, name):
    path = only(filled, pattern)
    data = bytearray(path.read_bytes())
    for at in (0, len(data) // 2, len(data) - 1):
        data[at] ^= 1
        path.write_bytes(data)
        assert kinds(filled) == [("hash", name)]
        data[at] ^= 1
    path.write_bytes(data[:-1])
    assert kinds(filled) == [("size", name)]
    path.unlink()
    assert kinds(filled, repair=True) == [("missing", name)]
    assert kinds(filled) == [("missing", name)]
    path.write_bytes(data)
    assert kinds(filled) == []


def test_a_damaged_manifest_is_found_first(filled):
    Path(filled, "_runs/new.json").write_text("{")
    assert kinds(filled) == [("manifest", "_runs/new.json")]
    Path(filled, "_runs/new.json").write_bytes(Path(filled, "_runs/old.json").read_bytes())
    assert kinds(filled) == [("manifest", "_runs/new.json")]


def test_what_no_manifest_lists_is_an_orphan_and_repair_removes_it(filled):
    path = Path(filled, "events/dt=2024-11-22/stray.parquet")
    path.write_bytes(b"x")
    assert kinds(filled) == [("orphan", "events/dt=2024-11-22/stray.parquet")]
    assert path.exists()
    [finding] = verify(filled, NOON, repair=True)
    assert finding.repaired
    assert not path.exists()
    assert kinds(filled) == []


def test_superseded_files_are_orphans_after_their_grace_only(filled):
    committed(filled, "new", rows_of("new", 3))
    assert kinds(filled, NOON + DAY / 2) == []
    after = kinds(filled, NOON + DAY)
    assert {kind for kind, _ in after} == {"orphan"}
    assert kinds(filled, NOON + DAY, repair=True) == after
    assert kinds(filled, NOON + DAY) == []
    assert query(filled, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 9}]


def test_leftovers_of_a_killed_commit_are_orphans_until_the_rerun(filled):
    steps = KillAt(0)
    whole_run(f"{filled}-other", "r", 6, steps)
    moved = len(steps.steps) - 8
    assert killed_run(filled, "r", 6, moved)
    found = kinds(filled)
    assert found
    assert {kind for kind, _ in found} == {"orphan"}
    whole_run(filled, "r", 6, KillAt(0))
    assert kinds(filled) == []


def test_repair_waits_for_no_ingest_and_changes_nothing_beside_one(filled):
    with lake_lock(filled), pytest.raises(LakeLocked):
        verify(filled, NOON, repair=True)
    with lake_lock(filled):
        assert kinds(filled) == []


def test_no_lake_is_said(lake):
    for work in (lambda: verify(lake, NOON), lambda: expire(lake, {}, NOON)):
        with pytest.raises(UsageError, match="there is no lake"):
            work()


def test_expired_days_are_gone_at_once_and_their_files_after_the_grace(filled):
    file = only(filled, "articles/dt=2024-11-15/*.parquet")
    done = expire(filled, {"articles": 6 * DAY, "raw": 6 * DAY}, NOON)
    assert done.files == {"articles": 1}
    assert query(filled, "SELECT DISTINCT run_id FROM articles").to_pylist() == [{"run_id": "new"}]
    assert query(filled, "SELECT count(*) AS n FROM events").to_pylist() == [{"n": 12}]
    assert file.exists()
    assert expire(filled, {}, NOON + DAY).removed == 1
    assert not file.exists()
    assert kinds(filled, NOON + DAY) == []


def test_raw_goes_first(filled):
    assert expire(filled, {"raw": 0 * DAY}, NOON).files == {}
    assert expire(filled, {"raw": 0 * DAY}, NOON + DAY).files == {"raw": 1}
    assert expire(filled, {}, NOON + 2 * DAY).removed == 2
    run = read_manifest(LocalStore(filled), "new").run()
    assert RawStore(filled, run).get("<urn:uuid:1>") is None
    assert kinds(filled, NOON + 2 * DAY) == []
    whole_run(filled, "new", 6, KillAt(0))  # a rerun fetches anew and keeps what it finds
    assert RawStore(filled, run).get("<urn:uuid:1>") is not None
    assert kinds(filled, NOON + 2 * DAY) == []


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        ({"x": DAY}, "no table 'x'"),
        ({"events": -DAY}, "must not be negative"),
        ({"articles": DAY}, "raw expires first"),
        ({"articles": DAY, "raw": 2 * DAY}, "raw expires first"),
    ],
)
def test_retentions_that_cannot_be(filled, keep, said):
    with pytest.raises(UsageError, match=said):
        expire(filled, keep, NOON)
