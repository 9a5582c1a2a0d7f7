"""RSS 0.9x-2.0, RDF, Atom 0.3 and 1.0, CDF: feedparser's reading → Document.

feedparser runs with sanitising and URL resolution inside contents off: contents are cleaned later,
by the one component that does that for pages too.
"""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import feedparser

from transforms.failures import InputFault
from transforms.feeds.dates import utc
from transforms.feeds.draft import Document, Draft
from transforms.feeds.hints import skip_days, skip_hours, ttl_s
from transforms.feeds.links import absolute
from transforms.feeds.plain import clean, line, plain
from transforms.feeds.references import with_sound_references
from transforms.feeds.truncation import mended

HEADERS = {"content-type": "application/xml; charset=utf-8"}
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_FOUR_LETTERS = re.compile(r"\.[A-Za-z]{4}$")
_ADDRESS_REST = re.compile(r"^[a-z]+(?: \(|$)|\s*<[a-z]+>$")
_ODD_EMAIL = re.compile(
    r"[\s()<>,;\"']*(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+[\s()<>,;\"']*", re.IGNORECASE
)


def read(text: str, root: str, location: str | None) -> Document:
    """Return what a syndication document holds.

    Args:
        text: The document, decoded.
        root: Its first element's name, with prefix.
        location: The base of relative links where neither xml:base nor the feed's own link helps.

    Raises:
        InputFault: "not-a-feed" where it is none, "unparsable" where feedparser gives up.
    """
    text = _CONTROL.sub("", text)
    result, broken = _parsed(text, root)
    feed, entries = result["feed"], result["entries"]
    if not entries and not result.get("version"):
        raise InputFault("not-a-feed", f"a document whose root is <{root[:60]}>, without entries")
    home = absolute(_get(feed, "link"), location)
    publisher = _text_of(feed, "publisher") or _title(feed)
    if publisher and _EMAIL.search(publisher):  # RSS webMaster, which feedparser calls publisher
        publisher = _title(feed)
    common = _Common(
        home=home,
        location=location,
        language=_string(feed, "language"),
        publisher=publisher,
        atom=str(result.get("version")).startswith("atom"),
    )
    return Document(
        title=_title(feed),
        items=tuple(_draft(entry, common) for entry in entries),
        broken=broken,
        ttl_s=ttl_s(
            _string(feed, "ttl"),
            _string(feed, "sy_updateperiod"),
            _string(feed, "sy_updatefrequency"),
        ),
        skip_hours=skip_hours(text),
        skip_days=skip_days(text),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What all entries of a feed share; bases of links, the better first."""

    home: str | None
    location: str | None
    language: str | None
    publisher: str | None
    atom: bool


def _parsed(text: str, root: str) -> tuple[Any, str | None]:
    """Return feedparser's result for the document's whole entries, and how it breaks off."""
    result = _tried(text)
    if result is not None and not _malformed(result):
        return result, None
    whole, broken = mended(text, root)
    whole = with_sound_references(whole)
    if whole != text:
        again = _tried(whole)
        result = again if again is not None else (None if broken else result)
    if result is None:
        raise InputFault("unparsable", "the document is too damaged for the feed parser")
    return result, broken


def _tried(text: str) -> Any:
    """Return feedparser's result; None where it raises.

    On damaged markup its tolerant parser raises what happens to come up deep inside (ValueError for
    a character reference beyond Unicode, AssertionError for a bad declaration, …): faults of the
    input, tried again once the input is mended.
    """
    data = io.BytesIO(text.encode("utf-8", "replace"))  # bytes would be tried as a file name
    try:
        return feedparser.parse(
            data, response_headers=HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - see above; a None result is judged by the caller
        return None


def _malformed(result: Any) -> bool:
    return bool(result.get("bozo"))


def _draft(entry: Any, common: _Common) -> Draft:
    content, summary, content_language = _texts(entry, atom=common.atom)
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    source = _get(entry, "source")
    guid = _string(entry, "id")
    return Draft(
        guid=guid,
        url=_link(entry, guid, common),
        title=_title(entry),
        authors=_authors(entry),
        published_at=published or updated,
        updated_at=updated,
        content=content,
        summary=summary,
        language=content_language or _string(entry, "language") or common.language,
        categories=_categories(entry),
        publisher=(_title(source) if isinstance(source, dict) else None)
        or _text_of(entry, "publisher")
        or common.publisher,
    )


def _get(record: Any, key: str) -> Any:
    """Return a value; feedparser's own `get` falls back to other keys, and warns when it does."""
    return dict.get(record, key)


def _string(record: Any, key: str) -> str | None:
    value = _get(record, key)
    return (clean(value) or None) if isinstance(value, str) else None


def _text_of(record: Any, key: str) -> str | None:
    value = _string(record, key)
    return (plain(value) or None) if value else None


def _title(record: Any) -> str | None:
    """Return the title as plain text: entities decoded once, as the title's type says."""
    value = _get(record, "title")
    if not isinstance(value, str):
        return None
    detail = _get(record, "title_detail")
    kind = _get(detail, "type") if isinstance(detail, dict) else None
    return (plain(value) if kind in HTML_TYPES else line(value)) or None


def _texts(entry: Any, *, atom: bool) -> tuple[str | None, str | None, str | None]:
    """Return the longest content, the longest description, and the content's language.

    feedparser files a second description (media:description, itunes:summary beside a description)
    under content too, as plain text; outside Atom such content is a description.
    """
    contents: list[tuple[str, str | None]] = []
    summary = _string(entry, "summary")
    descriptions = [summary] if summary is not None else []
    values = _get(entry, "content")
    for value in values if isinstance(values, list) else ():
        text = _string(value, "value")
        kind = _get(value, "type") or ""
        if text is None or not _is_text(kind, text):
            continue
        if kind == "text/plain" and not atom:
            descriptions.append(text)
        else:
            contents.append((text, _string(value, "language")))
    content, language = max(contents, key=lambda found: len(found[0]), default=(None, None))
    return content, max(descriptions, key=len, default=None), language


def _is_text(kind: str, text: str) -> bool:
    """Whether content of a media type is text; base64 of no named type counts where it is markup."""
    if kind == "application/octet-stream":
        return "</" in text
    return kind.startswith("text/") or kind in HTML_TYPES


def _link(entry: Any, guid: str | None, common: _Common) -> str | None:
    """Return the entry's address: what FeedBurner replaced, else its alternate link.

    A guid stands in for a missing link only where it is a full URL: feedparser takes any guid that
    is not marked isPermaLink="false" for a link, "12345" included.
    """
    original = absolute(_string(entry, "feedburner_origlink"))
    if original is not None:
        return original
    link = _string(entry, "link")
    if link is None:
        links = _get(entry, "links")
        for candidate in links if isinstance(links, list) else ():
            if _get(candidate, "rel") == "alternate" and _string(candidate, "href"):
                link = _string(candidate, "href")
                break
    if link is not None and not (link == guid and absolute(link) is None):
        return absolute(
            html.unescape(link) if "&amp;" in link else link, common.home, common.location
        )
    return absolute(guid)


def _date(entry: Any, key: str) -> Any:
    parsed = _get(entry, f"{key}_parsed")
    return utc(
        _string(entry, key),
        cast("Sequence[int]", parsed) if isinstance(parsed, time.struct_time | tuple) else None,
    )


def _authors(entry: Any) -> tuple[str, ...]:
    """Return the authors' names, each once; an address without a name is nobody's name."""
    names: dict[str, None] = {}
    people = _get(entry, "authors")
    for person in people if isinstance(people, list) else ():
        name = _person(_text_of(person, "name"), _string(person, "email"))
        if name and not _ODD_EMAIL.fullmatch(name):
            names[name] = None
    if not names:
        name = _text_of(entry, "author")
        if name and not _EMAIL.search(name):
            names[name] = None
    return tuple(names)


def _person(name: str | None, email: str | None) -> str | None:
    """Return a name without the rest of an address.

    feedparser takes addresses for done after four letters of the last label: of "a@paper.online (Jane)"
    it leaves "ne (Jane", of "Jane <a@paper.world>" "Jane <d>".
    """
    if name is None or email is None or not _FOUR_LETTERS.search(email):
        return name
    return _ADDRESS_REST.sub("", name).strip() or None


def _categories(entry: Any) -> tuple[str, ...]:
    tags = _get(entry, "tags")
    terms: dict[str, None] = {}
    for tag in tags if isinstance(tags, list) else ():
        term = _text_of(tag, "label") or _text_of(tag, "term")
        if term:
            terms[term] = None
    return tuple(terms)
