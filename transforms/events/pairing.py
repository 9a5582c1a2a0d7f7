"""Which coded row answers which gold event, and whether their parts agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transforms.events.actors.names import sectors
from transforms.events.gold import Answers, GoldEvent
from transforms.schema import Event

INTERNATIONAL: Final = frozenset({"IGO", "NGO"})


@dataclass(frozen=True, slots=True)
class Pair:
    """One gold event with the row that answers it.

    Attributes:
        exact: Type and both countries are right.
    """

    gold: GoldEvent
    row: Event
    exact: bool


def party(code: str | None) -> str | None:
    """Return the country, or kind of international actor, that an actor code begins with.

    None where it names no country. IGO and NGO are one: gold sets disagree on who is which.

    >>> party("ISRMIL"), party("NGOHRI"), party("REB"), party(None)
    ('ISR', 'IGO', None, None)
    """
    head = (code or "")[:3]
    if head in INTERNATIONAL:
        return "IGO"
    # A code without a country begins with its sector, and no sector's code is a country's.
    return None if head in sectors() or not head else head


def countries_of(row: Event) -> tuple[str | None, str | None]:
    """Return the parties of a row: source and target."""
    return (
        row.source_country or party(row.source_code),
        row.target_country or party(row.target_code),
    )


def pair_up(asked: Sequence[GoldEvent], rows: Sequence[Event]) -> list[Pair]:
    """Return pairs of gold events and rows, each used once, the best agreements first.

    A pair needs the type, or both countries, in common.
    """
    agreements = sorted(
        (
            (-_agreement(event, row), number, place)
            for number, event in enumerate(asked)
            for place, row in enumerate(rows)
        ),
    )
    pairs: list[Pair] = []
    events_left, rows_left = set(range(len(asked))), set(range(len(rows)))
    for negative, number, place in agreements:
        if -negative < _WORTH_PAIRING:
            break
        if number in events_left and place in rows_left:
            events_left.discard(number)
            rows_left.discard(place)
            exact = -negative >= _EXACT
            pairs.append(Pair(asked[number], rows[place], exact))
    return pairs


_WORTH_PAIRING: Final = 4  # the type alone, or both countries
_EXACT: Final = 8


def _agreement(event: GoldEvent, row: Event) -> int:
    """Return 4 for the type and 2 for each country; what else agrees decides between equals."""
    source, target = countries_of(row)
    score = 4 * (row.plover_type in event.types)
    score += 2 * (source in {party(code) for code in event.sources})
    score += 2 * (target in {party(code) for code in event.targets})
    return score


def speaker_agrees(said_by: Answers, row: Event) -> bool:
    """Return whether the row names one of the speakers that are right.

    A speaker who is an actor agrees by country, any other by a word in common.
    """
    return any(_is_speaker(answer, row) for answer in said_by)


def _is_speaker(answer: str | None, row: Event) -> bool:
    if answer is None or row.said_by_text is None:
        return answer is None and row.said_by_text is None
    if answer.isupper() and answer.isalpha():
        country = row.said_by_country or ("IGO" if row.said_by_org else None)
        return country == party(answer)
    return bool(set(answer.lower().split()) & set(row.said_by_text.lower().split()))
