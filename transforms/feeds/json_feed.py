"""JSON Feed 1.0 and 1.1 → Document. feedparser 6 reads none.

https://www.jsonfeed.org/version/1.1/. Read leniently: numbers for ids, missing ids, single authors.
A document that breaks off gives the items before the break.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from transforms.failures import InputFault
from transforms.feeds.dates import utc
from transforms.feeds.draft import BadItem, Document, Draft
from transforms.feeds.links import absolute
from transforms.feeds.plain import clean, line, plain

_DECODER = json.JSONDecoder(strict=False)  # control characters inside strings are common
_SPACE = re.compile(r"[\s\ufeff]*")


def read(text: str, location: str | None) -> Document:
    """Return what a JSON Feed holds.

    Args:
        text: The document, decoded.
        location: Where it is from, the base of relative links without a home page.

    Raises:
        InputFault: "not-a-feed" for JSON that is no feed, "unparsable" for damage before the items,
            "nesting" for more nesting than can be followed.
    """
    try:
        feed, items, broken = _pieces(text)
    except RecursionError as error:
        raise InputFault("nesting", "JSON nested deeper than can be followed") from error
    version = feed.get("version")
    if items is None or not ((isinstance(version, str) and "jsonfeed.org" in version) or items):
        if broken is not None:
            raise InputFault("truncated", broken)
        raise InputFault("not-a-feed", "JSON that is no JSON Feed: no version and no items")
    title = _line(feed.get("title"))
    home = absolute(_string(feed.get("home_page_url")), location)
    return Document(
        title=title,
        items=tuple(
            _item(item, number, feed, title, (home, location)) for number, item in enumerate(items)
        ),
        broken=broken,
    )


def _pieces(text: str) -> tuple[dict[str, Any], list[Any] | None, str | None]:
    """Return the top-level values but the items, the items (None: no such key), and the break."""
    feed: dict[str, Any] = {}
    items: list[Any] | None = None
    broken = None
    try:
        whole = _DECODER.decode(text.strip().lstrip("\ufeff"))
    except ValueError:
        pass
    else:
        if not isinstance(whole, dict):
            raise InputFault("not-a-feed", f"JSON, but a {type(whole).__name__} and no object")
        found = whole.pop("items", None)
        return whole, found if isinstance(found, list) else None, None
    try:
        for key, value in _members(text):
            if key == "items" and isinstance(value, _Items):
                items = []
                for item in value:
                    items.append(item)
            elif key == "items":
                items = None
            else:
                feed[key] = value
    except (ValueError, IndexError):
        broken = f"the JSON breaks off or is damaged after {len(items or ())} whole items"
    return feed, items, broken


class _Items:
    """The elements of an array, decoded one by one; `end` is where reading stands."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self.end = start

    def __iter__(self) -> Iterator[Any]:
        position = _skip(self._text, self.end)
        while self._text[position] != "]":
            value, position = _DECODER.raw_decode(self._text, position)
            yield value
            position = _skip(self._text, position)
            if self._text[position] == ",":
                position = _skip(self._text, position + 1)
            elif self._text[position] != "]":
                raise ValueError("neither , nor ] after an item")
        self.end = position + 1


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the members of the top-level object; ValueError or IndexError where it breaks."""
    position = _skip(text, 0)
    if text[position] != "{":
        raise ValueError("no object")
    position = _skip(text, position + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if not isinstance(key, str) or text[position] != ":":
            raise ValueError("no member")
        position = _skip(text, position + 1)
        if key == "items" and text[position] == "[":
            items = _Items(text, position + 1)
            yield key, items
            position = items.end
        else:
            value, position = _DECODER.raw_decode(text, position)
            yield key, value
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
        elif text[position] != "}":
            raise ValueError("neither , nor } after a member")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _item(
    item: Any,
    number: int,
    feed: dict[str, Any],
    title: str | None,
    bases: tuple[str | None, str | None],
) -> Draft | BadItem:
    if not isinstance(item, dict):
        return BadItem(
            error="not-an-item",
            detail=f"item {number} is a {type(item).__name__}, not an object",
            evidence=json.dumps(item)[:10_000],
        )
    guid = _identifier(item.get("id"))
    published = utc(_string(item.get("date_published")))
    updated = utc(_string(item.get("date_modified")))
    return Draft(
        guid=guid,
        url=absolute(_string(item.get("url")), *bases)
        or absolute(_string(item.get("external_url")), *bases)
        or absolute(guid),
        title=_line(item.get("title")),
        authors=_authors(item) or _authors(feed),
        published_at=published or updated,
        updated_at=updated,
        content=_string(item.get("content_html")) or _string(item.get("content_text")),
        summary=_string(item.get("summary")),
        language=_string(item.get("language")) or _string(feed.get("language")),
        categories=_strings(item.get("tags")),
        publisher=title,
    )


def _string(value: Any) -> str | None:
    return (clean(value) or None) if isinstance(value, str) else None


def _line(value: Any) -> str | None:
    """Return a title on one line: plain text by the standard, decoded where it clearly is markup."""
    text = _string(value)
    if text is None:
        return None
    return (
        plain(text) if re.search(r"</\w+>|&(?:amp|lt|gt|quot|#\d+);", text) else line(text)
    ) or None


def _strings(value: Any) -> tuple[str, ...]:
    found = [_string(part) for part in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(line(part) for part in found if part))


def _identifier(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _string(value)
    return str(value)


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    """Return names from `authors` (1.1) or `author` (1.0)."""
    people = record.get("authors")
    if not isinstance(people, list) or not people:
        people = [record.get("author")]
    names = [_line(person.get("name")) for person in people if isinstance(person, dict)]
    return tuple(dict.fromkeys(name for name in names if name))
