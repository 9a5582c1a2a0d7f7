"""What must hold of a run's rows before they are committed, and the numbers that say so.

The rules are data: `data/rules.toml`, queries that return the offending rows. Besides the run's
tables they see `codes`, the lists of `codes.code_lists`.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb

from transforms.failures import LakeError
from transforms.lake.codes import code_lists
from transforms.schema import TABLES

RULES = Path(__file__).parent / "data" / "rules.toml"
SHOWN_ROWS = 3
_LAW = """
SELECT (SELECT coalesce(sum(new), 0)::BIGINT FROM polls) AS new,
       (SELECT count(*) FROM articles) AS articles,
       (SELECT count(*) FROM duplicates) AS duplicates,
       (SELECT count(*) FROM rejects WHERE unit = 'entry') AS rejects
"""
_REASONS = "SELECT reason, count(*) FROM duplicates GROUP BY reason ORDER BY reason"
_REJECTS = """
SELECT unit, stage, error, count(*) AS rows FROM rejects
GROUP BY unit, stage, error ORDER BY unit, stage, error
"""
_VERSIONS = "SELECT string_agg(DISTINCT coder_version, ', ' ORDER BY coder_version) FROM events"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        says: What is wrong where the query returns rows.
        sql: Returns the rows that break the rule.
        of: "events" where it needs events and their articles only; "run": a whole run.
    """

    name: str
    says: str
    sql: str
    of: str = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that was broken.

    Attributes:
        rows: How many rows break it.
        examples: The first of them.
    """

    rule: Rule
    rows: int
    examples: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        shown = "; ".join(json.dumps(row, default=str) for row in self.examples)
        more = f" and {self.rows - len(self.examples)} more" * (self.rows > len(self.examples))
        return f"{self.rule.says} ({self.rule.name}): {shown}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run's numbers, as its manifest shows them.

    Attributes:
        law: new, articles, duplicates, rejects (of entries).
        duplicates: Rows per reason.
        rejects: Rows per unit, stage and error.
        coder_version: Of the events; None where there are none.
    """

    law: dict[str, int]
    duplicates: dict[str, int]
    rejects: tuple[dict[str, Any], ...]
    coder_version: str | None


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of `data/rules.toml`."""
    loaded = tomllib.loads(RULES.read_text(encoding="utf-8"))["rules"]
    try:
        return tuple(Rule(**item) for item in loaded)
    except TypeError as error:
        raise ValueError(f"{RULES}: {error}") from error


class Inspection:
    """A run's rows as DuckDB views, to check and to count.

    Args:
        run_id: Whose rows these are.
        tables: By table name Arrow tables, datasets, or the paths of Parquet files on this machine,
            which DuckDB opens itself (it reads them quicker than through Arrow). Those left out have
            no rows.
    """

    def __init__(self, run_id: str, tables: Mapping[str, Any]) -> None:
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        self._connection.execute("SET VARIABLE run_id = $id", {"id": run_id})
        for name, table in TABLES.items():
            rows = tables.get(name, table.schema.empty_table())
            if isinstance(rows, list):
                read = self._connection.read_parquet(rows, hive_partitioning=False)
                read.create_view(name)
            else:
                self._connection.register(name, rows)
        self._connection.register("codes", code_lists())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def breaches(self, of: str | None = None) -> list[Breach]:
        """Return the rules (of one kind) that are broken."""
        checked = [rule for rule in rules() if of in (None, rule.of)]
        return [breach for rule in checked if (breach := self._breach(rule))]

    def summary(self) -> Summary:
        """Return the run's numbers."""
        reasons = self._connection.execute(_REASONS).fetchall()
        version = self._connection.execute(_VERSIONS).fetchone()
        return Summary(
            law=self._rows(_LAW)[0],
            duplicates=dict(reasons),
            rejects=tuple(self._rows(_REJECTS)),
            coder_version=version[0] if version else None,
        )

    def _breach(self, rule: Rule) -> Breach | None:
        rows = self._rows(rule.sql)
        if not rows:
            return None
        return Breach(rule=rule, rows=len(rows), examples=tuple(rows[:SHOWN_ROWS]))

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self._connection.execute(sql)
        names = [item[0] for item in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def require(breaches: list[Breach]) -> None:
    """Raise LakeError naming every rule that is broken, with rows that break it."""
    if breaches:
        said = " | ".join(map(str, breaches))
        raise LakeError(f"commit refused, nothing was committed: {said}")
