"""Reading the package's data files: one rule a line, `#` begins a comment, tabs between columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


class DataFileError(ValueError):
    """A data file breaks its form; the text names file and line."""


def rows(name: str, *, columns: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a data file, each a tuple of its columns.

    Args:
        name: File below `data/`.
        columns: The smallest and the largest number of columns a row may have.

    Raises:
        DataFileError: a row has another number of columns.
    """
    path = DATA / name
    least, most = columns
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = tuple(line.split("\t"))
        if not least <= len(fields) <= most or not fields[0]:
            raise DataFileError(
                f"{path.name}:{number}: expected {least} to {most} columns: {line!r}"
            )
        yield fields
