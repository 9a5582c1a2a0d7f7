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
from transforms.runs import Runs
from transforms.tally import Tally, stage_figures

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time; the clock of a real run."""
    return dt.datetime.now(dt.UTC)


@dataclass
class CommitRun(beam.PTransform):
    """(PCollection[StagedFile], PCollection[Run], PCollection[Tally]) → PCollection[dict].

    The dicts are the runs' manifests. A run without a single row is committed too: it happened.

    Attributes:
        lake_root: The lake.
        runs: Whose files they are.
        session: The stream that commits; refused once another ingest has ended it. None: no stream.
        clock: Says when the commit happens; only the manifest's `committed_at` depends on it.
    """

    lake_root: str
    runs: Runs
    session: str | None = None
    clock: Clock = utc_now

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, inputs: Any) -> Any:
        """Wire it: one key, so that a run's commit begins after its last file is staged."""
        staged, ticks, tallies = inputs
        return (
            (staged, ticks | "Once" >> beam.Map(_nothing), tallies)
            | "FlattenFiles" >> beam.Flatten()
            | "OneKey" >> beam.Map(_one_key)
            | "WaitForAll" >> beam.GroupByKey()
            | "Commit" >> beam.ParDo(_CommitFn(self))
        )


def _nothing(_: Run) -> None:
    return None


def _one_key(item: StagedFile | Tally | None) -> tuple[int, StagedFile | Tally | None]:
    return 0, item


class _CommitFn(beam.DoFn):
    """(key, staged files and tallies) → manifest."""

    def __init__(self, stage: CommitRun) -> None:
        self._lake_root = stage.lake_root
        self._runs = stage.runs
        self._session = stage.session
        self._clock = stage.clock

    def process(
        self,
        element: tuple[int, Iterable[StagedFile | Tally | None]],
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[dict[str, Any]]:
        items = list(element[1])
        files = [item for item in items if isinstance(item, StagedFile)]
        yield commit(
            self._lake_root,
            self._runs.of(window),
            files,
            self._clock(),
            session=self._session,
            stages=stage_figures(item for item in items if isinstance(item, Tally)),
        ).to_dict()
