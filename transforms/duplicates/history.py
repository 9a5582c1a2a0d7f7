"""What the lake already knows of a run's copies: earlier signatures, streamed, never held.

The run's keys and bands are few and stay in memory; tables of the `signatures` table pass by one at a time
and only the rows that match are kept. Texts of earlier runs are not at hand, so near-copies are judged by
estimate: Jaccard from the 128 MinHash rows, containment from it and the two numbers of shingles
(`similarity.estimated_overlap` gives the error).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.duplicates.fingerprint import Fingerprint
from transforms.duplicates.minhash import BAND_ROWS, Signatures, jaccard_estimate, unpacked
from transforms.duplicates.minhash import bands as make_bands
from transforms.duplicates.numbers import differ
from transforms.duplicates.similarity import (
    BOILERPLATE_TEXTS,
    Overlap,
    estimated_overlap,
)
from transforms.schema import MINHASH_BANDS, MINHASH_PERMUTATIONS

COLUMNS = (
    "article_id",
    "kept",
    "guid_key",
    "url_key",
    "content_key",
    "minhash",
    "bands",
    "shingles",
    "numbers",
)
KEYS = ("guid_key", "url_key", "content_key")
_FILTER_BITS = 18  # a table of bits per band that says "surely not" for all but 1 in 250 values


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Known:
    """One earlier copy: a row of `signatures`.

    Attributes:
        article_id: The article kept for it.
        dropped: It was a duplicate itself.
        shingles: Distinct 3-grams of its text; None where they were not compared.
    """

    article_id: str
    dropped: bool
    content_key: bytes
    url_key: bytes = b""
    guid_key: bytes = b""
    shingles: int = 0
    minhash: bytes = b""
    numbers: bytes = b""


@dataclass(slots=True)
class History:
    """The earlier copies that matter to one run.

    Attributes:
        by_guid: Earlier copies by guid_key; each list sorted and without repeats.
        by_url: The same by url_key.
        by_content: The same by content_key.
        near: By copy_id, what it shares with earlier copies that are not too far from it.
    """

    by_guid: dict[bytes, list[Known]] = field(default_factory=dict)
    by_url: dict[bytes, list[Known]] = field(default_factory=dict)
    by_content: dict[bytes, list[Known]] = field(default_factory=dict)
    near: dict[str, list[tuple[Known, Overlap]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no earlier copy matters."""
        return not (self.by_guid or self.by_url or self.by_content or self.near)


def read_history(tables: Iterable[pa.Table], prints: Sequence[Fingerprint]) -> History:
    """Return what matters of the earlier signatures; the tables' order makes no difference.

    Args:
        tables: Parts of the `signatures` table, at least with COLUMNS.
        prints: The copies of this run.
    """
    wanted: dict[str, pa.Array] = {}
    probe: _BandProbe | None = None
    history = History()
    for table in tables:
        wanted = wanted or {key: _values(prints, key) for key in KEYS}
        probe = probe or _BandProbe([item for item in prints if item.bands is not None])
        for batch in table.select(COLUMNS).to_batches():
            for key, target in zip(
                KEYS, (history.by_guid, history.by_url, history.by_content), strict=True
            ):
                hits = np.flatnonzero(
                    pc.is_in(batch.column(key), value_set=wanted[key]).to_numpy(
                        zero_copy_only=False
                    )
                )
                for known in _known(batch, hits):
                    target.setdefault(getattr(known, key), []).append(known)
            probe.look(batch, history.near)
    for target in (history.by_guid, history.by_url, history.by_content):
        for value, rows in target.items():
            target[value] = sorted(set(rows))
    for name, found in history.near.items():
        history.near[name] = sorted(
            dict(found).items(), key=lambda pair: (-pair[1].containment, pair[0])
        )
    return history


def boilerplate_share(near: Iterable[tuple[Known, Overlap]]) -> float:
    """Return how much of a text is boilerplate by what earlier runs decided, 0-1; 0: none that shows.

    Texts of several addresses were kept apart although all of them are near to this one: so what it shares
    with at least BOILERPLATE_TEXTS of them is boilerplate.

    Args:
        near: Earlier copies and what the text shares with them, the most first.
    """
    addresses: dict[bytes | str, float] = {}
    for known, shared in near:
        if not known.dropped:
            addresses.setdefault(known.url_key or known.article_id, shared.containment)
    if len(addresses) < BOILERPLATE_TEXTS:
        return 0.0
    return sorted(addresses.values(), reverse=True)[BOILERPLATE_TEXTS - 1]


def _values(prints: Sequence[Fingerprint], key: str) -> pa.Array:
    found = {value for item in prints if (value := getattr(item, key)) is not None}
    return pa.array(sorted(found), type=pa.binary(16))


