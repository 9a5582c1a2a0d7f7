"""Native code under supervision: a child process with a deadline and a memory limit.

Parsing a feed, extracting a page or coding an article runs libraries that can hang, crash or eat
memory. They run in one child process per worker, which is killed and started anew when it does; the
batch it was working on is halved until the culprit is alone, and the culprit becomes a `Fault`.

    supervisor = Supervisor(load_parser, deadline_s=20, memory_bytes=1 << 30, name="parse")
    supervisor.start()              # optional: the child loads while the caller does other things
    results = supervisor.map(items)  # in order; a Fault where an item had to be given up
    supervisor.close()

Channel: a socket pair of its own, so nothing the child prints can get into it; what it prints to
standard output goes to standard error. The child's end of a second pipe tells it when the parent is
gone: the kernel then sends it SIGIO, which ends it even inside C code that never yields (a parent's
SIGKILL included; PR_SET_PDEATHSIG would fire when the *thread* that started it ends).

Memory is limited twice. The parent reads the child's resident size every 20 ms and kills it above
`memory_bytes`; that is the honest measure, but a child that allocates 1 GB/s is 20 MB over by then.
So once the child has loaded, RLIMIT_DATA is set `memory_bytes` above what it has: one giant
allocation fails at once. RLIMIT_AS would count mapped files and reserved address space (with spaCy
and its model loaded 493 MB, of which 181 MB are resident), and RLIMIT_RSS does nothing on Linux.

Measured on a busy two-core machine: 55 µs for a call that does nothing, 0.2 µs for each further small
item in it, 0.2 s for 32 MB there and back, 50 ms to start a child that loads nothing.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar, cast

from transforms.failures import ConfigError
from transforms.supervised import CHUNK, FRAME, megabytes, out_of_memory

A = TypeVar("A")
B = TypeVar("B")

START_LIMIT_S = 180.0  # a cold disk, a big model and a busy machine; then something is wrong
WATCH_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one item has no result.

    Attributes:
        error: "timeout", "memory", "crash", "nesting" (Python's recursion limit), or the kind of
            the InputFault that the function raised.
        detail: What happened, in a sentence; the same each time the same thing happens.
    """

    error: str
    detail: str


