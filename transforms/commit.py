"""CommitRun: staged files become committed rows, behind a barrier that waits for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from transforms.lake.commit import commit
from transforms.lake.staging import StagedFile
from transforms.records import Run

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time; the clock of a real run."""
    return dt.datetime.now(dt.UTC)


@dataclass
class CommitRun(beam.PTransform):
    """PCollection[StagedFile] → PCollection[dict], the run's manifest, exactly one.

    A run without a single row is committed too: it happened.

    Attributes:
        lake_root: The lake.
        run: The run to commit.
        clock: Says when the commit happens; only the manifest's `committed_at` depends on it.
    """

    lake_root: str
    run: Run
    clock: Clock = utc_now

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, staged: Any) -> Any:
        """Wire it: one key, so that the commit begins after the last file is staged."""
        nothing = staged.pipeline | "Once" >> beam.Create([None], reshuffle=False)
        return (
            (staged, nothing)
            | "FlattenFiles" >> beam.Flatten()
            | "OneKey" >> beam.Map(_one_key)
            | "WaitForAll" >> beam.GroupByKey()
            | "Commit" >> beam.ParDo(_CommitFn(self.lake_root, self.run, self.clock))
        )


def _one_key(file: StagedFile | None) -> tuple[int, StagedFile | None]:
    return 0, file


class _CommitFn(beam.DoFn):
    """(key, staged files) → manifest."""

    def __init__(self, lake_root: str, run: Run, clock: Clock) -> None:
        self._lake_root = lake_root
        self._run = run
        self._clock = clock

    def process(self, element: tuple[int, Iterable[StagedFile | None]]) -> Iterator[dict[str, Any]]:
        files = [file for file in element[1] if file is not None]
        yield commit(self._lake_root, self._run, files, self._clock()).to_dict()
