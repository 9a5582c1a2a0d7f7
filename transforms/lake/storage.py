"""What the lake's code needs of a storage: a few operations.

A storage knows nothing of tables and runs. `local.LocalStore` is a folder; an object store needs the same
operations (`create` is a PUT with If-None-Match, `move` a copy and a delete), see `s3.S3Store`.

Paths are relative to the root, see `layout`. Every write is atomic: a reader sees the whole new
content or what was there before, and after a crash of the machine too, since files and folders are
synced in that order before anything is renamed or reported done.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyarrow import fs


@dataclass(frozen=True, slots=True)
class Stat:
    """One object of a store.

    Attributes:
        name: Its name in the folder that was listed.
        token: Changes whenever the content does.
        mtime: Seconds since the epoch when it was last written.
    """

    name: str
    size: int
    token: str
    mtime: float


class Store(Protocol):
    """The operations; paths that do not exist raise FileNotFoundError, trouble raises LakeError."""

    @property
    def root(self) -> str:
        """The lake as the user named it."""

    @property
    def tagged(self) -> bool:
        """Whether committed files' names carry a hash of their content.

        So they do where a lock can be lost without notice: whoever comes late then writes other
        names, or the same bytes.
        """

    @property
    def filesystem(self) -> fs.FileSystem | None:
        """What pyarrow opens `arrow_path`s with; None: its own choice."""

    def arrow_path(self, path: str) -> str:
        """Return what pyarrow opens this path by."""

    def uri(self, path: str) -> str:
        """Return what pandas, DuckDB and others open this path by."""

    def exists(self, path: str) -> bool:
        """Say whether there is an object of this name."""

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or a range of them."""

    def listing(self, folder: str) -> list[Stat]:
        """Return the objects directly in a folder by name; none where there is no folder."""

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders directly in a folder, sorted."""

    def walk(self, folder: str) -> Iterator[tuple[str, Stat]]:
        """Yield (path, stat) of every object below a folder, sorted by path."""

    def put(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """Write an object, replacing one that is there.

        Args:
            durable: Also survive the loss of power; else only the death of this process.
        """

    def create(self, path: str, data: bytes) -> bool:
        """Write an object unless there is one; of several at once exactly one gets True."""

    def token(self, path: str) -> str | None:
        """Return what `Stat.token` is now; None: there is no such object."""

    def exchange(self, path: str, data: bytes, token: str | None) -> bool:
        """Write an object if its token is still this one (None: if there is none); False: it is not.

        On a disk the caller holds a mutex, on an object store the store itself decides.
        """

    def move(self, source: str, target: str) -> None:
        """Rename an object, replacing one that is there; `settle` makes it durable."""

    def settle(self, folders: set[str]) -> None:
        """Make moves into these folders survive the loss of power."""

    def remove(self, path: str) -> None:
        """Remove an object if it is there."""

    def remove_tree(self, folder: str) -> None:
        """Remove a folder with all that is in it."""

    def sweep(self, folder: str) -> None:
        """Remove what interrupted writes left in a folder that nobody writes to now."""

    def mutex(self, path: str) -> contextlib.AbstractContextManager[None]:
        """Return a lock for short work, waited for; freed when its holder dies."""
