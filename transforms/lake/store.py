"""The store of a lake, by the lake's name."""

from __future__ import annotations

import errno
import functools
import os
import re
from pathlib import Path

from transforms.failures import ConfigError, LakeError
from transforms.lake import layout
from transforms.lake.local import LocalStore
from transforms.lake.storage import Stat, Store

__all__ = ["Lake", "LocalStore", "Stat", "Store", "check_writable", "open_store"]

PROBE_BYTES = 1 << 16  # a disk that does not take this much is full

Lake = str | Store


def open_store(lake: Lake) -> Store:
    """Return the store of a lake: a folder's path, or s3://bucket/prefix.

    Raises:
        ConfigError: It is neither.
    """
    if not isinstance(lake, str):
        return lake
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", lake)
    if scheme and scheme[1] == "s3":
        return _s3(lake, os.getpid())
    if scheme and scheme[1] != "file":
        raise ConfigError(
            f"lake {lake!r}: {scheme[1]} lakes are not supported; use a folder or s3://bucket/prefix"
        )
    if not lake:
        raise ConfigError("lake: must be a folder, not empty")
    return LocalStore(lake.removeprefix("file://"))


@functools.lru_cache(maxsize=16)
def _s3(lake: str, _pid: int) -> Store:
    """Return the store of a bucket; one per process, for its connections."""
    # The client is loaded by those who have such a lake.
    from transforms.lake.s3 import S3Store  # noqa: PLC0415

    return S3Store(lake)


def check_writable(lake: Lake) -> None:
    """Raise LakeError with one clear line where the lake cannot be written; change nothing.

    A folder that does not exist yet counts as writable where its nearest parent is.
    """
    store = open_store(lake)
    if not isinstance(store, LocalStore):
        probe = f"{layout.STAGING}/_probe"
        store.put(probe, b"")
        store.remove(probe)
        return
    with store.trouble("write", ""):
        folder = Path(store.root).absolute()
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise LakeError(f"cannot write {store.root}: {folder} is not a folder")
        flags = os.O_TMPFILE | os.O_WRONLY
        try:
            descriptor = os.open(folder, flags, 0o600)  # a file without a name
        except OSError as error:
            if error.errno not in {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL}:
                raise
            if not os.access(folder, os.W_OK | os.X_OK):
                raise OSError(errno.EACCES, "", str(folder)) from None
            return
        try:
            rest = PROBE_BYTES
            while rest:  # a disk that is nearly full takes a part
                rest -= os.write(descriptor, bytes(rest))
        finally:
            os.close(descriptor)
