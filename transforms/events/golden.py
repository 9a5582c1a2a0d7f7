"""Every row that gold sentences give, as lines of a file that is reviewed as a diff.

A rule added for one sentence must not lose others: `tests/data/events/coded.txt` holds what was coded
from the open sets, each row marked as right (+), wrong (x) or left open (?) by the gold.
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.events.evaluate import gold_keys, row_key
from transforms.events.gold import GoldSentence
from transforms.schema import Event

DEPTH = "country-type-country"


def spelled(sentence: GoldSentence, row: Event) -> str:
    """Return one row as a line: sentence, source, type, target, code, modality, polarity, speaker."""
    said = row.said_by_country or row.said_by_org or row.said_by_text or "-"
    codes = (row.source_code or "-", row.plover_type, row.target_code or "-", row.cameo_code)
    return "\t".join((sentence.sentence_id, *map(str, codes), row.modality, row.polarity, said))


def verdict(sentence: GoldSentence, row: Event) -> str:
    """Return what the gold says of a row: + right, x wrong, ? neither."""
    key = row_key(row, DEPTH)
    allowing = [event for event in sentence.events if key in gold_keys(event, DEPTH)]
    if any(not event.optional for event in allowing):
        return "+"
    return "?" if allowing or sentence.partial else "x"


def coded_lines(sentences: Iterable[GoldSentence], coded: Iterable[list[Event]]) -> dict[str, str]:
    """Return the verdict on every row of a PLOVER type by its line."""
    return {
        spelled(sentence, row): verdict(sentence, row)
        for sentence, rows in zip(sentences, coded, strict=True)
        for row in rows
        if row.plover_type is not None
    }


def as_text(lines: dict[str, str]) -> str:
    """Return the file's text, sorted by sentence."""
    return "".join(f"{mark} {line}\n" for line, mark in sorted(lines.items()))


def from_text(text: str) -> dict[str, str]:
    """Return the lines of a file with their verdicts."""
    return {line[2:]: line[0] for line in text.splitlines()}


def changes(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return (line, "new" or "gone", verdict) of all rows that differ, sorted by sentence."""
    return sorted(
        [(line, "new", mark) for line, mark in after.items() if line not in before]
        + [(line, "gone", mark) for line, mark in before.items() if line not in after]
    )
