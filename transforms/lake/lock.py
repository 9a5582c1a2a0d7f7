"""One ingest at a time: the lake's lock.

On a local disk it is a flock on `_lock`, freed by the kernel when its holder dies, however it dies.
The file says who holds it. The descriptor is closed in forked children and never inherited by
started ones, so a worker that outlives its parent does not keep the lake. On an object store it is a
lease of the same name, see `lease`: free at most a term and a third after its holder died.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import signal
import socket
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.failures import LakeError, LakeLocked
from transforms.lake import layout
from transforms.lake.lease import held
from transforms.lake.store import Lake, LocalStore, Store, open_store

_held: weakref.WeakSet[_Descriptor] = weakref.WeakSet()


class _Descriptor:
    """An open file, closed in any forked child."""

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        _held.add(self)

    def close(self) -> None:
        _held.discard(self)
        os.close(self.number)


def _forget() -> None:
    for descriptor in list(_held):
        descriptor.close()


os.register_at_fork(after_in_child=_forget)


@contextlib.contextmanager
def lake_lock(lake: Lake, what: str = "an ingest") -> Iterator[None]:
    """Hold the lake while an ingest runs.

    Args:
        what: Who holds it, for the message to others.

    Raises:
        LakeLocked: Another process (or another thread) holds it; says which and since when.
        LakeError: The lake cannot be written.
    """
    store = open_store(lake)
    if not isinstance(store, LocalStore):
        with _leased(store, what):
            yield
        return
    descriptor = _Descriptor(store.prepare(layout.LOCK))
    try:
        try:
            fcntl.flock(descriptor.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeLocked(_who(store, descriptor.number)) from None
        os.truncate(descriptor.number, 0)
        os.pwrite(descriptor.number, _holder(what), 0)
        yield
    finally:
        descriptor.close()


def holder(store: Store) -> str | None:
    """Return who holds the lake, for people; None: nobody. Takes no lock, so it disturbs nobody."""
    try:
        data = json.loads(store.read(layout.LOCK))
    except (FileNotFoundError, ValueError):
        return None
    if data.get("free") or (isinstance(store, LocalStore) and not _locked(store)):
        return None
    return _named(data)


def _locked(store: LocalStore) -> bool:
    """Say whether some process holds the local lock, by the kernel's list of locks."""
    inode = Path(store.arrow_path(layout.LOCK)).stat().st_ino
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return True  # not Linux: who the file names may have gone
    fields = [line.split() for line in lines]
    return any("FLOCK" in words and f":{inode}" in " ".join(words) for words in fields)


@contextlib.contextmanager
def _leased(store: Store, what: str) -> Iterator[None]:
    """Hold the lake by a lease; the main thread is interrupted once it is lost."""
    from transforms.lake.s3 import S3Store  # noqa: PLC0415 - only those who have such a lake need it

    assert isinstance(store, S3Store)
    lost = threading.Event()
    main = threading.main_thread().ident or 0

    def on_loss() -> None:
        lost.set()
        signal.pthread_kill(main, signal.SIGINT)  # ends a wait, too

    try:
        with held(store.lease(layout.LOCK, what, on_loss), wait=False):
            yield
    except LakeLocked as error:
        raise LakeLocked(_message(store, str(error))) from None
    except KeyboardInterrupt:
        if not lost.is_set():
            raise
        raise LakeError(
            f"this process was held up for so long that it lost the lock of {store.root}; try again"
        ) from None


def _message(store: Store, holder: str) -> str:
    return f"the lake {store.root} is held by {holder}; one ingest at a time"


def _holder(what: str) -> bytes:
    data = {
        "what": what,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    return (json.dumps(data) + "\n").encode()


def _who(store: LocalStore, descriptor: int) -> str:
    try:
        named = _named(json.loads(os.pread(descriptor, 4096, 0)))
    except ValueError:
        named = "another process"  # it has just taken the lock and not yet said who it is
    return _message(store, named)


def _named(data: dict[str, Any]) -> str:
    """Return what the lock's content says of its holder."""
    try:
        return f"{data['what']} (process {data['pid']} on {data['host']}, since {data['since']})"
    except (KeyError, TypeError):
        return "another process"
