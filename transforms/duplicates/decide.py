"""Which copies are kept, and which article each of the others is a duplicate of.

In this order, each copy is

1. compared with earlier runs by guid and address. The same text (or a summary of a known full text): a
   duplicate, "guid" or "url". Another text: an article, a revision of the earlier one;
2. compared with earlier runs by text: "exact", then "near" (by estimate);
3. compared within the run by guid and address: in version order, each materially different text is
   a version, the rest are duplicates of theirs;
4. compared within the run by text: equal words are "exact", verified near-copies "near"; clusters are
   gathered in keep order (`clusters`).

A guid only counts where the addresses do not contradict it: feeds that give every entry the same guid exist.
The result depends on the set of copies and of known signatures only, not on their order.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from transforms.duplicates.candidates import candidate_pairs
from transforms.duplicates.clusters import components, gather, without_boilerplate
from transforms.duplicates.fingerprint import Fingerprint
from transforms.duplicates.history import History, Known, boilerplate_share, read_history
from transforms.duplicates.minhash import unpacked
from transforms.duplicates.numbers import differ
from transforms.duplicates.shingles import Hashes
from transforms.duplicates.similarity import (
    LONGER,
    WEAK_CONTAINMENT,
    Overlap,
    overlap,
)
from transforms.duplicates.versions import (
    guid_joins,
    guid_joins_known,
    is_known_version,
    is_same_version,
    known_jaccard,
    known_overlap,
)
from transforms.schema import MINHASH_BANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one copy.

    Attributes:
        copy_id: The copy.
        article_id: The article kept for it; its own where it is kept.
        reason: None: it is kept; else guid, url, exact or near.
        similarity: 1 for guid, url and exact; else what the two share of the shorter one.
        revision_of: The earlier version's article_id; only where it is kept.
    """

    copy_id: str
    article_id: str
    reason: str | None = None
    similarity: float = 1.0
    revision_of: str | None = None


def decide(prints: Iterable[Fingerprint], tables: Iterable[pa.Table] = ()) -> list[Decision]:
    """Return one decision per copy, in keep order.

    Args:
        prints: All copies of the run; copy_ids are unique.
        tables: The earlier signatures, in parts.
    """
    ordered = sorted(prints, key=lambda item: item.rank)
    return _Run(ordered, read_history(tables, ordered)).decisions()


