"""Whether two lakes hold the same: row by row, and byte by byte where the order of things allows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.lake import files
from transforms.lake.live import live
from transforms.lake.query import query
from transforms.lake.raw import RawStore, committed_index
from transforms.lake.runs import begin, find
from transforms.lake.store import open_store
from transforms.schema import TABLES

# What a stream comes to, however many windows it took: all but when and in which of them. A feed has
# a row for each run in `feeds`, one for each time it was asked in `polls`, and a document that breaks off
# is rejected each time it is read. How near a copy is to one of an earlier run is an estimate.
STREAMED = {
    "articles": "select * exclude (run_id, fetched_at) from articles order by all",
    "events": "select * exclude (run_id) from events order by all",
    "duplicates": "select * exclude (run_id, similarity) from duplicates order by all",
    "feeds": "select distinct * exclude (run_id) from feeds order by all",
    "polls": "select feed_id, sum(new) as new from polls group by feed_id order by all",
    "rejects": "select * exclude (run_id) from rejects where unit <> 'feed' union all "
    "select distinct * exclude (run_id) from rejects where unit = 'feed' order by all",
    "signatures": "select * exclude (run_id) from signatures order by all",
}
WHOLE = {table: f"select * from {table} order by all" for table in TABLES}  # noqa: S608 - our names


@dataclass(frozen=True)
class Compared:
    """One table of two lakes.

    Attributes:
        rows: How many answers the first lake gave.
        others: How many the second.
        difference: The first row that only one of them has; None: they are the same.
        same_bytes: Whether the files are the same byte for byte.
    """

    table: str
    rows: int
    others: int
    difference: str | None
    same_bytes: bool

    @property
    def verdict(self) -> str:
        """Return the answer in a word or two."""
        if self.difference is not None:
            return "OTHER ROWS"
        return "same bytes" if self.same_bytes else "same rows"


def compare(lake: Path, other: Path, questions: dict[str, str]) -> list[Compared]:
    """Return how each table of two lakes compares, by the answers to these questions (SQL)."""
    found = []
    for table, sql in questions.items():
        rows, others = (query(str(each), sql).to_pylist() for each in (lake, other))
        found.append(
            Compared(
                table,
                len(rows),
                len(others),
                first_difference(rows, others),
                _digests(lake, table) == _digests(other, table),
            )
        )
    return found


def first_difference(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> str | None:
    """Return the first row that stands in one list only, or more often; None: there is none.

    >>> first_difference([{"a": 1}], [{"a": 1}, {"a": 1}])
    "only there, or once more: {'a': 1}"
    """
    left = [repr(row) for row in others]
    for row in map(repr, rows):
        if row not in left:
            return f"only here, or once more: {row}"
        left.remove(row)
    return f"only there, or once more: {left[0]}" if left else None


def land(lake: Path, other: Path, run_id: str) -> None:
    """Give another lake what a run has captured, as if it had been killed before anything else."""
    known = find(str(lake), run_id)
    assert known is not None, f"{lake} has no run {run_id}"
    run, store = known.run, open_store(str(lake))
    interval = (run.interval_start, run.interval_end)
    raw = RawStore(
        str(other), begin(str(other), run_id, interval, run.started_at, known.config_hash)
    )
    for record_id, place in committed_index(store, run_id).items():
        raw.put(record_id, store.read(place.path, place.offset, place.length))


def streamed(lake: Path) -> int:
    """Return how many new entries a lake has committed so far; 0 where there is no lake yet."""
    if not (lake / "_runs").is_dir():
        return 0
    [row] = query(str(lake), "select coalesce(sum(new), 0)::bigint as new from polls").to_pylist()
    return int(row["new"])


def windows(lake: Path) -> int:
    """Return how many runs a lake has committed."""
    return len(live(str(lake)).sequences)


def _digests(lake: Path, table: str) -> list[str]:
    return [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in files(str(lake), table)]
