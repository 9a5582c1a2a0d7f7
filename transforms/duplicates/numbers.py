"""Numbers in two texts: what tells tomorrow's weather report from an edited copy of today's.

Reports that are made by filling a form (weather, shares, results, earthquakes, daily losses) share most of
their 3-grams, and hardly a number. An edited copy keeps most of the numbers of what it keeps. So two texts
that share so few of their numbers as one edited copy in 20 would are no copies, however alike.

Measured on the generators of tests/…/duplicates: of 240 texts of eight forms 227 stay apart (7 without this),
of those that earlier runs know 105 of 120 (1); edited copies are found as before (.99 and .98 of them).

What is compared is a sample: the smallest 16-bit hashes of the words that begin with a digit. Where a
text has more of them than the sample holds, only hashes below the largest one in it count, of both texts:
below it both samples are whole.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

import numpy as np

from transforms.schema import NUMBERS_BYTES

SAMPLE = NUMBERS_BYTES // 2
# Of the numbers in what a copy keeps, so many stay: updated tolls, rounded sums, other units. .7 and
# one in 200 leaves 9 of 10 of the forms together, .9 costs copies.
KEPT = 0.85
RARELY = 0.05
NO_NUMBER = 0  # fills a sample up; no number's hash is 0


def packed_sample(hashes: Iterable[int]) -> bytes:
    """Return the sample of a text's numbers, NUMBERS_BYTES long.

    Args:
        hashes: 16-bit hashes of its numbers, in any order, with repeats.
    """
    smallest = sorted({value or 1 for value in hashes})[:SAMPLE]
    return np.array(smallest, dtype="<u2").tobytes().ljust(NUMBERS_BYTES, b"\0")


def differ(one: bytes | None, other: bytes | None, containment: float) -> bool:
    """Say whether two texts share too few of their numbers for copies that share this much else.

    Args:
        one, other: As `packed_sample` returns them; None: not known, which never differs.
        containment: What the texts share of the shorter one's 3-grams, 0-1.
    """
    if not one or not other:
        return False
    mine, theirs = _unpacked(one), _unpacked(other)
    below = min((max(part) for part in (mine, theirs) if len(part) == SAMPLE), default=1 << 16)
    mine, theirs = ({value for value in part if value <= below} for part in (mine, theirs))
    return len(mine & theirs) <= _too_few(min(len(mine), len(theirs)), round(containment, 2))


def _unpacked(sample: bytes) -> set[int]:
    return set(np.frombuffer(sample, dtype="<u2").tolist()) - {NO_NUMBER}


@functools.cache
def _too_few(count: int, containment: float) -> int:
    """Return how many of `count` numbers at most an edited copy rarely shares; -1: it may share none."""
    share = KEPT * containment
    total, most = 0.0, -1
    for shared in range(count + 1):
        total += math.comb(count, shared) * share**shared * (1 - share) ** (count - shared)
        if total > RARELY:
            break
        most = shared
    return most
