"""Documents for `wirelake code`: JSON lines or plain text → articles. No Beam."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.failures import InputFault
from transforms.schema import Article

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
        if line.lstrip().startswith("{"):
            yield _from_json(line, number)
            for later, text in numbered:
                if text.strip():
                    yield _from_json(text, later)
            return
        break
    text = "".join([*held, *(line for _, line in numbered)])
    if text.strip():
        yield document(name, text)


def document(name: str, text: str, *, title: str | None = None, published: Any = None) -> Article:
    """Return a text as an article, unchanged, with an id of the caller's."""
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
    return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
