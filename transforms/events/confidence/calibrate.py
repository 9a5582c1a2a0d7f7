"""Fitting the confidence on gold: ridge logistic regression, then isotonic steps. numpy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from transforms.events.confidence.features import FEATURES
from transforms.events.confidence.weights import Weights

RIDGE = 1.0  # pulls each weight to 0, or to the prior's; the intercept is free
STEPS = 50
MIN_BIN = 20  # rows a knot must stand on: fewer tell nothing of a rate

_Floats = npt.NDArray[np.float64]


def calibrate(
    rows: Sequence[tuple[Mapping[str, float], bool]],
    *,
    fitted_on: str,
    prior: Weights | None = None,
    isotonic: bool = True,
    ridge: float = RIDGE,
) -> Weights:
    """Return weights fitted on rows of (features, whether the row was right).

    Args:
        rows: At least 2 * MIN_BIN rows, right ones and wrong ones among them.
        fitted_on: What they are from, kept in the file.
        prior: Weights to stay near where the rows say little; None: 0.
        isotonic: Correct the logistic sum by isotonic steps (pool adjacent violators).
        ridge: Strength of the pull to the prior.

    Raises:
        ValueError: Too few rows, or all of one kind.
    """
    if len(rows) < 2 * MIN_BIN or len({right for _, right in rows}) < 2:  # noqa: PLR2004 - both
        raise ValueError(f"need {2 * MIN_BIN} rows, right and wrong ones; got {len(rows)}")
    x = np.array([[1.0, *(found[name] for name in FEATURES)] for found, _ in rows])
    y = np.array([float(right) for _, right in rows])
    start = np.zeros(x.shape[1])
    if prior is not None:
        start[:] = [prior.intercept, *(prior.values[name] for name in FEATURES)]
    fitted = logistic(x, y, start, ridge)
    raw = _sigmoid(x @ fitted)
    return Weights(
        intercept=float(fitted[0]),
        values={name: float(w) for name, w in zip(FEATURES, fitted[1:], strict=True)},
        knots=_knots(raw, y) if isotonic else (),
        fitted_on=fitted_on,
    )


def logistic(x: _Floats, y: _Floats, start: _Floats, ridge: float) -> _Floats:
    """Return the weights of least penalised log loss, by Newton's method with halved steps."""
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 1e-6
    weights = start.copy()

    def loss(w: _Floats) -> float:
        z = x @ w
        return float(np.logaddexp(0, z).sum() - y @ z + 0.5 * penalty @ (w - start) ** 2)

    for _ in range(STEPS):
        p = _sigmoid(x @ weights)
        gradient = x.T @ (p - y) + penalty * (weights - start)
        hessian = (x.T * (p * (1 - p))) @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-6 and loss(weights - size * step) > loss(weights):  # noqa: PLR2004
            size /= 2
        weights = weights - size * step
        if float(np.abs(size * step).max()) < 1e-8:  # noqa: PLR2004 - converged
            break
    return weights


def _sigmoid(z: _Floats) -> _Floats:
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def _knots(raw: _Floats, y: _Floats) -> tuple[tuple[float, float], ...]:
    """Return isotonic knots: pooled blocks of rising rates, each of at least MIN_BIN rows."""
    order = np.argsort(raw, kind="stable")
    blocks: list[tuple[float, float, int]] = []  # sum of raw, sum of right, rows
    for part in np.array_split(order, max(1, len(order) // MIN_BIN)):
        blocks.append((float(raw[part].sum()), float(y[part].sum()), len(part)))
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last, before = blocks.pop(), blocks.pop()
            blocks.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    # A little shrinkage keeps a pure block off 0 and 1.
    return tuple((total / n, (right + 0.5) / (n + 1)) for total, right, n in blocks)
