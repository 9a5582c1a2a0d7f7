"""Dates as feeds write them → aware UTC datetimes; None where one cannot be read, never "now"."""

from __future__ import annotations

import datetime as dt
import re
import warnings
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
_SLASHED = re.compile(r"^\D{0,12}?(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}(?!\d)")
_YEAR_FIRST = re.compile(r"^\s*\d{4}\D")
_OFFSET_NAME = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.IGNORECASE)
_LONGEST = 100  # characters; a longer "date" is prose, and dateutil is slow on prose
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # outside, it is a placeholder (0001-01-01) or noise
_MONTHS = 12


def utc(text: str | None, parsed: Sequence[int] | None = None) -> dt.datetime | None:
    """Return when a feed says something happened.

    Args:
        text: The date as the feed writes it.
        parsed: What feedparser made of it: year, month, day, hour, minute, second in UTC. Taken
            where its year stands in the text: its ISO 8601 handler fills gaps from the clock.
    """
    if text is None or not text.strip() or len(text) > _LONGEST:
        return None
    if parsed is not None and _year_is_in(parsed[0], text) and not _needs_dateutil(text):
        moment = _moment(parsed)
        if moment is not None:
            return moment
    return _iso(text.strip()) or _by_dateutil(text)


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
    readings = {_reading(text, default, day_first=False) for default in _DEFAULTS}
    ambiguous = _SLASHED.match(text)
    if ambiguous and all(1 <= int(part) <= _MONTHS for part in ambiguous.groups()):
        readings |= {_reading(text, default, day_first=True) for default in _DEFAULTS}
    if len(readings) != 1:
        return None
    moment = readings.pop()
    return None if moment is None else _plausible(moment)


def _reading(text: str, default: dt.datetime, *, day_first: bool) -> dt.datetime | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dateutil.parser.UnknownTimezoneWarning)
            return dateutil.parser.parse(text, default=default, dayfirst=day_first, tzinfos=_ZONES)
    except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        # dateutil raises ParserError (a ValueError), and the others on odd enough strings.
        return None


def _plausible(moment: dt.datetime) -> dt.datetime | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)  # no zone: the best reading there is, RFC 2822, 4.3
    try:
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _year_is_in(year: int, text: str) -> bool:
    """Whether the year, or its neighbour (a zone may carry over New Year), stands in the text."""
    return any(f"{near % 100:02d}" in text for near in (year, year - 1, year + 1))


def _needs_dateutil(text: str) -> bool:
    """Whether day and month may be mixed up: feedparser guesses there, `_by_dateutil` does not."""
    match = _SLASHED.match(text)
    return match is not None and not _YEAR_FIRST.match(text)