def _known(batch: pa.RecordBatch, rows: npt.NDArray[np.int64]) -> list[Known]:
    if not len(rows):
        return []
    return [
        Known(
            article_id=row["article_id"],
            dropped=not row["kept"],
            content_key=row["content_key"],
            url_key=row["url_key"] or b"",
            guid_key=row["guid_key"] or b"",
            shingles=row["shingles"],
            minhash=row["minhash"] or b"",
            numbers=row["numbers"] or b"",
        )
        for row in batch.take(pa.array(rows)).to_pylist()
    ]


class _BandProbe:
    """Finds earlier copies that share a band with one of this run's, and estimates what they share.

    Besides the 32 bands that are stored (of the first 64 rows) it makes 32 more of the other 64: at
    J = .2 the 64 bands find .93 where 32 find .73, and a shortened copy has no more.
    """

    def __init__(self, prints: Sequence[Fingerprint]) -> None:
        self._prints = prints
        self._by_id = {item.copy_id: item for item in prints}
        self._minhash = unpacked(
            b"".join(item.minhash or b"" for item in prints), MINHASH_PERMUTATIONS
        )
        stored = unpacked(b"".join(item.bands or b"" for item in prints), MINHASH_BANDS)
        bands = np.concatenate((stored, _more_bands(self._minhash)), axis=1)
        self._numbers = range(bands.shape[1])
        self._orders = [np.argsort(bands[:, number]) for number in self._numbers]
        self._values = [bands[order, number] for number, order in enumerate(self._orders)]
        self._maybe = np.zeros((bands.shape[1], 1 << _FILTER_BITS), dtype=bool)
        for number in self._numbers:
            self._maybe[number, _slot(bands[:, number])] = True

    def look(self, batch: pa.RecordBatch, near: dict[str, list[tuple[Known, Overlap]]]) -> None:
        """Add what is near enough among a batch of signatures."""
        if not self._prints:
            return
        valid = np.flatnonzero(batch.column("bands").is_valid().to_numpy(zero_copy_only=False))
        if not valid.size:
            return
        part = batch.take(pa.array(valid)) if valid.size < batch.num_rows else batch
        earlier = _fixed(part.column("minhash"), MINHASH_PERMUTATIONS)
        rows, mine = self._pairs(_fixed(part.column("bands"), MINHASH_BANDS), _more_bands(earlier))
        if not rows.size:
            return
        jaccard = np.concatenate(
            [
                jaccard_estimate(earlier[rows[start:stop]], self._minhash[mine[start:stop]])
                for start, stop in _steps(rows.size)
            ]
        )
        sizes = part.column("shingles").to_numpy(zero_copy_only=False)
        found = []
        for index in np.flatnonzero(jaccard > 0):
            item = self._prints[int(mine[index])]
            shared = estimated_overlap(
                float(jaccard[index]), int(sizes[rows[index]]), item.shingle_count
            )
            if shared.is_copy:
                found.append((int(rows[index]), item.copy_id, shared))
        places = sorted({row for row, _, _ in found})
        known = dict(zip(places, _known(part, np.array(places, dtype=np.int64)), strict=True))
        for row, name, shared in found:
            if differ(known[row].numbers, self._by_id[name].numbers, shared.containment):
                continue
            near.setdefault(name, []).append((known[row], shared))

    def _pairs(
        self, stored: Signatures, more: Signatures
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return (row of the batch, index of this run's copy) of all that share a band."""
        count = len(self._prints)
        codes = []
        for number in self._numbers:
            bands = stored if number < MINHASH_BANDS else more
            column = np.ascontiguousarray(bands[:, number % MINHASH_BANDS])
            rows = np.flatnonzero(self._maybe[number, _slot(column)])
            low = np.searchsorted(self._values[number], column[rows], side="left")
            lengths = np.searchsorted(self._values[number], column[rows], side="right") - low
            owners = np.repeat(rows, lengths)
            offsets = np.arange(owners.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            mine = self._orders[number][np.repeat(low, lengths) + offsets]
            codes.append(owners * count + mine)
        found = np.unique(np.concatenate(codes))
        return found // count, found % count


def _more_bands(rows: Signatures) -> Signatures:
    """Return bands of the rows that the stored bands leave out, a part at a time."""
    used = MINHASH_BANDS * BAND_ROWS
    parts = [make_bands(rows[start:stop, used:]) for start, stop in _steps(len(rows))]
    return np.concatenate(parts) if parts else np.empty((0, MINHASH_BANDS), dtype=np.uint32)


def _slot(values: Signatures) -> npt.NDArray[np.uint32]:
    return np.asarray(values >> np.uint32(32 - _FILTER_BITS), dtype=np.uint32)


def _fixed(column: pa.Array, width: int) -> Signatures:
    """Return a FixedSizeBinary column without nulls as rows of uint32; no copy."""
    size = column.type.byte_width
    data = memoryview(column.buffers()[1])
    start = column.offset * size
    return unpacked(data[start : start + len(column) * size], width)


def _steps(total: int, size: int = 20_000) -> Iterable[tuple[int, int]]:
    return ((start, min(start + size, total)) for start in range(0, total, size))
