"""Each mistake is one clear line with the right exit code, and nothing is half-written."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs" / "sample.toml"


def one_line(done):
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_config_mistake_names_key_and_value(wirelake, tmp_path):
    (tmp_path / "bad.toml").write_text('lake = "x"\n[[feeds]]\nid = "a b"\nurl = "x.xml"\n')
    assert "feeds[0].id = 'a b'" in one_line(wirelake("run", "bad.toml", check=2))
    assert not (tmp_path / "x").exists()


def test_a_missing_model_is_named(wirelake, write_config, tmp_path):
    feed = next((ROOT / "configs" / "sample").glob("*.xml"))
    config = write_config([{"id": "a", "url": str(feed)}], '[coder]\nmodel = "no_such_model"')
    assert "no_such_model" in one_line(wirelake("run", config, check=2))
    assert not list((tmp_path / "lake").rglob("*.parquet"))


def test_an_unwritable_lake_is_named(wirelake, tmp_path):
    (tmp_path / "lake").write_text("a file, not a folder")
    assert "lake" in one_line(wirelake("run", SAMPLE, check=1))


def test_an_unknown_table_is_a_usage_error(wirelake):
    wirelake("run", SAMPLE)
    said = one_line(wirelake("query", "select * from evnts", check=2))
    assert "evnts" in said
    assert "events" in said
    one_line(wirelake("query", "selec 1", check=2))


def test_a_query_on_no_lake_is_a_usage_error(wirelake):
    assert "nowhere" in one_line(wirelake("query", "select 1", "--lake", "nowhere", check=2))


def test_bad_flags_are_usage_errors(wirelake):
    one_line(wirelake("run", SAMPLE, "--run-id", "../x", check=2))
    one_line(wirelake("run", SAMPLE, "--only", "nobody", check=2))
    one_line(wirelake("run", SAMPLE, "--interval-start", "soon", "--interval-end", "2024", check=2))
    one_line(wirelake("run", SAMPLE, "--", "--runner=NoSuchRunner", check=2))
    said = one_line(wirelake("run", SAMPLE, "--", "--direct_num_worker=2", check=2))
    assert "did you mean --direct_num_workers?" in said
    one_line(wirelake("run", SAMPLE, "--lake", "", check=2))


def test_a_failed_feed_is_exit_3_and_costs_nothing_else(wirelake, write_config, rows):
    feed = next((ROOT / "configs" / "sample").glob("*.xml"))
    config = write_config([{"id": "here", "url": str(feed)}, {"id": "gone", "url": "gone.xml"}])
    wirelake("run", config, check=3)
    assert rows("select feed_id, unit, stage from rejects where feed_id = 'gone'") == [
        {"feed_id": "gone", "unit": "feed", "stage": "poll"}
    ]
    assert rows("select count(*) as n from articles")[0]["n"] > 0


def test_direct_runner_is_accepted(wirelake, rows):
    wirelake("run", SAMPLE, "--", "--runner=DirectRunner")
    assert rows("select count(*) as n from articles")[0]["n"] >= 30


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small tmpfs cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(wirelake, small_disk, rows):
    lake = small_disk / "lake"
    said = one_line(wirelake("run", SAMPLE, "--lake", lake, check=1))
    assert "no space left" in said.lower()
    assert not list(lake.rglob("_runs/*.json"))
    assert rows("select count(*) as n from articles", lake=lake) == [{"n": 0}]


def test_the_output_is_utf_8_whatever_the_locale(wirelake):
    line = '{"id": "é☃", "text": "France condemned the coup in Niger on Friday."}\n'
    done = wirelake("code", stdin=line, env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.startswith('{"id": "é☃"')
