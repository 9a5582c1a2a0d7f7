"""Makers of copies and of edited wire copy, shared by the tests of duplicates."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from transforms.articles.text import word_count
from transforms.articles.urls import canonical_url
from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import fingerprints
from transforms.records import Copy
from transforms.schema import TABLES, Article, hash_id

SHARED = Path(__file__).parents[3] / ".." / "shared"
PUBLISHED = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)


def make_copy(
    text: str,
    *,
    url: str | None = None,
    guid: str | None = None,
    feed: str = "feed",
    title: str | None = "A headline of the day",
    hours: float | None = 0,
    updated_hours: float | None = None,
    source: str = "feed",
    position: int = 0,
    run_id: str = "r1",
) -> Copy:
    """Return a copy published some hours after PUBLISHED; without url and guid it has a url of its own."""
    if url is None and guid is None:
        url = f"https://{feed}.example/{hash_id(text, title, hours)}"
    canonical = canonical_url(url) if url else None
    return Copy(
        article=Article(
            article_id=hash_id(canonical or feed, None if canonical else guid, text),
            entry_id=hash_id(feed, guid, url, title, text),
            feed_id=feed,
            guid=guid,
            url=url,
            canonical_url=canonical,
            publisher=None,
            title=title,
            authors=(),
            byline=None,
            dateline=None,
            published_at=None if hours is None else PUBLISHED + dt.timedelta(hours=hours),
            published_source="missing" if hours is None else "feed",
            fetched_at=PUBLISHED + dt.timedelta(days=1),
            language="en",
            language_score=0.9,
            text=text,
            text_source=source,
            word_count=word_count(text),
            categories=(),
            revision_of=None,
            run_id=run_id,
        ),
        updated_at=None if updated_hours is None else PUBLISHED + dt.timedelta(hours=updated_hours),
        position=position,
    )


VOCABULARY = 4000
CONSONANTS, VOWELS = "bcdfghklmnprstvz", "aeiou"


def make_word(number: int) -> str:
    """Return the number-th word of a made-up language."""
    syllables = []
    for _ in range(2 + number % 3):
        number, consonant = divmod(number * 7 + 3, len(CONSONANTS))
        syllables.append(CONSONANTS[consonant] + VOWELS[number % len(VOWELS)])
    return "".join(syllables)


def make_story(rng: random.Random, sentences: int = 16) -> list[str]:
    """Return a story's sentences; words are as unevenly common as in English (Zipf)."""
    found = []
    for _ in range(sentences):
        numbers = [int(VOCABULARY ** rng.random()) for _ in range(rng.randint(10, 28))]
        words = [make_word(number) for number in numbers]
        for place in range(len(words)):
            if rng.random() < 0.06:
                words[place] = words[place].capitalize()
            elif rng.random() < 0.03:
                words[place] = str(rng.randint(2, 9000))
        found.append(words[0].capitalize() + " " + " ".join(words[1:]) + ".")
    return found


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited copy and how much of the shorter of the two texts it shares, in words."""

    text: str
    share: float


def edit(rng: random.Random, sentences: list[str], other: list[str], keep: float) -> Edited:
    """Return an edited copy that keeps about `keep` of the sentences, as desks do it.

    Sentences are cut (mostly at the end), some are moved, names and numbers change here and there,
    paragraphs of another text are added, quotes and punctuation are set in another house style.
    """
    count = max(2, round(keep * len(sentences)))
    if rng.random() < 0.6:
        kept = sentences[:count]
    else:
        kept = [sentences[place] for place in sorted(rng.sample(range(len(sentences)), count))]
    if rng.random() < 0.4:
        kept.insert(rng.randrange(len(kept)), kept.pop(rng.randrange(len(kept))))
    original = {word for sentence in kept for word in sentence.split()}
    changed = [_renamed(rng, sentence) for sentence in kept]
    same = sum(
        one == two
        for old, new in zip(kept, changed, strict=True)
        for one, two in zip(old.split(), new.split(), strict=True)
    )
    assert original
    added = rng.sample(other, min(len(other), rng.randint(0, max(1, len(kept) // 2))))
    for sentence in added:
        changed.insert(rng.choice([0, len(changed), rng.randrange(len(changed) + 1)]), sentence)
    text = _house_style(rng, changed)
    shorter = min(sum(map(_words, sentences)), sum(map(_words, changed)))
    return Edited(text, same / shorter)


def _words(sentence: str) -> int:
    return len(sentence.split())


def _renamed(rng: random.Random, sentence: str) -> str:
    """Change some names and numbers (a spelling, an updated toll)."""
    words = sentence.split()
    for place, word in enumerate(words):
        if place and rng.random() < 0.2 and (word[0].isupper() or word.isdigit()):
            words[place] = word[:-1] + "9" if word.isdigit() else word + "ov"
    return " ".join(words)


def _house_style(rng: random.Random, sentences: list[str]) -> str:
    text = rng.choice([" ", "\n\n"]).join(sentences)
    if rng.random() < 0.5:
        text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019")
    if rng.random() < 0.5:
        text = text.replace(" - ", " \u2014 ").replace("--", "\u2013")
    if rng.random() < 0.3:
        text = text.replace(",", ";" if rng.random() < 0.5 else "")
    return text


def signature_table(copies: list[Copy], tables: Sequence[pa.Table] = ()) -> pa.Table:
    """Return the rows that a run over these copies leaves in the lake."""
    prints = fingerprints(copies)
    decisions = {item.copy_id: item for item in decide(prints, tables)}
    rows = []
    for item in prints:
        decision = decisions[item.copy_id]
        rows.append(
            {
                "article_id": decision.article_id,
                "kept": decision.reason is None,
                "guid_key": item.guid_key,
                "url_key": item.url_key,
                "content_key": item.content_key,
                "minhash": item.minhash,
                "bands": item.bands,
                "shingles": item.shingle_count,
                "numbers": item.numbers,
                "run_id": "r",
            }
        )
    return pa.Table.from_pylist(rows, schema=TABLES["signatures"].schema)


@pytest.fixture(scope="session")
def signatures() -> Callable[..., pa.Table]:
    """Return the maker of what a run leaves in the lake."""
    return signature_table


@pytest.fixture(scope="session")
def copy_of() -> Callable[..., Copy]:
    """Return the maker of copies."""
    return make_copy


@pytest.fixture(scope="session")
def story() -> Callable[..., list[str]]:
    """Return the maker of stories."""
    return make_story


@pytest.fixture(scope="session")
def edited() -> Callable[..., Edited]:
    """Return the editor."""
    return edit


@pytest.fixture(scope="session")
def neardup() -> Callable[[int], tuple[list[tuple[str, str]], set[frozenset[str]]]]:
    """Return a reader of a set of news stories with planted near-copies: (id, text), and the pairs."""

    def read(size: int) -> tuple[list[tuple[str, str]], set[frozenset[str]]]:
        folder = SHARED / "data" / "neardup"
        if not folder.exists():
            pytest.skip(f"no {folder}")
        lines = (folder / f"articles_{size}.train").read_text().splitlines()
        truth = (folder / f"articles_{size}.truth").read_text().splitlines()
        texts: list[Any] = [tuple(line.split(" ", 1)) for line in lines]
        return texts, {frozenset(line.split()) for line in truth}

    return read
