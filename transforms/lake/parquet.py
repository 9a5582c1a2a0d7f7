"""Rows to Parquet bytes: the same rows, in whatever order they come, give the same bytes.

Encoding, by the measurements in the design: zstd level 3, dictionaries for columns of few values,
DELTA_BYTE_ARRAY for ids, BYTE_STREAM_SPLIT for floats, row groups of 122,880 rows (DuckDB's own
size, so that its threads share a file evenly). Rows are sorted by `Table.order` and then by all
other columns that can be sorted, so that ties do not depend on the order of arrival.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.schema import FLOAT_DIGITS, Table

ROW_GROUP = 122_880
ZSTD_LEVEL = 3
# Columns whose values are (nearly) all different: a dictionary would hold each of them once.
_LONG = frozenset({"text", "sentence", "detail", "title", "url", "canonical_url"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def to_table(table: Table, rows: Sequence[Any]) -> pa.Table:
    """Return records as an Arrow table: checked, rounded and sorted.

    Raises:
        ValueError, TypeError: A value does not fit its column, a None stands where none may, or a
            time has no zone: a mistake in the program that made the row.
    """
    arrays = [_column(table.name, field, rows) for field in table.schema]
    return ordered(table, pa.Table.from_arrays(arrays, schema=table.schema))


def ordered(table: Table, rows: pa.Table) -> pa.Table:
    """Return the rows sorted by the table's order, nulls first; ties by their other columns."""
    rest = [name for name in rows.schema.names if name not in table.order]
    keys = []
    for name in (*table.order, *rest):
        if name in table.order and rows.schema.field(name).nullable:
            keys.append(pc.is_valid(rows[name]))  # false, that is null, comes first
        keys.append(_sortable(rows[name]))
    columns = pa.table(keys, names=[str(index) for index in range(len(keys))])
    by = [(name, "ascending") for name in columns.schema.names]
    return rows.take(pc.sort_indices(columns, sort_keys=by)).combine_chunks()


def encode(rows: pa.Table) -> bytes:
    """Return the Parquet file of a table as `to_table` made it."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, **writer_options(rows.schema)) as writer:
        writer.write_table(rows, row_group_size=ROW_GROUP)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def writer_options(schema: pa.Schema) -> dict[str, Any]:
    """Return the arguments of `ParquetWriter` for a schema."""
    encodings: dict[str, str] = {}
    dictionaries: list[str] = []
    for field in schema:
        if pa.types.is_floating(field.type):
            encodings[field.name] = "BYTE_STREAM_SPLIT"
        elif field.name.endswith("_id") and pa.types.is_string(field.type) and not _few(field):
            encodings[field.name] = "DELTA_BYTE_ARRAY"
        elif pa.types.is_list(field.type):
            dictionaries.append(f"{field.name}.list.element")
        elif pa.types.is_string(field.type) and field.name not in _LONG:
            dictionaries.append(field.name)
        elif pa.types.is_fixed_size_binary(field.type):
            encodings[field.name] = "PLAIN"
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": dictionaries,
        "column_encoding": encodings or None,
        "write_statistics": True,
        "version": "2.6",
    }


def _few(field: pa.Field) -> bool:
    return field.name in {"feed_id", "run_id"}


def _column(table: str, field: pa.Field, rows: Sequence[Any]) -> pa.Array:
    values = list(map(operator.attrgetter(field.name), rows))
    try:
        array = _convert(field.type)(values)
    except UnicodeEncodeError:  # a lone surrogate, as JSON may smuggle in; costs itself only
        array = _convert(field.type)([_encodable(value) for value in values])
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{table}.{field.name} must be {field.type}: {error}") from error
    if not field.nullable and array.null_count:
        row = rows[values.index(None)]
        raise ValueError(f"{table}.{field.name} may not be None: {row!r:.500}")
    return array


@functools.cache
def _convert(type_: pa.DataType) -> Callable[[Sequence[Any]], pa.Array]:
    """Return what makes an array of one type, strict where Arrow is lenient."""
    if pa.types.is_timestamp(type_):
        return functools.partial(_times, type_)
    if pa.types.is_floating(type_):
        return functools.partial(_floats, type_)
    if pa.types.is_integer(type_) or pa.types.is_string(type_):
        return functools.partial(_inferred, type_)
    return functools.partial(pa.array, type=type_)


def _times(type_: pa.DataType, values: Sequence[dt.datetime | None]) -> pa.Array:
    naive = next((value for value in values if value is not None and value.tzinfo is None), None)
    if naive is not None:
        raise ValueError(f"{naive!r} has no time zone")
    return pa.array(values, type=type_)


def _floats(type_: pa.DataType, values: Sequence[float | None]) -> pa.Array:
    array = pa.array(values, type=type_)
    if pc.all(pc.is_finite(array)).as_py() is False:
        raise ValueError("not a number, or infinite")
    rounded = pc.round(array, ndigits=FLOAT_DIGITS)
    return pc.add(rounded, 0.0)  # -0.0 becomes 0.0: equal values, equal bytes


def _inferred(type_: pa.DataType, values: Sequence[Any]) -> pa.Array:
    """Refuse what Arrow would bend: 1.5 in an integer column, bytes in a string column."""
    array = pa.array(values)
    same = pa.types.is_string if pa.types.is_string(type_) else pa.types.is_integer
    if not same(array.type) and not pa.types.is_null(array.type):
        raise ValueError(f"there are values of type {array.type}")
    return array.cast(type_)


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column that Arrow can sort by in place of a list or fixed-size binary."""
    if pa.types.is_fixed_size_binary(column.type):
        return column.cast(pa.binary())
    if pa.types.is_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "\n")
    return column


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub(_REPLACEMENT, value)
    if isinstance(value, tuple):
        return tuple(_encodable(item) for item in value)
    return value
