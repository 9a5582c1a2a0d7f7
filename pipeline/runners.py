"""How the one pipeline is run: in memory, over worker processes, or by a runner of the user's."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    PortableOptions,
    StandardOptions,
)
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner, create_runner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from transforms.failures import UsageError

PROCESSES = "multi_processing"
PRISM = "PrismRunner"
FOR_EVER_S = 10 * 365 * 86400
# Beam 2.77's DirectRunner tries Prism first when it finds a binary; users who ask for it mean this one.
LOCAL = ("", "DirectRunner", "FnApiRunner", "BundleBasedDirectRunner")


def beam_options(flags: Sequence[str]) -> PipelineOptions:
    """Return Beam's options from what stands behind `--` on the command line.

    Raises:
        UsageError: Beam knows no such option, or its value is wrong.
    """
    wrong = [flag for flag in flags if not flag.startswith("-")]
    if wrong and not any(flag.startswith("--") for flag in flags):
        raise UsageError(f"not a Beam option: {wrong[0]!r}; write them as --name=value behind --")
    try:
        return PipelineOptions(list(flags))
    except SystemExit as error:  # Beam's argparse exits where it should raise
        raise UsageError(f"Beam does not accept {' '.join(flags)}") from error


def worker_flags(workers: int) -> tuple[str, ...]:
    """Return Beam's options for so many worker processes of this machine.

    >>> worker_flags(1)
    ()
    """
    if workers == 1:
        return ()
    return (f"--direct_running_mode={PROCESSES}", f"--direct_num_workers={workers}")


def runner_of(options: PipelineOptions) -> PipelineRunner:
    """Return the runner: the in-memory one unless the options name another.

    Raises:
        UsageError: Beam knows no such runner, or a runner of this machine no such option.
    """
    name = options.view_as(StandardOptions).runner or ""
    if name.rsplit(".", maxsplit=1)[-1] in LOCAL:
        _require_known(options)
        direct = options.view_as(DirectOptions)
        if direct.direct_running_mode != PROCESSES:
            return FnApiRunner()
        # Beam's own command breaks where the interpreter's path has a space, and its workers chatter.
        direct.direct_running_mode = "in_memory"
        return FnApiRunner(SubprocessSDKEnvironment.from_command_string(_worker_command()))
    return _named(name, options)


def stream_runner_of(options: PipelineOptions) -> PipelineRunner:
    """Return the runner of a stream: Prism unless the options name another.

    Raises:
        UsageError: There is no Prism, Beam knows no such runner, or it does not stream.
    """
    standard = options.view_as(StandardOptions)
    standard.streaming = True
    name = standard.runner or PRISM
    if name in LOCAL:
        raise UsageError(
            f"--runner={name} does not stream; leave it out for Prism, or name FlinkRunner or "
            "PortableRunner"
        )
    return _named(name, options)


def _named(name: str, options: PipelineOptions) -> PipelineRunner:
    _let_it_last(options.view_as(PortableOptions))
    if name == PRISM:
        # Only those who use Prism wait for what it imports.
        from pipeline.prism import LeashedPrismRunner  # noqa: PLC0415

        return LeashedPrismRunner(options)
    try:
        return create_runner(name)
    except (ValueError, ImportError) as error:
        raise UsageError(f"--runner={name}: {error}") from error


def _let_it_last(options: PortableOptions) -> None:
    """Lift the limit on requests to the job server: Beam also puts it on the wait for the job's end.

    Raises:
        UsageError: The job server does not answer within the limit.
    """
    endpoint = options.job_endpoint
    if endpoint and endpoint != "embed":
        import grpc  # type: ignore[import-untyped]  # noqa: PLC0415 - most runs need none

        with grpc.insecure_channel(endpoint) as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=options.job_server_timeout)
            except grpc.FutureTimeoutError:
                raise UsageError(
                    f"--job_endpoint={endpoint}: no job server answers there within "
                    f"{options.job_server_timeout} s (--job_server_timeout)"
                ) from None
    options.job_server_timeout = FOR_EVER_S


def stop(runner: PipelineRunner) -> None:
    """End what a runner of ours has started."""
    if hasattr(runner, "stop"):
        runner.stop()


def _require_known(options: PipelineOptions) -> None:
    """Raise UsageError for an option that no part of Beam knows; a remote runner may have its own."""
    known = options.get_all_options()
    given = options.get_all_options(retain_unknown_options=True)
    unknown = sorted(set(given) - set(known))
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"; did you mean --{near[0]}?" if near else ""
        raise UsageError(f"Beam has no option --{unknown[0]}{hint}")


def _worker_command() -> str:
    """Return the shell command of a worker process, which finds what this process finds."""
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    words = ["env", f"PYTHONPATH={path}", sys.executable, "-P", "-m", "pipeline.worker"]
    return f"exec {shlex.join(words)}"
