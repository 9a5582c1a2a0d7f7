"""When a stream begins its next window: decided by what the lake says, and by nothing else.

A window is a run, and windows go in lock-step: the next begins once the one before is committed. So none
can deduplicate or parse past another, and a backlog makes windows longer instead of filling a queue.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Turn(enum.Enum):
    """What the source of ticks does now, where it begins no window."""

    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the decision needs. Seconds are those of the clock, since the epoch.

    Attributes:
        now: The clock.
        over: The stream's session is over: another ingest has begun.
        stopping: It was asked to end.
        emitted: The second of the last window that this source began; None: it began none.
        committed: That window is committed.
        unfinished: The earliest window behind that one that was begun and is not committed: the
            source that began it was lost before it could remember. None: there is none.
        due: When a feed is due; None: no feed will be.
    """

    now: float
    over: bool = False
    stopping: bool = False
    emitted: int | None = None
    committed: bool = True
    unfinished: int | None = None
    due: float | None = None


def decide(facts: Facts, window_s: float) -> int | Turn:
    """Return the second of the window that begins now, or to wait, or to stop.

    - A window that is under way when the stream is to end is finished; none is begun.
    - Seconds grow: a clock that was set back is waited for no longer than a second a window.
    - A window takes the feeds that are due at its second, so it never begins before one is.

    Args:
        window_s: Shortest time between the beginnings of two windows.
    """
    if facts.over or facts.stopping:
        return Turn.STOP
    if facts.emitted is not None and not facts.committed:
        return Turn.WAIT
    if facts.unfinished is not None:
        return facts.unfinished
    second = int(facts.now)
    if facts.emitted is not None:
        if 0 <= facts.now - facts.emitted < window_s:
            return Turn.WAIT
        second = max(second, facts.emitted + 1)
    if facts.due is None or facts.due > second:
        return Turn.WAIT
    return second


def lateness(facts: Facts, most_s: float) -> str | None:
    """Return what is late, in words; None: nothing is by more than `most_s` seconds."""
    if facts.emitted is not None and not facts.committed:
        late_s = facts.now - facts.emitted
        what = f"a window has been under way for {late_s:.0f} s"
    elif facts.due is not None and facts.due > 0:  # before the clocks' 0: one that was never polled
        late_s = facts.now - facts.due
        what = f"feeds are polled {late_s:.0f} s late"
    else:
        return None
    return what if late_s > most_s else None
