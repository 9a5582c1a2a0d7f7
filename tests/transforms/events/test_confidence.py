"""Confidence: its features, its weights file, its calibration."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.coder import Coder
from transforms.events.confidence import (
    Weights,
    calibrate,
    confidence,
    features,
    load_weights,
    reliability_table,
    write_weights,
)
from transforms.events.confidence.features import FEATURES
from transforms.events.confidence.fit import gold_rows, main
from transforms.events.gold import read_gold
from transforms.events.judgement import judge
from transforms.events.options import CoderOptions
from transforms.failures import ConfigError


def scored(parse, frame_at, mentions_in, text, trigger, **fields) -> float:
    doc = parse(text)
    named = mentions_in(doc)
    frame = frame_at(doc, trigger, sources=tuple(named[:1]), targets=tuple(named[1:2]), **fields)
    return confidence(frame, judge(doc, frame), doc)


def test_rises_with_the_entry_and_with_actors(parse, frame_at, mentions_in) -> None:
    plain = "Russia attacked Ukraine."
    sure = scored(parse, frame_at, mentions_in, plain, "attack", weight=0.95)
    unsure = scored(parse, frame_at, mentions_in, plain, "attack", weight=0.4)
    alone = scored(parse, frame_at, mentions_in, "Russia attacked.", "attack", weight=0.95)
    assert 0 < unsure < sure < 1
    assert alone < sure


def test_features_say_what_they_mean(parse, frame_at, mentions_in) -> None:
    doc = parse("Moscow did not attack Russia.")
    named = sorted(mentions_in(doc), key=lambda m: m.char_start)
    frame = frame_at(doc, "attack", sources=(named[0],), targets=(named[1],), plover=None)
    found = features(frame, judge(doc, frame), doc)
    assert tuple(found) == FEATURES
    assert found["same_actor"] == found["two_actors"] == found["negative"] == 1
    assert found["statement"] == 1
    assert found["hedged"] == found["nominal"] == found["headline"] == 0
    assert all(0 <= value <= 1 for value in found.values())


def test_the_shipped_weights_can_be_read() -> None:
    weights = load_weights()
    assert set(weights.values) == set(FEATURES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("entry = ", "entrance = "), "lacks"),
        (("entry = ", "entry = true #"), "no number"),
        (("[weights]", "[weights"), "weights.toml"),
        (("knots = [", "knots = [[0.9, 0.1], [0.5, 0.3]] #"), "do not rise"),
        (("knots = [", "knots = [[0.9]] #"), r"\[raw, calibrated\]"),
    ],
)
def test_mistakes_in_weights_are_named(tmp_path, change, message) -> None:
    path = tmp_path / "weights.toml"
    write_weights(load_weights(), path)
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    with pytest.raises(ConfigError, match=message):
        load_weights(path)


def test_missing_weights_are_named(tmp_path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load_weights(tmp_path / "none.toml")


def world(rows: int, seed: int) -> list[tuple[dict[str, float], bool]]:
    """Return rows whose rightness depends on the entry and on the parse, and on nothing else."""
    chance = random.Random(seed)
    made = []
    for _ in range(rows):
        found = dict.fromkeys(FEATURES, 0.0) | {
            "entry": chance.random(),
            "odd": float(chance.random() < 0.3),
            "long": chance.random(),
        }
        rate = min(0.97, max(0.03, 0.2 + 0.75 * found["entry"] - 0.3 * found["odd"]))
        made.append((found, chance.random() < rate))
    return made


def test_calibration_finds_what_matters_and_can_be_believed(tmp_path) -> None:
    fitted = calibrate(world(2_000, 1), fitted_on="a made world")
    assert fitted.values["entry"] > 1
    assert fitted.values["odd"] < -0.5
    assert abs(fitted.values["long"]) < 0.5
    unseen = world(2_000, 2)
    scores = [fitted.score(found) for found, _ in unseen]
    for low, high in ((0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        inside = [(s, r) for s, (_, r) in zip(scores, unseen, strict=True) if low <= s < high]
        mean = sum(s for s, _ in inside) / len(inside)
        share = sum(r for _, r in inside) / len(inside)
        assert share == pytest.approx(mean, abs=0.08)
    path = tmp_path / "weights.toml"
    write_weights(fitted, path)
    read = load_weights(path)
    assert read.fitted_on == "a made world"
    assert read.score(unseen[0][0]) == pytest.approx(scores[0], abs=0.01)


def test_a_prior_holds_where_rows_say_nothing() -> None:
    prior = Weights(intercept=0.0, values=dict.fromkeys(FEATURES, 0.0) | {"generic": -3.0})
    fitted = calibrate(world(300, 3), fitted_on="x", prior=prior)
    assert fitted.values["generic"] == pytest.approx(-3.0, abs=0.01)


def test_calibration_refuses_what_it_cannot_learn_from() -> None:
    with pytest.raises(ValueError, match="need 40 rows"):
        calibrate(world(10, 1), fitted_on="x")
    rows = [(found, True) for found, _ in world(100, 1)]
    with pytest.raises(ValueError, match="right and wrong"):
        calibrate(rows, fitted_on="x")


@given(st.floats(0, 1), st.floats(0, 1))
def test_corrections_never_turn_the_order(a: float, b: float) -> None:
    weights = Weights(
        intercept=0, values={}, knots=((0.2, 0.1), (0.5, 0.1), (0.5, 0.4), (0.9, 0.95))
    )
    low, high = sorted((a, b))
    assert 0 <= weights.corrected(low) <= weights.corrected(high) <= 1


def test_the_reliability_table_counts() -> None:
    table = reliability_table([0.95, 0.85, 0.85, 0.2, 1.0], [True, True, False, False, True])
    lines = {line[:10]: line.split() for line in table.splitlines()}
    assert lines["0.8 to 0.9"][3:] == ["2", "0.85", "0.50"]
    assert lines["0.9 to 1.0"][3:] == ["2", "0.97", "1.00"]
    assert lines["from 0.8  "][2:] == ["4", "0.91", "0.75"]
    assert lines["0.3 to 0.4"][3:] == ["0", "-", "-"]


def test_gold_rows_know_right_from_wrong(tmp_path, capsys) -> None:
    gold = tmp_path / "gold.jsonl"
    right = {"source": "RUS", "type": "ASSAULT", "target": "UKR", "cameo": "190"}
    wrong = {"source": "FRA", "type": "AID", "target": "MLI", "cameo": "070"}
    lines = [
        {"id": "a", "text": "Russia attacked Ukraine on Monday.", "events": [right]},
        {"id": "b", "text": "Russia attacked Ukraine on Friday.", "events": [wrong]},
        {"id": "c", "text": "It rained in Oslo.", "events": []},
    ]
    gold.write_text("".join(json.dumps(line) + "\n" for line in lines))
    rows = gold_rows(read_gold(gold), Coder(CoderOptions(learned=False)))
    assert [is_right for _, is_right in rows] == [True, False]
    assert rows[0][0] == rows[1][0]
    assert main([str(gold)]) == 1  # three rows teach nothing
    assert "need 40 rows" in capsys.readouterr().err
    assert main([str(tmp_path / "none.jsonl")]) == 1
