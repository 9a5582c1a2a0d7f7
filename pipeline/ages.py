"""Lengths of time as users write them: 30d, 12h, 2w, 90s."""

from __future__ import annotations

import datetime as dt
import re

from transforms.failures import UsageError

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGE = re.compile(r"(\d{1,5})([smhdw])")


def age(flag: str, text: str) -> dt.timedelta:
    """Return an age: a whole number and s, m, h, d or w.

    >>> age("--older-than", "2w")
    datetime.timedelta(days=14)
    """
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{flag} {text!r}: give a whole number and s, m, h, d or w, as in 30d")
    return dt.timedelta(**{UNITS[found[2]]: int(found[1])})
