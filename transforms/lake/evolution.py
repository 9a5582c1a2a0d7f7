"""How tables may change between versions of the schema.

A new column must be nullable: files without it stay as they are and read as null. A type may not
change, a column may not go, and one that was nullable may not become required: old files could no longer
be read as the table says. A lake that a newer version wrote is read, and never written.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from transforms.failures import LakeError
from transforms.lake.live import Live
from transforms.lake.manifests import DataFile
from transforms.lake.reading import schema_of
from transforms.lake.store import Store
from transforms.schema import SCHEMA_VERSION, TABLES


def breaks(table: str, old: pa.Schema, new: pa.Schema) -> list[str]:
    """Return why rows written under the old schema could not be read under the new one.

    >>> breaks("t", pa.schema([("a", pa.int64())]), pa.schema([("a", pa.int32())]))
    ['t.a was int64 and is now int32']
    """
    return list(_breaks(table, old, new))


def require_compatible(store: Store, current: Live, version: int = SCHEMA_VERSION) -> None:
    """Raise LakeError where this version of the schema may not write to a lake.

    Opens one file of each table and other version only, none where all are of this version.
    """
    samples: dict[tuple[str, int], DataFile] = {}
    for _, file in current.files():
        if file.schema_version > version:
            raise LakeError(
                f"the lake {store.root} was written with schema version {file.schema_version}, "
                f"this is version {version}; use the newer wirelake"
            )
        if file.schema_version < version:
            samples[file.table, file.schema_version] = file
    found: list[str] = []
    for (table, _), file in sorted(samples.items()):
        old = schema_of(store, file.path)
        found += breaks(table, old, TABLES[table].schema)
    if found:
        raise LakeError(f"the lake {store.root} cannot take this schema: {'; '.join(found)}")


def _breaks(table: str, old: pa.Schema, new: pa.Schema) -> Iterator[str]:
    for field in old:
        name = f"{table}.{field.name}"
        if field.name not in new.names:
            yield f"{name} is gone"
            continue
        now = new.field(field.name)
        if not _same(now.type, field.type):
            yield f"{name} was {field.type} and is now {now.type}"
        if field.nullable and not now.nullable:
            yield f"{name} could be null and is now required"
    for field in new:
        if field.name not in old.names and not field.nullable:
            yield f"{table}.{field.name} is new and must be nullable, since old rows lack it"


def _same(one: pa.DataType, other: pa.DataType) -> bool:
    """Compare types but for the name that Parquet gives to a list's element."""
    if pa.types.is_list(one) and pa.types.is_list(other):
        return _same(one.value_type, other.value_type)
    return bool(one.equals(other))
