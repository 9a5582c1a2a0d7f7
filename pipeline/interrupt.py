"""Ctrl-C and SIGTERM: one line, the right exit code, at once.

A lake stands a SIGKILL at any moment, so an interrupted run has nothing to tidy but the screen. It
does not unwind: Beam would report the interrupt as a failure of the stage it struck, and would wait
for workers that wait for it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def interruptible(hint: Callable[[], str], tidy: Callable[[], object]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the process while the body runs, with 128 + the signal's number.

    The main thread only. Worker processes end when they miss this one.

    Args:
        hint: Returns what to tell the user.
        tidy: Gives the screen back.
    """

    def _end(number: int, _frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        try:
            tidy()
            print(f"wirelake: {hint()}", file=sys.stderr, flush=True)
        finally:
            os._exit(128 + number)

    # What was ignored stays so: nohup, or a shell's background job.
    caught = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, _end) for each in caught}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
