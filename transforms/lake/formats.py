"""Rows as text: a table for people, CSV, or one JSON array of objects."""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import io
import json
import math
import uuid
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from transforms.failures import UsageError

FORMATS = ("table", "csv", "json")
TABLE_WIDTH = 160  # characters, where the output is no terminal
CELL_WIDTH = 60


def format_rows(rows: pa.Table, how: str) -> str:
    """Return rows as text that ends with a line break.

    - json: one array of objects; ISO dates and times, hex for bytes, null for null, NaN and infinity.
      A column name that comes twice gets a number, since an object has each key once.
    - csv: RFC 4180 with a header; null is empty; lists are JSON.
    - table: for people; long cells are cut.

    Raises:
        UsageError: There is no such format.
    """
    names = unique_names(rows.column_names)
    values = [list(map(plain, column.to_pylist())) for column in rows.columns]
    lines = list(zip(*values, strict=True))
    if how == "json":
        objects = [dict(zip(names, line, strict=True)) for line in lines]
        return json.dumps(objects, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if how == "csv":
        return _csv(rows.column_names, lines)
    if how == "table":
        return _table(rows.column_names, lines)
    raise UsageError(f"format {how!r}: must be one of {', '.join(FORMATS)}")


def unique_names(names: list[str]) -> list[str]:
    """Return the names, later ones of the same name numbered.

    >>> unique_names(["n", "n", "m"])
    ['n', 'n_2', 'm']
    """
    found: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in found or (number > 1 and candidate in names):
            number += 1
            candidate = f"{name}_{number}"
        found.append(candidate)
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON has it.

    >>> plain(float("nan")), plain(bytes([1])), plain(dt.date(2024, 11, 22))
    (None, '01', '2024-11-22')
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case decimal.Decimal():
            return _number(value)
        case dt.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case uuid.UUID():
            return str(value)
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)


def _number(value: decimal.Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _csv(names: list[str], lines: list[tuple[Any, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return out.getvalue()


def _table(names: list[str], lines: list[tuple[Any, ...]]) -> str:
    table = Table(show_lines=False)
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for line in lines:
        table.add_row(*(Text(_cut(_short(value))) for value in line))
    out = io.StringIO()
    console = Console(file=out, width=None if Console().is_terminal else TABLE_WIDTH)
    console.print(table)
    console.print(f"{len(lines):,} row{'s' * (len(lines) != 1)}")
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else _cell(value)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= CELL_WIDTH else f"{text[: CELL_WIDTH - 1]}…"
