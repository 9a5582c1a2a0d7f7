"""How the one pipeline is run: in memory, over worker processes, or by a runner of the user's."""

from __future__ import annotations

from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner, create_runner

from transforms.failures import UsageError

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
    return ("--direct_running_mode=multi_processing", f"--direct_num_workers={workers}")


def runner_of(options: PipelineOptions) -> PipelineRunner:
    """Return the runner: the in-memory one unless the options name another.

    Raises:
        UsageError: Beam knows no such runner.
    """
    name = options.view_as(StandardOptions).runner or ""
    if name.rsplit(".", maxsplit=1)[-1] in LOCAL:
        return FnApiRunner()
    try:
        return create_runner(name)
    except (ValueError, ImportError) as error:
        raise UsageError(f"--runner={name}: {error}") from error
