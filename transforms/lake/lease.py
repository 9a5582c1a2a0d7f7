"""Locks on an object store: leases, since a store frees nothing when a process dies.

A lease is an object that its holder rewrites every third of its term, each time with PUT If-Match, and
that others take over, with If-Match too, once it has not changed for a whole term. No client's clock
takes part, so clocks that differ or jump change nothing: whether an object is old is asked of the
store's own clock (by the times it gives to the lease and to an object written just now), and a lease that
looks old is taken only if it then stays unchanged for longer than its holder would let it. (Leader
election of this kind: Kubernetes' leases, DynamoDB's lock client.)

A holder that was stopped for longer than the term has lost its lease; it finds out before its next write
(`Lease.alive`, by the time since boot, which goes on while a machine sleeps). What is decided under a
lease is made safe by the conditional PUT of the manifest besides.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from transforms.failures import LakeError, LakeLocked
from transforms.lake.storage import Stat

TERM_S = 30.0
_RENEWALS = 3  # in a term
_LONGEST_WAIT_S = 0.5  # between two looks at a lease that somebody else holds


class Objects(Protocol):
    """What a lease needs of a store; none of it looks at leases."""

    def stat(self, path: str) -> Stat | None:
        """Return what the store says of an object now; None: there is none."""

    def content(self, path: str) -> bytes:
        """Return the bytes."""

    def swap(self, path: str, data: bytes, token: str | None) -> str | None:
        """Write an object if its token is still this one (None: there is none); its new token, or None."""


@dataclass
class Lease:
    """A lock that is held, renewed in a thread of its own until `release`.

    Attributes:
        what: Who holds it, for the message to others.
        on_loss: Called from the thread once the lease is lost; None: nobody asks.
    """

    objects: Objects
    path: str
    what: str
    term_s: float = TERM_S
    on_loss: Any = None

    def __post_init__(self) -> None:
        self._owner = uuid.uuid4().hex
        self._since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._renewals = 0
        self._renewed_at = 0.0
        self._token: str | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease {self.path}", daemon=True)

    def acquire(self, *, wait: bool) -> None:
        """Take the lease.

        Args:
            wait: Wait while somebody else holds it.

        Raises:
            LakeLocked: Somebody else holds it, and `wait` is false.
        """
        while not self._take():
            stat = self.objects.stat(self.path)
            if stat is None:
                continue
            if self._looks_old(stat) and self._stays(stat.token):
                if self._write(stat.token):
                    break
            elif not wait:
                raise LakeLocked(self._holder())
            else:
                time.sleep(random.uniform(0.1, 1) * min(_LONGEST_WAIT_S, self.term_s / 10))  # noqa: S311
        self._thread.start()

    def alive(self) -> bool:
        """Say whether nobody else can have taken the lease yet."""
        return self._token is not None and _boot_time() - self._renewed_at < self.term_s

    def release(self) -> None:
        """Let the next one have it; a lease that is lost is left to who took it."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._token is not None:
            with contextlib.suppress(LakeError):  # it ends by itself, a term from now
                self.objects.swap(self.path, _free(self._owner), self._token)
            self._token = None

    def _take(self) -> bool:
        """Take a lease that nobody has or that is free."""
        stat = self.objects.stat(self.path)
        if stat is None:
            return self._write(None)
        return self._read().get("free", False) and self._write(stat.token)

    def _write(self, token: str | None) -> bool:
        began = _boot_time()
        data = {
            "what": self.what,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": self._since,
            "term_s": self.term_s,
            "owner": self._owner,
            "renewals": self._renewals,
        }
        self._renewals += 1
        written = self.objects.swap(self.path, _to_json(data), token)
        if written is None:
            return False
        self._token, self._renewed_at = written, began
        return True

    def _renew(self) -> None:
        while not self._ended.wait(self.term_s / _RENEWALS):
            try:
                held = self._write(self._token)
            except LakeError:  # the store does not answer; there may be time for another try
                held = self.alive()
            if not held:
                self._token = None
                if self.on_loss is not None:
                    self.on_loss()
                return

    def _looks_old(self, stat: Stat) -> bool:
        """Ask the store's own clock whether a lease has not been renewed for its term."""
        probe = f"{self.path}.clock"
        before = self.objects.stat(probe)
        self.objects.swap(probe, _free(self._owner), before.token if before else None)
        now = self.objects.stat(probe)
        return now is not None and now.mtime - stat.mtime > self._read().get("term_s", self.term_s)

    def _stays(self, token: str) -> bool:
        """Say whether nobody renews a lease for longer than its holder would let it."""
        ends = _boot_time() + float(self._read().get("term_s", self.term_s)) / _RENEWALS * 1.2
        while _boot_time() < ends:
            time.sleep(self.term_s / 20)
            stat = self.objects.stat(self.path)
            if stat is None or stat.token != token:
                return False
        return True

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self.objects.content(self.path))
        except (FileNotFoundError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _holder(self) -> str:
        data = self._read()
        if "what" not in data:
            return "another process"
        return f"{data['what']} (process {data['pid']} on {data['host']}, since {data['since']})"


@contextlib.contextmanager
def held(lease: Lease, *, wait: bool) -> Iterator[Lease]:
    """Hold a lease while the body runs."""
    lease.acquire(wait=wait)
    try:
        yield lease
    finally:
        lease.release()


def _boot_time() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _free(owner: str) -> bytes:
    return _to_json({"free": True, "by": owner, "nonce": uuid.uuid4().hex})


def _to_json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data) + "\n").encode()
