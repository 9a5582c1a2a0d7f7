"""Ticks: the source of a stream, one run after the other, each in a window of its own.

It looks at the lake about twice a second and begins the next window when `lake.ticks` says so. Its whole
memory is the second of the last window, kept by the engine as its restriction; everything else is asked
of the lake, so after any failure it goes on where the lake is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

from transforms.lake import layout
from transforms.lake.runs import begin, find, id_of_second, unfinished
from transforms.lake.session import SessionOver, note_end, standing
from transforms.lake.store import open_store
from transforms.lake.ticks import Facts, Turn, decide, lateness
from transforms.records import FeedSource, Run
from transforms.runs import States, WindowRuns, next_run
from transforms.web.intervals import next_due

LOOK_S = 0.5  # between two looks at the lake
LAST = 1 << 40  # a second that no clock will show
NO_INTERVAL = (None, None)

_log = logging.getLogger(__name__)


@dataclass
class Ticks(beam.PTransform):
    """root → PCollection[Run], unbounded: the windows of a stream.

    Attributes:
        session: The stream's; where it is over or stopping, the source ends.
        feeds: Those that the stream polls.
        states: What the lake remembers of them.
        config_hash: Of the configuration, for the runs.
        window_s: Shortest time between the beginnings of two windows.
        late_s: How late a feed may be polled, or a window be committed, before that is warned of.
        last: Number of the run after which the source ends; None: it goes on.
    """

    lake: str
    session: str
    feeds: tuple[FeedSource, ...]
    states: States
    config_hash: str
    window_s: float
    late_s: float
    last: int | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, root: Any) -> Any:
        """Build the source; a window is the second of its tick."""
        return (
            root
            | "Begin" >> beam.Impulse()
            | "Look" >> beam.ParDo(_TickFn(self))
            | "OneWindowEach" >> beam.WindowInto(FixedWindows(1))
        )


class _SecondTracker(RestrictionTracker):
    """Claims seconds of a range one after the other; never splits but behind the last one."""

    def __init__(self, seconds: OffsetRange) -> None:
        self._seconds = seconds
        self._claimed: int | None = None
        self._ended = False
        self._split = False

    def current_restriction(self) -> OffsetRange:
        return self._seconds

    def current_progress(self) -> RestrictionProgress:
        return RestrictionProgress(fraction=0.0)

    def try_claim(self, position: int) -> bool:
        if position >= self._seconds.stop:
            self._ended = True
            return False
        self._claimed = position
        return True

    def try_split(self, fraction_of_remainder: float) -> tuple[OffsetRange, OffsetRange] | None:
        if fraction_of_remainder != 0 or self._split or self._ended:
            return None
        self._split = True
        next_second = self._seconds.start if self._claimed is None else self._claimed + 1
        self._seconds, rest = self._seconds.split_at(next_second)
        return self._seconds, rest

    def check_done(self) -> None:
        if not (self._ended or self._split):
            raise ValueError("the ticks were left without an end and without a rest")

    def is_bounded(self) -> bool:
        return False


class _Seconds(beam.transforms.core.RestrictionProvider):
    """The restriction: from the first second that may be begun to the end of time."""

    def initial_restriction(self, element: Any) -> OffsetRange:  # noqa: ARG002
        return OffsetRange(0, LAST)

    def create_tracker(self, restriction: OffsetRange) -> _SecondTracker:
        return _SecondTracker(restriction)

    def restriction_size(self, element: Any, restriction: OffsetRange) -> int:  # noqa: ARG002
        return 1

    def truncate(self, element: Any, restriction: OffsetRange) -> None:
        """End here where the engine drains the job."""


# How Beam is told what `process` takes: by its defaults.
_TRACKER = beam.DoFn.RestrictionParam(_Seconds())
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider())


class _TickFn(beam.DoFn):
    """Impulse → runs. Each call is one look at the lake."""

    def __init__(self, stage: Ticks) -> None:
        self._stage = stage
        self._runs = WindowRuns(stage.lake)
        self._due: tuple[int, float | None] | None = None  # after which window, and when
        self._warned_at = 0.0

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _: bytes,
        tracker: Any = _TRACKER,
        watermark: Any = _WATERMARK,
    ) -> Iterator[TimestampedValue]:
        facts = self._facts(tracker.current_restriction().start - 1)
        turn = decide(facts, self._stage.window_s)
        if isinstance(turn, int) and turn != facts.unfinished:
            turn = self._free(turn)
        if isinstance(turn, int) and tracker.try_claim(turn):
            run = self._begun(turn)
            if run is not None:
                watermark.set_watermark(Timestamp(turn + 1))  # its window gets nothing more
                yield TimestampedValue(run, Timestamp(turn))
            else:
                turn = Turn.STOP
        if turn is Turn.STOP:
            note_end(self._stage.lake, self._stage.session)
            tracker.try_claim(LAST)
            return
        self._warn(facts)
        tracker.defer_remainder(Duration(seconds=LOOK_S))

    def _facts(self, emitted: int) -> Facts:
        """Look at the lake.

        Args:
            emitted: The second of the last window that was begun; -1: none was.
        """
        stage, now = self._stage, time.time()
        session = standing(stage.lake, stage.session)
        if session is None or session.stopping:
            return Facts(now=now, over=session is None, stopping=True)
        if emitted < 0:
            return Facts(now=now, unfinished=self._unfinished(emitted), due=self._next_due(emitted))
        run = self._runs.of_second(emitted)
        if not open_store(stage.lake).exists(layout.manifest(run.run_id)):
            return Facts(now=now, emitted=emitted, committed=False)
        return Facts(
            now=now,
            stopping=stage.last is not None and run.sequence >= stage.last,
            emitted=emitted,
            unfinished=self._unfinished(emitted),
            due=self._next_due(emitted),
        )

    def _unfinished(self, emitted: int) -> int | None:
        seconds = [int(begun.run.started_at.timestamp()) for begun in unfinished(self._stage.lake)]
        return min((second for second in seconds if second > emitted), default=None)

    def _next_due(self, emitted: int) -> float | None:
        """Return when a feed is due, which only a commit can change."""
        if self._due is None or self._due[0] != emitted:
            now = dt.datetime.now(dt.UTC)
            states = self._stage.states.all(next_run(now))
            at = next_due(self._stage.feeds, states)
            self._due = (emitted, None if at is None else at.timestamp())
        return self._due[1]

    def _free(self, second: int) -> int:
        """Return this second, or the next that names no run yet: a clock may have been set back."""
        while find(self._stage.lake, id_of_second(_time(second))) is not None:
            second += 1
        return second

    def _begun(self, second: int) -> Run | None:
        """Begin the run of a second, or go on with it; None: the session is over meanwhile."""
        stage, now = self._stage, _time(second)
        with contextlib.suppress(SessionOver):
            return begin(
                stage.lake,
                id_of_second(now),
                NO_INTERVAL,
                now,
                stage.config_hash,
                session=stage.session,
            )
        return None

    def _warn(self, facts: Facts) -> None:
        """Say that the stream is late, not more often than it may be late."""
        late_s = self._stage.late_s
        if facts.now - self._warned_at < late_s:
            return
        what = lateness(facts, late_s)
        if what is not None:
            self._warned_at = facts.now
            _log.warning("%s; stream.max_lag_s is %g", what, late_s)


def _time(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)
