"""The stream on Flink: feeds that grow, a task manager and a worker pool killed on the way, a drain."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster import Cluster
from compare import streamed, windows
from newsroom import Newsroom
from processes import Process, ProofError

from transforms.lake.runs import unfinished

GROW_EVERY_S = 0.7  # between two entries
PATIENCE_S = 300.0  # for anything that is waited for; a loaded machine takes its time


@dataclass
class Streamed:
    """What was seen of the stream.

    Attributes:
        faults: What was killed, and what came of it.
        windows: How many the stream took.
    """

    faults: list[Fault] = field(default_factory=list)
    windows: int = 0


@dataclass(frozen=True)
class Fault:
    """Something that was killed.

    Attributes:
        restarts: How often the job had to start again for it.
        checkpoint: Number of the checkpoint that it went on from.
        answers: What the cluster said then.
    """

    killed: str
    restarts: int
    checkpoint: int
    answers: dict[str, Any]


@dataclass
class Stream:
    """A stream under way.

    Attributes:
        job: Flink's id of it.
    """

    cluster: Cluster
    newsroom: Newsroom
    lake: Path
    process: Process
    job: str = ""

    def watch(self) -> Streamed:
        """Grow the feeds, kill, see it go on, drain; return what the cluster said.

        Raises:
            ProofError: It did not go on, or did not end as it should.
        """
        seen = Streamed()
        total = self.newsroom.total
        self.job = self._wait("the job runs", self._running_job)
        self._wait("the first window is committed", lambda: windows(self.lake))
        with _Growing(self.newsroom, until=total * 2 // 3):
            self._wait("a third of the entries is committed", lambda: self._new() >= total // 3)
            seen.faults.append(self._fault("task manager", self._kill_task_manager))
        with _Growing(self.newsroom, until=total):
            self._wait("two thirds are committed", lambda: self._new() >= total * 2 // 3)
            seen.faults.append(self._fault("worker pool", self._kill_pool))
        self._wait("every entry is committed", lambda: self._new() >= total)
        self.process.signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE_S)
        if status:
            raise ProofError(f"drained, the stream ended with status {status}; {self.process}")
        self._wait("the job ends", self._has_ended, alive=False)
        seen.windows = windows(self.lake)
        return seen

    def _fault(self, name: str, kill: Callable[[], None]) -> Fault:
        """Kill something while a window is under way, and see the stream go on from a checkpoint."""
        rest = self.cluster.rest
        before = rest.restarts(self.job)
        restored = rest.restored_checkpoint(self.job)
        done = rest.completed_checkpoints(self.job)
        self._wait("a checkpoint is complete", lambda: rest.completed_checkpoints(self.job) > done)
        self._wait("a window is under way", lambda: unfinished(str(self.lake)))
        kill()
        self._wait("the job starts again", lambda: rest.restarts(self.job) > before)
        committed = windows(self.lake)
        self._wait("a window is committed", lambda: windows(self.lake) > committed)
        checkpoint = rest.restored_checkpoint(self.job)
        if checkpoint <= restored:
            raise ProofError(f"without its {name} the job started anew, from no later checkpoint")
        return Fault(name, rest.restarts(self.job) - before, checkpoint, rest.record(self.job))

    def _kill_task_manager(self) -> None:
        name = min(self.cluster.rest.task_managers(self.job))
        self.cluster.task_managers.pop(name).kill()
        self.cluster.start_task_manager(f"{name}-again")

    def _kill_pool(self) -> None:
        self.cluster.pool.kill()
        self.cluster.start_pool()

    def _running_job(self) -> str | None:
        running = [job for job in self.cluster.rest.jobs() if job["state"] == "RUNNING"]
        return running[-1]["jid"] if running else None

    def _has_ended(self) -> bool:
        return self.cluster.rest.get(f"/jobs/{self.job}")["state"] in {"FINISHED", "CANCELED"}

    def _new(self) -> int:
        return streamed(self.lake)

    def _wait(self, what: str, holds: Callable[[], Any], *, alive: bool = True) -> Any:
        """Return what `holds` returns as soon as that is true."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(
                OSError
            ):  # on a loaded machine the cluster may be late to answer
                if found := holds():
                    return found
            if alive and self.process.status() is not None:
                raise ProofError(f"the stream ended before {what}; {self.process}")
            if time.monotonic() > deadline:
                raise ProofError(
                    f"{PATIENCE_S:g} s, and not yet: {what}; the stream: {self.process}"
                )
            time.sleep(0.3)


class _Growing:
    """While its `with` lasts, entries appear one by one."""

    def __init__(self, newsroom: Newsroom, until: int) -> None:
        self._newsroom = newsroom
        self._until = until
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)

    def _grow(self) -> None:
        while self._newsroom.shown < self._until and not self._done.wait(GROW_EVERY_S):
            self._newsroom.show(self._newsroom.shown + 1)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._newsroom.show(self._until)
