"""Sentences that are nearly the same: Jaccard similarity of word 3-grams.

The words are those that the duplicate stage compares (`transforms.duplicates.shingles`); that stage
leaves texts as short as a sentence to exact comparison, so the decision is made here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from transforms.duplicates.shingles import compared_words, word_sets


def near_pairs(
    texts: Sequence[str], others: Sequence[str] | None = None, *, least: float
) -> Iterator[tuple[int, int, float]]:
    """Yield (index, index of the other, Jaccard) of all pairs at `least` or more.

    Args:
        texts: Sentences.
        others: Sentences to compare them with; None: the earlier ones of `texts`.
        least: 0 to 1.
    """
    sets = _sets(texts)
    other_sets = sets if others is None else _sets(others)
    owners: dict[int, list[int]] = defaultdict(list)
    for number, grams in enumerate(other_sets):
        for gram in grams:
            owners[gram].append(number)
    for index, grams in enumerate(sets):
        shared = Counter(number for gram in grams for number in owners[gram])
        for number, count in sorted(shared.items()):
            if others is None and number >= index:
                continue
            jaccard = count / (len(grams) + len(other_sets[number]) - count)
            if jaccard >= least:
                yield index, number, jaccard


def _sets(texts: Sequence[str]) -> list[set[int]]:
    """Return the hashed word 3-grams of each text."""
    words = [compared_words(text) for text in texts]
    return [set(found.shingles.tolist()) for found in word_sets(words)]
