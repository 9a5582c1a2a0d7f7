"""Dates as feeds write them → aware UTC datetimes; None where one cannot be read, never "now"."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Sequence
from pathlib import Path

import dateutil.parser


def zone_offsets(path: Path) -> dict[str, int]:
    """Return seconds east of UTC by zone name; ValueError with file and line for a bad table."""
    offsets: dict[str, int] = {}
    for number, row in enumerate(path.read_text("ascii").splitlines()[1:], 2):
        name, _, hours = row.partition("\t")
        try:
            if not name.isupper() or name in offsets:
                raise ValueError("a name in capitals, once")
            offsets[name] = round(float(hours) * 3600)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {row!r}: {error}") from error
    return offsets


_ZONES = zone_offsets(Path(__file__).parent / "data" / "zones.tsv")
# Two readings of what is missing; a date on which they differ was not all there.
_DEFAULTS = (dt.datetime(1999, 3, 9), dt.datetime(1998, 4, 10))  # noqa: DTZ001 - only fill gaps
_USUAL = re.compile(
    r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_NUMERIC = re.compile(r"\D{0,12}?(\d{1,2})([/.-])(\d{1,2})\2\d{2,4}(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\D")
_YMD = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_TO_THE_DAY = re.compile(r"\d+\D+\d+\D+\d|\d+\W*[A-Za-z]{3,}\W+\d|[A-Za-z]{3,}\W+\d+\W+\d|\d{8}")
_OFFSET_NAME = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.IGNORECASE)
_LONGEST = 100  # characters; a longer "date" is prose, and dateutil is slow on prose
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # outside, it is a placeholder (0001-01-01) or noise
_MONTHS = 12


def utc(text: str | None, parsed: Sequence[int] | None = None) -> dt.datetime | None:
    """Return when a feed says something happened; None where that is not clear to the day.

    Read as RFC 822 and ISO 8601 first, then by dateutil, where day and month cannot be mixed up:
    "01/02/2024" is no date, "13/02/2024" and "01.02.2024" are. feedparser comes last: it knows dates
    that dateutil does not (Korean, Greek, Hungarian, 24:00), but reads unknown zones as UTC, loses
    "PM" and fills gaps from the clock.

    Args:
        text: The date as the feed writes it.
        parsed: What feedparser made of it: year, month, day, hour, minute, second in UTC.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST or _is_impossible(text):
        return None
    found = _usual(text) or _epoch(text) or _iso(text) or _by_dateutil(text)
    if found is None and parsed is not None and _may_trust(parsed, text):
        found = _moment(parsed)
    return found


def _is_impossible(text: str) -> bool:
    """Whether it begins like 2024-02-30: feedparser rolls that over, dateutil swaps 2024-13-05."""
    date = _YMD.match(text)
    if date is None or _EPOCH.fullmatch(text):
        return False
    try:
        dt.date(*(int(part) for part in date.groups()))
    except ValueError:
        return True
    return False


def _usual(text: str) -> dt.datetime | None:
    if not _USUAL.fullmatch(text):
        return None
    try:
        return _plausible(email.utils.parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _epoch(text: str) -> dt.datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    milliseconds = len(text.partition(".")[0]) > len("1704452400")
    return _plausible(
        dt.datetime.fromtimestamp(float(text) / (1000 if milliseconds else 1), dt.UTC)
    )


def _may_trust(parsed: Sequence[int], text: str) -> bool:
    """Whether feedparser's reading is of a whole, possible date that stands in the text."""
    if _NUMERIC.match(text) and not _YMD.match(text):
        return False
    # Time zones may carry a date over New Year.
    years = (parsed[0], parsed[0] - 1, parsed[0] + 1)
    return _TO_THE_DAY.search(text) is not None and any(
        f"{year % 100:02d}" in text for year in years
    )


def _moment(parsed: Sequence[int]) -> dt.datetime | None:
    year, month, day, hour, minute, second = (int(part) for part in parsed[:6])
    try:
        moment = dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None
    return _plausible(moment)


def _iso(text: str) -> dt.datetime | None:
    if not _YEAR_FIRST.match(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return _plausible(moment)


def _by_dateutil(text: str) -> dt.datetime | None:
    text = _OFFSET_NAME.sub("", text)
    orders = {False}
    numeric = None if _YEAR_FIRST.match(text) else _NUMERIC.match(text)
    if numeric is not None and numeric[2] == ".":
        orders = {True}  # nobody writes the month first with full stops
    elif numeric is not None and max(int(numeric[1]), int(numeric[3])) <= _MONTHS:
        orders = {False, True}
    readings = {_reading(text, default, day_first) for default in _DEFAULTS for day_first in orders}
    moment = readings.pop()
    return None if readings or moment is None else _plausible(moment)


def _reading(text: str, default: dt.datetime, day_first: bool) -> dt.datetime | None:
    try:
        return dateutil.parser.parse(text, default=default, dayfirst=day_first, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        # dateutil raises ParserError (a ValueError), and the others on odd enough strings.
        return None


def _zone(name: str | None, offset_s: int | None) -> int | None:
    """Return seconds east of UTC. An unknown name is UTC; dateutil would try the machine's own zone."""
    if offset_s is not None or name is None:
        return offset_s
    return _ZONES.get(name.upper(), 0)


def _plausible(moment: dt.datetime) -> dt.datetime | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)  # no zone: the best reading there is, RFC 2822, 4.3
    try:
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
