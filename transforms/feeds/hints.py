"""When a publisher wishes its feed to be polled: ttl, sy:updatePeriod, skipHours, skipDays."""

from __future__ import annotations

import re

# Seconds of sy:updatePeriod, https://web.resource.org/rss/1.0/modules/syndication/
_PERIODS_S = {
    "hourly": 3600.0,
    "daily": 86400.0,
    "weekly": 604800.0,
    "monthly": 2592000.0,
    "yearly": 31536000.0,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([A-Za-z]+)\s*</day>", re.IGNORECASE)
_HOURS_A_DAY = 24
_LONGEST = 5000  # characters of a whole list


def ttl_s(ttl: str | None, period: str | None, frequency: str | None) -> float | None:
    """Return the interval in seconds: ttl (minutes), else sy:updatePeriod / sy:updateFrequency.

    >>> ttl_s(None, "daily", "4")
    21600.0
    """
    minutes = _number(ttl)
    if minutes is not None:
        return minutes * 60
    period_s = _PERIODS_S.get((period or "").strip().lower())
    return None if period_s is None else period_s / (_number(frequency) or 1.0)


def skip_hours(text: str) -> tuple[int, ...]:
    """Return the hours of a feed's skipHours, sorted; 24 (RSS 0.91 counts from 1) is 0.

    feedparser keeps the last hour only, so they are read from the document's text.
    """
    hours = {int(hour) % _HOURS_A_DAY for hour in _HOUR.findall(_list(text, "skipHours"))}
    return tuple(sorted(hours))


def skip_days(text: str) -> tuple[int, ...]:
    """Return the days of a feed's skipDays, sorted; Monday is 0."""
    days = {day.lower() for day in _DAY.findall(_list(text, "skipDays"))}
    return tuple(number for number, day in enumerate(_DAYS) if day in days)


def _list(text: str, name: str) -> str:
    start = text.find(f"<{name}")
    end = text.find(f"</{name}", start) if start >= 0 else -1
    return text[start : min(end, start + _LONGEST)] if end >= 0 else ""


def _number(text: str | None) -> float | None:
    """Return a positive number of at most nine digits; None for anything else."""
    match = re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", (text or "").strip())
    return (float(match[0]) or None) if match else None
