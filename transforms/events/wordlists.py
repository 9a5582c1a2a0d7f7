"""The judge's data files: tab-separated tables under `data/`, checked as they are read."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.failures import ConfigError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: where it stands, and its fields (None: left empty, or "-")."""

    place: str
    fields: tuple[str | None, ...]

    def required(self, number: int) -> str:
        """Return field `number`; ConfigError where it is empty."""
        value = self.fields[number]
        if value is None:
            raise ConfigError(f"{self.place}: column {number + 1} is empty")
        return value

    def one_of(self, number: int, allowed: frozenset[str]) -> str:
        """Return field `number`; ConfigError where it is none of `allowed`."""
        value = self.required(number)
        if value not in allowed:
            raise ConfigError(f"{self.place}: {value!r} is not one of {', '.join(sorted(allowed))}")
        return value


def rows(path: Path, columns: int) -> Iterator[Row]:
    """Yield the rows of a table.

    Blank lines and lines that begin with `#` are left out; missing fields at a line's end are None.

    Raises:
        ConfigError: The file cannot be read, or a line has more than `columns` fields; names file
            and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t")]
        place = f"{path}:{number}"
        if len(fields) > columns:
            raise ConfigError(f"{place}: {len(fields)} fields where at most {columns} belong")
        fields += [""] * (columns - len(fields))
        yield Row(place, tuple(field if field not in {"", "-"} else None for field in fields))


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return the entries of `data/<name>`, one a line."""
    return frozenset(row.required(0) for row in rows(DATA / name, 1))
