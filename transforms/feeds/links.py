"""Links of entries → absolute http(s) URLs."""

from __future__ import annotations

import re
import urllib.parse

_ABSOLUTE = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BARE_HOST = re.compile(r"www\.[a-z0-9-]+\.[a-z0-9-]", re.IGNORECASE)
_WHITE = re.compile(r"[\t\r\n]")


def absolute(link: str | None, *bases: str | None) -> str | None:
    """Return the link as an http or https URL; None where it is none.

    Args:
        link: As the feed gives it.
        bases: What it may be relative to, the best first; the first that is http or https is taken.

    A link that begins with a host's name ("www.example.org/1") is taken for what its author meant.

    >>> absolute("/news/1", None, "https://example.org/feed")
    'https://example.org/news/1'
    """
    if link is None:
        return None
    link = _WHITE.sub("", link).strip().replace(" ", "%20")
    if not link:
        return None
    if _ABSOLUTE.match(link):
        return link if _splits(link) else None
    if _BARE_HOST.match(link):
        link = f"http://{link}"
        return link if _splits(link) else None
    if _SCHEME.match(link) and not link.lower().startswith(("http:", "https:")):
        return None  # mailto:, javascript:, urn:, tag:
    for base in bases:
        if base is not None and _ABSOLUTE.match(base.strip()):
            if not (_splits(base.strip()) and _splits(link)):
                return None
            joined = urllib.parse.urljoin(base.strip(), link)
            return joined if _ABSOLUTE.match(joined) else None
    return None


def _splits(url: str) -> bool:
    """Whether a URL has a host and port that can be told apart: not so "http://[" and "http://a:b"."""
    try:
        return urllib.parse.urlsplit(url).port != -1
    except ValueError:
        return False
