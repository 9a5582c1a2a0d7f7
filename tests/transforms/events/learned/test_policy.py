"""Which rows stand: the policy as a table of cases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.documents import document
from transforms.events.coder import Coder
from transforms.events.learned.candidates import FEATURES, Candidate
from transforms.events.learned.policy import (
    EVERYWHERE,
    NOWHERE,
    Asking,
    Policy,
    Scale,
    agreed,
    confidences,
    decide,
    load_policy,
    standing,
    write_policy,
)
from transforms.events.options import CoderOptions
from transforms.failures import ConfigError
from transforms.schema import Event

ZERO = dict.fromkeys(FEATURES, 0.0)
# A row of the rules is as good as they say, less what the model has against it; a row of the model
# is as good as the model says.
POLICY = Policy(
    rules=Scale(0.0, {**ZERO, "rules": 1.0, "event": 1.0}, 0.5),
    learned=Scale(0.0, {**ZERO, "event": 2.0}, 0.6),
)


@pytest.fixture(scope="module")
def row() -> Event:
    coder = Coder(CoderOptions(learned=False))
    [event] = coder.code([document("a", "Poland expelled two Russian diplomats.")])[0]
    return event


def candidate(
    row: Event,
    *,
    learned: bool = False,
    words: tuple[int, int] = (7, 15),
    features: dict[str, float] | None = None,
    **changes: Any,
) -> Candidate:
    return Candidate(
        row=replace(row, **changes),
        learned=learned,
        words=words,
        features={**ZERO, **(features or {})},
    )


@pytest.mark.parametrize(
    ("learned", "features", "stands"),
    [
        (False, {"rules": 2.0, "event": 2.0}, True),  # both for it
        (False, {"rules": 2.0, "event": -1.0}, True),  # sure rules, doubtful model
        (False, {"rules": 0.2, "event": -2.0}, False),  # the model's veto of a weak row
        (False, {"rules": 0.2, "event": 0.5}, True),  # a weak row that the model backs
        (True, {"event": 2.0}, True),  # the model alone, sure
        (True, {"event": 0.1}, False),  # the model alone, not sure enough
    ],
)
def test_a_row_stands_where_both_votes_together_are_enough(
    row: Event, learned: bool, features: dict[str, float], stands: bool
) -> None:
    [decision] = decide([candidate(row, learned=learned, features=features)], POLICY)
    assert (decision.reason is None) == stands
    assert [each for each, _ in standing([decision])] != [] or not stands


@pytest.mark.parametrize(
    ("rows", "chance", "asked"),
    [
        ([0.9, 0.7], 0.9, True),  # one row is doubted
        ([0.9, 0.8], 0.9, False),  # none is
        ([0.9], 0.3, True),  # the rules are sure of what the first look found unlikely
        ([], 0.9, True),  # nothing was found where something is likely
        ([], 0.5, False),
    ],
)
def test_the_model_is_asked_where_rules_or_first_look_are_in_doubt(
    rows: list[float], chance: float, asked: bool
) -> None:
    asking = Asking(sure=0.8, unlikely=0.4, likely=0.8)
    assert asking.worth(rows, chance) == asked
    assert EVERYWHERE.worth(rows, chance)
    assert not NOWHERE.worth(rows, 1.0)


def test_only_typed_rows_that_no_gate_took_are_doubted() -> None:
    coder = Coder(CoderOptions(learned=False))
    [trace] = coder.trace(document("a", "Poland expelled two Russian diplomats."))
    [row] = trace.findings
    statement = replace(row, frame=replace(row.frame, plover=None))
    assert confidences([(row, None)]) == [row.confidence]
    assert confidences([(row, "about sport"), (statement, None)]) == []


def test_what_both_propose_is_told_once_as_the_rules_row(row: Event) -> None:
    both = [candidate(row), candidate(row, learned=True)]
    [one] = agreed(both)
    assert not one.learned
    assert one.features["agreed"] == 1.0
    [alone] = agreed([candidate(row)])
    assert alone.features["agreed"] == 0.0


def test_the_same_words_are_one_type_only(row: Event) -> None:
    rules = candidate(row, features={"rules": 1.0})
    better = candidate(row, learned=True, plover_type="REJECT", features={"event": 2.0})
    worse = candidate(row, learned=True, plover_type="REJECT", features={"event": 0.25})
    elsewhere = candidate(
        row, learned=True, plover_type="REJECT", words=(30, 40), features={"event": 2.0}
    )
    assert kept([rules, better]) == ["REJECT"]
    assert kept([rules, worse]) == ["SANCTION"]
    assert kept([rules, elsewhere]) == ["SANCTION", "REJECT"]


def test_a_statement_stands_where_nothing_more_specific_does(row: Event) -> None:
    statement = candidate(row, plover_type=None, cameo_code="010", cameo_root="01")
    act = candidate(row, features={"rules": 2.0})
    weak = candidate(row, features={"rules": -2.0})
    assert kept([statement]) == [None]
    assert kept([statement, weak]) == [None]
    assert kept([statement, act]) == ["SANCTION"]


def test_confidence_is_of_both_votes_and_rounded(row: Event) -> None:
    [decision] = decide([candidate(row, features={"rules": 1.0, "event": 0.333})], POLICY)
    [(stood, weight)] = standing([decision])
    assert stood.confidence == weight == decision.confidence == round(decision.confidence, 2)


def test_a_policy_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    write_policy(POLICY, "a test", path)
    assert load_policy(path) == POLICY


def test_a_damaged_policy_names_file_and_weight(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    write_policy(POLICY, "a test", path)
    path.write_text(path.read_text(encoding="utf-8").replace("holds", "hold"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"policy.toml: \[rules\] lacks \['holds'\]"):
        load_policy(path)


def kept(candidates: list[Candidate]) -> list[str | None]:
    return [
        one.candidate.row.plover_type for one in decide(candidates, POLICY) if one.reason is None
    ]
