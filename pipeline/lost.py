"""Jobs whose worker processes may die: noticed, so that a run can go on with what had landed.

Beam's in-memory runner fails the bundle of a worker that dies at work. One that dies before it has spoken
to the runner is waited for without end; all that is heard of it is an exception in the thread that
waits for the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

GRACE_S = 5.0  # in which a job notices by itself that a worker has died

# What Beam says of a worker process that has died: in the job's error, or in that thread.
_WORDS = ("Channel closed prematurely", "Worker subprocess exited")


class WorkerLost(Exception):  # noqa: N818 - a state, like LakeLocked
    """A worker process has died, and its job with it."""


def run_watched(job: Callable[[], object]) -> None:
    """Run a job in a thread of its own, until it ends or a worker of it has died.

    Raises:
        WorkerLost: A worker has died. The job's thread may wait for it for ever; it is left behind.
        Exception: What else the job raised.
    """
    errors: list[Exception] = []
    died = threading.Event()

    def run() -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    def hear(failure: threading.ExceptHookArgs) -> None:
        if _is_loss(failure.exc_value):
            died.set()
        else:
            before(failure)

    before, threading.excepthook = threading.excepthook, hear
    try:
        thread = threading.Thread(target=run, name="job", daemon=True)
        thread.start()
        while thread.is_alive() and not died.is_set():
            thread.join(0.1)
        thread.join(GRACE_S)
    finally:
        threading.excepthook = before
    if errors and not _is_loss(errors[0]):
        raise errors[0]
    if errors or thread.is_alive():
        raise WorkerLost from (errors[0] if errors else None)


def _is_loss(error: BaseException | None) -> bool:
    return any(words in str(error) for words in _WORDS)
