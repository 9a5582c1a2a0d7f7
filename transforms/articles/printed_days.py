"""A day that a page prints without its year ("24 June, 11:30"), as newsrooms do beside a headline.

Looked for in short elements only whose class or id says that they hold a date. Its year is that of the other
date that was read of the page, if the two are at most a week apart; without one, the day must lie in the
month before the page was fetched.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

import lxml.html

MAX_CHARS = 40  # "Published on 24 September at 11:30 a.m."
NEAR = dt.timedelta(days=7)
LATELY = dt.timedelta(days=31)

_HOLDS_A_DATE = re.compile(r"date|(?<![a-z])time(?![a-z])|publish|posted", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Full names, and Python's three letters with the one usual form that they do not give.
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = re.compile(
    rf"(?<!\d)(?P<m0>\d\d?)\s?月\s?(?P<d0>\d\d?)\s?日"
    rf"|\b(?P<m1>{_MONTH})\b\.?\s(?P<d1>\d\d?)(?:st|nd|rd|th)?(?![\d:])"
    rf"|(?<![\d:])(?P<d2>\d\d?)(?:st|nd|rd|th)?\.?\s(?:of\s)?(?P<m2>{_MONTH})\b",
    re.IGNORECASE,
)


def printed_day(
    tree: lxml.html.HtmlElement, other: dt.datetime | None, fetched_at: dt.datetime
) -> dt.datetime | None:
    """Return the first day printed without a year, at midnight UTC; None: none, or its year is not clear.

    Args:
        other: Another date that was read of the page.
    """
    for month, day in _days(tree):
        if other is None:
            latest = _nearest(month, day, fetched_at - LATELY / 2)
            return latest if latest and fetched_at - LATELY <= latest <= fetched_at else None
        found = _nearest(month, day, other)
        return found if found and abs(found - other) <= NEAR else None
    return None


def _days(tree: lxml.html.HtmlElement) -> Iterator[tuple[int, int]]:
    for element in tree.iter("time", "span", "p", "div", "li", "abbr", "small"):
        if not _HOLDS_A_DATE.search(f"{element.get('class')} {element.get('id')}"):
            continue
        text = " ".join(element.text_content().split())
        found = _DAY.search(text) if len(text) <= MAX_CHARS and not _YEAR.search(text) else None
        if found:
            month, day = (found[f"m{found.lastgroup[1]}"], found[f"d{found.lastgroup[1]}"])  # type: ignore[index]
            yield _MONTHS.get(month.lower()) or int(month), int(day)


def _nearest(month: int, day: int, other: dt.datetime) -> dt.datetime | None:
    """Return the day of the year in which it is nearest; None where no year has it."""
    found = []
    for year in (other.year - 1, other.year, other.year + 1):
        try:
            found.append(dt.datetime(year, month, day, tzinfo=dt.UTC))
        except ValueError:
            continue
    return min(found, key=lambda value: abs(value - other), default=None)
