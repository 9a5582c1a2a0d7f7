"""Variants of a sentence that keep its labels: other actors, now and then another form.

What happened must not hang on who the actors are: "expelled" is no likelier between Russia and Britain
than between Peru and Benin. So countries are swapped for others throughout a sentence (name, nationality
and capital alike), leaders for other leaders, by the coder's own tables. Spans move with the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from learning.train.examples import Example
from transforms.events.frames.codes import rows
from transforms.events.learned.pieces import Pieces

ACTORS: Final = Path(__file__).parents[2] / "transforms" / "events" / "actors" / "data"
SWAPPED: Final = 0.6  # of the sentences have their countries swapped
RENAMED: Final = 0.5  # … their leaders
UNSTOPPED: Final = 0.1  # … lose their full stop, as headlines
DATED: Final = 0.04  # … get a dateline
MASK: Final = 103  # [MASK] in the vocabulary
_SPANS: Final = ("source", "target")
_ARTICLE = re.compile(r"\b(a|an|A|An) $")
_VOWELS: Final = frozenset("AEIOaeio")

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters [start, end) that become others."""

    start: int
    end: int
    text: str


class Swaps:
    """Names of countries and leaders, each with what they may be swapped for."""

    def __init__(self) -> None:
        self._forms: list[tuple[str, ...]] = []  # of a country: name, nationality, plural, capital
        places: dict[str, tuple[int, int]] = {}
        for _, (_, names, nationalities, capitals, *_) in rows(ACTORS / "countries.tsv", 4):
            name, people, capital = (
                each.split("|")[0] for each in (names, nationalities, capitals)
            )
            if "-" in (name, people, capital):
                continue
            stem, slash, ending = people.partition("/")
            self._forms.append((name, stem, stem + ending if slash else stem, capital))
            for form, spelling in enumerate(self._forms[-1]):
                places.setdefault(spelling, (len(self._forms) - 1, form))
        self._places = places
        self._people: list[tuple[str, str]] = []  # whole name, family name
        for _, cells in rows(ACTORS / "leaders.tsv", 7):
            if " " in cells[2] and cells[3] != "-":
                self._people.append((cells[2], cells[3]))
        self._person = {name: i for i, (name, _) in reversed(list(enumerate(self._people)))}
        self._place_pattern = _any_of(places)
        self._person_pattern = _any_of(self._person)

    def countries(self, text: str, chance: np.random.Generator) -> list[Edit]:
        """Return the edits that swap each country of a text for another one."""
        found = [(m, *self._places[m[0]]) for m in self._place_pattern.finditer(text)]
        others = self._others({country for _, country, _ in found}, len(self._forms), chance)
        return [
            Edit(m.start(), m.end(), self._forms[others[country]][form])
            for m, country, form in found
        ]

    def people(self, text: str, chance: np.random.Generator) -> list[Edit]:
        """Return the edits that swap each leader whose whole name is in a text, for another one."""
        named = {self._person[m[0]] for m in self._person_pattern.finditer(text)}
        edits = []
        for person, other in self._others(named, len(self._people), chance).items():
            (name, family), (new, new_family) = self._people[person], self._people[other]
            whole = [m.span() for m in re.finditer(rf"\b{re.escape(name)}\b", text)]
            edits += [Edit(start, end, new) for start, end in whole]
            edits += [
                Edit(m.start(), m.end(), new_family)
                for m in re.finditer(rf"\b{re.escape(family)}\b", text)
                if not any(start <= m.start() < end for start, end in whole)
            ]
        return edits

    @staticmethod
    def _others(found: set[int], count: int, chance: np.random.Generator) -> dict[int, int]:
        drawn = chance.choice(count, size=len(found), replace=False) if found else []
        return dict(zip(sorted(found), map(int, drawn), strict=True))

    def dateline(self, chance: np.random.Generator) -> str:
        """Return a dateline."""
        capital = self._forms[int(chance.integers(len(self._forms)))][3]
        return f"{capital.upper()} (AP) - " if chance.integers(2) else f"{capital}, "


def _any_of(names: Mapping[str, Any]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


def varied(record: Record, swaps: Swaps, chance: np.random.Generator) -> Record:
    """Return a variant of a record of `learning/data/sentences.jsonl`, its spans moved along."""
    text = record["text"]
    edits: list[Edit] = []
    draws = chance.random(4)
    if draws[0] < SWAPPED:
        edits += swaps.countries(text, chance)
    if draws[1] < RENAMED:
        edits += swaps.people(text, chance)
    if draws[2] < UNSTOPPED and text.endswith("."):
        edits.append(Edit(len(text) - 1, len(text), ""))
    if draws[3] < DATED:
        edits.append(Edit(0, 0, swaps.dateline(chance)))
    return edited(record, edits)


def masked(one: Example, share: float, chance: np.random.Generator) -> Example:
    """Return a sentence with a share of its pieces hidden behind [MASK], so that none decides alone."""
    hidden = chance.random(len(one.pieces.ids)) < share
    hidden[[0, -1]] = False
    ids = tuple(
        MASK if is_hidden else piece
        for piece, is_hidden in zip(one.pieces.ids, hidden, strict=True)
    )
    return replace(one, pieces=Pieces(ids, one.pieces.spans))


def edited(record: Record, edits: Sequence[Edit]) -> Record:
    """Return the record with its text changed and its spans where their words now are.

    Edits that overlap an earlier one are left out; "a" and "an" follow the word behind them.
    """
    text = record["text"]
    kept: list[Edit] = []
    for one in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if kept and one.start < kept[-1].end:
            continue
        article = _ARTICLE.search(text, 0, one.start)
        if article and one.text and not (kept and article.start() < kept[-1].end):
            an = article[1][0] + ("n" if one.text[0] in _VOWELS else "")
            kept.append(Edit(article.start(), article.end() - 1, an))
        kept.append(one)
    if not kept:
        return record
    parts, place = [], 0
    for one in kept:
        parts += [text[place : one.start], one.text]
        place = one.end
    parts.append(text[place:])

    def moved(span: Mapping[str, Any] | None) -> dict[str, int] | None:
        if span is None:
            return None
        return {
            "start": _moved(span["start"], kept, is_end=False),
            "end": _moved(span["end"], kept, is_end=True),
        }

    events = [
        {
            **event,
            **{side: [moved(span) for span in event[side]] for side in _SPANS},
            "trigger": moved(event["trigger"]),
            "said_by": moved(event["said_by"]),
        }
        for event in record["events"]
    ]
    return {**record, "text": "".join(parts), "events": events}


def _moved(place: int, edits: Sequence[Edit], *, is_end: bool) -> int:
    """Return where a character's place is after the edits; one inside an edit goes to its edge."""
    shift = 0
    for one in edits:
        if place >= one.end and not (one.start == one.end == place and is_end):
            shift += len(one.text) - (one.end - one.start)
        elif place > one.start:
            return one.start + shift + (len(one.text) if is_end else 0)
        else:
            break
    return place + shift
