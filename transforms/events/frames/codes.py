"""The code tables: CAMEO codes with their PLOVER type, mode, context, score and quad class.

The tables are `data/cameo.tsv`, `data/plover.tsv`, `data/contexts.txt` and `data/operators.tsv`;
`data/README.md` says where they come from. Every mistake in them is a `ConfigError` with file and
line.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.failures import ConfigError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Code:
    """One CAMEO code.

    Attributes:
        cameo: Its digits; the first two are the root.
        name: What it stands for.
        goldstein: -10 to 10.
        plover: PLOVER type; None for a mere statement.
        mode: PLOVER mode; None: none.
        context: PLOVER contexts, comma-separated; None: none.
    """

    cameo: str
    name: str
    goldstein: float
    plover: str | None
    mode: str | None
    context: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """All code tables.

    Attributes:
        codes: CAMEO code → its row.
        modes: PLOVER type → its modes.
        quads: PLOVER type → quad class, 1 to 4.
        contexts: All PLOVER contexts.
        operators: Operator → prefix of the base code → resulting code; "=" keeps the base code and
            "-" says that nothing is coded.
    """

    codes: dict[str, Code]
    modes: dict[str, tuple[str, ...]]
    quads: dict[str, int]
    contexts: frozenset[str]
    operators: dict[str, dict[str, str]]

    def quad(self, plover: str | None) -> int:
        """Return the quad class of a PLOVER type; 0 for a statement."""
        return 0 if plover is None else self.quads[plover]

    def apply(self, operator: str, base: str) -> str | None:
        """Return the code of an operator over an act: stop + 071 (aid) → 1621; None: no event.

        The longest prefix of the base code that the operator's table names decides.

        >>> tables().apply("stop", "071")
        '1621'
        """
        table = self.operators[operator]
        for length in range(len(base), -1, -1):
            result = table.get(base[:length] or "*")
            if result is not None:
                return {"=": base, "-": None}.get(result, result)
        return None


def rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of a tab-separated file; blank lines and # comments are left out.

    Missing cells at the end are "".

    Raises:
        ConfigError: The file cannot be read or a line has too many cells.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > columns:
            raise ConfigError(f"{path}:{number}: {len(cells)} columns where {columns} are known")
        yield number, cells + [""] * (columns - len(cells))


@functools.cache
def tables() -> Tables:
    """Return the code tables, read and checked once."""
    contexts = frozenset((DATA / "contexts.txt").read_text(encoding="utf-8").split())
    modes, quads = _types(DATA / "plover.tsv")
    codes = _codes(DATA / "cameo.tsv", modes, contexts)
    operators = _operators(DATA / "operators.tsv", codes)
    return Tables(codes, modes, quads, contexts, operators)


def _types(path: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    modes: dict[str, tuple[str, ...]] = {}
    quads: dict[str, int] = {}
    for number, (name, quad, listed) in rows(path, 3):
        if name == "type":
            continue
        if quad not in {"1", "2", "3", "4"}:
            raise ConfigError(f"{path}:{number}: quad class {quad!r} is none of 1 to 4")
        quads[name] = int(quad)
        modes[name] = tuple(listed.split(",")) if listed else ()
    return modes, quads


def _codes(
    path: Path, modes: dict[str, tuple[str, ...]], contexts: frozenset[str]
) -> dict[str, Code]:
    codes: dict[str, Code] = {}
    for number, (cameo, name, goldstein, plover, mode, context) in rows(path, 6):
        if cameo == "code":
            continue
        if plover and plover not in modes:
            raise ConfigError(f"{path}:{number}: unknown PLOVER type {plover!r}")
        if mode and mode not in modes[plover]:
            raise ConfigError(f"{path}:{number}: {plover} has no mode {mode!r}")
        for one in context.split(",") if context else ():
            if one not in contexts:
                raise ConfigError(f"{path}:{number}: unknown context {one!r}")
        codes[cameo] = Code(
            cameo, name, float(goldstein), plover or None, mode or None, context or None
        )
    return codes


def _operators(path: Path, codes: dict[str, Code]) -> dict[str, dict[str, str]]:
    operators: dict[str, dict[str, str]] = {}
    for number, (operator, base, result) in rows(path, 3):
        if result not in {"=", "-"} and result not in codes:
            raise ConfigError(f"{path}:{number}: unknown CAMEO code {result!r}")
        operators.setdefault(operator, {})[base] = result
    return operators
