"""A varied sentence says the same of other actors: its spans stand on the words they stood on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("onnxruntime")

from learning.train.augment import MASK, Edit, Swaps, edited, masked, varied
from learning.train.examples import example, records

SWAPS = Swaps()
SENTENCES = [record for record in records() if record["split"] == "train"][::40]
TEXT = "An Iranian envoy met Angela Merkel in Berlin; Merkel thanked Iran."


def span(words: str, text: str = TEXT) -> dict[str, int]:
    start = text.index(words)
    return {"start": start, "end": start + len(words)}


def record(text: str = TEXT, **spans: dict[str, int]) -> dict[str, Any]:
    event = {"source": [], "target": [], "said_by": None, "trigger": span("met", text)}
    sides = {side: [one] for side, one in spans.items()}
    return {"text": text, "events": [{**event, **sides}]}


def words(made: Any, of: dict[str, int]) -> str:
    return str(made["text"][of["start"] : of["end"]])


@given(st.integers(0, len(SENTENCES) - 1), st.integers(0, 2**32))
def test_triggers_and_actors_are_still_what_is_marked(number: int, seed: int) -> None:
    old = SENTENCES[number]
    new = varied(old, SWAPS, np.random.default_rng(seed))
    assert len(new["events"]) == len(old["events"])
    for one, other in zip(old["events"], new["events"], strict=True):
        spans = [(one["trigger"], other["trigger"])]
        for side in ("source", "target"):
            spans += zip(one[side], other[side], strict=True)
        for before, after in spans:
            kept = words(new, after)
            assert kept
            assert kept == kept.strip()
            # A span without a swapped name in it has not changed by a letter.
            if kept != words(old, before):
                assert any(word[:1].isupper() for word in words(old, before).split())


def test_a_country_is_swapped_in_all_its_forms_and_the_article_follows() -> None:
    text = "An Iranian envoy met Italians; Tehran and Iran agreed."
    seen = set()
    for seed in range(30):
        edits = SWAPS.countries(text, np.random.default_rng(seed))
        new = edited(record(text), edits)["text"]
        article, people = new.split(" envoy")[0].split(" ", 1)
        assert (article == "An") == (people[0] in "AEIO")
        assert "Iran" not in new
        assert "Tehran" not in new
        seen.add(people)
    assert len(seen) > 20


def test_a_leader_is_swapped_by_whole_and_family_name() -> None:
    new = edited(record(), SWAPS.people(TEXT, np.random.default_rng(1)))["text"]
    assert "Merkel" not in new
    assert new.startswith("An Iranian envoy met ")
    family = new.split("; ")[1].split(" thanked")[0]
    assert family in new.split(" in Berlin")[0]


def test_a_span_inside_a_swapped_name_takes_the_new_name() -> None:
    old = record(target=span("Merkel"), source=span("Iranian envoy"))
    start = TEXT.index("Angela")
    new = edited(old, [Edit(start, start + len("Angela Merkel"), "Bill Clinton")])
    [event] = new["events"]
    assert words(new, event["target"][0]) == "Bill Clinton"
    assert words(new, event["source"][0]) == "Iranian envoy"


def test_edits_that_overlap_an_earlier_one_are_left_out() -> None:
    new = edited(record(), [Edit(3, 10, "Greek"), Edit(5, 16, "x")])
    assert new["text"].startswith("A Greek envoy met")


def test_hidden_pieces_are_never_the_first_or_the_last() -> None:
    one = example({**SENTENCES[0]})
    hidden = masked(one, 1.0, np.random.default_rng(1))
    assert set(hidden.pieces.ids[1:-1]) == {MASK}
    assert (hidden.pieces.ids[0], hidden.pieces.ids[-1]) == (one.pieces.ids[0], one.pieces.ids[-1])
    assert masked(one, 0.0, np.random.default_rng(1)).pieces == one.pieces
