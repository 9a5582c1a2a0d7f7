"""Figures of a run, or of a stream so far, as a Prometheus textfile for node_exporter's collector."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from transforms.failures import UsageError
from transforms.lake.manifests import Manifest


class Textfile:
    """The sums over the runs that were added, written anew after each.

    Attributes:
        path: Of the file; it ends in .prom, or the collector does not read it.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix != ".prom":
            raise UsageError(f"--metrics {path}: the file's name must end in .prom")
        self.path = path
        self._runs = 0
        self._elements: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._seconds: Counter[tuple[str]] = Counter()
        self._rows: Counter[tuple[str]] = Counter()

    def add(self, run: Manifest) -> None:
        """Take in a committed run, and write the file by one rename.

        Raises:
            UsageError: The file cannot be written.
        """
        self._runs += 1
        for stage, row in run.stages.items():
            self._elements.update({(stage, "in"): row["in"], (stage, "out"): row["out"]})
            self._dropped.update({(stage, why): count for why, count in row["dropped"].items()})
            self._seconds[stage,] += row["seconds"]
        self._rows.update({(table,): count for table, count in run.counts.items()})
        registry = CollectorRegistry()
        for name, help_, labels, values in self._gauges(run):
            gauge = Gauge(f"wirelake_{name}", help_, labels, registry=registry)
            for label, value in sorted(values.items()):
                (gauge.labels(*label) if label else gauge).set(value)
        try:
            write_to_textfile(str(self.path), registry)
        except OSError as error:
            raise UsageError(f"--metrics {self.path}: {error.strerror or error}") from error

    def _gauges(self, newest: Manifest) -> list[tuple[str, str, tuple[str, ...], dict[Any, float]]]:
        """Return (name, help, labels, values by label values) of each gauge."""
        committed = dt.datetime.fromisoformat(newest.committed_at)
        took = committed - dt.datetime.fromisoformat(newest.started_at)
        stages = ("stage", "direction"), ("stage", "reason"), ("stage",)
        return [
            ("stage_elements", "Elements of a stage, in and out.", stages[0], dict(self._elements)),
            ("stage_dropped", "Elements a stage dropped.", stages[1], dict(self._dropped)),
            ("stage_seconds", "Seconds of a stage's own work.", stages[2], dict(self._seconds)),
            ("rows", "Rows committed.", ("table",), dict(self._rows)),
            ("runs", "Runs (a stream's windows) summed here.", (), {(): self._runs}),
            (
                "last_commit_timestamp_seconds",
                "When the newest run was committed.",
                (),
                {(): committed.timestamp()},
            ),
            (
                "last_run_seconds",
                "From the newest run's start to its commit.",
                (),
                {(): took.total_seconds()},
            ),
        ]
