"""Leases: one holder at a time, free when it dies, whatever the clocks say."""

import contextlib
import hashlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from transforms.failures import LakeError, LakeLocked
from transforms.lake.lease import Lease, held
from transforms.lake.lock import lake_lock
from transforms.lake.s3 import S3Store
from transforms.lake.storage import Stat

TERM_S = 0.6
HOLDER = (
    "import sys, time; from transforms.lake.lock import lake_lock; "
    "from transforms.lake.s3 import S3Store\n"
    "with lake_lock(S3Store(sys.argv[1], term_s=float(sys.argv[2])), 'run x'):\n"
    "    print('held', flush=True); time.sleep(60)"
)


class Shelf:
    """Objects in memory, with a clock that can be set."""

    def __init__(self):
        self.ahead_s = 0.0
        self.objects = {}
        self.down = False
        self.lock = threading.Lock()

    def stat(self, path):
        found = self.objects.get(path)
        if found is None:
            return None
        data, mtime = found
        return Stat(path, len(data), hashlib.md5(data).hexdigest(), mtime)

    def content(self, path):
        return self.objects[path][0]

    def swap(self, path, data, token):
        if self.down:
            raise LakeError("no answer")
        with self.lock:
            stat = self.stat(path)
            if (stat.token if stat else None) != token:
                return None
            self.objects[path] = (data, time.time() + self.ahead_s)
            return self.stat(path).token


def lease(shelf, what="an ingest", **more):
    return Lease(shelf, "_lock", what, TERM_S, **more)


def died(shelf):
    """Return a lease that nobody renews any more."""
    dead = lease(shelf)
    dead._ended.set()
    dead.acquire(wait=False)
    return dead


def test_a_second_one_is_told_who_holds_it():
    shelf = Shelf()
    with (
        held(lease(shelf, "run x"), wait=False),
        pytest.raises(LakeLocked, match=r"run x \(process \d+ on .*, since 2"),
    ):
        lease(shelf).acquire(wait=False)
    with held(lease(shelf), wait=False):
        pass


def test_it_is_renewed_for_as_long_as_it_is_held():
    shelf = Shelf()
    with held(lease(shelf), wait=False) as first:
        time.sleep(3 * TERM_S)
        assert first.alive()
        with pytest.raises(LakeLocked):
            lease(shelf).acquire(wait=False)


def test_one_whose_holder_died_is_taken_over():
    shelf = Shelf()
    dead = died(shelf)
    began = time.monotonic()
    with held(lease(shelf), wait=True) as taken:
        assert time.monotonic() - began >= TERM_S
        assert time.monotonic() - began < 4 * TERM_S
        assert taken.alive()
        assert not dead.alive()
        dead.release()
        assert taken.alive()
    assert shelf.stat("_lock") is not None


@pytest.mark.parametrize("ahead_s", [3600.0, -3600.0])
def test_a_store_whose_clock_jumps_gives_it_to_nobody_else(ahead_s):
    shelf = Shelf()
    with held(lease(shelf), wait=False) as first:
        shelf.ahead_s = ahead_s
        for _ in range(3):
            with pytest.raises(LakeLocked):
                lease(shelf).acquire(wait=False)
        assert first.alive()


def test_of_many_that_wait_for_a_dead_one_a_single_one_takes_it():
    shelf = Shelf()
    died(shelf)
    inside, most = [], []

    def take():
        with held(lease(shelf), wait=True):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.05)
            inside.pop()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6


def test_a_holder_learns_that_it_lost_it():
    shelf = Shelf()
    lost = threading.Event()
    with held(lease(shelf, on_loss=lost.set), wait=False) as first:
        shelf.objects["_lock"] = (b"{}", time.time())
        assert lost.wait(TERM_S)
        assert not first.alive()


def test_a_store_that_does_not_answer_for_a_while_costs_nothing():
    shelf = Shelf()
    with held(lease(shelf), wait=False) as first:
        shelf.down = True
        time.sleep(0.5 * TERM_S)
        shelf.down = False
        time.sleep(0.5 * TERM_S)
        assert first.alive()
        shelf.down = True
        time.sleep(1.5 * TERM_S)
        assert not first.alive()


def test_writes_under_a_lost_lease_are_refused(s3_lake):
    store = S3Store(s3_lake, term_s=TERM_S)
    with store.mutex("_staging/_commit.lock"):
        store.put("a", b"1")
        with contextlib.suppress(FileNotFoundError):
            S3Store(s3_lake).remove("_staging/_commit.lock")
        time.sleep(1.5 * TERM_S)
        for write in (
            lambda: store.put("a", b"2"),
            lambda: store.exchange("b", b"2", None),
            lambda: store.move("a", "b"),
            lambda: store.remove("a"),
        ):
            with pytest.raises(LakeError, match="another one may have taken its lock"):
                write()
    assert store.read("a") == b"1"


def test_the_lakes_lock_outlives_no_killed_ingest(s3_lake):
    command = [sys.executable, "-c", HOLDER, s3_lake, str(TERM_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        store = S3Store(s3_lake, term_s=TERM_S)
        with pytest.raises(LakeLocked, match=rf"run x \(process {process.pid} on") as at:
            lake_lock(store).__enter__()
        assert at.value.exit_code == 75
        process.send_signal(signal.SIGKILL)
        process.wait()
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with contextlib.suppress(LakeLocked), lake_lock(store):
            break
        time.sleep(0.2)
    assert time.monotonic() < ends


def test_an_ingest_that_was_held_up_is_stopped(s3_lake):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # Beam may have taken it
    store = S3Store(s3_lake, term_s=TERM_S)

    def ingest():
        with lake_lock(store, "run x"):
            for _ in range(60):  # a renewal may be under way at the moment of the first
                store.put("_lock", b"{}")
                time.sleep(1)

    try:
        with pytest.raises(LakeError, match="lost the lock"):
            ingest()
    finally:
        signal.signal(signal.SIGINT, before)
