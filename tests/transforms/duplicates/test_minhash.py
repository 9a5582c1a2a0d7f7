"""MinHash: deterministic, comparable, and as good an estimate as the formula says."""

import numpy as np

from transforms.duplicates import minhash


def sets_with(jaccard, size=400, seed=0):
    rng = np.random.default_rng(seed)
    common = round(2 * size * jaccard / (1 + jaccard))
    numbers = rng.integers(0, 1 << 63, size=2 * size - common, dtype=np.uint64)
    return numbers[:size], numbers[size - common :]


def test_signatures_are_those_of_every_earlier_version():
    """Stored signatures must compare for ever: these numbers may not change."""
    (row,) = minhash.signatures([np.arange(1, 40, dtype=np.uint64)])
    assert row[:4].tolist() == [3263113361, 3249875595, 3273173999, 3310328956]
    assert row.dtype == np.uint32


def test_bytes_are_little_endian_and_come_back():
    rows = minhash.signatures([np.arange(30, dtype=np.uint64)])
    (data,) = minhash.packed(rows)
    assert len(data) == 512
    assert int.from_bytes(data[:4], "little") == rows[0, 0]
    assert np.array_equal(minhash.unpacked(data, 128), rows)


def test_no_sets_give_no_rows():
    assert minhash.signatures([]).shape == (0, 128)
    assert minhash.bands(minhash.signatures([])).shape == (0, 32)


def test_the_estimate_is_within_four_standard_errors():
    for jaccard in (0.1, 0.25, 0.5, 0.9):
        for seed in range(10):
            one, other = minhash.signatures(list(sets_with(jaccard, seed=seed)))
            error = abs(minhash.jaccard_estimate(one, other) - jaccard)
            assert error < 4 * (jaccard * (1 - jaccard) / 128) ** 0.5 + 0.01


def test_bands_find_what_the_formula_says():
    """1 - (1 - J^2)^32 is .95 at J = .3; unrelated sets share none."""
    together = 0
    for seed in range(200):
        rows = minhash.bands(minhash.signatures(list(sets_with(0.3, size=150, seed=seed))))
        together += bool((rows[0] == rows[1]).any())
    assert 0.88 <= together / 200 <= 1
    alone = minhash.bands(minhash.signatures(list(sets_with(0.0, size=150))))
    assert not (alone[0] == alone[1]).any()
