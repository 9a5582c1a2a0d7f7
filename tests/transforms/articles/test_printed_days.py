"""Days that a page prints without their year."""

import datetime as dt

import lxml.html
import pytest

from transforms.articles.printed_days import printed_day

FETCHED = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
OTHER = dt.datetime(2019, 6, 19, tzinfo=dt.UTC)


def read(inside, other=OTHER, fetched_at=FETCHED):
    tree = lxml.html.fromstring(f"<html><body><h1>Talks</h1>{inside}<p>Text.</p></body></html>")
    found = printed_day(tree, other, fetched_at)
    return found and found.date().isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "24 June, 11:30",
        "June 24",
        "Mon, Jun 24th 11:30",
        "24th of June",
        "[06月24日 11時30分]",
        "24. June",
    ],
)
def test_its_year_is_that_of_the_pages_other_date(text):
    assert read(f'<p class="article__date">{text}</p>') == "2019-06-24"


@pytest.mark.parametrize(
    "inside",
    [
        "<p>24 June, 11:30</p>",  # nothing says that it is a date of the page
        '<p class="date">24 June 2018</p>',
        '<p class="date">24 July</p>',  # more than a week from the other
        '<p class="date">31 June</p>',
        '<p class="date">Talks between the two sides end on 24 June, officials say</p>',
        '<p class="sometimes">24 June</p>',
        '<p class="date">11:24 June Smith</p>',
        '<p class="date">today</p>',
    ],
)
def test_what_is_none(inside):
    assert read(inside) is None


@pytest.mark.parametrize(
    ("other", "text", "day"),
    [
        (dt.datetime(2019, 1, 2, tzinfo=dt.UTC), "30 December", "2018-12-30"),
        (dt.datetime(2019, 12, 30, tzinfo=dt.UTC), "2 January", "2020-01-02"),
        (dt.datetime(2020, 2, 27, tzinfo=dt.UTC), "29 February", "2020-02-29"),
    ],
)
def test_years_turn(other, text, day):
    assert read(f'<span id="publish-time">{text}</span>', other) == day


@pytest.mark.parametrize(
    ("text", "day"), [("24 June", "2024-06-24"), ("2 July", None), ("24 May", None)]
)
def test_without_another_date_it_must_be_of_the_last_month(text, day):
    assert read(f'<span class="posted">{text}</span>', None) == day
