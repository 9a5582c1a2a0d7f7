"""Dates as feeds write them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from feedparser.datetimes import _parse_date
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.dates import utc, zone_offsets


def read(text: str) -> dt.datetime | None:
    return utc(text, _parse_date(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 22 Nov 2024 09:30:00 GMT", "2024-11-22T09:30:00"),
        ("Fri, 22 Nov 2024 09:30:00 -0500", "2024-11-22T14:30:00"),
        ("Fri, 22 Nov 2024 09:30:00 EST", "2024-11-22T14:30:00"),
        ("Fri, 22 Nov 2024 09:30:00 JST", "2024-11-22T00:30:00"),
        ("Fri, 05 Jul 2024 10:30:00 BST", "2024-07-05T09:30:00"),
        ("Fri,22 Nov 2024 09:30:00 +0000", "2024-11-22T09:30:00"),
        ("\tFri , \t 22  Nov\t2024  09:30:45\t +0000", "2024-11-22T09:30:45"),
        ("22 Nov 2024 09:30 PM EST", "2024-11-23T02:30:00"),
        ("Fri, 22 Nov 2024 09:30:00 GMT+0100", "2024-11-22T08:30:00"),
        ("Fri Nov 22 09:30:00 EST 2024", "2024-11-22T14:30:00"),
        ("November 22, 2024", "2024-11-22T00:00:00"),
        ("Friday, November 22nd, 2024 at 9:30pm", "2024-11-22T21:30:00"),
        ("Dec. 5, 2024, 3:04 p.m. ET", "2024-12-05T20:04:00"),
        ("2024-11-22T09:30:00Z", "2024-11-22T09:30:00"),
        ("2024-11-22T09:30:00.5+05:30", "2024-11-22T04:00:00.500000"),
        ("2024-11-22T09:30:00+0530", "2024-11-22T04:00:00"),
        ("2024-11-22 09:30:00", "2024-11-22T09:30:00"),
        ("2024-11-22", "2024-11-22T00:00:00"),
        ("20241122T093000Z", "2024-11-22T09:30:00"),
        ("2024-01-05T24:00:00Z", "2024-01-06T00:00:00"),
        ("2024-12-31T23:30:00-05:00", "2025-01-01T04:30:00"),
        ("1732267800", "2024-11-22T09:30:00"),
        ("1732267800000", "2024-11-22T09:30:00"),
        ("13/02/2024", "2024-02-13T00:00:00"),
        ("02/13/2024 10:00", "2024-02-13T10:00:00"),
        ("05.01.2024", "2024-01-05T00:00:00"),
        ("2024/01/05 10:30", "2024-01-05T10:30:00"),
    ],
)
def test_dates_that_say_when(text: str, expected: str) -> None:
    found = read(text)
    assert found == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)
    assert found is not None
    assert found.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "10:30",  # feedparser: today
        "March",
        "Friday",
        "2024",
        "2024-11",
        "12-31",
        "--12-31",  # feedparser: this year
        "01/02/2024",  # January or February?
        "2024-02-30T00:00:00Z",  # feedparser: 1 March
        "2024-13-05",  # dateutil: 13 May
        "Mon, 31 Jun 2024 10:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "Thu, 04 Jul 1776 18:30:02 GMT",
        "insert date here",
        "9" * 90,
        "x" * 10_000,
    ],
)
def test_dates_that_do_not_are_none_and_never_now(text: str) -> None:
    assert read(text) is None


@given(st.integers(86_400, 7_000_000_000))  # 1970-2191
def test_written_in_any_standard_form_a_date_is_read_back(seconds: int) -> None:
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    for form in ("%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y %H:%M:%S GMT"):
        assert read(moment.strftime(form)) == moment


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = read(text)
    assert found is None or found.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("row", ["EST", "EST\tfive", "est\t-5", "GMT\t0\nGMT\t0"])
def test_a_bad_zone_table_is_named_with_its_line(tmp_path: Path, row: str) -> None:
    table = tmp_path / "zones.tsv"
    table.write_text(f"name\thours_east\n{row}\n")
    with pytest.raises(ValueError, match=r"zones.tsv, line \d"):
        zone_offsets(table)
