"""From a time expression to a date, by the day of publication."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.events.dates.expressions import Expression

PAST, NEITHER, FUTURE = -1, 0, 1
DAY, MONTH, YEAR = "day", "month", "year"
_WEEK = 7
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Resolved:
    """A date, the first day that the expression allows, and how exact it is."""

    date: dt.date
    precision: str


def resolve(expression: Expression, published: dt.date | None, direction: int) -> Resolved | None:
    """Return the date of an expression; None where it needs a day of publication and there is none.

    Args:
        expression: What the text says.
        published: The day of publication; None: unknown.
        direction: PAST: the last such day up to publication; FUTURE: the next from it on; NEITHER:
            as PAST.
    """
    try:
        return _resolved(expression, published, direction)
    except (ValueError, OverflowError):  # Feb. 30, or beyond the calendar's years 1 to 9999
        return None


def _resolved(expression: Expression, published: dt.date | None, direction: int) -> Resolved | None:
    year = expression.year
    if expression.kind in {"year", "decade"} and year is not None:
        return Resolved(dt.date(year, 1, 1), YEAR)
    if expression.kind in {"date", "month", "season"}:
        return _named(expression, published, direction)
    if published is None:
        return None
    if expression.kind == "weekday":
        return Resolved(_weekday(expression, published, direction), DAY)
    return _shifted(expression, published)


def _named(expression: Expression, published: dt.date | None, direction: int) -> Resolved | None:
    """Resolve a month with or without day and year."""
    month, year = expression.month, expression.year
    if month is None:
        return None
    if year is None:
        if published is None:
            return None
        year = _year_of(month, expression.day or 1, published, direction, expression.shift)
    if expression.kind == "season":
        return Resolved(dt.date(year, month, 1), YEAR)
    return Resolved(dt.date(year, month, expression.day or 1), DAY if expression.day else MONTH)


def _year_of(month: int, day: int, published: dt.date, direction: int, shift: int | None) -> int:
    """Return the year of a month (and day) that the text gives without one."""
    here, named = (published.month, published.day), (month, day)
    if shift == 0:
        return published.year
    if shift is not None and shift != 0:
        ahead = month > here[0] if shift < 0 else month <= here[0]
        return published.year + (shift if ahead or (shift < 0 and month == here[0]) else 0)
    if direction == FUTURE:
        return published.year + (1 if named < (here[0], 1 if day == 1 else here[1]) else 0)
    return published.year - (1 if named > here else 0)


def _weekday(expression: Expression, published: dt.date, direction: int) -> dt.date:
    """Resolve a weekday; that of publication is today, but for "last" and "next"."""
    assert expression.weekday is not None
    back = (published.weekday() - expression.weekday) % _WEEK
    if expression.shift == -1:
        return published - dt.timedelta(days=back or _WEEK)
    if expression.shift == 1 or (direction == FUTURE and expression.shift is None):
        ahead = (_WEEK - back) % _WEEK
        if expression.shift == 1 and ahead == 0:
            ahead = _WEEK
        return published + dt.timedelta(days=ahead)
    if expression.shift == 0:  # "this Friday" of the current week, ahead where it may be
        return published + dt.timedelta(days=(_WEEK - back) % _WEEK)
    return published - dt.timedelta(days=back)


def _shifted(expression: Expression, published: dt.date) -> Resolved | None:
    shift, unit = expression.shift, expression.unit
    if shift is None or unit is None:
        return None
    if expression.kind == "near":
        return Resolved(published + dt.timedelta(days=shift), DAY)
    # "last week" is a stretch of time and begins with its first day; so is "two months ago".
    if unit == "day":
        return Resolved(published + dt.timedelta(days=shift), DAY)
    if unit == "week":
        monday = published - dt.timedelta(days=published.weekday())
        return Resolved(monday + dt.timedelta(weeks=shift), MONTH)
    if unit == "month":
        months = published.year * _MONTHS + published.month - 1 + shift
        year, month = divmod(months, _MONTHS)
        return Resolved(dt.date(year, month + 1, 1), MONTH)
    return Resolved(dt.date(published.year + shift, 1, 1), YEAR)
