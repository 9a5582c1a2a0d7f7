"""When two texts are copies: what they share, of which lengths."""

import numpy as np
import pytest

from transforms.duplicates.similarity import Overlap, estimated_overlap, overlap


@pytest.mark.parametrize(
    ("shared", "first", "second", "is_copy"),
    [
        (300, 300, 300, True),  # the same
        (150, 300, 150, True),  # the first half of it
        (180, 300, 300, True),  # a third rewritten
        (60, 300, 300, False),  # an independent report with the same long quotes
        (14, 26, 400, False),  # one sentence in common with a longer text
        (40, 40, 300, True),  # a brief cut from the top
        (40, 40, 400, False),  # a round-up that holds it among nine others
        (13, 13, 13, False),  # too little to tell
    ],
)
def test_copies(shared, first, second, is_copy):
    assert Overlap(shared, first, second).is_copy is is_copy
    assert Overlap(shared, second, first).is_copy is is_copy


def test_overlap_counts_what_two_sorted_sets_share():
    one, other = np.array([1, 3, 5, 9], np.uint64), np.array([3, 9, 10], np.uint64)
    assert overlap(one, other) == Overlap(2, 4, 3)
    assert overlap(one, other).containment == pytest.approx(2 / 3)
    assert overlap(one, other).jaccard == pytest.approx(2 / 5)
    assert overlap(one, np.empty(0, np.uint64)) == Overlap(0, 4, 0)
    assert Overlap(0, 0, 0).jaccard == Overlap(0, 0, 0).containment == 0


@pytest.mark.parametrize(("first", "second", "shared"), [(300, 300, 200), (400, 100, 80)])
def test_an_exact_jaccard_gives_back_what_is_shared(first, second, shared):
    exact = Overlap(shared, first, second)
    assert estimated_overlap(exact.jaccard, first, second).shared == pytest.approx(shared)


@pytest.mark.parametrize(
    ("shared", "first", "second", "same"),
    [
        (297, 300, 300, True),  # a word in a long text
        (44, 50, 50, True),  # two words in a short one
        (280, 300, 330, False),  # a paragraph more
        (20, 26, 26, False),  # of so little, that is another text
    ],
)
def test_versions(shared, first, second, same):
    assert Overlap(shared, first, second).is_same_version is same
