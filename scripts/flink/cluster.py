"""A standalone Flink cluster, Beam's job server and a worker pool, all on loopback.

The jars come without Flink's shell scripts. What those do is little: memory options from
`BashJavaUtils`, and two main classes. No port is chosen here: each server takes one that is free and
tells it in its log.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from install import Installed
from processes import Process, Processes, ProofError
from rest import Rest

SLOTS = 2  # of each task manager, so that one alone can go on with a job of parallelism 2
CHECKPOINT_EVERY_MS = 3000
START_LIMIT_S = 120.0
POOL = Path(__file__).with_name("pool.py")
ROOT = Path(__file__).parents[2]
# What Flink's own configuration asks of Java 17 ("env.java.opts.all" in its config.yaml).
EXPORTS = (
    "java.base/sun.net.util",
    "java.rmi/sun.rmi.registry",
    "java.security.jgss/sun.security.krb5",
)
OPENS = (
    *("lang", "net", "io", "nio", "lang.reflect", "text", "time"),
    *("util", "util.concurrent", "util.concurrent.atomic", "util.concurrent.locks"),
)
JAVA_17 = (
    *(f"--add-exports={name}=ALL-UNNAMED" for name in EXPORTS),
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in OPENS),
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)
CONFIG = """\
jobmanager.rpc.address: localhost
jobmanager.rpc.port: {rpc_port}
jobmanager.bind-host: localhost
jobmanager.memory.process.size: 1200m
rest.address: localhost
rest.bind-address: localhost
rest.bind-port: "0"
taskmanager.host: localhost
taskmanager.bind-host: localhost
taskmanager.memory.process.size: 1700m
taskmanager.memory.jvm-metaspace.size: 400m
taskmanager.numberOfTaskSlots: {slots}
# Half of a job on each task manager: killing either one is felt.
cluster.evenly-spread-out-slots: true
# A lost task manager is noticed in seconds; Flink's defaults, 10 s and 50 s, suit a network.
heartbeat.interval: 1000
heartbeat.timeout: 10000
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 10
restart-strategy.fixed-delay.delay: 1 s
state.backend.type: hashmap
state.checkpoints.dir: {checkpoints}
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
io.tmp.dirs: {tmp}
web.tmpdir: {tmp}
# Beam's jar is on the cluster's class path and resolved there. Else each job loads it anew, and after
# some 15 jobs the metaspace is full.
classloader.resolve-order: parent-first
classloader.check-leaked-classloader: false
"""
LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-60c %x - %m%n
"""


@dataclass
class Cluster:
    """What is running; `start` makes it.

    Attributes:
        folder: Configuration and temporary files; checkpoints are beside it.
        task_managers: By their ids.
    """

    installed: Installed
    processes: Processes
    folder: Path
    rest: Rest = field(init=False)
    task_managers: dict[str, Process] = field(default_factory=dict)
    job_endpoint: str = ""
    pool: Process = field(init=False)
    pool_port: int = 0
    _memory: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)

    @classmethod
    def start(cls, installed: Installed, processes: Processes, folder: Path) -> Cluster:
        """Start one job manager, two task managers, a job server and a worker pool.

        Raises:
            ProofError: One of them does not come up.
        """
        cluster = cls(installed, processes, folder)
        manager = cluster._start_job_manager()
        server = cluster._start_job_server()
        cluster.start_pool()
        for number in (1, 2):
            cluster.start_task_manager(f"taskmanager-{number}")
        deadline = time.monotonic() + START_LIMIT_S
        while cluster.rest.free_slots() < 2 * SLOTS:
            if time.monotonic() > deadline:
                raise ProofError(f"the cluster has no task managers yet; job manager: {manager}")
            time.sleep(0.2)
        port = server.find(r"JobService started on localhost:(\d+)", START_LIMIT_S)[1]
        cluster.job_endpoint = f"localhost:{port}"
        return cluster

    @property
    def beam_options(self) -> tuple[str, ...]:
        """The options that send a pipeline here, with parallelism 2."""
        return (
            "--runner=PortableRunner",
            f"--job_endpoint={self.job_endpoint}",
            "--environment_type=EXTERNAL",
            f"--environment_config=localhost:{self.pool_port}",
            "--parallelism=2",
        )

    @property
    def batch_options(self) -> tuple[str, ...]:
        """The same for a batch: its steps come one after the other, and keep their workers between."""
        return (*self.beam_options, "--environment_cache_millis=30000")

    @property
    def stream_options(self) -> tuple[str, ...]:
        """The same for a stream: with checkpoints, and where its job is cancelled once it has drained."""
        master = self.rest.origin.removeprefix("http://")
        interval = f"--checkpointing_interval={CHECKPOINT_EVERY_MS}"
        return (*self.beam_options, interval, f"--flink_master={master}")

    def start_task_manager(self, name: str) -> None:
        """Start one more task manager."""
        self.task_managers[name] = self._start_java(
            name,
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "TM",
            (f"-Dtaskmanager.resource-id={name}",),
        )

    def start_pool(self) -> None:
        """Start the worker pool, on its old port where it had one before."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.pool = self.processes.start(
            "workers",
            [sys.executable, POOL, str(self.pool_port)],
            {"PATH": path, "PYTHONPATH": str(ROOT)},
        )
        self.pool_port = int(self.pool.find(r"worker pool on port (\d+)", START_LIMIT_S)[1])

    def _start_job_manager(self) -> Process:
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        (self.folder / "log4j.properties").write_text(LOGGING, encoding="utf-8")
        self._configure(rpc_port=0)
        manager = self._start_java(
            "jobmanager",
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "JM",
            ("--executionMode", "cluster"),
        )
        rpc_port = manager.find(r"Actor system started at \S+@localhost:(\d+)", START_LIMIT_S)[1]
        self._configure(rpc_port=int(rpc_port))  # for the task managers
        rest_port = manager.find(r"Rest endpoint listening at \S+:(\d+)", START_LIMIT_S)[1]
        self.rest = Rest(f"http://localhost:{rest_port}")
        return manager

    def _start_job_server(self) -> Process:
        return self.processes.start(
            "jobserver",
            [
                "java",
                "-Xmx768m",
                "-jar",
                self.installed.job_server,
                f"--flink-master={self.rest.origin.removeprefix('http://')}",
                "--job-host=localhost",
                "--job-port=0",
                "--artifact-port=0",
                "--expansion-port=0",
                f"--artifacts-dir={self.folder / 'artifacts'}",
            ],
        )

    def _configure(self, rpc_port: int) -> None:
        text = CONFIG.format(
            rpc_port=rpc_port,
            slots=SLOTS,
            checkpoints=(self.folder.parent / "checkpoints").as_uri(),
            tmp=self.folder / "tmp",
        )
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def _start_java(self, name: str, main: str, kind: str, more: tuple[str, ...]) -> Process:
        """Start one of Flink's two servers; `kind` is JM or TM."""
        if kind not in self._memory:  # a JVM's start for each answer
            self._memory[kind] = self.installed.memory_options(self.folder, kind)
        memory, properties = self._memory[kind]
        return self.processes.start(
            name,
            [
                "java",
                *memory,
                *JAVA_17,
                f"-Dlog4j.configurationFile={(self.folder / 'log4j.properties').as_uri()}",
                "-cp",
                f"{self.installed.flink / 'lib' / '*'}:{self.installed.job_server}",
                main,
                "--configDir",
                self.folder,
                *properties,
                *more,
            ],
        )
