"""MinHash signatures and LSH bands of shingle sets.

128 permutations by rensa (deterministic for a seed, version of the algorithm checked on import), kept as
little-endian 4-byte integers, so that signatures of different machines compare.
"""

from __future__ import annotations

import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import rensa

from transforms.duplicates.shingles import Hashes
from transforms.schema import MINHASH_BANDS, MINHASH_PERMUTATIONS

SEED = 20241122  # part of the stored format: signatures of another seed do not compare
ALGORITHM = 2  # rensa's; another version would make stored signatures useless without a word
# Two rows a band, of the first 64 rows. A shortened copy has a low Jaccard similarity however well it is
# contained: 60% of a text half as long is J = .25. 32 bands of 4 rows find .12 of those, of 2 rows .87;
# the price, more candidates, is paid in numpy (a comparison of 128 integers each).
BAND_ROWS = 2

Signatures = npt.NDArray[np.uint32]

if rensa.RMinHash.ALGORITHM_VERSION != ALGORITHM:
    raise ImportError(
        f"rensa's MinHash is version {rensa.RMinHash.ALGORITHM_VERSION}; the lake holds version {ALGORITHM}"
    )


def signatures(sets: Sequence[Hashes]) -> Signatures:
    """Return one row of 128 minima per set: uint32 of shape (len(sets), 128)."""
    if not sets:
        return np.empty((0, MINHASH_PERMUTATIONS), dtype=np.uint32)
    offsets = np.zeros(len(sets) + 1, dtype=np.uint64)
    np.cumsum([hashes.size for hashes in sets], out=offsets[1:])
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        np.concatenate(sets), offsets, MINHASH_PERMUTATIONS, SEED
    )
    minima = array.array("I")  # four times as quick as np.array of lists
    for row in matrix.to_rows():
        minima.fromlist(row)
    return np.frombuffer(minima, dtype=np.uint32).reshape(len(sets), MINHASH_PERMUTATIONS)


def bands(rows: Signatures) -> Signatures:
    """Return the LSH bands of signatures: uint32 of shape (n, 32), each a hash of 2 rows.

    Two texts of Jaccard similarity s share a band with probability 1 - (1 - s^2)^32: .73 at s = .2,
    .95 at .3, .996 at .4.
    """
    used = rows[:, : MINHASH_BANDS * BAND_ROWS]
    grouped = used.reshape(len(rows), MINHASH_BANDS, BAND_ROWS).astype(np.uint64)
    mixed = np.zeros(grouped.shape[:2], dtype=np.uint64)
    for row in range(BAND_ROWS):
        mixed = (mixed ^ grouped[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def packed(rows: Signatures) -> list[bytes]:
    """Return each row as little-endian bytes, the form kept in the lake."""
    data = np.ascontiguousarray(rows, dtype="<u4")
    return [row.tobytes() for row in data]


def unpacked(data: bytes | memoryview, columns: int) -> Signatures:
    """Return rows of little-endian bytes as uint32 of shape (n, columns)."""
    return np.frombuffer(data, dtype="<u4").reshape(-1, columns)


def jaccard_estimate(one: Signatures, others: Signatures) -> npt.NDArray[np.float64]:
    """Return the estimated Jaccard similarity of pairs of rows; its standard error is sqrt(J(1-J)/128)."""
    return np.asarray((one == others).mean(axis=-1), dtype=np.float64)
