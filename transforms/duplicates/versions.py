"""Two texts of one address or guid: the same version, another version, or no relation at all.

Within a run the shingles are compared; with an earlier run's copy, its MinHash.
"""

from __future__ import annotations

from transforms.duplicates.fingerprint import Fingerprint
from transforms.duplicates.history import Known
from transforms.duplicates.minhash import jaccard_estimate, unpacked
from transforms.duplicates.similarity import Overlap, estimated_overlap, overlap
from transforms.schema import MINHASH_PERMUTATIONS


def is_same_version(first: Fingerprint, second: Fingerprint) -> bool:
    """Return whether the later text says what the earlier one says.

    A short text (a summary) after a full one does: it is of that text.
    """
    if first.content_key == second.content_key or first.article_id == second.article_id:
        return True
    if second.minhash is None:
        return first.minhash is not None
    if first.minhash is None:
        return False
    return overlap(first.shingles, second.shingles).is_same_version


def is_known_version(item: Fingerprint, known: Known) -> bool:
    """Return whether a text says what an earlier run's says; as `is_same_version`, by estimate."""
    if item.content_key == known.content_key:
        return True
    if not known.dropped and item.article_id == known.article_id:
        return True
    if item.minhash is None:
        return bool(known.minhash)
    return bool(known.minhash) and known_overlap(item, known).is_same_version


def guid_joins(first: Fingerprint, second: Fingerprint) -> bool:
    """Return whether one guid in one feed means one article.

    Not where the addresses differ and the texts too: such feeds give every entry the same guid.
    """
    if None in (first.url_key, second.url_key) or first.url_key == second.url_key:
        return True
    if None in (first.minhash, second.minhash):
        return is_same_version(first, second)
    return overlap(first.shingles, second.shingles).is_copy


def guid_joins_known(item: Fingerprint, known: Known) -> bool:
    """Return the same for an earlier run's copy."""
    if item.url_key is None or not known.url_key or item.url_key == known.url_key:
        return True
    return is_known_version(item, known) or known_overlap(item, known).is_copy


def known_overlap(item: Fingerprint, known: Known) -> Overlap:
    """Return what a text shares with an earlier run's, by estimate; nothing where one is too short."""
    return estimated_overlap(known_jaccard(item, known), item.shingle_count, known.shingles)


def known_jaccard(item: Fingerprint, known: Known) -> float:
    """Return the estimated Jaccard similarity to an earlier run's text; 0 where one is too short."""
    if item.minhash is None or not known.minhash:
        return 0.0
    one = unpacked(item.minhash, MINHASH_PERMUTATIONS)
    other = unpacked(known.minhash, MINHASH_PERMUTATIONS)
    return float(jaccard_estimate(one, other)[0])
