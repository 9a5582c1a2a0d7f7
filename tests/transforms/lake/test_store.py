"""The storage under the lake: atomic writes, clear errors, disks that fill."""

import os
import pickle
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lake_child import KillAt, killed_run, whole_run
from lake_rows import NOON, committed

from transforms.failures import ConfigError, LakeError
from transforms.lake.query import query
from transforms.lake.store import LocalStore, check_writable, open_store

COUNT = "SELECT count(*) AS n FROM articles"


def test_put_replaces_and_create_does_not(tmp_path):
    store = LocalStore(str(tmp_path))
    store.put("a/b", b"one")
    store.put("a/b", b"two")
    assert store.read("a/b") == b"two"
    assert store.read("a/b", 1, 1) == b"w"
    assert store.create("a/c", b"first")
    assert not store.create("a/c", b"second")
    assert store.read("a/c") == b"first"
    assert [stat.name for stat in store.listing("a")] == ["b", "c"]


def test_of_many_creators_one_wins(tmp_path):
    store = LocalStore(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: store.create("x", b"%d" % n), range(32)))
    assert won.count(True) == 1
    assert store.read("x") == b"%d" % won.index(True)


def test_a_store_without_hard_links_still_creates_once(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    store = LocalStore(str(tmp_path))
    assert store.create("x", b"1")
    assert not store.create("x", b"2")


def test_tokens_change_with_the_content(tmp_path):
    store = LocalStore(str(tmp_path))
    tokens = set()
    for _ in range(5):
        store.put("x", b"same size")
        tokens.add(store.listing("")[0].token)
    assert len(tokens) == 5


def test_half_written_files_are_not_listed_and_are_swept(tmp_path):
    store = LocalStore(str(tmp_path))
    (tmp_path / ".tmp-dead").write_bytes(b"half")
    assert store.listing("") == []
    store.sweep("")
    assert list(tmp_path.iterdir()) == []


def test_walk_and_folders(tmp_path):
    store = LocalStore(str(tmp_path))
    for path in ("b/2", "b/1", "a/x/y", "c"):
        store.put(path, b"")
    assert [path for path, _ in store.walk("b")] == ["b/1", "b/2"]
    assert [path for path, _ in store.walk("a")] == ["a/x/y"]
    assert store.folders("") == ["a", "b"]
    assert list(store.walk("nowhere")) == []
    assert store.folders("nowhere") == []


def test_a_store_travels_without_its_hook(tmp_path):
    store = pickle.loads(pickle.dumps(LocalStore(str(tmp_path), KillAt(1))))
    store.put("x", b"")
    assert store.read("x") == b""


@pytest.mark.parametrize("lake", ["gs://x", "hdfs://x/y"])
def test_object_stores_are_refused_with_a_reason(lake):
    with pytest.raises(ConfigError, match="not supported"):
        open_store(lake)


def test_a_lake_that_is_a_file_is_said(tmp_path):
    (tmp_path / "lake").write_text("")
    for lake in (tmp_path / "lake", tmp_path / "lake" / "below"):
        with pytest.raises(LakeError, match=r"^cannot write .*lake"):
            check_writable(str(lake))
    with pytest.raises(LakeError, match="not a directory"):
        committed(str(tmp_path / "lake"), "r")


def test_checking_a_lake_leaves_nothing_behind(tmp_path):
    check_writable(str(tmp_path / "not" / "yet"))
    check_writable(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written(tmp_path):
    program = (
        "import os, sys; from transforms.lake.store import check_writable\n"
        "os.setuid(65534) if os.getuid() == 0 else None\n"
        "try: check_writable(sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o500)
    for parent in [*tmp_path.parents][:3]:
        if os.getuid() == 0 and parent.owner() == "root" and parent.name.startswith("pytest"):
            parent.chmod(0o755)
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder / "lake")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stdout == f"LakeError cannot write {folder}/lake: permission denied\n", done.stderr


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of 512 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("may not mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_costs_the_run_and_nothing_else(small_disk):
    lake = str(small_disk / "lake")
    committed(lake, "first")
    ballast = small_disk / "ballast"
    failures = []
    for free_kb in range(0, 400, 16):
        room = os.statvfs(small_disk)
        ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - free_kb * 1024))
        try:
            whole_run(lake, "r", 6, KillAt(0))
            break
        except LakeError as error:
            failures.append(str(error))
        finally:
            ballast.unlink()
        assert query(lake, COUNT).to_pylist() == [{"n": 6}]
    assert query(lake, COUNT).to_pylist() == [{"n": 12}]  # with room enough it goes through
    assert len(failures) > 3
    assert all(said.endswith("no space left on device") for said in failures)


def test_a_full_disk_is_found_before_the_run(small_disk):
    (small_disk / "ballast").write_bytes(b"x" * 500 * 1024)
    with pytest.raises(LakeError, match="no space left"):
        check_writable(str(small_disk / "lake"))


def test_a_read_only_disk(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(LakeError, match="read-only file system"):
        check_writable(str(small_disk / "lake"))


def test_files_that_may_not_grow(tmp_path):
    lake = str(tmp_path / "lake")
    committed(lake, "first")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(LakeError, match="file too large"):
            committed(lake, "second")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert query(lake, COUNT).to_pylist() == [{"n": 6}]
    committed(lake, "second")
    assert query(lake, COUNT).to_pylist() == [{"n": 12}]


def test_a_clock_that_jumps_back(tmp_path):
    lake = str(tmp_path / "lake")
    assert killed_run(lake, "r", 6, 20)
    committed(lake, "r", now=NOON.replace(year=1999))
    assert Path(lake, "articles/dt=2024-11-22/r-00000.parquet").exists()
