"""OPML, the format in which feed readers hand over subscriptions: reading and writing.

http://opml.org/spec2.opml. Read leniently, as readers write it: names of attributes in any case,
stray ampersands, HTML entities, `feed:` URLs. Nothing is loaded or expanded: a document that declares
entities is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import lxml.etree

from transforms.failures import InputFault
from transforms.feeds.encoding import decoded
from transforms.feeds.links import absolute
from transforms.feeds.plain import clean, line
from transforms.feeds.references import with_sound_references

MAX_BYTES = 32_000_000  # some hundred thousand subscriptions
GROUPS = " / "  # between the names of nested groups
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FEED_SCHEME = re.compile(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", re.IGNORECASE)
_FEED_KINDS = frozenset({"rss", "atom", "feed", "jsonfeed", "json", "rdf"})
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of a list.

    Attributes:
        url: http or https, with scheme and host in lower case and without a fragment.
        title: As the list names it; None: it does not.
        group: Names of the outlines around it, the outermost first, joined by `GROUPS`; None: none.
        language: ISO 639-1; None: not said.
    """

    url: str
    title: str | None = None
    group: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What an OPML document holds.

    Attributes:
        feeds: Each feed once, in the document's order.
        merged: How many were left out because they are there already.
        unusable: One sentence for each outline that names a feed nobody can poll.
    """

    feeds: tuple[Subscription, ...]
    merged: int = 0
    unusable: tuple[str, ...] = ()


def read_opml(data: bytes) -> Subscriptions:
    """Return the feeds of an OPML document.

    A URL that differs in http and https only is the same feed; https is kept.

    Raises:
        InputFault: "too-large", "entities", "unparsable" or "not-opml".
    """
    if len(data) > MAX_BYTES:
        raise InputFault("too-large", f"{len(data)} bytes; an OPML file may have {MAX_BYTES}")
    body = _tree(decoded(data, None))
    found: dict[str, Subscription] = {}
    unusable: list[str] = []
    merged = 0
    for outline, groups in _feeds(body):
        name = _attribute(outline, "title") or _attribute(outline, "text")
        given = _address(outline) or ""
        url = feed_url(given)
        if url is None:
            unusable.append(f"{name or 'a feed without a name'}: {_shown(given)} cannot be polled")
            continue
        new = Subscription(
            url=url,
            title=name,
            group=GROUPS.join(groups) or None,
            language=_language(_attribute(outline, "language")),
        )
        key = url.split(":", 1)[1]
        known = found.get(key)
        if known is None:
            found[key] = new
            continue
        merged += 1
        found[key] = Subscription(
            url=max(known.url, url, key=lambda twin: twin.startswith("https:")),
            title=known.title or new.title,
            group=known.group or new.group,
            language=known.language or new.language,
        )
    return Subscriptions(feeds=tuple(found.values()), merged=merged, unusable=tuple(unusable))


def write_opml(feeds: Iterable[Subscription], *, title: str) -> bytes:
    """Return an OPML 2.0 document; feeds of a group stand in outlines of the group's names."""
    root = lxml.etree.Element("opml", version="2.0")
    lxml.etree.SubElement(lxml.etree.SubElement(root, "head"), "title").text = line(title)
    body = lxml.etree.SubElement(root, "body")
    outlines: dict[tuple[str, ...], Any] = {(): body}
    for feed in feeds:
        names = tuple(line(name) for name in (feed.group or "").split(GROUPS) if line(name))
        for depth in range(1, len(names) + 1):
            if names[:depth] not in outlines:
                above = outlines[names[: depth - 1]]
                text = names[depth - 1]
                outlines[names[:depth]] = lxml.etree.SubElement(above, "outline", text=text)
        name = line(feed.title or "") or feed.url
        outline = lxml.etree.SubElement(
            outlines[names], "outline", type="rss", text=name, title=name, xmlUrl=clean(feed.url)
        )
        if feed.language:
            outline.set("language", feed.language)
    written: bytes = lxml.etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return written


def feed_url(text: str) -> str | None:
    """Return a feed's URL as it is compared; None where it cannot be polled.

    >>> feed_url("feed://Example.org/Feed#top")
    'http://example.org/Feed'
    """
    url = absolute(_FEED_SCHEME.sub(_http, line(text)))
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.username or parts.password or not parts.hostname:
        return None
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, "")
    )


def _http(match: re.Match[str]) -> str:
    return "" if match.string[match.end() : match.end() + 4].lower() == "http" else "http:"


def _tree(text: str) -> Any:
    """Return the document's body."""
    if "<!entity" in text.lower():
        raise InputFault("entities", "the document declares entities, which no OPML needs")
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    sound = with_sound_references(clean(_DECLARATION.sub("", text, count=1)))
    try:
        root = lxml.etree.fromstring(sound.encode("utf-8", "replace"), parser)
    except lxml.etree.XMLSyntaxError as error:
        raise InputFault("unparsable", f"the document is no XML: {error.msg}") from error
    if root is None or _name(root) != "opml":
        found = "nothing" if root is None else f"<{_name(root)[:60]}>"
        raise InputFault("not-opml", f"the document begins with {found}, not with <opml>")
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise InputFault("not-opml", "the document has no <body>")
    return body


def _feeds(body: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield each outline that is a feed, with the names of the outlines around it."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(child, ()) for child in reversed(body)]
    while stack:
        element, groups = stack.pop()
        if _name(element) != "outline":
            continue
        inner = groups
        if _address(element) is not None:
            yield element, groups
        else:
            name = _attribute(element, "text") or _attribute(element, "title")
            inner = (*groups, name.replace(GROUPS, " - ")) if name else groups
        stack += [(child, inner) for child in reversed(element)]


def _address(outline: Any) -> str | None:
    """Return what an outline gives as its feed's URL; None: it is no feed."""
    url = _attribute(outline, "xmlurl")
    if url is None and (_attribute(outline, "type") or "").lower() in _FEED_KINDS:
        url = _attribute(outline, "url")
    return url


def _attribute(element: Any, name: str) -> str | None:
    for key, value in element.attrib.items():
        if key.lower() == name:
            return line(value) or None
    return None


def _name(element: Any) -> str:
    tag = element.tag
    return lxml.etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


def _language(text: str | None) -> str | None:
    match = _LANGUAGE.fullmatch(text or "")
    return match[1].lower() if match else None


def _shown(url: str) -> str:
    """Return a URL as it may be printed: without a password."""
    return re.sub(r"//[^/@\s]*@", "//…@", url)[:200]
