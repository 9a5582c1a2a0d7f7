"""Spreading records over workers, where there is more than one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apache_beam as beam


@dataclass
class Spread(beam.PTransform):
    """PCollection[X] → PCollection[X], on all workers.

    One big feed would otherwise stay on the worker that parsed it. A single worker gains nothing, and
    would hold all records at once to shuffle them: 10,000 entries took 30 MB more in each such step.

    Flink takes a Reshuffle as a step of its own, and its fuser loses the other inputs of a Flatten
    (WriteLake's) that has one in common with it ("were consumed but never produced"). A step between
    the two keeps them apart.

    Attributes:
        several: Whether there is more than one worker; False: nothing is done.
    """

    several: bool = True

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, records: Any) -> Any:
        """Build the step."""
        if not self.several:
            return records
        return records | "Apart" >> beam.Map(_same) | "Shuffle" >> beam.Reshuffle()


def _same(record: Any) -> Any:
    return record
