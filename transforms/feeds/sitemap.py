"""News sitemaps → Document.

Format: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import re
from typing import Any

import lxml.etree

from transforms.failures import InputFault
from transforms.feeds.dates import utc
from transforms.feeds.draft import Document, Draft
from transforms.feeds.links import absolute
from transforms.feeds.plain import clean, line
from transforms.feeds.truncation import local_name, mended

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read(text: str, root: str) -> Document:
    """Return what a sitemap holds; a plain one gives entries of a link and a date only.

    Raises:
        InputFault: "not-a-feed" for an index of sitemaps, naming the first; "unparsable".
    """
    text, broken = mended(text, root)
    # No network, no DTD, no entities but XML's own; a tree, since these hold at most 1,000 URLs.
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    body = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    try:
        tree = lxml.etree.fromstring(body, parser)
    except lxml.etree.XMLSyntaxError as error:
        raise InputFault("unparsable", f"a sitemap that is no XML: {error.msg}") from error
    if tree is None:
        raise InputFault("unparsable", "a sitemap without elements")
    if local_name(root) == "sitemapindex":
        first = _first(tree, "loc")
        raise InputFault("not-a-feed", f"an index of sitemaps, not a sitemap; the first: {first}")
    return Document(
        items=tuple(_draft(child) for child in tree if _name(child) == "url"), broken=broken
    )


def _draft(url: Any) -> Draft:
    location = absolute(_first(url, "loc"))
    updated = utc(_first(url, "lastmod"))
    keywords = (_first(url, "keywords") or "").split(",")
    return Draft(
        guid=location,
        url=location,
        title=_first(url, "title"),
        published_at=utc(_first(url, "publication_date")) or updated,
        updated_at=updated,
        language=_first(url, "language"),
        categories=tuple(dict.fromkeys(line(word) for word in keywords if line(word))),
        publisher=_first(url, "name"),
    )


def _first(element: Any, name: str) -> str | None:
    """Return the text of the first descendant of that local name, on one line."""
    for child in element.iter():
        if _name(child) == name and child.text:
            return line(clean(child.text)) or None
    return None


def _name(element: Any) -> str:
    return lxml.etree.QName(element).localname if isinstance(element.tag, str) else ""
