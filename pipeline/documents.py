"""Documents for `wirelake code`: JSON lines or plain text → articles. No Beam."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.failures import InputFault
from transforms.schema import Article

_BOM = "\ufeff"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # `code` fetches nothing


def read_documents(lines: Iterable[str], *, name: str) -> Iterator[Article | InputFault]:
    """Yield the documents in a text: JSON lines if the first line is an object, else one plain text.

    Args:
        lines: The input, line by line.
        name: Id of a plain text.

    Yields:
        An article per document, its `text` unchanged; an InputFault for a line that holds none.
    """
    numbered = enumerate(lines, start=1)
    held: list[str] = []
    for number, line in numbered:
        held.append(line)
        if not line.strip():
            continue
        start = line.lstrip(_BOM).lstrip()
        if start.startswith("{"):
            yield _from_json(start, number)
            for later, text in numbered:
                if text.strip():
                    yield _from_json(text, later)
            return
        break
    text = "".join([*held, *(line for _, line in numbered)])
    if _is_array(text):
        yield InputFault("not-json-lines", "a JSON array; give one object on each line")
    elif text.strip():
        yield document(name, text)


def _is_array(text: str) -> bool:
    """Return whether a text is one JSON array of objects, and so no prose."""
    if not re.match(r"[\s\ufeff]*\[\s*\{", text):
        return False
    try:
        json.loads(text.lstrip(_BOM))
    except (ValueError, RecursionError):
        return False
    return True


def document(name: str, text: str, *, title: str | None = None, published: Any = None) -> Article:
    """Return a text as an article, unchanged, with an id of the caller's.

    Only half a character (a lone surrogate, which JSON can escape) becomes U+FFFD: no offset moves.
    """
    name, text = _sound(name), _sound(text)
    title = None if title is None else _sound(title)
    return Article(
        article_id=name,
        entry_id=name,
        feed_id="",
        guid=None,
        url=None,
        canonical_url=None,
        publisher=None,
        title=title,
        authors=(),
        byline=None,
        dateline=None,
        published_at=published,
        published_source="feed" if published else "missing",
        fetched_at=_EPOCH,
        language=None,
        language_score=None,
        text=text,
        text_source="feed",
        word_count=len(text.split()),
        categories=(),
        revision_of=None,
        run_id="",
    )


def _from_json(line: str, number: int) -> Article | InputFault:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        return InputFault("not-json", f"line {number}: {error.msg} at column {error.colno}")
    except (ValueError, RecursionError) as error:  # too many digits, or nested too deep
        return InputFault("not-json", f"line {number}: {error}")
    try:
        return _checked(data)
    except ValueError as error:
        return InputFault("bad-document", f"line {number}: {error}")


def _checked(data: Any) -> Article:
    if not isinstance(data, dict):
        raise ValueError('not an object; give {"id": …, "text": …}')
    for key in ("id", "text"):
        if key not in data:
            raise ValueError(f'"{key}" is missing; give {{"id": …, "text": …}}')
    name, text, title = data["id"], data["text"], data.get("title")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ValueError('"id" is neither a string nor a number')
    if not isinstance(text, str):
        raise ValueError('"text" is no string')
    if title is not None and not isinstance(title, str):
        raise ValueError('"title" is no string')
    return document(str(name), text, title=title, published=_time(data.get("published")))


def _time(value: Any) -> dt.datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError('"published" is no ISO date or date-time')
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f'"published" is no ISO date or date-time: {value!r}') from error
    try:
        return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError(f'"published" is not in the years 1 to 9999 of UTC: {value!r}') from error


def _sound(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)
