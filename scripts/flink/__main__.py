"""`make flink`: the sample newsroom on a Flink cluster of this machine, as batch and as a stream.

It starts a cluster, compares the lakes that come out with that of a local run over the same captured
input, and stops all it started. Exit 0 only if everything holds.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from cluster import Cluster
from compare import STREAMED, WHOLE, Compared, compare, land
from install import install
from newsroom import Newsroom, sample_newsroom, served, write_config
from processes import Processes, ProofError
from rich.console import Console
from rich.table import Table
from stream import Stream, Streamed

from transforms.failures import WirelakeError
from transforms.lake.verify import verify

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "flink"
LAKES = ("local", "batch", "stream")
RUN = "sample"
SHORT_RUN_S = 300.0
SETTINGS = """
[fetch]
delay_s = 0
[stream]
window_s = 2
min_interval_minutes = 0.02
max_interval_minutes = 0.05
"""


class Proof:
    """The steps, in order; each leaves its lake in `build/flink`."""

    def __init__(self, processes: Processes, newsroom: Newsroom, config: Path) -> None:
        self._processes = processes
        self._newsroom = newsroom
        self._config = config
        self._began = time.monotonic()
        self.answers: dict[str, Any] = {}

    def say(self, text: str) -> None:
        """Tell where it is."""
        print(f"[{time.monotonic() - self._began:4.0f} s] {text}", flush=True)

    def local(self) -> None:
        """Run once in memory; capture what the batch will read."""
        self._wirelake("local", "run", "--run-id", RUN)
        self.say("local run done")

    def batch(self, cluster: Cluster) -> list[Compared]:
        """Replay what the local run captured, on the cluster; return how the lakes compare."""
        land(FOLDER / "local", FOLDER / "batch", RUN)
        self._wirelake("batch", "run", "--run-id", RUN, "--", *cluster.batch_options)
        [job] = cluster.rest.jobs()
        self.answers["batch"] = cluster.rest.record(job["jid"])
        self.say("batch run done")
        return compare(FOLDER / "local", FOLDER / "batch", WHOLE)

    def stream(self, cluster: Cluster) -> tuple[list[Compared], Streamed]:
        """Stream while the feeds grow, with two faults; return how the lakes compare."""
        self._newsroom.show(3)
        lake = FOLDER / "stream"
        command = [*self._command("stream", "stream"), "--", *cluster.stream_options]
        process = self._processes.start("stream", command)
        watched = Stream(cluster, self._newsroom, lake, process)
        try:
            seen = watched.watch()
        finally:
            with contextlib.suppress(OSError):  # who looks into a failure wants what there is
                self.answers["stream"] = cluster.rest.record(watched.job)
        for fault in seen.faults:
            self.answers[f"stream, after its {fault.killed} was killed"] = fault.answers
        self.say("stream drained")
        return compare(FOLDER / "local", lake, STREAMED), seen

    def _wirelake(self, name: str, *arguments: str) -> None:
        command = self._command(name, arguments[0])
        process = self._processes.start(name, [*command, *arguments[1:]])
        if process.wait(SHORT_RUN_S):
            raise ProofError(f"the {name} run failed; {process}")

    def _command(self, lake: str, verb: str) -> list[str | Path]:
        python = [sys.executable, "-m", "pipeline"]
        return [*python, verb, self._config, "--lake", FOLDER / lake]


def prove() -> bool:
    """Do everything; return whether all holds."""
    installed = install(FOLDER)
    for name in (*LAKES, "checkpoints", "cluster", "logs"):
        shutil.rmtree(FOLDER / name, ignore_errors=True)
    newsroom = sample_newsroom()
    with Processes(FOLDER / "logs") as processes, served(newsroom) as origin:
        config = FOLDER / "sample.toml"
        write_config(config, origin, SETTINGS)
        proof = Proof(processes, newsroom, config)
        try:
            proof.local()
            cluster = Cluster.start(installed, processes, FOLDER / "cluster")
            proof.say(f"cluster up: {cluster.rest.origin}")
            proof.answers["cluster"] = cluster.rest.get("/overview")
            batch = proof.batch(cluster)
            stream, seen = proof.stream(cluster)
        finally:
            (FOLDER / "jobs.json").write_text(json.dumps(proof.answers, indent=1) + "\n", "utf-8")
    return report(batch, stream, seen)


def report(batch: list[Compared], stream: list[Compared], seen: Streamed) -> bool:
    """Print what was compared; return whether all of it is the same."""
    table = Table("table", "local", "batch", "", "stream", "", title="Rows in memory and on Flink")
    for one, two in zip(batch, stream, strict=True):
        rows = (str(one.rows), str(one.others), one.verdict, str(two.others), two.verdict)
        table.add_row(one.table, *rows)
    Console().print(table)
    for fault in seen.faults:
        times = "once" if fault.restarts == 1 else f"{fault.restarts} times"
        print(
            f"{fault.killed} killed in a window: restarted {times}, from checkpoint {fault.checkpoint}"
        )
    print(f"SIGTERM: drained after {seen.windows} windows, exit 0")
    findings = [
        f"{name}: {finding}"
        for name in LAKES
        for finding in verify(str(FOLDER / name), dt.datetime.now(dt.UTC))
    ]
    other = [f"{one.table}: {one.difference[:600]}" for one in (*batch, *stream) if one.difference]
    other += [f"{one.table}: other bytes" for one in batch if not one.same_bytes]
    print("\n".join([*other, *findings]) or "the three lakes verify clean")
    return not other and not findings


def main() -> int:
    """Return the exit code: 0 if all holds, 1 if not."""
    os.chdir(ROOT)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    try:
        if sys.argv[1:] == ["--install"]:
            print(install(FOLDER).job_server)
            return 0
        return 0 if prove() else 1
    except (ProofError, WirelakeError) as error:
        print(f"make flink: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
