"""Manifests: what is committed, quickly, with thousands of runs."""

import dataclasses
import datetime as dt
import json
import time
from pathlib import Path

import pytest
from lake_rows import NOON, committed, poll

from transforms.failures import LakeError
from transforms.lake import files, layout
from transforms.lake.compact import compact
from transforms.lake.live import checkpoint, live
from transforms.lake.manifests import Manifest, read_manifest, snapshot
from transforms.lake.store import LocalStore

DAY = dt.timedelta(days=1)


def many(lake, runs):
    """Give a lake with many runs; only manifests, since opening a lake reads no more."""
    store = LocalStore(lake)
    one = committed(lake, "r0")
    for number in range(1, runs):
        name = f"r{number}"
        listed = tuple(
            dataclasses.replace(file, path=file.path.replace("r0-", f"{name}-"), sequence=number)
            for file in one.files
        )
        manifest = dataclasses.replace(one, run_id=name, sequence=1 + number, files=listed)
        store.put(layout.manifest(name), manifest.to_json(), durable=False)
    return store


def test_a_manifest_comes_back_as_it_was_written(lake):
    manifest = committed(lake, "r")
    assert read_manifest(LocalStore(lake), "r") == manifest
    assert Manifest.from_dict(json.loads(manifest.to_json())) == manifest


def test_keys_of_a_later_version_are_left_out(lake):
    manifest = committed(lake, "r")
    data = {**manifest.to_dict(), "later": 1}
    data["files"][0]["later"] = 2
    assert Manifest.from_dict(data) == manifest


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"files": 1}', b"\xff"])
def test_what_is_no_manifest_is_said(lake, content):
    committed(lake, "r")
    Path(lake, "_runs/x.json").write_bytes(content)
    with pytest.raises(LakeError, match=r"x\.json is not a manifest"):
        snapshot(lake)


def test_replaced_files_are_left_out(lake):
    committed(lake, "a")
    committed(lake, "b")
    store = LocalStore(lake)
    manifest = read_manifest(store, "b")
    replaced = dataclasses.replace(manifest, replaces=("articles/dt=2024-11-22/a-00000.parquet",))
    store.put(layout.manifest("b"), replaced.to_json())
    assert files(lake, "articles") == [f"{lake}/articles/dt=2024-11-22/b-00000.parquet"]
    assert len(files(lake, "events")) == 2


def test_the_checkpoint_is_a_cache_and_never_the_truth(lake):
    store = many(lake, 40)
    checkpoint(store)
    cached = Path(lake, layout.CHECKPOINT)
    assert len(json.loads(cached.read_bytes())["tokens"]) == 40
    fresh = live(lake)
    cached.unlink()
    assert live(lake) == fresh
    checkpoint(store)
    committed(lake, "r1", [poll("r1", 0)])  # changes a manifest that the checkpoint knows
    Path(lake, "_runs/r2.json").unlink()
    found = {origin.run_id for origin, file in live(lake).files("articles")}
    assert found == {f"r{number}" for number in range(40)} - {"r1", "r2"}
    for damage in (b"", b"{", b"[]", b'{"r0.json": 1}', b'{"format": 2}'):
        cached.write_bytes(damage)
        assert {origin.run_id for origin, _ in live(lake).files("articles")} == found


def test_the_checkpoint_grows_by_what_is_new(lake):
    store = many(lake, 40)
    checkpoint(store)
    committed(lake, "late")
    compact(lake, NOON - NOON, NOON - DAY)  # nothing is old enough
    with_late = files(lake, "polls")
    assert len(with_late) == 41
    Path(lake, layout.CHECKPOINT).unlink()
    assert files(lake, "polls") == with_late


def test_the_checkpoint_spares_reading_a_thousand_manifests(lake):
    store = many(lake, 1000)

    def seconds():
        began = time.perf_counter()
        assert len(files(lake, "articles")) == 1000
        return time.perf_counter() - began

    cold = min(seconds() for _ in range(3))
    checkpoint(store)
    assert min(seconds() for _ in range(3)) < cold
