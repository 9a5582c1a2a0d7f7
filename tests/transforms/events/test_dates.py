"""When: time expressions, their resolution against the day of publication, and what they date."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.dates import event_date
from transforms.events.dates.expressions import Expression, expressions
from transforms.events.dates.resolve import FUTURE, NEITHER, PAST, resolve

PUBLISHED = dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)  # a Friday
TODAY = PUBLISHED.date()


def only(text: str) -> Expression:
    found = list(expressions(text))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "direction", "date", "precision"),
    [
        ("on Friday", PAST, "2024-11-22", "day"),
        ("on Friday", FUTURE, "2024-11-22", "day"),
        ("on Thursday", PAST, "2024-11-21", "day"),
        ("on Saturday", PAST, "2024-11-16", "day"),
        ("on Saturday", FUTURE, "2024-11-23", "day"),
        ("on Saturday", NEITHER, "2024-11-16", "day"),
        ("last Friday", PAST, "2024-11-15", "day"),
        ("next Friday", FUTURE, "2024-11-29", "day"),
        ("this Sunday", NEITHER, "2024-11-24", "day"),
        ("early Monday", PAST, "2024-11-18", "day"),
        ("Monday night", PAST, "2024-11-18", "day"),
        ("today", PAST, "2024-11-22", "day"),
        ("overnight", PAST, "2024-11-22", "day"),
        ("yesterday", PAST, "2024-11-21", "day"),
        ("tomorrow", FUTURE, "2024-11-23", "day"),
        ("two days ago", PAST, "2024-11-20", "day"),
        ("ten days earlier", PAST, "2024-11-12", "day"),
        ("in three days", FUTURE, "2024-11-25", "day"),
        ("last week", PAST, "2024-11-11", "month"),
        ("last weekend", PAST, "2024-11-11", "month"),
        ("a week ago", PAST, "2024-11-11", "month"),
        ("two weeks ago", PAST, "2024-11-04", "month"),
        ("last month", PAST, "2024-10-01", "month"),
        ("this month", PAST, "2024-11-01", "month"),
        ("next month", FUTURE, "2024-12-01", "month"),
        ("eleven months ago", PAST, "2023-12-01", "month"),
        ("last year", PAST, "2023-01-01", "year"),
        ("next year", FUTURE, "2025-01-01", "year"),
        ("three years ago", PAST, "2021-01-01", "year"),
        ("a decade ago", PAST, "2014-01-01", "year"),
        ("in June", PAST, "2024-06-01", "month"),
        ("in December", PAST, "2023-12-01", "month"),
        ("in December", FUTURE, "2024-12-01", "month"),
        ("in March", FUTURE, "2025-03-01", "month"),
        ("in November", PAST, "2024-11-01", "month"),
        ("last November", PAST, "2023-11-01", "month"),
        ("last June", PAST, "2024-06-01", "month"),
        ("next June", FUTURE, "2025-06-01", "month"),
        ("in early October", PAST, "2024-10-01", "month"),
        ("since mid-July", PAST, "2024-07-01", "month"),
        ("in June 2019", PAST, "2019-06-01", "month"),
        ("in Feb. 2022", PAST, "2022-02-01", "month"),
        ("on May 27", PAST, "2024-05-27", "day"),
        ("on Dec. 3", PAST, "2023-12-03", "day"),
        ("on Dec. 3", FUTURE, "2024-12-03", "day"),
        ("on Nov. 22", PAST, "2024-11-22", "day"),
        ("on Nov. 21, 2024", PAST, "2024-11-21", "day"),
        ("on Sept. 11, 2001", PAST, "2001-09-11", "day"),
        ("on March 3rd", PAST, "2024-03-03", "day"),
        ("on 13 April 2024", PAST, "2024-04-13", "day"),
        ("on the 5th of August", PAST, "2024-08-05", "day"),
        ("on 2023-01-31", PAST, "2023-01-31", "day"),
        ("from Nov. 18-20", PAST, "2024-11-18", "day"),
        ("in 2022", PAST, "2022-01-01", "year"),
        ("since 2014", PAST, "2014-01-01", "year"),
        ("in the 1990s", PAST, "1990-01-01", "year"),
        ("in the summer of 2014", PAST, "2014-06-01", "year"),
        ("last spring", PAST, "2024-03-01", "year"),
        ("the 1975 war", PAST, "1975-01-01", "year"),
    ],
)
def test_resolves(text: str, direction: int, date: str, precision: str) -> None:
    found = resolve(only(text), TODAY, direction)
    assert found is not None
    assert (str(found.date), found.precision) == (date, precision)


@pytest.mark.parametrize(
    "text",
    [
        "They may march on the capital.",
        "The second round ended 3-2.",
        "More than 2000 people fled.",
        "It cost 1,990 dollars.",
        "Flight 1984-A crashed.",
        "The sun rose.",
        "Theresa May spoke.",
        "a three-day visit",
        "for 20 years",
    ],
)
def test_leaves_other_words_alone(text: str) -> None:
    assert list(expressions(text)) == []


@pytest.mark.parametrize("text", ["on Feb. 30, 2024", "on 2024-13-01", "on 2024-02-31"])
def test_no_date_of_days_that_are_not(text: str) -> None:
    assert all(resolve(each, TODAY, PAST) is None for each in expressions(text))


def test_without_publication_only_full_dates_resolve() -> None:
    assert resolve(only("on Friday"), None, PAST) is None
    assert resolve(only("last year"), None, PAST) is None
    assert resolve(only("in June"), None, PAST) is None
    found = resolve(only("on June 3, 2021"), None, PAST)
    assert found is not None
    assert found.date == dt.date(2021, 6, 3)


@pytest.mark.parametrize(
    ("text", "trigger", "date", "precision"),
    [
        # the event's own clause
        ("Russia attacked Kyiv on Monday.", "attack", "2024-11-18", "day"),
        ("On Thursday, Turkey's president met Putin in Sochi.", "meet", "2024-11-21", "day"),
        ("The two leaders signed a treaty in June, during a visit.", "sign", "2024-06-01", "month"),
        ("Biden will visit Hanoi on Tuesday.", "visit", "2024-11-26", "day"),
        ("The troops are to leave in March.", "leave", "2025-03-01", "month"),
        ("The 2014 invasion of the peninsula angered Kyiv.", "invasion", "2014-01-01", "year"),
        ("The launch failed on May 27.", "fail", "2024-05-27", "day"),
        # a verb of saying keeps its own
        ("Russia attacked Kyiv, the adviser said Friday.", "attack", "2024-11-22", "published"),
        ("Russia attacked Kyiv on Monday, the adviser said Friday.", "attack", "2024-11-18", "day"),
        ("The mayor said Thursday that Russia attacked Kyiv.", "attack", "2024-11-22", "published"),
        ("The mayor said Thursday that Russia attacked Kyiv.", "say", "2024-11-21", "day"),
        ("Police said they arrested the man on Saturday.", "arrest", "2024-11-16", "day"),
        # shared with what hangs on it
        ("Russia attacked Kyiv on Wednesday, killing three people.", "kill", "2024-11-20", "day"),
        ("Blinken visited Kyiv on Monday and met the president.", "meet", "2024-11-18", "day"),
        (
            "When asked about the deployment last month, Putin criticised the West.",
            "criticise",
            "2024-10-01",
            "month",
        ),
        ("Three soldiers were killed Sunday when a bomb exploded.", "explode", "2024-11-17", "day"),
        (
            "When asked about the raid last month, he used the question to criticise the army.",
            "criticise",
            "2024-10-01",
            "month",
        ),
        ("Monday's attack killed ten.", "kill", "2024-11-18", "day"),
        (
            "The pact was signed on the margins of the summit last month.",
            "sign",
            "2024-10-01",
            "month",
        ),
        # not shared
        (
            "The union imposed fines after the firm left in 2021.",
            "impose",
            "2024-11-22",
            "published",
        ),
        (
            "She called Moscow's offensive a struggle last week.",
            "offensive",
            "2024-11-22",
            "published",
        ),
        ("He condemned Monday's killing of an envoy.", "condemn", "2024-11-22", "published"),
        ("Iran may retaliate.", "retaliate", "2024-11-22", "published"),
        ("Turkey, which joined in 1952, vetoed the plan.", "veto", "2024-11-22", "published"),
        ("Turkey, which joined in 1952, vetoed the plan.", "join", "1952-01-01", "year"),
    ],
)
def test_dates_the_event(  # noqa: PLR0917 - a table's columns
    parse, frame_at, text, trigger, date, precision
) -> None:
    doc = parse(text)
    fields = {"cameo": "111"} if trigger == "condemn" else {}
    found = event_date(doc, frame_at(doc, trigger, **fields), PUBLISHED)
    assert (str(found.date), found.precision) == (date, precision)


def test_an_undated_article_dates_nothing_by_itself(parse, frame_at) -> None:
    doc = parse("Russia attacked Kyiv on Monday.")
    found = event_date(doc, frame_at(doc, "attack"), None)
    assert (found.date, found.precision) == (None, "published")


SCRAPS = """on Friday last next May 31 Feb. 30 2024 1990s the in ago two weeks years a decade
    ; , 9999 0 month today early - 12 31st of summer 1600 999 since"""
WORDS = st.sampled_from(SCRAPS.split())


@given(st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from([PAST, NEITHER, FUTURE]))
def test_any_words_resolve_or_do_not(text: str, direction: int) -> None:
    end = 0
    for each in expressions(text):
        assert text[each.start : each.end] == each.text
        assert each.start >= end
        end = each.end
        for published in (TODAY, dt.date(1, 1, 3), dt.date.max, None):
            found = resolve(each, published, direction)
            assert found is None or found.precision in {"day", "month", "year"}


@given(st.integers(0, 6), st.integers(0, 400))
def test_weekdays_keep_their_direction(weekday: int, shift: int) -> None:
    today = TODAY + dt.timedelta(days=shift)
    each = Expression(start=0, end=1, text="x", kind="weekday", weekday=weekday)
    back, ahead = resolve(each, today, PAST), resolve(each, today, FUTURE)
    assert back is not None
    assert ahead is not None
    assert back.date.weekday() == ahead.date.weekday() == weekday
    assert 0 <= (today - back.date).days < 7
    assert 0 <= (ahead.date - today).days < 7


def test_long_sentences_take_linear_time() -> None:
    text = "on Friday 12 May 2024 the early - 1990 " * 5_000
    start = time.perf_counter()
    assert sum(1 for _ in expressions(text)) > 5_000
    assert time.perf_counter() - start < 5


def test_a_time_right_behind_a_verb_of_saying_dates_the_saying(parse, frame_at) -> None:
    doc = parse("Ethiopia and Somalia said on Wednesday they would work together to end a dispute.")
    assert event_date(doc, frame_at(doc, "work"), PUBLISHED).precision == "published"
