"""Wirelake under Airflow 3: one run per data interval.

The run's id is the interval's end, so a task that Airflow tries again goes on with the same run: what had
landed is replayed, and a run that is committed changes nothing. Feeds show what they have now, so there is
no catching up.

Environment of the workers:
    WIRELAKE: The command; default: wirelake.
    WIRELAKE_CONFIG: The configuration; default: /etc/wirelake/feeds.toml.
    WIRELAKE_METRICS: A Prometheus textfile; default: none is written.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess

from airflow.sdk import CronDataIntervalTimetable, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

DONE, WRONG_CONFIGURATION, SOME_FAILED, LAKE_IS_HELD = 0, 2, 3, 75

log = logging.getLogger(__name__)


def command(start: dt.datetime, end: dt.datetime) -> list[str]:
    """Return the call of one run."""
    words = [
        os.environ.get("WIRELAKE", "wirelake"),
        "run",
        os.environ.get("WIRELAKE_CONFIG", "/etc/wirelake/feeds.toml"),
        "--log-json",
        f"--run-id=airflow-{end:%Y%m%dT%H%M%SZ}",
        f"--interval-start={start.isoformat()}",
        f"--interval-end={end.isoformat()}",
    ]
    metrics = os.environ.get("WIRELAKE_METRICS")
    return [*words, f"--metrics={metrics}"] if metrics else words


def judge(code: int) -> None:
    """Turn an exit code into the task's end.

    Raises:
        AirflowFailException: The configuration is wrong; to try again is of no use.
        AirflowException: Try again: the lake is held, or the run failed.
    """
    if code == WRONG_CONFIGURATION:
        raise AirflowFailException("the configuration or the call is wrong; see the log")
    if code == LAKE_IS_HELD:
        raise AirflowException("another run holds the lake")
    if code == SOME_FAILED:
        log.warning("some feeds failed; the rest is committed")
    elif code != DONE:
        raise AirflowException(f"wirelake ended with {code}; the same run goes on next time")


@dag(
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    start_date=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,  # one ingest at a time
    default_args={
        "retries": 4,
        "retry_delay": dt.timedelta(minutes=2),
        "execution_timeout": dt.timedelta(hours=1),
    },
    tags=["wirelake"],
)
def wirelake() -> None:
    """Poll the feeds, code what is new, commit it to the lake."""

    @task
    def run(
        data_interval_start: dt.datetime | None = None,
        data_interval_end: dt.datetime | None = None,
    ) -> None:
        assert data_interval_start is not None
        assert data_interval_end is not None
        judge(
            subprocess.run(command(data_interval_start, data_interval_end), check=False).returncode
        )

    run()


wirelake()
