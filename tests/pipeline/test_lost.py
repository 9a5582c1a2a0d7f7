"""Jobs whose worker processes die are ended, and told from jobs that fail."""

import threading

import pytest

from pipeline import lost
from pipeline.lost import WorkerLost, run_watched

DIED = "Worker subprocess exited with return code -9"


def fail(words):
    raise RuntimeError(words)


def test_a_job_that_ends_is_no_news():
    done = []
    run_watched(lambda: done.append(1))
    assert done == [1]


def test_a_job_s_own_error_comes_through():
    with pytest.raises(ValueError, match="a mistake"):
        run_watched(lambda: (_ for _ in ()).throw(ValueError("a mistake")))


def test_a_bundle_whose_worker_died():
    with pytest.raises(WorkerLost):
        run_watched(lambda: fail("Channel closed prematurely."))


def test_a_job_that_waits_for_a_dead_worker_is_left_behind(monkeypatch):
    monkeypatch.setattr(lost, "GRACE_S", 0.1)
    never = threading.Event()

    def job():
        threading.Thread(target=fail, args=(DIED,)).start()
        never.wait(30)

    with pytest.raises(WorkerLost):
        run_watched(job)
    never.set()


def test_a_worker_that_dies_when_all_is_done_is_no_loss():
    def job():
        thread = threading.Thread(target=fail, args=(DIED,))
        thread.start()
        thread.join()

    run_watched(job)
