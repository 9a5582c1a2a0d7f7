"""A lake in a bucket of an S3-compatible object store.

Objects appear whole, by one PUT, so nothing has to be synced or renamed beside its target. What a folder
does by locks and links, the store does by conditions: PUT If-None-Match creates, PUT If-Match replaces
what was read; locks are leases (`lease`). Endpoint, region and credentials come from the environment's
AWS variables.

Two clients: obstore writes and lists, since conditional PUTs are what the protocol stands on and
pyarrow's file system has none; pyarrow's reads Parquet, since its scans fetch only the columns they need.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore import exceptions
from obstore.store import S3Store as Client
from pyarrow import fs

from transforms.failures import ConfigError, LakeError
from transforms.lake.lease import TERM_S, Lease, held
from transforms.lake.storage import Stat

_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_TRIES = {"max_retries": 8, "retry_timeout": dt.timedelta(seconds=60)}
_TIMEOUT = dt.timedelta(seconds=60)  # of one request; a file of 256 MB needs 35 Mbit/s
_UNMET = (exceptions.AlreadyExistsError, exceptions.PreconditionError)
_MESSAGE = re.compile(r"<Code>(.*?)</Code>(?:\s*<Message>(.*?)</Message>)?", re.DOTALL)


def _no_step(_: str) -> None:
    pass


class S3Store:
    """A prefix of a bucket.

    Args:
        root: s3://bucket or s3://bucket/prefix; the bucket must exist.
        step: Called with a name before each operation that changes the store. Tests kill the
            process there.
        term_s: Seconds after which the locks of a process that died are free.

    Raises:
        ConfigError: The URL names no bucket.
    """

    tagged = True

    def __init__(
        self, root: str, step: Callable[[str], None] = _no_step, *, term_s: float = TERM_S
    ) -> None:
        found = _URL.fullmatch(root.rstrip("/"))
        if not found:
            raise ConfigError(f"lake {root!r}: write s3://bucket/prefix")
        self.root = root.rstrip("/")
        self._bucket, self._prefix = found[1], (found[2] or "").strip("/")
        self._step = step
        self._term_s = term_s
        self._leases = threading.local()

    def __reduce__(self) -> tuple[Any, ...]:
        return functools.partial(S3Store, term_s=self._term_s), (self.root,)

    def uri(self, path: str) -> str:
        """Return the s3:// URL."""
        return f"{self.root}/{path}"

    @functools.cached_property
    def filesystem(self) -> fs.FileSystem:
        """Return what pyarrow opens `arrow_path`s with."""
        endpoint = _endpoint()
        if not endpoint:
            return fs.S3FileSystem(region=_region())
        parts = urlsplit(endpoint)
        return fs.S3FileSystem(
            endpoint_override=parts.netloc, scheme=parts.scheme, region=_region()
        )

    def arrow_path(self, path: str) -> str:
        """Return the path in pyarrow's file system."""
        return "/".join(filter(None, (self._bucket, self._prefix, path)))

    def exists(self, path: str) -> bool:
        """Say whether there is an object of this name."""
        return self.stat(path) is not None

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or a range of them."""
        with self.trouble("read", path):
            if length == 0:
                return b""
            if length is not None:
                return bytes(
                    obstore.get_range(self._client, self._key(path), start=offset, length=length)
                )
            return bytes(obstore.get(self._client, self._key(path)).bytes())[offset:]

    content = read

    def listing(self, folder: str) -> list[Stat]:
        """Return the objects directly in a folder by name."""
        with self.trouble("list", folder):
            found = obstore.list_with_delimiter(self._client, self._key(folder) or None)
        return sorted(map(_stat, found["objects"]), key=lambda stat: stat.name)

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders directly in a folder, sorted."""
        with self.trouble("list", folder):
            found = obstore.list_with_delimiter(self._client, self._key(folder) or None)
        return sorted(prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"])

    def walk(self, folder: str) -> Iterator[tuple[str, Stat]]:
        """Yield (path, stat) of every object below a folder, sorted by path."""
        with self.trouble("list", folder):
            pages = obstore.list(self._client, self._key(folder) or None)
            found = [item for page in pages for item in page]
        cut = len(self._prefix) + 1 if self._prefix else 0
        for item in sorted(found, key=lambda item: item["path"]):
            yield item["path"][cut:], _stat(item)

    def put(self, path: str, data: bytes, *, durable: bool = True) -> None:  # noqa: ARG002
        """Write an object; a store knows no other than durable."""
        self._require_leases(path)
        with self.trouble("write", path):
            self._step("put")
            obstore.put(self._client, self._key(path), data, use_multipart=False)

    def create(self, path: str, data: bytes) -> bool:
        """PUT If-None-Match."""
        return self.exchange(path, data, None)

    def token(self, path: str) -> str | None:
        """Return the ETag; None: there is no such object."""
        stat = self.stat(path)
        return stat.token if stat else None

    def exchange(self, path: str, data: bytes, token: str | None) -> bool:
        """PUT If-Match, or If-None-Match where there must be none."""
        self._require_leases(path)
        return self.swap(path, data, token) is not None

    def move(self, source: str, target: str) -> None:
        """Copy in the store, then remove the source."""
        self._require_leases(target)
        with self.trouble("write", target):
            self._step("copy")
            obstore.copy(self._client, self._key(source), self._key(target))
        self.remove(source)

    def settle(self, folders: set[str]) -> None:
        """Do nothing: what a store has confirmed stays."""

    def remove(self, path: str) -> None:
        """Remove an object if it is there."""
        self._require_leases(path)
        with self.trouble("remove", path), contextlib.suppress(FileNotFoundError):
            self._step("remove")
            obstore.delete(self._client, self._key(path))

    def remove_tree(self, folder: str) -> None:
        """Remove all objects below a folder."""
        for path in [path for path, _ in self.walk(folder)]:
            self.remove(path)

    def sweep(self, folder: str) -> None:
        """Do nothing: an interrupted PUT leaves nothing."""

    @contextlib.contextmanager
    def mutex(self, path: str) -> Iterator[None]:
        """Hold a lease, waiting for it; writes of this thread are refused once it is lost."""
        lease = Lease(self, path, "another process", self._term_s)
        with held(lease, wait=True), self._fenced(lease):
            yield

    def lease(self, path: str, what: str, on_loss: Callable[[], object]) -> Lease:
        """Return a lease that is not taken yet, for whoever holds the lake."""
        return Lease(self, path, what, self._term_s, on_loss)

    def stat(self, path: str) -> Stat | None:
        """Return what the store says of an object; None: there is none."""
        try:
            with self.trouble("read", path):
                return _stat(obstore.head(self._client, self._key(path)))
        except FileNotFoundError:
            return None

    def swap(self, path: str, data: bytes, token: str | None) -> str | None:
        """Write under the condition and return the new ETag; None where it is not met.

        An answer may be lost and the PUT tried again, which then meets its own object: so where the
        condition fails, an object that is what was to be written counts as written.
        """
        mode: Any = "create" if token is None else {"e_tag": token}
        with self.trouble("write", path):
            self._step("swap")
            try:
                done = obstore.put(
                    self._client, self._key(path), data, mode=mode, use_multipart=False
                )
            except (*_UNMET, FileNotFoundError) as error:
                if isinstance(error, FileNotFoundError) and token is None:
                    raise  # no bucket
                return self._already(path, data)
        return done["e_tag"]

    def _already(self, path: str, data: bytes) -> str | None:
        stat = self.stat(path)
        if stat is None or stat.size != len(data):
            return None
        with contextlib.suppress(FileNotFoundError):
            return stat.token if self.read(path) == data else None
        return None

    @contextlib.contextmanager
    def _fenced(self, lease: Lease) -> Iterator[None]:
        leases = self._leases.__dict__.setdefault("held", [])
        leases.append(lease)
        try:
            yield
        finally:
            leases.remove(lease)

    def _require_leases(self, path: str) -> None:
        for lease in self._leases.__dict__.get("held", ()):
            if not lease.alive():
                raise LakeError(
                    f"cannot write {self.uri(path)}: this process was held up for so long that "
                    "another one may have taken its lock; try again"
                )

    @functools.cached_property
    def _client(self) -> Client:
        endpoint = _endpoint() or ""
        plain = endpoint.startswith("http://")
        options: Any = {"endpoint": endpoint} if endpoint else {}
        with self.trouble("open", ""):
            return Client(
                self._bucket,
                region=_region(),
                client_options={"allow_http": plain, "timeout": _TIMEOUT},
                retry_config=_TRIES,  # type: ignore[arg-type]
                **options,
            )

    def _key(self, path: str) -> str:
        return "/".join(filter(None, (self._prefix, path)))

    @contextlib.contextmanager
    def trouble(self, what: str, path: str) -> Iterator[None]:
        """Turn what the user has to mend into a LakeError of one line."""
        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise LakeError(
                    f"cannot {what} {self.uri(path)}: there is no such bucket"
                ) from error
            raise
        except _UNMET:
            raise
        except exceptions.BaseError as error:
            raise LakeError(f"cannot {what} {self.uri(path)}: {_reason(error)}") from error


def _endpoint() -> str | None:
    return next((value for name in _ENDPOINTS if (value := os.environ.get(name))), None)


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def _reason(error: Exception) -> str:
    """Return what the store says of itself, or the first line of the client's words."""
    text = str(error)
    said = _MESSAGE.search(text)
    if said:
        return ": ".join(filter(None, said.groups())).strip(". ")
    return text.split("\n\n", maxsplit=1)[0].splitlines()[0].strip()


def _stat(item: Any) -> Stat:
    name = item["path"].rpartition("/")[2]
    return Stat(name, item["size"], item["e_tag"] or "", item["last_modified"].timestamp())
