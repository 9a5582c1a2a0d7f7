"""A coder for the whole session, and articles to code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from transforms.events.coder import Coder
from transforms.schema import Article, Event

NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)


def article(text: str = "", title: str | None = None) -> Article:
    return Article(
        article_id="a",
        entry_id="e",
        feed_id="f",
        guid=None,
        url=None,
        canonical_url=None,
        publisher=None,
        title=title,
        authors=(),
        byline=None,
        dateline=None,
        published_at=NOON,
        published_source="feed",
        fetched_at=NOON,
        language="en",
        language_score=1.0,
        text=text,
        text_source="feed",
        word_count=len(text.split()),
        categories=(),
        revision_of=None,
        run_id="r",
    )


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder()


@pytest.fixture(scope="session")
def code(coder: Coder) -> Callable[..., list[Event]]:
    def rows(text: str = "", title: str | None = None) -> list[Event]:
        return coder.code([article(text, title)])[0]

    return rows
