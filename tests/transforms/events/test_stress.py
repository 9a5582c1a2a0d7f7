"""Texts that no editor would print: the coder ends in bounded time and codes what is around them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest

from transforms.events.coder import MAX_TOKENS, Coder
from transforms.events.selection import MAX_CHARS
from transforms.schema import Article, hash_id

NOW = dt.datetime(2024, 11, 22, tzinfo=dt.UTC)
EVENT = "Russian troops shelled Kharkiv on Monday."
FILLER = "The school on the hill has had no heating since the pipes burst in January."


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def article(text: str, title: str | None = None) -> Article:
    name = hash_id(text)
    return Article(
        article_id=name,
        entry_id=name,
        feed_id="stress",
        guid=None,
        url=None,
        canonical_url=None,
        publisher=None,
        title=title,
        authors=(),
        byline=None,
        dateline=None,
        published_at=NOW,
        published_source="feed",
        fetched_at=NOW,
        language="en",
        language_score=None,
        text=text,
        text_source="feed",
        word_count=len(text.split()),
        categories=(),
        revision_of=None,
        run_id="stress",
    )


def types(coder: Coder, text: str, title: str | None = None) -> list[str | None]:
    (rows,) = coder.code([article(text, title)])
    return [row.plover_type for row in rows]


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.parametrize("words", [5_000, 50_000])
def test_an_overlong_sentence_is_skipped_with_a_reason(coder: Coder, words: int) -> None:
    long = "Russia attacked " + "Ukraine and " * (words // 2) + "Georgia."
    traces = coder.trace(article(f"{EVENT}\n\n{long}\n\n{EVENT}"))
    assert [len(trace.rows) for trace in traces] == [1, 0, 1]
    assert traces[1].skipped == f"longer than {MAX_CHARS} characters"


def test_a_sentence_of_too_many_short_words_is_skipped_with_a_reason(coder: Coder) -> None:
    long = "Iran hit " + "a, " * (MAX_TOKENS // 2) + "Iraq."
    traces = coder.trace(article(f"{long}\n\n{EVENT}"))
    assert traces[0].skipped == f"longer than {MAX_TOKENS} words"
    assert len(traces[1].rows) == 1


def test_an_overlong_title_leaves_the_text_its_rows(coder: Coder) -> None:
    assert types(coder, EVENT, "Russia attacks Ukraine " * 200) == ["ASSAULT"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "\x00\x01\x02 Russia \x00 attacked \x00 Ukraine \x7f.",
        "\ud83d Russia attacked Ukraine \udc00.",
        "\U0001f1f7\U0001f1fa attacked \U0001f1fa\U0001f1e6 \U0001f600\U0001f4a5 Russia attacked Ukraine.",
        "هاجمت روسيا أوكرانيا Russia attacked Ukraine يوم الاثنين.",
        "\u202eRussia attacked Ukraine\u202c, אמר נתניהו.",
        "俄罗斯攻击乌克兰。Russia attacked Ukraine。",
        "e\u0301" * 500 + " Russia attacked Ukraine.",
        "\u200b\ufeffRussia\u00a0attacked\u2028Ukraine.",
        "." * 20_000,
        "\"\u201c\u201d'\u2019" * 4_000,
        "(" * 5_000 + "Russia attacked Ukraine" + ")" * 5_000,
        "Russia-" * 3_000,
        "A" * 100_000,
    ],
)
def test_strange_characters_crash_nothing_and_hide_no_neighbour(coder: Coder, text: str) -> None:
    groups: list[list[str | None]] = []
    took = seconds(lambda: groups.append(types(coder, f"{text}\n\n{EVENT}", text[:300])))
    assert groups[0][-1:] == ["ASSAULT"]
    assert took < 5


def test_nothing_is_quadratic_in_repeated_names(coder: Coder) -> None:
    def repeated(times: int) -> float:
        return seconds(lambda: coder.code([article("Russia and Ukraine met. " * times)]))

    repeated(50)
    assert repeated(1_600) < 8 * 2.5 * repeated(200)


def test_ten_thousand_names_in_a_row(coder: Coder) -> None:
    names = ", ".join(["Russia", "Ukraine", "Iran", "Vladimir Putin", "the United Nations"] * 2_000)
    took = seconds(lambda: coder.code([article(f"{EVENT}\n\n{names} met.\n\n{EVENT}")]))
    assert took < 10


def test_the_longest_sentence_that_is_parsed_takes_bounded_time(coder: Coder) -> None:
    text = "Russia attacked Ukraine, " + "and Iran said Iraq hit Syria " * 22 + "on Monday."
    assert len(text) < MAX_CHARS
    assert seconds(lambda: coder.code([article(text)])) < 5


@pytest.mark.slow
def test_an_article_of_200_000_words(coder: Coder) -> None:
    """Political from end to end: the whole is coded, not a part of it."""
    count = 200_000 // (len(EVENT.split()) + len(FILLER.split())) + 1
    text = "\n\n".join([f"{EVENT} {FILLER}"] * count)
    assert len(text.split()) >= 200_000
    found: list[list[str | None]] = []
    took = seconds(lambda: found.append(types(coder, text)))
    assert found[0] == ["ASSAULT"] * count
    assert took < 120