class ChildTraceback(Exception):  # noqa: N818 - it only carries text, as the cause of the real one
    """The traceback of an exception raised in the child, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class ChildError(RuntimeError):
    """The child could not start, or raised something that cannot be pickled."""


class Supervisor(Generic[A, B]):
    """Runs a function over items in a supervised child process.

    One caller at a time (calls from other threads wait). Not picklable: make it in `DoFn.setup`,
    close it in `teardown`; a forgotten one is cleaned up with the object or the process.

    Args:
        factory: Returns the function; importable by reference (a functools.partial of a module's
            function with picklable arguments is fine). Called once in each child, without a limit
            on memory.
            The function takes a sequence of items and returns as many results, each of which may
            be a Fault. An InputFault it raises for a single item becomes that item's Fault; for
            several, they are tried in halves. Any other exception is a programming error and is
            raised by `map`.
        deadline_s: Wall-clock seconds for one call of the function.
        memory_bytes: Resident memory of the child, libraries and models it loaded included.
        name: For messages and process lists.
        batch_size: How many items one call of the function gets; None: all that `map` was given.
            With 1, a culprit is known at once and costs one deadline; in a batch of n, log2(n) + 1.
        idle_s: Seconds without work after which the child is ended to free its memory, until there
            is work again; None: it stays.
    """

    def __init__(
        self,
        factory: Callable[[], Callable[[Sequence[A]], Sequence[B | Fault]]],
        *,
        deadline_s: float,
        memory_bytes: int,
        name: str,
        batch_size: int | None = None,
        idle_s: float | None = None,
    ) -> None:
        if deadline_s <= 0 or memory_bytes <= 0 or (batch_size is not None and batch_size <= 0):
            raise ValueError("deadline_s, memory_bytes and batch_size must be positive")
        self._first_frame = pickle.dumps((memory_bytes, pickle.dumps(factory)))
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._name = name
        self._batch_size = batch_size
        self._idle_s = idle_s
        self._used_at = 0.0
        self._idle_timer: threading.Timer | None = None
        self._lock = threading.RLock()
        self._child: _Child | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self.losses = 0  # children lost so far

    def start(self) -> None:
        """Start the child if none runs, without waiting until it is ready."""
        with self._lock:
            if self._child is None:
                self._child = _Child(self._first_frame, self._name)
                self._finalizer = weakref.finalize(self, self._child.end)

    def map(self, items: Sequence[A]) -> list[B | Fault]:
        """Return one result or Fault per item, in order."""
        size = self._batch_size or len(items) or 1
        with self._lock:
            results: list[B | Fault] = []
            for start in range(0, len(items), size):
                results += self._solve(items[start : start + size])
            self._used_at = time.monotonic()
            if self._idle_s is not None and self._idle_timer is None:
                self._end_after(self._idle_s)
            return results

    def _end_after(self, wait_s: float) -> None:
        """Look whether there was work, after a while, in a thread that holds up nobody's end."""
        self._idle_timer = threading.Timer(wait_s, self._end_if_idle)
        self._idle_timer.daemon = True
        self._idle_timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            if self._child is None or self._idle_s is None:
                self._idle_timer = None
                return
            left_s = self._used_at + self._idle_s - time.monotonic()
            if left_s > 0:
                self._end_after(left_s)
            else:
                self.close()

    def close(self) -> None:
        """End the child; a later `map` starts another."""
        with self._lock:
            if self._finalizer is not None:
                self._finalizer()
            self._child = self._finalizer = None
            if self._idle_timer is not None:
                self._idle_timer.cancel()
                self._idle_timer = None

    def __enter__(self) -> Supervisor[A, B]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Supervisor holds a process: make it in DoFn.setup")

    def _solve(self, items: Sequence[A]) -> list[B | Fault]:
        """Call for all; where that fails, halve until the culprit is alone.

        A process that dies or grows too large may do so for what earlier calls left behind (leaks, a
        damaged heap): a lone item is guilty only where a fresh process dies of it too.
        """
        used = self._child is not None and self._child.calls > 0
        outcome = self._call(items)
        if isinstance(outcome, Fault) and len(items) == 1:
            if used and outcome.error in {"crash", "memory"}:
                outcome = self._call(items)
            return [outcome] if isinstance(outcome, Fault) else outcome
        if not isinstance(outcome, Fault):
            return outcome
        middle = len(items) // 2
        return self._solve(items[:middle]) + self._solve(items[middle:])

    def _call(self, items: Sequence[A]) -> list[B | Fault] | Fault:
        """Return the results of one call, or the Fault that the call as a whole ended in."""
        if self._child is not None and self._child.is_gone():
            self.close()  # between two calls: nobody's fault here
        self.start()
        child = cast("_Child", self._child)
        try:
            child.await_ready(self._memory_bytes)
            kind, payload = child.ask(items, self._deadline_s, self._memory_bytes)
        except BaseException:
            self.close()  # its answer would be taken for the next one's
            raise
        if kind == "raised":
            self.close()
            _reraise(payload)
        if kind == "lost":
            self.losses += 1
            self.close()
            self.start()  # loads while the caller goes on
        if kind in {"lost", "fault"}:
            return Fault(*payload)
        return list(payload)


