"""PLOVER contexts of a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.events.context import contexts
from transforms.events.wordlists import DATA, rows

SHARED = Path(__file__).parents[3] / ".." / "shared"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The central bank raised tariffs on imports.", "economic"),
        ("North Korea enriched uranium for a nuclear warhead.", "cbrn"),
        ("Voters went to the polls in the presidential runoff.", "election"),
        ("Hackers stole data in a cyberattack.", "cyber"),
        ("Refugees asked for asylum.", "asylum"),
        ("The earthquake and the floods killed hundreds.", "disasters"),
        ("He walked home.", None),
        ("", None),
    ],
)
def test_the_words_tell(text: str, first: str | None) -> None:
    found = contexts(text)
    assert (found.split(",")[0] if found else None) == first


def test_at_most_three() -> None:
    text = "Troops, voters, refugees, hackers, judges and pirates met at the embassy."
    found = contexts(text)
    assert found is not None
    assert len(found.split(",")) == 3


def test_the_table_knows_plovers_contexts_and_no_others() -> None:
    listed = SHARED / "coding" / "plover_contexts.txt"
    if not listed.exists():
        pytest.skip("../shared is not here")
    known = {row.required(1) for row in rows(DATA / "contexts.tsv", 2)}
    assert known == set(listed.read_text().split())
