"""Commit: all at once or not at all, whatever happens when."""

import dataclasses
import datetime as dt
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lake_child import KillAt, killed_run, whole_run
from lake_rows import (
    NO_INTERVAL,
    NOON,
    article,
    committed,
    event,
    poll,
    rows_of,
    staged,
)
from reading import Reader

from transforms.failures import LakeError
from transforms.lake import files
from transforms.lake.commit import commit
from transforms.lake.manifests import snapshot
from transforms.lake.query import query
from transforms.lake.raw import RawStore
from transforms.lake.runs import begin
from transforms.lake.store import open_store
from transforms.schema import TABLES

COUNTS = "SELECT run_id, count(*) AS n FROM articles GROUP BY run_id ORDER BY run_id"


def counts(lake):
    return tuple((row["run_id"], row["n"]) for row in query(lake, COUNTS).to_pylist())


SECONDS = re.compile(rb'"seconds": [0-9.]+')


def tree(lake):
    """Return path → bytes of all of the lake's files, without how long a stage took."""
    return {
        path.relative_to(lake).as_posix(): SECONDS.sub(b"", path.read_bytes())
        for path in sorted(Path(lake).rglob("*"))
        if path.is_file() and path.name != "_commit.lock"
    }


def test_a_manifest_says_what_was_committed(lake):
    manifest = committed(lake, "r", shards=3)
    assert manifest.counts == {
        "articles": 6,
        "events": 6,
        "duplicates": 1,
        "feeds": 1,
        "polls": 1,
        "rejects": 1,
        "signatures": 6,
    }
    assert manifest.law == {"new": 8, "articles": 6, "duplicates": 1, "rejects": 1}
    assert manifest.duplicates == {"near": 1}
    assert manifest.rejects == ({"unit": "entry", "stage": "parse", "error": "broken", "rows": 1},)
    assert manifest.coder_version == "1"
    assert manifest.config_hash == "config"
    for file in manifest.files:
        data = (Path(lake) / file.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.sha256
        assert len(data) == file.bytes
    assert snapshot(lake).manifests == (manifest,)
    assert len(files(lake, "articles")) > 1


def test_nothing_is_left_in_staging_and_tables_without_rows_have_no_file(lake):
    committed(lake, "r", [poll("r", 0)])
    assert sorted(tree(lake)) == ["_runs/r.json", "polls/dt=2024-11-22/r-00000.parquet"]
    assert query(lake, "SELECT * FROM events").num_rows == 0


def test_a_run_without_rows_is_committed(lake):
    assert committed(lake, "r", []).files == ()
    assert counts(lake) == ()


def test_a_rerun_with_the_same_rows_changes_not_one_byte(lake):
    committed(lake, "r", shards=2)
    before = tree(lake)
    committed(lake, "r", list(reversed(rows_of("r"))), shards=2)
    assert tree(lake) == before


def test_the_same_rows_give_the_same_bytes_in_another_folder(tmp_path):
    trees = []
    for name in ("a", "b"):
        committed(str(tmp_path / name), "r")
        trees.append(tree(tmp_path / name))
    assert trees[0] == trees[1]


def test_a_rerun_with_other_rows_replaces_them_at_once_and_keeps_what_readers_have_open(lake):
    first = committed(lake, "r")
    opened = files(lake, "articles")
    second = committed(lake, "r", rows_of("r", 9))
    assert counts(lake) == (("r", 9),)
    assert files(lake, "articles") == [f"{lake}/articles/dt=2024-11-22/r-00000.g1.parquet"]
    assert all(Path(path).exists() for path in opened)
    assert {item.path for item in second.superseded} == {file.path for file in first.files} - {
        file.path for file in second.files
    }
    assert {file.path for file in second.files if file.table == "feeds"} == {
        file.path for file in first.files if file.table == "feeds"
    }
    third = committed(lake, "r", rows_of("r", 2))
    assert files(lake, "articles") == [f"{lake}/articles/dt=2024-11-22/r-00000.g2.parquet"]
    assert {item.path for item in second.superseded} < {item.path for item in third.superseded}


def test_of_racing_attempts_one_is_taken(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    attempts = staged(lake, run, rows_of("r")) + staged(lake, run, rows_of("r"))
    commit(lake, run, attempts, NOON)
    assert counts(lake) == (("r", 6),)
    assert not [path for path in tree(lake) if "staging" in path]


def test_an_engine_that_commits_twice_gets_the_same_manifest(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    attempts = staged(lake, run, rows_of("r"))
    assert commit(lake, run, attempts, NOON) == commit(lake, run, attempts, NOON)


def test_of_eight_committers_of_one_run_exactly_one_wins(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    attempts = [staged(lake, run, rows_of("r", 1 + number)) for number in range(8)]

    def race(attempt):
        try:
            return commit(lake, run, attempt, NOON)
        except LakeError as error:
            assert "another process has committed this run" in str(error)  # noqa: PT017
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [manifest for manifest in pool.map(race, attempts) if manifest]
    assert len(won) == 1
    assert snapshot(lake).manifests == tuple(won)
    assert counts(lake) == (("r", won[0].counts["articles"]),)


@pytest.mark.parametrize("articles_before", [0, 4])
@pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_point_a_reader_sees_committed_states_only(lake, articles_before, stride):
    committed(lake, "first")
    if articles_before:
        whole_run(lake, "r", articles_before, KillAt(0))
    old = counts(lake)
    new = (("first", 6), ("r", 6))
    seen = []
    with Reader(lambda: counts(lake)) as reader:
        for at in range(stride, 100, stride):
            if not killed_run(lake, "r", 6, at):
                break
            seen.append(counts(lake))
        whole_run(lake, "r", 6, KillAt(0))
    assert len(seen) >= 28 // stride
    assert set(seen) <= {old, new}
    assert reader.answers <= {old, new}
    assert counts(lake) == new
    paths = set(tree(lake))
    listed = {file.path for item in snapshot(lake).manifests for file in item.files}
    kept = {item.path for manifest in snapshot(lake).manifests for item in manifest.superseded}
    assert {path for path in paths if path.endswith(".parquet")} == listed | kept
    assert not [path for path in paths if ".tmp-" in path or path.startswith("_staging/r/")]


def test_a_rerun_after_a_kill_equals_an_undisturbed_run(tmp_path):
    whole_run(str(tmp_path / "undisturbed"), "r", 5, KillAt(0))
    expected = tree(tmp_path / "undisturbed")
    steps = KillAt(0)
    whole_run(str(tmp_path / "steps"), "r", 5, steps)
    for at in range(1, len(steps.steps) + 1, 9):
        lake = tmp_path / f"killed-{at}"
        assert killed_run(str(lake), "r", 5, at)
        whole_run(str(lake), "r", 5, KillAt(0))
        assert tree(lake) == expected, f"killed at step {at}: {steps.steps[at - 1]}"


def test_raw_responses_are_committed_and_found_again(lake):
    store = open_store(lake)
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    raw = RawStore(lake, run)
    pieces = {f"<urn:uuid:{number}>": bytes([number]) * 50 for number in range(20)}
    for record_id, data in pieces.items():
        raw.put(record_id, data)
        raw.put(record_id, data)
    manifest = commit(store, run, staged(store, run, rows_of("r")), NOON)
    [warc] = manifest.raw
    assert warc.path == "raw/dt=2024-11-22/r/00000.warc.gz"
    assert (Path(lake) / warc.path).read_bytes() == b"".join(
        pieces[record_id] for record_id in sorted(pieces)
    )
    again = RawStore(lake, run)
    assert {record_id: again.get(record_id) for record_id in pieces} == pieces
    assert again.get("<urn:uuid:none>") is None
    before = tree(lake)
    committed(lake, "r")
    assert tree(lake) == before


def test_what_lands_in_a_rerun_is_added(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    RawStore(lake, run).put("b", b"bb")
    committed(lake, "r")
    RawStore(lake, run).put("a", b"aa")
    manifest = committed(lake, "r")
    assert [file.path for file in manifest.raw] == ["raw/dt=2024-11-22/r/00000.g1.warc.gz"]
    raw = RawStore(lake, run)
    assert (raw.get("a"), raw.get("b")) == (b"aa", b"bb")
    assert manifest.generation == 1
    assert counts(lake) == (("r", 6),)


def test_a_piece_cut_short_never_landed(lake):
    run = begin(lake, "r", NO_INTERVAL, NOON, "c")
    raw = RawStore(lake, run)
    raw.put("a", b"data")
    [piece] = Path(lake, "_staging/r/raw").iterdir()
    piece.write_bytes(piece.read_bytes()[:-1])
    assert raw.get("a") is None


BROKEN = {
    "counting-law": lambda rows: [*rows, poll("r", 3, "f2")],
    "article-ids": lambda rows: [*rows, rows[0], poll("r", 1, "f1")],
    "event-articles": lambda rows: [*rows, event(article(99, "r"))],
    "event-ids": lambda rows: [*rows, event(rows[0])],
    "event-codes": lambda rows: [*rows, event(rows[0], 5, cameo_root="08")],
    "event-lists": lambda rows: [*rows, event(rows[0], 5, plover_type="HELP")],
    "dates": lambda rows: [*rows, event(rows[0], 5, event_date=dt.date(999, 1, 1))],
    "event-spans": lambda rows: [*rows, event(rows[0], 5, char_end=3)],
    "event-judgements": lambda rows: [*rows, event(rows[0], 5, modality="sure")],
    "coordinates": lambda rows: [*rows, event(rows[0], 5, latitude=91.0, longitude=0.0)],
    "polls": lambda rows: [*rows, poll("r", 0)],
    "run": lambda rows: [*rows, poll("q", 0, "f2")],
    "sources": lambda rows: [
        *rows,
        article(9, "r", feed_id="f2", text_source="x"),
        poll("r", 1, "f2"),
    ],
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_stops_the_commit_and_shows_the_rows(lake, rule):
    committed(lake, "first")
    before = tree(lake)
    with pytest.raises(
        LakeError, match=rf"commit refused, nothing was committed: .*\({rule}\): {{"
    ) as at:
        committed(lake, "r", BROKEN[rule](rows_of("r")))
    assert "\n" not in str(at.value)
    after = {path: data for path, data in tree(lake).items() if not path.startswith("_staging/")}
    assert after == before
    assert counts(lake) == (("first", 6),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cameo_code": "079", "cameo_root": "07"},
        {"plover_type": "CONSULT"},
        {"plover_mode": "drone"},
        {"plover_type": None},
        {"plover_type": None, "quad_class": 0, "plover_mode": "visit"},
        {"quad_class": 4},
        {"context": "military,weather"},
        {"source_country": "XYZ", "source_code": "XYZGOV"},
        {"target_country": "SUN", "target_code": "SUN"},
        {"target_sector": "ARM", "target_code": "RUSARM"},
        {"said_by_country": "ABC"},
        {"said_by_sector": "gov"},
        {"place_country": "SCG"},
    ],
)
def test_codes_that_are_in_no_list(lake, wrong):
    rows = rows_of("r")
    with pytest.raises(LakeError, match=r"\(event-lists\)"):
        committed(lake, "r", [*rows, event(rows[0], 5, **wrong)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_code": "RUSGOV"},
        {"source_code": None},
        {"target_code": "RUSMIL"},
        {"target_country": None, "target_code": "XXX"},
        {"target_org": "Hamas", "target_code": "RUSHamas"},
        {"said_by_org": "un"},
        {"cameo_root": "08"},
    ],
)
def test_codes_that_do_not_fit_together(lake, wrong):
    rows = rows_of("r")
    with pytest.raises(LakeError, match=r"\(event-codes\)"):
        committed(lake, "r", [*rows, event(rows[0], 5, **wrong)])


@pytest.mark.parametrize(
    "right",
    [
        {"plover_type": "ASSAULT", "plover_mode": "drone", "quad_class": 4},
        {"plover_type": None, "quad_class": 0, "context": None},
        {"context": "military,legal"},
        {"event_date": None, "event_date_precision": "published"},
        {
            "source_country": "PSE",
            "source_sector": "REB",
            "source_org": "HMS",
            "source_code": "PSEREBHMS",
        },
        {"target_country": None, "target_org": "UNO", "target_code": "IGOUNO"},
        {"target_country": None, "target_code": "NGO"},
        {"target_country": None, "target_sector": "REF", "target_code": "REF"},
        {"target_country": None, "target_code": None},
        {"said_by_org": "UNO", "place_country": "XKX"},
    ],
)
def test_codes_that_are_in_their_lists(lake, right):
    rows = rows_of("r")
    committed(lake, "r", [*rows, event(rows[0], 5, **right)])


def test_a_law_may_be_kept_in_sum_and_broken_in_a_feed(lake):
    rows = [article(1, "r", "f1"), poll("r", 0, "f1"), poll("r", 1, "f2")]
    with pytest.raises(LakeError, match="counting-law"):
        committed(lake, "r", rows)


def test_the_tables_of_a_run_are_those_of_the_schema(lake):
    manifest = committed(lake, "r")
    assert list(manifest.counts) == list(TABLES)
    assert dataclasses.replace(manifest) == manifest
