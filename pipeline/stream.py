"""A stream: take the lake, finish what an earlier one left, then window after window until asked to end.

The job runs on an engine, here or on a cluster; this process holds the lake's lock, tells of each window,
and asks the job to end. It ends by itself, with what it had begun committed.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipeline.build import build
from pipeline.causes import user_error
from pipeline.flink import FlinkJob, flink_stream
from pipeline.options import coder_options
from pipeline.plan import Plan, plan_recovery, plan_stream
from pipeline.run import Clock, disk_faults, utc_now
from pipeline.runners import beam_options, stop, stream_runner_of
from pipeline.settings import Settings
from transforms.lake.live import live
from transforms.lake.lock import lake_lock
from transforms.lake.manifests import Manifest, listing, read_manifest
from transforms.lake.runs import begin, unfinished
from transforms.lake.session import (
    ask_to_stop,
    end_session,
    open_session,
    require_standing,
    standing,
)
from transforms.lake.store import open_store
from transforms.records import FeedSource

LOOK_S = 0.25  # between two looks at what was committed, and at whether to end
# How long a job may take to end once there is nothing more to do; Flink's never does.
ENGINE_ENDS_S = 5.0
NO_INTERVAL = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRequest:
    """What a user asks for with `wirelake stream`.

    Attributes:
        config: The file the settings were read from.
        lake: Folder or URL of the lake.
        duration_s: After so many seconds it drains; None: it goes on.
        windows: After so many windows it ends; None: it goes on.
        beam_flags: Options for Beam.
    """

    config: Path
    settings: Settings
    lake: str
    duration_s: float | None = None
    windows: int | None = None
    beam_flags: tuple[str, ...] = ()


@dataclass(slots=True)
class StreamSummary:
    """What a stream has committed so far; `recovered` windows are those an earlier one had begun."""

    recovered: int = 0
    windows: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, manifest: Manifest) -> None:
        """Count one window."""
        self.windows += 1
        self.counts.update(manifest.counts)
        self.counts.update({"new": manifest.law.get("new", 0)})


def stream(
    request: StreamRequest,
    *,
    ending: threading.Event,
    began: Callable[[], object] = lambda: None,
    on_window: Callable[[Manifest], object] = lambda _: None,
    now: Clock = utc_now,
) -> StreamSummary:
    """Stream until asked to end, and return what was committed.

    Args:
        ending: Set by whoever wants the stream to drain.
        began: Called in the main thread once the job is submitted (Beam takes over signals there).
        on_window: Called with the manifest of each window that was committed.

    Raises:
        LakeLocked: Another ingest holds the lake.
        LakeError: The lake cannot be written, a commit rule is broken, or another ingest took over.
        ConfigError: The model is not installed, or an extra file is wrong.
        UsageError: A wrong Beam option, a runner that does not stream, or none.
    """
    options = beam_options(request.beam_flags)
    runner = stream_runner_of(options)
    coder_options(request.settings.coder, request.config.parent)  # raises before anything begins
    sources = request.settings.sources(request.config)
    summary = StreamSummary()
    with disk_faults(request.lake), lake_lock(request.lake, "a stream"):
        session = open_session(request.lake)
        try:
            for left in unfinished(request.lake):
                _recover(request, sources, session.id, left.run.run_id, now)
                summary.recovered += 1
            newest = live(request.lake).newest()
            plan = plan_stream(
                request.settings,
                request.config,
                lake=request.lake,
                sources=sources,
                session=session.id,
                last=None if request.windows is None else newest + request.windows,
            )
            flink = flink_stream(options, session.id)
            pipeline = beam.Pipeline(runner=runner, options=options)
            build(pipeline, plan)
            job = _Job(pipeline, flink)
            began()
            _watch(job, request, session.id, newest, ending, summary, on_window)
            require_standing(open_store(request.lake), session.id)
        finally:
            end_session(request.lake, session.id)
            stop(runner)
    return summary


def _recover(
    request: StreamRequest, sources: tuple[FeedSource, ...], session: str, run_id: str, now: Clock
) -> None:
    """Finish a run that was begun and never committed."""
    run = begin(request.lake, run_id, NO_INTERVAL, now(), request.settings.digest())
    plan = plan_recovery(
        request.settings,
        request.config,
        lake=request.lake,
        run=run,
        sources=sources,
        session=session,
    )
    _finish(plan)


def _finish(plan: Plan) -> None:
    try:
        with beam.Pipeline(runner=FnApiRunner()) as root:
            build(root, plan)
    except Exception as error:
        raise _cause(error) from error


def _cause(error: Exception) -> Exception:
    return user_error(error) or error


class _Job:
    """A job under way, waited for in a thread: the main one hears signals."""

    def __init__(self, pipeline: beam.Pipeline, flink: FlinkJob | None) -> None:
        self._flink = flink
        self._result = pipeline.run()
        self._error: Exception | None = None
        self._cancelled = False
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        try:
            self._result.wait_until_finish()
        except Exception as error:  # noqa: BLE001 - raised again by `ended`
            if not self._cancelled:  # Beam takes that for a failure
                self._error = error

    def cancel(self) -> None:
        """End a job that has nothing more to do."""
        if not self._cancelled:
            self._cancelled = True
            self._result.cancel()
            if self._flink is not None:
                self._flink.cancel()

    def ended(self) -> bool:
        """Say whether the job has ended; raise what it failed of."""
        self._thread.join(LOOK_S)
        if self._thread.is_alive():
            return False
        if self._error is not None:
            cause = _cause(self._error)
            if cause is self._error:
                raise cause
            raise cause from self._error
        return True


def _watch(  # noqa: PLR0917 - one loop, cut out of `stream`
    job: _Job,
    request: StreamRequest,
    session: str,
    newest: int,
    ending: threading.Event,
    summary: StreamSummary,
    on_window: Callable[[Manifest], object],
) -> None:
    """Tell of each window until the job has ended; ask it to end when that is wished."""
    until = None if request.duration_s is None else time.monotonic() + request.duration_s
    news = _News(request.lake, newest)
    asked = done = False
    drained_at = None
    while not done:
        done = job.ended()
        for manifest in news.windows(last=done):
            summary.add(manifest)
            on_window(manifest)
        if not asked and (ending.is_set() or (until is not None and time.monotonic() > until)):
            ask_to_stop(request.lake, session)
            asked = True
        if drained_at is None and _is_drained(request.lake, session):
            drained_at = time.monotonic()
        if drained_at is not None and time.monotonic() - drained_at > ENGINE_ENDS_S:
            job.cancel()


def _is_drained(lake: str, session_id: str) -> bool:
    """Say whether the stream begins no more windows, and has committed all it began."""
    session = standing(lake, session_id)
    return session is not None and session.ended and not unfinished(lake)


class _News:
    """The runs that are committed since a stream began."""

    def __init__(self, lake: str, newest: int) -> None:
        self._store: Any = open_store(lake)
        self._newest = newest
        self._seen = {stat.name for stat in listing(self._store)}
        self._next_look = 0.0

    def windows(self, *, last: bool = False) -> list[Manifest]:
        """Return those not told before, in order; none between two looks, but at last.

        A lake of many runs takes long to list: that takes no more than a twentieth of the time.
        """
        began = time.monotonic()
        if began < self._next_look and not last:
            return []
        names = [stat.name for stat in listing(self._store)]
        self._next_look = began + max(LOOK_S, 20 * (time.monotonic() - began))
        fresh = [name for name in names if name not in self._seen]
        self._seen.update(fresh)
        found = [read_manifest(self._store, name.removesuffix(".json")) for name in fresh]
        windows = [
            manifest
            for manifest in found
            if manifest is not None and manifest.kind == "run" and manifest.sequence > self._newest
        ]
        return sorted(windows, key=lambda manifest: manifest.sequence)
