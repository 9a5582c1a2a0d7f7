"""HTML pages that stand where a feed should be, and the feeds they announce."""

from __future__ import annotations

import html
import re

from transforms.feeds.encoding import decoded
from transforms.feeds.links import absolute
from transforms.feeds.plain import line
from transforms.records import Capture

# RFC 5005 has no word on it; https://www.rssboard.org/rss-autodiscovery and practice.
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_LINK = re.compile(r"<(link|a|base)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,500})", re.IGNORECASE | re.DOTALL)
_SEARCHED = 1_000_000  # characters; heads are far shorter


def announced(capture: Capture) -> list[str]:
    """Return the URLs of the feeds that a fetched HTML page announces, in its order."""
    return discovered(decoded(capture.body, capture.header("content-type")), capture.final_url)


def discovered(page: str, location: str | None) -> list[str]:
    """Return the URLs of the feeds an HTML page announces with rel=alternate, in its order."""
    found: dict[str, None] = {}
    base = location
    for match in _LINK.finditer(_HIDDEN.sub("", page[:_SEARCHED])):
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(match[2])
        }
        if match[1].lower() == "base":
            base = absolute(attributes.get("href"), location) or base
            continue
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        relations = attributes.get("rel", "").lower().split()
        if ("alternate" in relations and kind in FEED_TYPES) or "feed" in relations:
            url = absolute(attributes.get("href"), base)
            if url is not None:
                found[url] = None
    return list(found)


def page_title(page: str) -> str | None:
    """Return the title of an HTML page; None where it has none."""
    match = _TITLE.search(page[:_SEARCHED])
    return (line(html.unescape(match[1]))[:200] or None) if match else None
