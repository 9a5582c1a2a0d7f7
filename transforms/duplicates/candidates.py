"""Which pairs of a run's texts are worth comparing, without comparing all.

Two sources. A sample of the shingles themselves (those with the lowest quarter of hashes): texts that
have a sampled shingle in common are neighbours in its list. And LSH bands of MinHash. In a list of n
texts each is paired with the one before it and with the first only, so the cost is linear however
often a text was copied; a cluster's members are neighbours in hundreds of lists, and links are
transitive.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.duplicates.minhash import Signatures
from transforms.duplicates.shingles import Hashes

SAMPLED = np.uint64(1 << 62)  # a quarter of 64-bit hashes is below
_SAMPLED_SHIFT = np.uint64(2)  # their two highest bits are nought
MIN_COMMON = 2  # of the sampled shingles; one is common to unrelated texts too
MIN_SHARE = 0.08  # of the smaller sample; neighbours in a list are fewer than those in common

Pairs = npt.NDArray[np.int64]


def candidate_pairs(sets: Sequence[Hashes], bands: Signatures) -> list[tuple[int, int]]:
    """Return pairs (lower index, higher index) that may be copies, sorted.

    Args:
        sets: Sorted shingles of each text.
        bands: LSH bands, one row per text.
    """
    count = len(sets)
    if count < 2:  # noqa: PLR2004 - a pair
        return []
    found = np.union1d(_by_sample(sets), _by_bands(bands, count))
    return [(int(code) // count, int(code) % count) for code in found]


def _by_sample(sets: Sequence[Hashes]) -> Pairs:
    count = len(sets)
    # Sorted, so the sampled ones are a prefix.
    samples = [hashes[: hashes.searchsorted(SAMPLED)] for hashes in sets]
    sizes = np.fromiter((sample.size for sample in samples), dtype=np.int64, count=count)
    owners = np.repeat(np.arange(count), sizes)
    values = np.concatenate(samples) << _SAMPLED_SHIFT
    codes, common = np.unique(_neighbours(values, owners, count), return_counts=True)
    smaller = np.minimum(sizes[codes // count], sizes[codes % count])
    enough = common >= np.maximum(MIN_COMMON, MIN_SHARE * smaller)
    return np.asarray(codes[enough], dtype=np.int64)


def _by_bands(bands: Signatures, count: int) -> Pairs:
    if not len(bands):
        return np.empty(0, dtype=np.int64)
    numbers = np.arange(bands.shape[1], dtype=np.uint64) << np.uint64(59)
    values = (numbers | (bands.astype(np.uint64) << np.uint64(27))).ravel()
    owners = np.repeat(np.arange(count), bands.shape[1])
    codes, common = np.unique(_neighbours(values, owners, count), return_counts=True)
    return np.asarray(codes[common >= MIN_COMMON], dtype=np.int64)


def _neighbours(values: Hashes, owners: Pairs, count: int) -> Pairs:
    """Return codes of the pairs that stand next to each other, or first, in a value's list.

    The owner takes the place of a value's lowest bits, so that one sort of plain numbers gives each
    value's list in the owners' order. It is several times as quick as sorting one by the other.

    Args:
        values: The higher bits count.
    """
    bits = np.uint64(max(1, (count - 1).bit_length()))
    keys = ((values >> bits) << bits) | owners.astype(np.uint64)
    keys.sort()
    lists = keys >> bits
    owners = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    same = lists[1:] == lists[:-1]
    after = np.flatnonzero(same) + 1
    starts = np.concatenate(([True], ~same))
    firsts = np.maximum.accumulate(np.where(starts, np.arange(lists.size), 0))
    near = owners[after - 1] * count + owners[after]
    far = after[firsts[after] != after - 1]
    return np.concatenate((near, owners[firsts[far]] * count + owners[far]))
