"""A coder for the whole session, and articles to code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from pipeline.documents import document
from transforms.events.coder import Coder
from transforms.events.options import CoderOptions
from transforms.schema import Article, Event

NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)


def article(text: str = "", title: str | None = None) -> Article:
    return document("a", text, title=title, published=NOON)


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder(CoderOptions(learned=False))


@pytest.fixture(scope="session")
def code(coder: Coder) -> Callable[..., list[Event]]:
    def rows(text: str = "", title: str | None = None) -> list[Event]:
        return coder.code([article(text, title)])[0]

    return rows
