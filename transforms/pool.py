"""Supervised processes that all threads of a worker share.

An engine may give one stage to many threads at once, each with a DoFn of its own (Prism does, and then
five coders of 270 MB were loaded on two cores). A pool has as many processes as there are cores, and only
as many as are needed at once.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from transforms.supervise import Fault, Supervisor

A = TypeVar("A")
B = TypeVar("B")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SupervisorPool(Generic[A, B]):
    """Some supervisors of one function; has a supervisor's `start`, `map` and `close`. Thread-safe.

    Args:
        make: Returns a supervisor.
        most: How many there may be.
    """

    def __init__(self, make: Callable[[], Supervisor[A, B]], most: int | None = None) -> None:
        self._make = make
        self._most = most or cores()
        self._free: queue.LifoQueue[Supervisor[A, B] | None] = queue.LifoQueue()
        for _ in range(self._most):
            self._free.put(None)

    def start(self) -> None:
        """Let one load while the caller does other things."""
        supervisor = self._take()
        supervisor.start()
        self._free.put(supervisor)

    def map(self, items: Sequence[A]) -> list[B | Fault]:
        """Return one result or Fault per item, in order; waits while all are at work."""
        supervisor = self._take()
        try:
            return supervisor.map(items)
        finally:
            self._free.put(supervisor)

    def close(self) -> None:
        """End the processes; later work starts others."""
        taken = [self._free.get() for _ in range(self._most)]
        for supervisor in taken:
            if supervisor is not None:
                supervisor.close()
            self._free.put(supervisor)

    def _take(self) -> Supervisor[A, B]:
        return self._free.get() or self._make()
