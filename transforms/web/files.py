"""Feeds on the local disk, read as if a server had answered 200. Only a configuration names them."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from transforms.failures import InputFault
from transforms.records import Capture, Request


def read_file(request: Request, *, max_bytes: int, at: dt.datetime) -> Capture:
    """Return the capture of a file: URL.

    No validator comes of it: a file's time says when it was written here, not what is in it.

    Args:
        request: Its url is file: with an absolute path.
        max_bytes: A longer file is "too-large".
        at: The time of reading.
    """
    begun = time.monotonic()
    body, fault = b"", None
    try:
        body = _content(request.url, max_bytes)
    except InputFault as raised:
        fault = raised
    return Capture(
        kind=request.kind,
        feed_id=request.feed_id,
        url=request.url,
        fetched_at=at,
        latency_s=round(time.monotonic() - begun, 6),
        raw_record=request.record_id,
        status=None if fault else 200,
        final_url=request.url,
        body=body,
        error=fault.error if fault else None,
        detail=fault.detail if fault else None,
    )


def _content(url: str, max_bytes: int) -> bytes:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise InputFault("bad-url", f"{url!r} names a host; a file is on this machine")
    path = Path(url2pathname(parts.path))
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for forever
            raise InputFault("unreadable-file", f"{path} is not a regular file")
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise InputFault("no-such-file", f"there is no file {path}") from error
    except (OSError, ValueError) as error:
        raise InputFault("unreadable-file", f"{path} cannot be read: {error}") from error
    if len(body) > max_bytes:
        raise InputFault("too-large", f"{path} is longer than {max_bytes} bytes")
    return body
