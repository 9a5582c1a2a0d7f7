"""A run's figures as a Prometheus textfile, for node_exporter's textfile collector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from transforms.failures import UsageError
from transforms.lake.manifests import Manifest
from transforms.tally import total


def write_metrics(path: Path, runs: Sequence[Manifest]) -> None:
    """Write the figures of one run, or the sum of a stream's windows, in one rename.

    Args:
        runs: In the order of their commits, at least one.

    Raises:
        UsageError: The file cannot be written.
    """
    registry = CollectorRegistry()
    _stages(registry, runs)
    _rows(registry, runs)
    newest = runs[-1]
    committed = dt.datetime.fromisoformat(newest.committed_at)
    _set(registry, "runs", "Runs (of a stream: windows) these figures are of.", len(runs))
    _set(
        registry,
        "last_commit_timestamp_seconds",
        "When the newest run was committed.",
        committed.timestamp(),
    )
    took = committed - dt.datetime.fromisoformat(newest.started_at)
    _set(
        registry,
        "last_run_seconds",
        "From the newest run's start to its commit.",
        took.total_seconds(),
    )
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise UsageError(f"--metrics {path}: {error.strerror or error}") from error


def _stages(registry: CollectorRegistry, runs: Sequence[Manifest]) -> None:
    elements = _gauge(
        registry, "stage_elements", "Elements of a stage, in and out.", ("stage", "direction")
    )
    dropped = _gauge(
        registry, "stage_dropped", "Elements a stage dropped, by reason.", ("stage", "reason")
    )
    seconds = _gauge(
        registry, "stage_seconds", "Seconds of a stage's own work, all workers.", ("stage",)
    )
    for stage, row in total(run.stages for run in runs).items():
        elements.labels(stage, "in").set(row["in"])
        elements.labels(stage, "out").set(row["out"])
        seconds.labels(stage).set(row["seconds"])
        for reason, count in row["dropped"].items():
            dropped.labels(stage, reason).set(count)


def _rows(registry: CollectorRegistry, runs: Sequence[Manifest]) -> None:
    rows = _gauge(registry, "rows", "Rows committed, by table.", ("table",))
    for table in sorted({name for run in runs for name in run.counts}):
        rows.labels(table).set(sum(run.counts.get(table, 0) for run in runs))


def _set(registry: CollectorRegistry, name: str, help_: str, value: float) -> None:
    _gauge(registry, name, help_, ()).set(value)


def _gauge(registry: CollectorRegistry, name: str, help_: str, labels: tuple[str, ...]) -> Gauge:
    return Gauge(f"wirelake_{name}", help_, labels, registry=registry)
