"""The URL of a feed as it is configured: made absolute, checked, and without secrets where it is printed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def absolute_url(url: str, folder: Path) -> str:
    """Return the URL that a feed is asked for under.

    Args:
        url: As configured: http, https, file, or a path.
        folder: What a path is relative to.

    Raises:
        ValueError: It is none of these; the text says what would be right.
    """
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        if not parts.hostname:
            raise ValueError("the URL names no host")
        if parts.port == 0 or re.search(r"\s", url):  # .port raises for one above 65535
            raise ValueError("no port 0 and no spaces in a URL")
        if parts.username or parts.password:
            raise ValueError(
                "credentials do not belong in a URL; give a header, as in "
                'headers = { Authorization = "env:NAME" }'
            )
        return url
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost"):
            raise ValueError("a file: URL names a file of this machine, as in file:///tmp/feed.xml")
        return url
    if "://" in url:
        raise ValueError("give http, https, file, or a path relative to this file")
    if not url.strip():
        raise ValueError("empty; give http, https, file, or a path relative to this file")
    return (folder / url).resolve().as_uri()


def without_secrets(url: str) -> str:
    """Return a URL as it may be printed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"…@{host}")) if user and at else url
