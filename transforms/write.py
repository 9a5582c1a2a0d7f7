"""WriteLake: rows of all tables to staged files, one per table and shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.failures import Failure
from transforms.lake.staging import StagedFile, row_of, shard_of, stage
from transforms.runs import Runs
from transforms.schema import Record
from transforms.tally import TALLIES, Tallies


class Staged(NamedTuple):
    """What WriteLake gives."""

    files: Any  # PCollection[StagedFile]
    tallies: Any  # PCollection[Tally]


@dataclass
class WriteLake(beam.PTransform):
    """PCollections of records (any of `schema.Record`, and Failure) → Staged(files, tallies).

    Takes one PCollection or a sequence of them. Nothing is visible to readers until CommitRun.

    Attributes:
        lake_root: The lake.
        runs: Whose rows these are.
        shards: Files per table. A worker holds one shard's rows in memory; the same number gives the
            same bytes.
    """

    lake_root: str
    runs: Runs
    shards: int = 1

    def __post_init__(self) -> None:
        super().__init__()
        if not 1 <= self.shards <= MAX_SHARDS:
            raise ValueError(f"shards must be 1 to {MAX_SHARDS}, not {self.shards}")

    def expand(self, pcolls: Any) -> Staged:
        """Wire it."""
        if not isinstance(pcolls, beam.PCollection):
            pcolls = tuple(pcolls) | "FlattenRows" >> beam.Flatten()
        staged = (
            pcolls
            | "KeyByShard" >> beam.ParDo(_KeyByShardFn(self.runs, self.shards))
            | "GroupByShard" >> beam.GroupByKey()
            | "StageFile"
            >> beam.ParDo(_StageFileFn(self.lake_root, self.runs)).with_outputs(
                TALLIES, main="files"
            )
        )
        return Staged(staged.files, staged[TALLIES])


MAX_SHARDS = 1000


class _KeyByShardFn(beam.DoFn):
    """Record → ((table, shard), row)."""

    def __init__(self, runs: Runs, shards: int) -> None:
        self._runs = runs
        self._shards = shards

    def process(
        self, element: Record | Failure, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[tuple[tuple[str, int], Record]]:
        row = row_of(element, self._runs.of(window).run_id)
        key = shard_of(row, self._shards)
        yield key, row


class _StageFileFn(beam.DoFn):
    """((table, shard), rows) → StagedFile."""

    def __init__(self, lake_root: str, runs: Runs) -> None:
        self._lake_root = lake_root
        self._runs = runs
        self._tallies = Tallies("WriteLake")

    def start_bundle(self) -> None:
        self._tallies.begin()

    def process(
        self,
        element: tuple[tuple[str, int], Iterable[Record]],
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[StagedFile]:
        (table, shard), rows = element
        tally = self._tallies.of(window)
        with tally.timed():
            file = stage(self._lake_root, self._runs.of(window), table, shard, rows)
        tally.took(file.rows)
        tally.gave()
        yield file

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._tallies.drain()