class _Child:
    """One child process, from the parent's side; `calls` is how many it was asked for."""

    def __init__(self, first_frame: bytes, name: str) -> None:
        self._name = name
        self._ready = False
        self.calls = 0
        self._channel, theirs = socket.socketpair()
        self._buffer = bytearray()
        life, self._life = os.pipe()
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        command = [
            sys.executable,
            "-P",
            "-m",
            "transforms.supervised",
            str(theirs.fileno()),
            str(life),
            name,
        ]
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our module
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=2,
                    pass_fds=(theirs.fileno(), life),
                    env={**os.environ, "PYTHONPATH": path},
                    start_new_session=True,  # Ctrl-C reaches the parent, which then ends it
                )
            except BaseException:
                os.close(self._life)
                raise
            finally:
                os.close(life)
        with contextlib.suppress(ConnectionError):  # await_ready tells how it ended
            self._channel.settimeout(START_LIMIT_S)
            self._send(first_frame)

    def await_ready(self, memory_bytes: int) -> None:
        """Wait until the factory has returned; raise what it raised, or that it took too much."""
        if self._ready:
            return
        kind, payload = self._answer(time.monotonic() + START_LIMIT_S, START_LIMIT_S, None)
        if kind == "raised":
            _reraise(payload)
        if kind == "lost":
            raise ChildError(f"the {self._name} process could not start: {payload[1]}")
        loaded_bytes = _resident_bytes(self._process.pid)
        if loaded_bytes > memory_bytes:
            raise ConfigError(
                f"the memory limit of the {self._name} process, {megabytes(memory_bytes)}, is below "
                f"the {megabytes(loaded_bytes)} it needs once it has loaded"
            )
        self._ready = True

    def is_gone(self) -> bool:
        """Whether a process that was ready has ended."""
        return self._ready and self._process.poll() is not None

    def ask(self, items: Sequence[Any], deadline_s: float, memory_bytes: int) -> tuple[str, Any]:
        """Return (kind, payload): done and results, fault or lost and (error, detail), raised."""
        self.calls += 1
        until = time.monotonic() + deadline_s
        data = pickle.dumps(items, pickle.HIGHEST_PROTOCOL)  # outside try: a caller's mistake
        try:
            self._channel.settimeout(deadline_s)
            self._send(data)
        except TimeoutError:
            return "lost", ("timeout", f"no answer within {deadline_s:g} s")
        except ConnectionError:
            return "lost", ("crash", self._how_it_ended())
        return self._answer(until, deadline_s, memory_bytes)

    def end(self) -> None:
        """Kill the child and all it started; free the handles."""
        self._channel.close()
        os.close(self._life)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _send(self, data: bytes) -> None:
        self._channel.sendall(FRAME.pack(len(data)))
        self._channel.sendall(data)

    def _answer(self, until: float, deadline_s: float, memory_bytes: int | None) -> tuple[str, Any]:
        """Wait for one frame, looking at clock and memory meanwhile."""
        self._buffer.clear()
        size: int | None = None
        while size is None or len(self._buffer) < size:
            left = until - time.monotonic()
            if left <= 0:
                return "lost", ("timeout", f"no answer within {deadline_s:g} s")
            if memory_bytes is not None and _resident_bytes(self._process.pid) > memory_bytes:
                return out_of_memory(memory_bytes)
            self._channel.settimeout(min(left, WATCH_EVERY_S))
            try:
                chunk = self._channel.recv(CHUNK)
            except TimeoutError:
                continue
            except ConnectionError:
                chunk = b""
            if not chunk:
                return "lost", ("crash", self._how_it_ended())
            self._buffer += chunk
            if size is None and len(self._buffer) >= FRAME.size:
                size = FRAME.unpack_from(self._buffer)[0]
                del self._buffer[: FRAME.size]
        answer: tuple[str, Any] = pickle.loads(self._buffer)  # noqa: S301 - our own child's
        self._buffer = bytearray()  # a large answer must not stay until the next one
        return answer

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "the process closed its channel"
        if status >= 0:
            return f"the process ended itself with status {status}"
        return f"the process was ended by {signal.Signals(-status).name}"


def _resident_bytes(pid: int) -> int:
    """Return the process's resident memory; 0 where the system cannot tell (no /proc)."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_bytes().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(pages[1]) * resource.getpagesize() if len(pages) > 1 else 0


def _reraise(payload: tuple[bytes | None, str]) -> NoReturn:
    pickled, text = payload
    if pickled is None:
        raise ChildError("the supervised function raised an exception") from ChildTraceback(text)
    raise pickle.loads(pickled) from ChildTraceback(text)  # noqa: S301 - our own child's
