"""One run: take the lake's lock, begin or resume, run the pipeline, return what was committed."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

from pipeline.build import build
from pipeline.causes import user_error
from pipeline.lost import WorkerLost, run_watched
from pipeline.options import coder_options
from pipeline.plan import plan_run
from pipeline.runners import beam_options, runner_of, stop
from pipeline.settings import Settings
from transforms.failures import LakeError, UsageError, WirelakeError
from transforms.lake.lock import lake_lock
from transforms.lake.runs import Interval, begin, forget_attempts
from transforms.lake.session import end_session
from transforms.records import FeedSource, Run

Clock = Callable[[], dt.datetime]
TRIES = 3  # of a run that loses workers

_log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    """Return the time, aware and in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a user asks for with `wirelake run`.

    Attributes:
        config: The file the settings were read from.
        lake: Folder or URL of the lake.
        run_id: None: a new run named after the time; an id that exists is replayed.
        interval: Start and end of the data interval; None for each: now.
        only: Ids of the feeds to poll; empty: all.
        beam_flags: Options for Beam.
    """

    config: Path
    settings: Settings
    lake: str
    run_id: str | None = None
    interval: Interval = (None, None)
    only: tuple[str, ...] = ()
    beam_flags: tuple[str, ...] = ()


def execute(
    request: RunRequest,
    *,
    progress: str | None = None,
    now: Clock = utc_now,
    begun: Callable[[Run], object] | None = None,
) -> Run:
    """Run the pipeline once and commit; returns the run.

    Args:
        progress: Path of the socket that listens to progress.
        begun: Called once it is known which run this is.

    Raises:
        LakeLocked: Another ingest holds the lake.
        LakeError: The lake cannot be written, or a commit rule is broken.
        ConfigError: The model is not installed, or an extra file is wrong.
        UsageError: An unknown feed in `only`, a bad run id or interval, a wrong Beam option.
    """
    sources = chosen(request.settings.sources(request.config), request.only)
    runner_of(beam_options(request.beam_flags))  # raises before a run has begun, like the next line
    coder_options(request.settings.coder, request.config.parent)
    with disk_faults(request.lake), lake_lock(request.lake):
        end_session(request.lake)  # of a stream whose submitter died
        run = begin(
            request.lake,
            request.run_id,
            request.interval,
            now(),
            request.settings.digest(),
        )
        if begun is not None:
            begun(run)
        for left in reversed(range(TRIES)):
            try:
                _attempt(request, run, sources, progress)
                break
            except WorkerLost as error:
                if not left:
                    raise WirelakeError(
                        f"worker processes died in each of {TRIES} tries"
                    ) from error
                _log.warning("a worker process was lost; the run goes on with what had landed")
                forget_attempts(request.lake, run)
            except Exception as error:
                cause = user_error(error)
                if cause is None:
                    raise
                raise cause from error
    return run


def _attempt(
    request: RunRequest, run: Run, sources: tuple[FeedSource, ...], progress: str | None
) -> None:
    """Run the pipeline once; what a failed attempt had landed is replayed by the next."""
    options = beam_options(request.beam_flags)
    runner = runner_of(options)
    plan = plan_run(
        request.settings,
        request.config,
        lake=request.lake,
        run=run,
        sources=sources,
        progress=progress,
        several_workers=not _alone(runner, options),
    )

    def job() -> None:
        with beam.Pipeline(runner=runner, options=options) as root:
            build(root, plan)

    try:
        if plan.several_workers and isinstance(runner, FnApiRunner):
            run_watched(job)
        else:
            job()
    finally:
        stop(runner)


def _alone(runner: PipelineRunner, options: PipelineOptions) -> bool:
    """Whether one worker does all: the in-memory runner, unless it was given more."""
    return (
        isinstance(runner, FnApiRunner) and options.view_as(DirectOptions).direct_num_workers == 1
    )


def chosen(sources: tuple[FeedSource, ...], only: Sequence[str]) -> tuple[FeedSource, ...]:
    """Return the feeds named in `only`, all where it is empty.

    Raises:
        UsageError: A name in `only` is no feed's id.
    """
    known = {source.feed_id for source in sources}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise UsageError(f"no feed {unknown[0]!r} in the configuration; there are {sorted(known)}")
    return tuple(source for source in sources if not only or source.feed_id in only)


@contextlib.contextmanager
def disk_faults(lake: str) -> Iterator[None]:
    """Turn a full or unwritable disk into one clear line."""
    try:
        yield
    except OSError as error:
        where = error.filename or lake
        raise LakeError(
            f"cannot read or write the lake {lake}: {error.strerror or error}: {where}"
        ) from error