class _Run:
    def __init__(self, prints: list[Fingerprint], history: History) -> None:
        self._prints = prints
        self._history = history
        self._done: dict[int, Decision] = {}
        self._known_for: dict[int, Known] = {}  # by copy: the earlier copy it is a duplicate of
        self._revision_of: dict[int, str] = {}
        self._boilerplate: dict[int, float] = {}  # by copy: its share of boilerplate that is known

    def decisions(self) -> list[Decision]:
        if not self._history.is_empty:
            for index in range(len(self._prints)):
                self._against_history(index)
        versions = self._versions()
        self._by_text(versions)
        self._link_versions(versions)
        return [self._final(index) for index in range(len(self._prints))]

    # --- against earlier runs -----------------------------------------------------------------

    def _against_history(self, index: int) -> None:
        item = self._prints[index]
        by_guid = [
            known
            for known in self._history.by_guid.get(item.guid_key or b"", ())
            if guid_joins_known(item, known)
        ]
        by_url = self._history.by_url.get(item.url_key or b"", [])
        same_place = sorted({*by_guid, *by_url})
        for known in same_place:
            if is_known_version(item, known):
                self._drop(index, known, "guid" if known in by_guid else "url")
                return
        kept = [known for known in same_place if not known.dropped]
        if kept:
            closest = min(kept, key=lambda known: (-known_jaccard(item, known), known))
            self._revision_of[index] = closest.article_id
            return
        for known in self._history.by_content.get(item.content_key, ()):
            self._drop(index, known, "exact")
            return
        near = self._history.near.get(item.copy_id, [])
        self._boilerplate[index] = boilerplate_share(near)
        for known, shared in near:
            if not shared.is_beyond(self._boilerplate[index]):
                continue
            if item.shingle_count <= LONGER * known.shingles:
                self._drop(index, known, "near", shared.containment)
                return

    def _drop(self, index: int, known: Known, reason: str, similarity: float = 1.0) -> None:
        self._known_for[index] = known
        self._done[index] = Decision(
            copy_id=self._prints[index].copy_id,
            article_id=known.article_id,
            reason=reason,
            similarity=similarity,
        )

    # --- one address, several texts -----------------------------------------------------------

    def _versions(self) -> dict[int, list[int]]:
        """Settle copies of one address or guid; return the versions of each, first to last."""
        found: dict[int, list[int]] = {}
        for group in self._same_places():
            if len(group) == 1:
                found[group[0]] = group
                continue
            versions: list[int] = []
            for index in sorted(group, key=lambda member: self._prints[member].version):
                same = next(
                    (
                        one
                        for one in versions
                        if is_same_version(self._prints[one], self._prints[index])
                    ),
                    None,
                )
                if same is None:
                    versions.append(index)
                    continue
                one, other = self._prints[same], self._prints[index]
                is_guid = one.guid_key is not None and one.guid_key == other.guid_key
                self._done[index] = Decision(
                    copy_id=other.copy_id,
                    article_id=one.article_id,
                    reason="guid" if is_guid else "url",
                )
            found[min(group)] = versions
        return found

    def _same_places(self) -> list[list[int]]:
        pending = [index for index in range(len(self._prints)) if index not in self._done]
        links: dict[int, dict[int, Overlap]] = {}
        last_of: dict[tuple[str, bytes], int] = {}
        nothing = Overlap(0, 0, 0)
        for index in pending:
            item = self._prints[index]
            if item.url_key is not None:
                before = last_of.setdefault(("url", item.url_key), index)
                if before != index:
                    links.setdefault(before, {})[index] = nothing
            if item.guid_key is not None:
                before = last_of.setdefault(("guid", item.guid_key), index)
                if before != index and guid_joins(self._prints[before], item):
                    links.setdefault(before, {})[index] = nothing
        waiting = set(pending)
        return [group for group in components(len(self._prints), links) if group[0] in waiting]

    # --- any address, one text ----------------------------------------------------------------

    def _by_text(self, versions: dict[int, list[int]]) -> None:
        """Settle copies of one text among the versions, and among those known from earlier runs."""
        nodes = sorted(
            (index for group in versions.values() for index in group),
            key=lambda index: (index not in self._revision_of, index),  # a revision stays one
        )
        first_of: dict[bytes, int] = {}
        same_text: dict[int, int] = {}
        group_of = {index: name for name, group in versions.items() for index in group}
        for index in nodes:
            first = first_of.setdefault(self._prints[index].content_key, index)
            if first != index and group_of[first] != group_of[index]:
                same_text[index] = first
        compared = [
            index
            for index in range(len(self._prints))
            if self._prints[index].minhash is not None
            and index not in same_text
            and (index in group_of or index in self._known_for)
        ]
        self._near(compared, group_of)
        for index, first in same_text.items():
            self._copy_decision(index, first)

    def _copy_decision(self, index: int, first: int) -> None:
        """Let an exact copy share what was decided for the first with its text."""
        decided = self._done.get(first)
        self._done[index] = Decision(
            copy_id=self._prints[index].copy_id,
            article_id=decided.article_id if decided else self._prints[first].article_id,
            reason="exact" if decided is None else decided.reason,
            similarity=1.0 if decided is None else decided.similarity,
        )

    def _near(self, compared: list[int], group_of: dict[int, int]) -> None:
        sets = [self._prints[index].shingles for index in compared]
        bands = unpacked(
            b"".join(self._prints[index].bands or b"" for index in compared), MINHASH_BANDS
        )
        numbers = [self._prints[index].numbers for index in compared]
        known = [self._boilerplate.get(index, 0.0) for index in compared]
        links = _links(candidate_pairs(sets, bands), sets, numbers, known)
        for group in components(len(sets), links):
            if len(group) == 1:
                continue
            rests = without_boilerplate(group, sets)
            parts, local, local_links = [group], sets, links
            if rests is not None:
                local = [rests.get(node, hashes) for node, hashes in enumerate(sets)]
                inner = set(group)
                pairs = [(a, b) for a in group for b in links.get(a, {}) if a < b and b in inner]
                local_links = _links(pairs, local, numbers, [0.0] * len(local))
                parts = [part for part in components(len(sets), local_links) if part[0] in inner]
            for part in parts:
                self._settle(part, compared, local_links, local, group_of)

    def _settle(
        self,
        part: list[int],
        compared: list[int],
        links: dict[int, dict[int, Overlap]],
        sets: Sequence[Hashes],
        group_of: dict[int, int],
    ) -> None:
        """Decide one connected group: what earlier runs know goes first, the rest gathers."""
        self._spread_known(part, compared, links)
        left = [node for node in part if compared[node] not in self._done]
        apart = {node: group_of[compared[node]] for node in left}
        for node, member in gather(left, links, sets, apart=apart).items():
            index = compared[node]
            if member.kept == node or index in self._revision_of:
                continue
            kept = self._prints[compared[member.kept]]
            self._done[index] = Decision(
                copy_id=self._prints[index].copy_id,
                article_id=kept.article_id,
                reason="near",
                similarity=member.shared.containment,
            )

    def _spread_known(
        self, part: list[int], compared: list[int], links: dict[int, dict[int, Overlap]]
    ) -> None:
        """Let copies of a copy that earlier runs know follow it, the most similar first."""
        heap = [
            (-shared.containment, other, node)
            for node in part
            if compared[node] in self._known_for
            for other, shared in links.get(node, {}).items()
        ]
        heapq.heapify(heap)
        while heap:
            _, node, source = heapq.heappop(heap)
            index = compared[node]
            known = self._known_for[compared[source]]
            item = self._prints[index]
            if index in self._done or index in self._revision_of or not known.minhash:
                continue
            shared = known_overlap(item, known)
            too_long = item.shingle_count > LONGER * known.shingles
            if shared.containment < WEAK_CONTAINMENT or too_long:
                continue
            self._drop(index, known, "near", shared.containment)
            for other, next_shared in links.get(node, {}).items():
                heapq.heappush(heap, (-next_shared.containment, other, node))

    # --- the end ------------------------------------------------------------------------------

    def _link_versions(self, versions: dict[int, list[int]]) -> None:
        """Name the version before; let duplicates of a dropped version follow it."""
        for group in versions.values():
            earlier: str | None = None
            for index in group:
                if index in self._done:
                    continue
                if earlier is not None:
                    self._revision_of[index] = earlier
                earlier = self._prints[index].article_id
        self._follow()

    def _follow(self) -> None:
        """Point duplicates of a copy that was dropped in turn at what was kept for it."""
        kept = {
            item.article_id for index, item in enumerate(self._prints) if index not in self._done
        }
        moved = {
            self._prints[index].article_id: decision.article_id
            for index, decision in self._done.items()
            if self._prints[index].article_id not in kept
            and self._prints[index].article_id != decision.article_id
        }
        for index, decision in self._done.items():
            target = decision.article_id
            while target in moved:
                target = moved[target]
            self._done[index] = replace(decision, article_id=target)

    def _final(self, index: int) -> Decision:
        item = self._prints[index]
        return self._done.get(index) or Decision(
            copy_id=item.copy_id,
            article_id=item.article_id,
            revision_of=self._revision_of.get(index),
        )


def _links(
    pairs: Iterable[tuple[int, int]],
    sets: Sequence[Hashes],
    numbers: Sequence[bytes | None],
    boilerplate: Sequence[float],
) -> dict[int, dict[int, Overlap]]:
    """Return the pairs that are copies, both ways."""
    found: dict[int, dict[int, Overlap]] = {}
    for one, other in pairs:
        shared = overlap(sets[one], sets[other])
        if (
            shared.is_copy
            and shared.is_beyond(min(boilerplate[one], boilerplate[other]))
            and not differ(numbers[one], numbers[other], shared.containment)
        ):
            found.setdefault(one, {})[other] = shared
            found.setdefault(other, {})[one] = shared
    return found
