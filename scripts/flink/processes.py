"""Processes that cannot outlive this one: each on a leash, with a log file, ended in reverse order."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

LEASH = Path(__file__).with_name("leash.py")
PATIENCE_S = 10.0  # between SIGTERM and SIGKILL


class ProofError(Exception):
    """Something did not hold, or could not be started; the text is for people."""


@dataclass
class Process:
    """A command that runs in a process group of its own.

    Attributes:
        log: What it writes to its standard output and error.
    """

    name: str
    log: Path
    _leash: subprocess.Popen[bytes]
    _life: int

    def status(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self._leash.poll()

    def wait(self, timeout_s: float) -> int:
        """Return the exit code once it has ended.

        Raises:
            ProofError: It has not ended in time.
        """
        try:
            return self._leash.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise ProofError(f"{self.name} did not end within {timeout_s:g} s; {self}") from None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command and all it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._leash.pid, number)

    def end(self) -> None:
        """End it and all it started: SIGTERM, and SIGKILL where that is not heeded."""
        if self._leash.poll() is None:
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._leash.wait(PATIENCE_S)
        self.kill()

    def kill(self) -> None:
        """Kill it and all it started, as a machine that loses its power does."""
        self.signal(signal.SIGKILL)
        self._leash.wait()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1

    def find(self, pattern: str, timeout_s: float = 60.0) -> re.Match[str]:
        """Return the first match in its log, as soon as there is one.

        Raises:
            ProofError: It ended without, or the time is over.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            over = self.status() is not None or time.monotonic() > deadline
            if found := re.search(pattern, self.log.read_text("utf-8", "replace"), re.MULTILINE):
                return found
            if over:
                raise ProofError(f"{self.name} did not say {pattern!r}; {self}")
            time.sleep(0.1)

    def __str__(self) -> str:
        """Return how it stands and the end of its log."""
        status = self.status()
        state = "it runs" if status is None else f"it ended with status {status}"
        lines = self.log.read_text("utf-8", "replace").splitlines()[-15:]
        return "\n".join([f"{state}; the end of {self.log}:", *lines])


@dataclass
class Processes:
    """Starts processes; ends those that are left, the newest first, when its `with` is left.

    Attributes:
        logs: Folder of their log files.
    """

    logs: Path
    _started: list[Process] = field(default_factory=list)

    def start(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> Process:
        """Start a command; `env` is added to the environment."""
        life, other = os.pipe()
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        try:
            with log.open("wb") as output:
                leash = subprocess.Popen(  # noqa: S603 - what the caller names
                    [sys.executable, "-S", "-E", str(LEASH), str(life), *map(str, command)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **(env or {})},
                    pass_fds=(life,),
                    start_new_session=True,
                )
        except BaseException:
            os.close(other)
            raise
        finally:
            os.close(life)
        process = Process(name, log, leash, other)
        self._started.append(process)
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._started:
            self._started.pop().end()
