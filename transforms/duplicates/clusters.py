"""Texts that are copies of one another, gathered around the one that is kept.

Links (pairs that are copies) are transitive: a copy of a copy belongs to the same story even if the two
ends share little. Three things keep that from running away:

- a member that is linked only through others must itself share WEAK_CONTAINMENT with the kept text, so a
  round-up of three stories does not make them one;
- what at least 4 otherwise unrelated texts have in common is boilerplate (an agency's footer, a
  disclaimer) and is taken out of the comparison (`without_boilerplate`);
- a text less than half as long as the longest of its cluster does not stand for it; but a later, longer
  text that holds two unrelated earlier ones is a collection, and is kept beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.duplicates.shingles import Hashes
from transforms.duplicates.similarity import (
    BOILERPLATE_TEXTS,
    LONGER,
    WEAK_CONTAINMENT,
    Overlap,
    overlap,
)

BOILERPLATE_SHARE = 0.8  # of the texts of a cluster
OWN_SHARE = 0.25  # of a text, besides the boilerplate, to be a text of its own
OWN_SHINGLES = 14
UNRELATED = 0.05  # containment of what is left

Links = Mapping[int, Mapping[int, Overlap]]


@dataclass(frozen=True, slots=True)
class Member:
    """A text's place: which text is kept for it (itself, if it is kept) and what the two share."""

    kept: int
    shared: Overlap


def components(count: int, links: Links) -> list[list[int]]:
    """Return the connected groups, each ascending; groups in the order of their first members."""
    parents: dict[int, int] = {}  # of those with links, which are few

    def root(node: int) -> int:
        above = parents.setdefault(node, node)
        while above != node:
            parents[node] = parents[above]
            node, above = above, parents[above]
        return node

    for one, others in links.items():
        for other in others:
            first, second = sorted((root(one), root(other)))
            parents[second] = first
    groups: dict[int, list[int]] = {}
    for node in range(count):
        if node in parents:
            groups.setdefault(root(node), []).append(node)
        else:
            groups[node] = [node]
    return list(groups.values())


def gather(
    group: Sequence[int],
    links: Links,
    sets: Sequence[Hashes],
    *,
    apart: Mapping[int, int] | None = None,
) -> dict[int, Member]:
    """Return who is kept for whom in one connected group.

    Args:
        group: Texts in keep order.
        links: Pairs that are copies, both ways.
        sets: Shingles by text.
        apart: Texts that must not stand for one another have the same number here (the versions of one
            address).
    """
    apart = apart or {}
    left = list(group)
    found: dict[int, Member] = {}
    while left:
        kept = _first_complete(left, sets)
        if kept != left[0] and _is_collection(kept, left, links, sets):
            found[kept] = _alone(kept, sets)
            left.remove(kept)
            continue
        members = {kept: _alone(kept, sets)}
        frontier = [kept]
        open_ = set(left) - {kept}
        while frontier:
            node = frontier.pop(0)
            for other in sorted(open_ & links.get(node, {}).keys()):
                if other in apart and apart[other] == apart.get(kept):
                    continue
                shared = links[node][other] if node == kept else overlap(sets[kept], sets[other])
                if node != kept and shared.containment < WEAK_CONTAINMENT:
                    continue
                members[other] = Member(kept, shared)
                open_.discard(other)
                frontier.append(other)
        found |= members
        left = [node for node in left if node not in members]
    return found


def _alone(node: int, sets: Sequence[Hashes]) -> Member:
    size = sets[node].size
    return Member(node, Overlap(size, size, size))


def _is_collection(node: int, group: Sequence[int], links: Links, sets: Sequence[Hashes]) -> bool:
    parts = [other for other in group if other in links.get(node, {})]
    return any(overlap(sets[parts[0]], sets[other]).containment < UNRELATED for other in parts[1:])


def _first_complete(group: Sequence[int], sets: Sequence[Hashes]) -> int:
    longest = max(sets[node].size for node in group)
    return next(node for node in group if LONGER * sets[node].size >= longest)


def without_boilerplate(group: Sequence[int], sets: Sequence[Hashes]) -> dict[int, Hashes] | None:
    """Return the group's shingles without what otherwise unrelated texts have in common; None if nothing.

    Edited copies of one story also have a common core, but what is left of them is little, or still
    shared by some: each editor cuts in another place.
    """
    if len(group) < BOILERPLATE_TEXTS:
        return None
    values, counts = np.unique(np.concatenate([sets[node] for node in group]), return_counts=True)
    core = values[counts >= max(BOILERPLATE_TEXTS, BOILERPLATE_SHARE * len(group))]
    if not core.size:
        return None
    rests = {node: np.setdiff1d(sets[node], core, assume_unique=True) for node in group}
    own = [
        node for node in group if rests[node].size >= max(OWN_SHINGLES, OWN_SHARE * sets[node].size)
    ]
    if len(own) < BOILERPLATE_SHARE * len(group):
        return None
    # How much of the rests is in more than one of them: one pass, not all pairs.
    together, times = np.unique(np.concatenate([rests[node] for node in own]), return_counts=True)
    repeated = together[times > 1]
    shared = [overlap(rests[node], repeated).shared / rests[node].size for node in own]
    return rests if float(np.median(shared)) < UNRELATED else None
