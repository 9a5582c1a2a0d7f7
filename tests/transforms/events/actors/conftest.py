"""One book and one parser for all tests of actors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from transforms.events.actors import ActorBook, Memory
from transforms.events.model import Mention
from transforms.events.tree import Doc

Resolve = Callable[..., list[Mention]]

DAY = dt.date(2024, 6, 1)


@pytest.fixture(scope="session")
def book() -> ActorBook:
    return ActorBook.load()


@pytest.fixture(scope="session")
def resolve(book: ActorBook, parse: Callable[[str], Doc]) -> Resolve:
    """Return a resolver of running sentences that hands back the last one's mentions."""

    def resolved(*sentences: str, when: dt.date | None = DAY) -> list[Mention]:
        memory = Memory()
        mentions: list[Mention] = []
        for sentence in sentences:
            doc = parse(sentence)
            mentions = book.resolve(doc, book.find(sentence, when), memory, when)
            for mention in mentions:
                assert sentence[mention.char_start : mention.char_end] == mention.text
                assert 0 <= mention.head < len(doc)
        return mentions

    return resolved
