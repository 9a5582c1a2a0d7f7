"""The tables described: as Markdown for people, as JSON Schema for programs. No Beam."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from transforms.schema import SCHEMA_VERSION, TABLES, Table


def as_markdown() -> str:
    """Return every table with its columns, types, nullability and meaning."""
    return "\n".join(
        [f"# Tables (schema version {SCHEMA_VERSION})", "", *map(_section, TABLES.values())]
    )


def _section(table: Table) -> str:
    lines = [f"## {table.name}", "", (table.record.__doc__ or "").strip(), ""]
    lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
    for field in table.schema:
        null = "yes" if field.nullable else ""
        lines.append(f"| {field.name} | {type_name(field.type)} | {null} | {meaning(field)} |")
    return "\n".join([*lines, ""])


def meaning(field: pa.Field) -> str:
    """Return a column's description."""
    return str(field.metadata[b"description"].decode())


def type_name(type_: pa.DataType) -> str:
    """Return a column's type in few words ("timestamp, UTC", "list of string")."""
    if pa.types.is_timestamp(type_):
        return "timestamp, UTC"
    if pa.types.is_list(type_):
        return f"list of {type_name(type_.value_type)}"
    if pa.types.is_fixed_size_binary(type_):
        return f"{type_.byte_width} bytes"
    return str(type_).removesuffix("[day]")


def as_json_schema() -> dict[str, Any]:
    """Return one JSON Schema with a definition for each table's rows, as `wirelake query` prints them."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wirelake",
        "version": SCHEMA_VERSION,
        "$defs": {table.name: _row_schema(table) for table in TABLES.values()},
    }


def _row_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "object",
        "description": (table.record.__doc__ or "").strip(),
        "properties": {
            field.name: _property(field.type, nullable=field.nullable)
            | {"description": meaning(field)}
            for field in table.schema
        },
        "required": table.schema.names,
        "additionalProperties": False,
    }


def _property(type_: pa.DataType, *, nullable: bool) -> dict[str, Any]:
    if pa.types.is_list(type_):
        found: dict[str, Any] = {"items": _property(type_.value_type, nullable=False)}
        name = "array"
    elif pa.types.is_timestamp(type_):
        found, name = {"format": "date-time"}, "string"
    elif pa.types.is_date(type_):
        found, name = {"format": "date"}, "string"
    elif pa.types.is_boolean(type_):
        found, name = {}, "boolean"
    elif pa.types.is_integer(type_):
        found, name = {}, "integer"
    elif pa.types.is_floating(type_):
        found, name = {}, "number"
    else:
        found, name = {}, "string"
    return {"type": [name, "null"] if nullable else name} | found
