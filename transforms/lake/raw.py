"""What was fetched: landed while a run goes on, kept beside the tables once it is committed.

Each request lands as one *piece*: the bytes of its WARC records, each a gzip member of its own. A
piece is a file in `_staging/<run_id>/raw/` with a digest at its end, so that one cut short by a
loss of power counts as never landed and needs no sync of its own. At commit the pieces are joined
in the order of their record ids: gzip members in a row are a valid `.warc.gz` (WARC 1.1, annex D).

Beside each WARC file stands an index, one JSON object a line: `{"id": …, "offset": …, "length": …}`,
so that a rerun of a committed run finds a response without parsing the rest. (CDXJ is sorted by
URL and knows no record ids.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.manifests import Manifest, RawFile, read_manifest
from transforms.lake.store import Lake, Store, open_store
from transforms.records import Run
from transforms.schema import hash_id

SHARD_BYTES = 1 << 28  # WARC files are customarily cut below 1 GB; 256 MB suits one rewrite
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a committed piece is."""

    path: str
    offset: int
    length: int


@dataclass
class RawStore:
    """The responses of one run, by WARC-Record-ID. Picklable; opens nothing until it is used."""

    lake_root: Lake
    run: Run
    _committed: dict[str, Place] | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        return {"lake_root": self.lake_root, "run": self.run, "_committed": None}

    def get(self, record_id: str) -> bytes | None:
        """Return the landed bytes of one request; None: it never landed."""
        store = open_store(self.lake_root)
        staged = _read_piece(store, _piece_path(self.run.run_id, record_id))
        if staged is not None:
            return staged[1]
        if self._committed is None:
            self._committed = committed_index(store, self.run.run_id)
        place = self._committed.get(record_id)
        if place is None:
            return None
        return store.read(place.path, place.offset, place.length)

    def put(self, record_id: str, data: bytes) -> None:
        """Land the bytes of one request; a second time changes nothing for readers."""
        name = record_id.encode()
        body = len(name).to_bytes(2, "big") + name + data
        digest = hashlib.blake2b(body, digest_size=_DIGEST).digest()
        path = _piece_path(self.run.run_id, record_id)
        open_store(self.lake_root).put(path, body + digest, durable=False)


def committed_index(store: Store, run_id: str) -> dict[str, Place]:
    """Return where each response of a committed run is; empty where there is none."""
    manifest = read_manifest(store, run_id)
    places: dict[str, Place] = {}
    for file in manifest.raw if manifest else ():
        try:
            lines = store.read(layout.raw_index(file.path)).splitlines()
        except FileNotFoundError:  # raw/ is the first to expire
            continue
        for line in lines:
            entry = json.loads(line)
            places[entry["id"]] = Place(file.path, entry["offset"], entry["length"])
    return places


def staged_pieces(store: Store, run_id: str) -> dict[str, str]:
    """Return the path of each piece that has landed whole, by record id."""
    found = {}
    folder = layout.staged_raw(run_id)
    for stat in store.listing(folder):
        path = f"{folder}/{stat.name}"
        piece = _read_piece(store, path)
        if piece is not None:
            found[piece[0]] = path
    return found


def publish(store: Store, run: Run, before: Manifest | None) -> tuple[RawFile, ...]:
    """Put the run's responses into `raw/` and return what the manifest says of them.

    Args:
        before: The run's manifest where it was committed already. Where nothing new has landed since,
            its files stay as they are; where something has, a new generation holds both.
    """
    old = committed_index(store, run.run_id) if before else {}
    staged = staged_pieces(store, run.run_id)
    if before and not staged.keys() - old.keys():
        return before.raw
    generation = before.generation + 1 if before else 0
    return tuple(
        _publish_shard(store, run, shard, generation, pieces)
        for shard, pieces in enumerate(_shards(store, old, staged))
    )


def _shards(
    store: Store, old: dict[str, Place], staged: dict[str, str]
) -> Iterator[list[tuple[str, bytes]]]:
    pieces: list[tuple[str, bytes]] = []
    size = 0
    for record_id in sorted(old.keys() | staged.keys()):
        if record_id in old:
            place = old[record_id]
            data = store.read(place.path, place.offset, place.length)
        else:
            piece = _read_piece(store, staged[record_id])
            if piece is None:
                raise LakeError(f"{store.uri(staged[record_id])} changed while it was committed")
            data = piece[1]
        if pieces and size + len(data) > SHARD_BYTES:
            yield pieces
            pieces, size = [], 0
        pieces.append((record_id, data))
        size += len(data)
    if pieces:
        yield pieces


def _publish_shard(
    store: Store, run: Run, shard: int, generation: int, pieces: list[tuple[str, bytes]]
) -> RawFile:
    path = layout.raw_file(run.date, run.run_id, shard, generation)
    lines, offset = [], 0
    for record_id, data in pieces:
        lines.append(json.dumps({"id": record_id, "offset": offset, "length": len(data)}))
        offset += len(data)
    index = "".join(f"{line}\n" for line in lines).encode()
    warc = b"".join(data for _, data in pieces)
    store.put(layout.raw_index(path), index)
    store.put(path, warc)
    return RawFile(
        path=path,
        records=len(pieces),
        bytes=len(warc),
        sha256=hashlib.sha256(warc).hexdigest(),
        index_bytes=len(index),
        index_sha256=hashlib.sha256(index).hexdigest(),
    )


def _piece_path(run_id: str, record_id: str) -> str:
    return f"{layout.staged_raw(run_id)}/{hash_id(record_id)}"


def _read_piece(store: Store, path: str) -> tuple[str, bytes] | None:
    """Return (record id, data) of a staged piece; None where it is missing or cut short."""
    try:
        content = store.read(path)
    except FileNotFoundError:
        return None
    body, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.blake2b(body, digest_size=_DIGEST).digest() != digest:
        return None
    size = int.from_bytes(body[:2], "big")
    return body[2 : 2 + size].decode(), body[2 + size :]
