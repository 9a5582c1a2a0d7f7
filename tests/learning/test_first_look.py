"""How the first look is learned: the fit is the optimum, the threshold loses no more than allowed."""

from __future__ import annotations

import numpy as np
import pytest

from learning.first_look import MOST_LOST, RIDGE, Case, learned, logistic, threshold


def test_the_fit_is_where_the_loss_has_no_slope() -> None:
    chance = np.random.default_rng(1)
    rows = [sorted({int(i) for i in chance.integers(0, 30, 8)}) for _ in range(400)]
    worth = np.array([float(7 in row or chance.random() < 0.2) for row in rows])
    weights = logistic(rows, worth, 30)
    held = np.array([[float(i in row) for i in range(30)] for row in rows])
    off = 1 / (1 + np.exp(-(held @ weights[:-1] + weights[-1]))) - worth
    assert np.abs(held.T @ off + RIDGE * weights[:-1]).max() < 0.01
    assert abs(off.sum()) < 0.01
    assert np.argmax(weights[:-1]) == 7


def test_what_marks_rows_weighs_for_them_and_rare_words_weigh_nothing() -> None:
    cases = [Case(frozenset({"attacked", "the"}), True, 1, 1.0)] * 20
    cases += [Case(frozenset({"scored", "the"}), True, 0, 0.0)] * 20
    cases += [Case(frozenset({"once"}), True, 0, 0.0)]
    look = learned(cases)
    assert look.weights["attacked"] > 0 > look.weights["scored"]
    assert "once" not in look.weights
    assert look.chance_of({"attacked"}) > 0.5 > look.chance_of({"scored"})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_threshold_is_the_highest_that_loses_no_more_than_allowed(rows: int) -> None:
    scored = [(Case(frozenset(), True, rows, 1.0), i / 1000) for i in range(1000)]
    least = threshold(scored)
    assert sum(score < least for _, score in scored) <= MOST_LOST * 1000
    assert sum(score < least + 0.002 for _, score in scored) > MOST_LOST * 1000


def test_where_nothing_can_be_lost_everything_may_go() -> None:
    assert threshold([(Case(frozenset(), True, 0, 0.0), 0.9)]) == 1.0
