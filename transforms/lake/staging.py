"""Rows on their way to the lake: which shard, which staged file.

A staged file is whole and synced before anybody hears of it. Engines retry and race, so its name
carries an attempt id; the commit picks one attempt per table and shard.
"""

from __future__ import annotations

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from transforms.failures import Failure
from transforms.lake import layout, parquet
from transforms.lake.store import Lake, open_store
from transforms.records import Run
from transforms.schema import TABLE_OF, TABLES, Record, Reject


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """One attempt at one shard of one table.

    Attributes:
        path: Relative to the lake; a Parquet file whose name does not say so.
        attempt: Which of the attempts at this shard.
    """

    table: str
    date: str
    shard: int
    path: str
    rows: int
    bytes: int
    sha256: str
    attempt: str


def row_of(item: Record | Failure, run_id: str) -> Record:
    """Return the row of a record; a Failure becomes a Reject of this run.

    Raises:
        TypeError: It is neither: a mistake in the wiring.
    """
    if isinstance(item, Failure):
        fields = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
        return Reject(run_id=run_id, **fields)
    if type(item) not in TABLE_OF:
        raise TypeError(f"{type(item).__name__} is no row of a table: {item!r:.200}")
    return item


def shard_of(row: Record, shards: int) -> tuple[str, int]:
    """Return (table, shard) of a row: a hash of the table's key, the same in every process."""
    table = TABLE_OF[type(row)]
    if shards == 1:
        return table.name, 0
    key = str(getattr(row, table.key)).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(key, digest_size=8).digest()
    return table.name, int.from_bytes(digest, "big") % shards


def stage(lake: Lake, run: Run, table: str, shard: int, rows: Iterable[Any]) -> StagedFile:
    """Write one shard's rows to the run's staging folder.

    Raises:
        LakeError: The lake cannot be written.
        ValueError: A row does not fit the schema: a mistake in the program.
    """
    content = parquet.to_table(TABLES[table], list(rows))
    data = parquet.encode(content)
    attempt = uuid.uuid4().hex
    path = layout.staged_file(run.run_id, table, shard, attempt)
    open_store(lake).put(path, data)
    return StagedFile(
        table=table,
        date=run.date.isoformat(),
        shard=shard,
        path=path,
        rows=content.num_rows,
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        attempt=attempt,
    )
