"""What a document says of one entry, before it gets an identity."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One entry as its format's parser read it; absent is None.

    Attributes:
        url: Absolute http or https link.
        content: The full text as HTML or plain text, where the format says it is the text.
        summary: The description or teaser.
    """

    guid: str | None = None
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    content: str | None = None
    summary: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """An entry that cannot be read at all.

    Attributes:
        error: One word.
        detail: What is wrong with it, in a sentence.
        evidence: What it holds, to tell it from others.
    """

    error: str
    detail: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One feed document, in its own order.

    Attributes:
        broken: Where and how the document breaks off; None: it is whole.
        ttl_s: The publisher's wish for the time between polls, in seconds.
        skip_hours: Hours (UTC) and days (Monday is 0) in which it wishes not to be polled.
        skip_days: See skip_hours.
    """

    title: str | None = None
    items: tuple[Draft | BadItem, ...] = ()
    broken: str | None = None
    ttl_s: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
