"""A lake in a folder on a disk."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from transforms.failures import LakeError
from transforms.lake.storage import Stat

# What the user has to mend, as opposed to a mistake in the program.
USERS_TROUBLE = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
        errno.EMFILE,
        errno.ENAMETOOLONG,
        errno.ENFILE,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
        errno.ESTALE,
    }
)
TEMPORARY = ".tmp-"  # names of files being written; no listing shows them
NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def _no_step(_: str) -> None:
    pass


class LocalStore:
    """A folder on a disk.

    Args:
        root: The folder; made when the first object is written.
        step: Called with a name before each operation that changes the disk. Tests kill the
            process there.
    """

    def __init__(self, root: str, step: Callable[[str], None] = _no_step) -> None:
        self.root = root
        self._base = Path(root).absolute()
        self._step = step

    def __reduce__(self) -> tuple[type[LocalStore], tuple[str]]:
        return LocalStore, (self.root,)

    tagged = False
    filesystem = None

    def arrow_path(self, path: str) -> str:
        """Return the path as `uri` does."""
        return self.uri(path)

    def uri(self, path: str) -> str:
        """Return the path joined to the root as it was given."""
        return str(Path(self.root) / path)

    def exists(self, path: str) -> bool:
        """Say whether there is a file of this name."""
        with self.trouble("read", path):
            return (self._base / path).is_file()

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or a range of them."""
        with self.trouble("read", path), (self._base / path).open("rb") as file:
            file.seek(offset)
            return file.read(-1 if length is None else length)

    def listing(self, folder: str) -> list[Stat]:
        """Return the files directly in a folder by name; none where there is no folder."""
        found = []
        for entry in self._scan(folder):
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                if entry.is_file() and not entry.name.startswith(TEMPORARY):
                    found.append(_stat(entry))
        return sorted(found, key=lambda stat: stat.name)

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders directly in a folder, sorted."""
        return sorted(entry.name for entry in self._scan(folder) if entry.is_dir())

    def walk(self, folder: str) -> Iterator[tuple[str, Stat]]:
        """Yield (path, stat) of every file below a folder, sorted by path."""
        top = self._base / folder
        with self.trouble("list", folder):
            for at, folders, _ in os.walk(top):
                folders.sort()
                here = Path(at).relative_to(self._base).as_posix()
                for stat in self.listing(here):
                    yield f"{here}/{stat.name}", stat

    def put(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """Write beside the target, sync, rename, sync the folder."""
        target = self._base / path
        with self.trouble("write", path), self._written(target, data, durable) as temporary:
            self._step("rename")
            temporary.replace(target)
            if durable:
                self._sync_folder(target.parent)

    def create(self, path: str, data: bytes) -> bool:
        """Write beside the target and link: the name appears with its whole content, or not."""
        target = self._base / path
        with self.trouble("write", path), self._written(target, data, durable=True) as temporary:
            self._step("link")
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                return self._create_without_links(target, data)
            self._sync_folder(target.parent)
        return True

    def token(self, path: str) -> str | None:
        """Return what changes whenever the file does; None: there is none."""
        try:
            with self.trouble("read", path):
                return _stat(self._base / path).token
        except FileNotFoundError:
            return None

    def exchange(self, path: str, data: bytes, token: str | None) -> bool:
        """Look, then write; the caller holds a mutex."""
        if self.token(path) != token:
            return False
        self.put(path, data)
        return True

    def move(self, source: str, target: str) -> None:
        """Rename a file, replacing one that is there."""
        with self.trouble("write", target):
            self._make_folder((self._base / target).parent)
            self._step("rename")
            (self._base / source).replace(self._base / target)

    def settle(self, folders: set[str]) -> None:
        """Sync the folders."""
        for folder in sorted(folders):
            with self.trouble("write", folder):
                self._sync_folder(self._base / folder)

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        with self.trouble("remove", path):
            self._step("remove")
            (self._base / path).unlink(missing_ok=True)

    def remove_tree(self, folder: str) -> None:
        """Remove a folder with all that is in it; nothing where it is gone already."""
        with self.trouble("remove", folder):
            self._step("remove")
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(self._base / folder)

    def sweep(self, folder: str) -> None:
        """Remove temporary files."""
        for entry in self._scan(folder):
            if entry.name.startswith(TEMPORARY):
                self.remove(f"{folder}/{entry.name}".lstrip("/"))

    def prepare(self, path: str) -> Path:
        """Return where a lock file of this name is; its folder exists and it can be opened."""
        with self.trouble("lock", path):
            self._make_folder((self._base / path).parent)
            os.close(os.open(self._base / path, os.O_RDWR | os.O_CREAT, 0o644))
        return self._base / path

    @contextlib.contextmanager
    def mutex(self, path: str) -> Iterator[None]:
        """Hold a flock; the kernel frees it when the process dies."""
        descriptor = os.open(self.prepare(path), os.O_RDWR)
        try:
            with self.trouble("lock", path):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _scan(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with self.trouble("list", folder), os.scandir(self._base / folder) as entries:
                return list(entries)
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _written(self, target: Path, data: bytes, durable: bool) -> Iterator[Path]:
        """Give a temporary file with the data in the target's folder; removed if it is left."""
        self._make_folder(target.parent)
        temporary = target.parent / f"{TEMPORARY}{uuid.uuid4().hex}"
        self._step("write")
        try:
            with temporary.open("xb", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
                if durable:
                    os.fsync(file.fileno())
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _create_without_links(self, target: Path, data: bytes) -> bool:
        """Create exclusively where the file system has no hard links (FAT, some network disks)."""
        try:
            with target.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            return False
        self._sync_folder(target.parent)
        return True

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        missing = [folder, *folder.parents]
        made = [path for path in missing if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for path in reversed(made):
            self._sync_folder(path.parent)

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def trouble(self, what: str, path: str) -> Iterator[None]:
        """Turn what the user has to mend into a LakeError of one line."""
        try:
            yield
        except OSError as error:
            if error.errno not in USERS_TROUBLE:
                raise
            reason = os.strerror(error.errno or 0).lower()
            raise LakeError(f"cannot {what} {self.uri(path)}: {reason}") from error


def _stat(entry: os.DirEntry[str] | Path) -> Stat:
    status = entry.stat()
    token = f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}"
    return Stat(entry.name, status.st_size, token, status.st_mtime)
