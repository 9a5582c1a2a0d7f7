"""Flink's REST interface, as far as the proof asks it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Rest:
    """The job manager's answers, as the JSON they are.

    Attributes:
        origin: "http://localhost:<port>".
    """

    origin: str

    def get(self, path: str) -> Any:
        """Return one answer.

        Raises:
            OSError: There is no answer, or it is an error.
        """
        with urllib.request.urlopen(self.origin + path, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    def free_slots(self) -> int:
        """Return the slots that no job holds; 0 where the job manager does not answer yet."""
        try:
            return int(self.get("/overview")["slots-available"])
        except (OSError, KeyError):
            return 0

    def jobs(self) -> list[dict[str, Any]]:
        """Return the jobs of the cluster, the oldest first."""
        jobs: list[dict[str, Any]] = self.get("/jobs/overview")["jobs"]
        return sorted(jobs, key=lambda job: job["start-time"])

    def restarts(self, job: str) -> int:
        """Return how often a job was started again after a fault."""
        [metric] = self.get(f"/jobs/{job}/metrics?get=numRestarts") or [{"value": 0}]
        return int(metric["value"])

    def checkpoints(self, job: str) -> dict[str, Any] | None:
        """Return the counts, the latest checkpoints and the last restored one of a job.

        None: it has no checkpoints, being a batch.
        """
        try:
            answer: dict[str, Any] = self.get(f"/jobs/{job}/checkpoints")
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise
        return answer

    def completed_checkpoints(self, job: str) -> int:
        """Return how many checkpoints of a job are complete."""
        answer = self.checkpoints(job)
        return 0 if answer is None else int(answer["counts"]["completed"])

    def restored_checkpoint(self, job: str) -> int:
        """Return the number of the checkpoint that a job went on from last; 0: from none."""
        answer = self.checkpoints(job)
        restored = answer["latest"]["restored"] if answer else None
        return int(restored["id"]) if restored else 0

    def task_managers(self, job: str) -> set[str]:
        """Return the ids of the task managers that a job runs on now."""
        found = set()
        for vertex in self.get(f"/jobs/{job}")["vertices"]:
            for part in self.get(f"/jobs/{job}/vertices/{vertex['id']}")["subtasks"]:
                if part["status"] == "RUNNING":
                    found.add(part["taskmanager-id"])
        return found

    def record(self, job: str) -> dict[str, Any]:
        """Return all that the cluster tells of a job: itself, its faults, restarts, checkpoints."""
        return {
            "job": self.get(f"/jobs/{job}"),
            "checkpoints": self.checkpoints(job),
            "exceptions": self.get(f"/jobs/{job}/exceptions"),
            "restarts": self.restarts(job),
        }
