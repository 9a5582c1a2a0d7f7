"""Time expressions in English text: where they stand and what they say, not yet resolved.

A grammar of our own, after dateparser 1.5 (which htmldate brings) was measured: cut-out expressions took
it 1.8 ms each and 5 of 17 usual ones came out wrong ("early Monday", "in early October", "the 1990s"; a
weekday is never the day of publication) and without precision; its search takes the verbs "may" and
"march" and the 2000 of "2000 people" for dates. This one takes 0.1 ms a sentence.
"""

# ruff: noqa: RUF001 - typographic marks are meant

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from transforms.events.wordlists import DATA, rows
from transforms.failures import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One time expression.

    Attributes:
        start, end: Where it stands in the sentence.
        text: Its words.
        kind: date, month, season, year, decade, weekday, shifted (some units from now) or near
            (today and the like).
        day, month, year, weekday: What it names; None: it does not.
        shift: Units from now; for weekday and month -1 last, 0 this, 1 next; None: none said.
        unit: day, week, month or year, of shift.
    """

    start: int
    end: int
    text: str
    kind: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    shift: int | None = None
    unit: str | None = None


_KINDS = frozenset({"month", "weekday", "number", "season"})
_SIDES = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_NEAR = {"today": 0, "tonight": 0, "overnight": 0, "yesterday": -1, "tomorrow": 1}


@functools.cache
def _words() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
    for row in rows(DATA / "dates.tsv", 3):
        value = row.required(2)
        if not value.isdigit():
            raise ConfigError(f"{row.place}: {value!r} is no number")
        found[row.one_of(1, _KINDS)][row.required(0)] = int(value)
    return found


@functools.cache
def _pattern() -> re.Pattern[str]:
    def either(kind: str) -> str:
        return "|".join(sorted(map(re.escape, _words()[kind]), key=len, reverse=True))

    # Capitals tell "May" and "March" from the verbs; headlines in capitals lose nothing else.
    month = "|".join(
        sorted((re.escape(m.capitalize()) for m in _words()["month"]), key=len, reverse=True)
    )
    weekday = "|".join(
        sorted((re.escape(w.capitalize()) for w in _words()["weekday"]), key=len, reverse=True)
    )
    day = r"(?:[12]\d|3[01]|0?[1-9])"
    year = r"(?:1[6-9]\d\d|20\d\d)"
    count = rf"(?:\d{{1,3}}|{either('number')})"
    sides = "|".join(_SIDES)
    return re.compile(
        rf"\b(?P<iso>(?P<iy>{year})-(?P<im>[01]\d)-(?P<id>[0-3]\d))\b"
        rf"|\b(?P<md>(?P<mdm>{month})\.?\s(?P<mdd>{day})(?:st|nd|rd|th)?\b(?!:|\.\d|,\d)"
        rf"(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,?\s(?P<mdy>{year})\b)?)"
        rf"|\b(?P<dm>(?P<dmd>{day})(?:st|nd|rd|th)?(?:\s?[-–]\s?\d{{1,2}})?\s(?:of\s)?"
        rf"(?P<dmm>{month})\b\.?(?:,?\s(?P<dmy>{year})\b)?)"
        rf"|\b(?P<my>(?P<mym>{month})\.?,?\s(?:of\s)?(?P<myy>{year}))\b"
        rf"|\b(?P<mside>(?i:(?P<ms>{sides})|(?:early|late|mid|mid-|since|in|until|by|from|during|of))"
        rf"[\s-](?:(?i:early|late|mid)[\s-])?(?P<msm>{month})\b(?!\.?,?\s(?:of\s)?\d))"
        rf"|\b(?P<wd>(?:(?i:(?P<ws>{sides}))\s)?(?P<wdw>{weekday})\b)(?!\s(?i:paper|newspaper))"
        rf"|\b(?P<season>(?i:(?P<ss>{sides})|in|the|since|early|late)\s(?:(?i:the)\s)?"
        rf"(?i:(?P<sn>{either('season')}))(?:\s(?:of\s)?(?P<sy>{year}))?)\b"
        rf"|\b(?P<unit>(?i:(?P<us>{sides}))\s(?i:(?P<uu>week|weekend|month|year)))\b"
        rf"|\b(?P<ago>(?i:(?P<an>{count})\s(?P<au>day|week|month|year|decade)s?\s(?:ago|earlier)))\b"
        rf"|\b(?P<ahead>(?i:in\s(?P<hn>{count})\s(?P<hu>day|week|month|year)s?))(?!['’])\b"
        rf"|\b(?P<near>(?i:{'|'.join(_NEAR)}))\b"
        rf"|\b(?P<decade>(?i:the\s)(?:early\s|late\s|mid-)?(?P<dec>(?:1[6-9]|20)\d0)s)\b"
        rf"|\b(?P<year>{year})\b(?!\s?(?:people|troops|soldiers|km|miles|percent|per|dead|%|GMT|UTC|hours|hrs|local|EST|EDT|CET)|[,.]\d|-)"
    )


def expressions(text: str) -> Iterator[Expression]:
    """Yield the time expressions of a sentence, in order and disjoint."""
    for found in _pattern().finditer(text):
        fields = _FIELDS[_kind(found)](found)
        yield Expression(start=found.start(), end=found.end(), text=found.group(), **fields)


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in _FIELDS if found[kind] is not None)


def _month(name: str) -> int:
    return _words()["month"][name.lower()]


def _integer(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _words()["number"][words.lower()]


def _side(word: str | None) -> int | None:
    return _SIDES[word.lower()] if word else None


def _ago(found: re.Match[str]) -> dict[str, Any]:
    unit, count = found["au"].lower(), _count(found["an"])
    if unit == "decade":
        unit, count = "year", count * 10
    return {"kind": "shifted", "shift": -count, "unit": unit}


_FIELDS: dict[str, Callable[[re.Match[str]], dict[str, Any]]] = {
    "iso": lambda f: {
        "kind": "date",
        "year": int(f["iy"]),
        "month": int(f["im"]),
        "day": int(f["id"]),
    },
    "md": lambda f: {
        "kind": "date",
        "month": _month(f["mdm"]),
        "day": int(f["mdd"]),
        "year": _integer(f["mdy"]),
    },
    "dm": lambda f: {
        "kind": "date",
        "month": _month(f["dmm"]),
        "day": int(f["dmd"]),
        "year": _integer(f["dmy"]),
    },
    "my": lambda f: {"kind": "month", "month": _month(f["mym"]), "year": int(f["myy"])},
    "mside": lambda f: {"kind": "month", "month": _month(f["msm"]), "shift": _side(f["ms"])},
    "wd": lambda f: {
        "kind": "weekday",
        "weekday": _words()["weekday"][f["wdw"].lower()],
        "shift": _side(f["ws"]),
    },
    "season": lambda f: {
        "kind": "season",
        "month": _words()["season"][f["sn"].lower()],
        "year": _integer(f["sy"]),
        "shift": _side(f["ss"]),
    },
    "unit": lambda f: {
        "kind": "shifted",
        "shift": _side(f["us"]),
        "unit": "week" if f["uu"].lower() == "weekend" else f["uu"].lower(),
    },
    "ago": _ago,
    "ahead": lambda f: {"kind": "shifted", "shift": _count(f["hn"]), "unit": f["hu"].lower()},
    "near": lambda f: {"kind": "near", "shift": _NEAR[f["near"].lower()], "unit": "day"},
    "decade": lambda f: {"kind": "decade", "year": int(f["dec"])},
    "year": lambda f: {"kind": "year", "year": int(f["year"])},
}
