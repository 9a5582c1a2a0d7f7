"""Flink's side of a stream: an option that it needs, and how its job is ended.

Flink does not end a job that makes checkpoints: sources stay behind their last element (FLINK-2491). Nor
does Beam's job server when it is asked to cancel one; it only forgets it. So a stream that has
drained is cancelled through the REST interface of the cluster.
"""

from __future__ import annotations

import argparse
import json
import logging
import urllib.request
from dataclasses import dataclass
from typing import Any

from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    GoogleCloudOptions,
    PipelineOptions,
    StandardOptions,
)

RUNNERS = ("FlinkRunner", "PortableRunner")
TIMEOUT_S = 10.0
_log = logging.getLogger(__name__)


class FlinkStreamOptions(PipelineOptions):
    """An option of Flink's runner that Beam's Python SDK does not know."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--finish_bundle_before_checkpointing", action="store_true")


@dataclass(frozen=True, slots=True)
class FlinkJob:
    """A job on a Flink cluster.

    Attributes:
        master: Of the cluster's REST interface, "http://host:port"; None: nobody said.
        name: Of the job, unique.
    """

    master: str | None
    name: str

    def cancel(self) -> None:
        """Cancel the job; where that cannot be done a warning says what to do."""
        if self.master is None:
            _log.warning(
                "the stream has drained; cancel its job %s on Flink, or name the cluster next time "
                "(--flink_master=host:port)",
                self.name,
            )
            return
        try:
            for job in self._ask("GET", "/jobs/overview")["jobs"]:
                if job["name"] == self.name and job["state"] not in {
                    "CANCELED",
                    "FINISHED",
                    "FAILED",
                }:
                    self._ask("PATCH", f"/jobs/{job['jid']}?mode=cancel")
        except (OSError, ValueError, KeyError) as error:
            _log.warning(
                "the stream has drained, but its job %s could not be cancelled on Flink (%s: %s); "
                "cancel it there",
                self.name,
                self.master,
                error,
            )

    def _ask(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"{self.master}{path}", method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return json.load(answer)


def flink_stream(options: PipelineOptions, session: str) -> FlinkJob | None:
    """Set what a stream on Flink needs, and return its job; None: it goes elsewhere.

    Beam's default begins a checkpoint in the middle of a bundle and holds what that bundle still
    brings. The watermark overtakes it, and the rest of the window is dropped as late.

    Args:
        session: The stream's id, for the job's name.
    """
    name = options.view_as(StandardOptions).runner or ""
    if name.rsplit(".", maxsplit=1)[-1] not in RUNNERS:
        return None
    options.view_as(FlinkStreamOptions).finish_bundle_before_checkpointing = True
    named = options.view_as(GoogleCloudOptions)
    named.job_name = named.job_name or f"wirelake-stream-{session}"
    master = options.view_as(FlinkRunnerOptions).flink_master
    if master.startswith("["):  # "[auto]": what the job server knows
        return FlinkJob(None, named.job_name)
    return FlinkJob(master if "://" in master else f"http://{master}", named.job_name)
