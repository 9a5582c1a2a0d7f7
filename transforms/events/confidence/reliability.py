"""How far a confidence can be believed: its reliability table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def reliability_table(scores: Sequence[float], right: Sequence[bool]) -> str:
    """Return a text table: per bin of confidence the rows, their mean confidence and the share right.

    Args:
        scores: Confidence of each row.
        right: Whether each row was right, in the same order.
    """
    rows = list(zip(scores, right, strict=True))
    lines = ["confidence      rows   mean  right"]
    for low, high in itertools.pairwise(BINS):
        inside = [(s, r) for s, r in rows if low <= s < high or (s == high == BINS[-1])]
        lines.append(f"{low:.1f} to {high:.1f} {_cells(inside)}")
    lines.append(f"all        {_cells(rows)}")
    sure = [(s, r) for s, r in rows if s >= 0.8]  # noqa: PLR2004 - the promise of the contract
    lines.append(f"from 0.8   {_cells(sure)}")
    if rows:
        brier = sum((s - r) ** 2 for s, r in rows) / len(rows)
        lines.append(f"Brier score {brier:.3f}")
    return "\n".join(lines)


def _cells(rows: list[tuple[float, bool]]) -> str:
    if not rows:
        return f"{0:9d}      -      -"
    mean = sum(score for score, _ in rows) / len(rows)
    share = sum(right for _, right in rows) / len(rows)
    return f"{len(rows):9d} {mean:6.2f} {share:6.2f}"
