"""Prism, Beam's local runner for streams: found, started, and ended with this process.

Beam starts it without a leash: it would outlive a SIGKILL of ours, and a Ctrl-C in the terminal would end
it before it has drained. Beam would also download it; here it is built by `make prism`, or named.
"""

from __future__ import annotations

import contextlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import PipelineOptions, PrismRunnerOptions
from apache_beam.portability.api import beam_job_api_pb2_grpc
from apache_beam.runners.portability.job_server import JobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer, PrismRunner
from apache_beam.version import __version__ as beam_version

from transforms.failures import UsageError, WirelakeError

BUILT = Path(__file__).parents[1] / "build" / "bin" / "prism"  # where `make prism` puts it
LEASH = Path(__file__).parent / "leash.py"
START_S = 60.0  # until it listens, on a busy machine
_UNLIMITED = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
]


class LeashedPrismRunner(PrismRunner):
    """Beam's PrismRunner with a Prism of our own; `stop` ends it."""

    def __init__(self, options: PipelineOptions) -> None:
        super().__init__()
        named = options.view_as(PrismRunnerOptions)
        named.prism_location = named.prism_location or str(find_prism())
        self._server = _LeashedPrism(options)

    def default_job_server(self, options: PipelineOptions) -> JobServer:  # noqa: ARG002
        """Return the one Prism of this runner."""
        return self._server

    def stop(self) -> None:
        """End Prism; nothing where it does not run."""
        self._server.stop()


class _LeashedPrism(JobServer):
    """One Prism process."""

    def __init__(self, options: PipelineOptions) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Any:
        command, endpoint = PrismJobServer(self._options).subprocess_cmd_and_endpoint()
        log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", str(LEASH), *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us to hear
        )
        channel = grpc.insecure_channel(endpoint, options=_UNLIMITED)
        ready = grpc.channel_ready_future(channel)
        until = time.monotonic() + START_S
        while True:
            try:
                ready.result(timeout=0.2)
                return beam_job_api_pb2_grpc.JobServiceStub(channel)
            except grpc.FutureTimeoutError:
                if self._process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    log.seek(0)
                    said = log.read().decode(errors="replace").strip().splitlines() or ["nothing"]
                    raise WirelakeError(f"Prism does not start: {said[-1]}") from None

    def stop(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def find_prism() -> Path:
    """Return where Prism's binary is: ours, one on the path, or what Beam keeps.

    Raises:
        UsageError: There is none.
    """
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    kept = Path(PrismJobServer.BIN_CACHE)
    name = f"apache_beam-v{beam_version}-prism-{platform.system().lower()}-{machine}"
    on_path = shutil.which("prism")
    places = [BUILT, *([Path(on_path)] if on_path else []), kept / "prism", kept / name]
    for place in places:
        with contextlib.suppress(OSError):
            if place.is_file():
                return place
    raise UsageError(
        "there is no Prism, Beam's runner for streams: `make prism` builds it (with Go), or name "
        "its binary: -- --prism_location=FILE"
    )
