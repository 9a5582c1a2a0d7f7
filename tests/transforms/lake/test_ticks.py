"""When a stream begins a window: every rule of `decide`, as a function of what the lake says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.lake.ticks import Facts, Turn, decide, lateness
from transforms.web.intervals import NEVER

WINDOW_S = 10


@pytest.mark.parametrize(
    ("facts", "turn"),
    [
        # the first window begins when a feed is due, at the second that has begun
        (Facts(now=100.7, due=50), 100),
        (Facts(now=100.7, due=100.5), Turn.WAIT),  # it would not be due at second 100
        (Facts(now=100.7, due=200), Turn.WAIT),
        (Facts(now=100.7, due=None), Turn.WAIT),  # all feeds are retired
        # the next begins once the one before is committed, and not sooner than a window after it
        (Facts(now=100, due=50, emitted=80, committed=False), Turn.WAIT),
        (Facts(now=100, due=50, emitted=80), 100),
        (Facts(now=89.9, due=50, emitted=80), Turn.WAIT),
        (Facts(now=90, due=50, emitted=80), 90),
        # what was begun and is not committed comes first, due or not
        (Facts(now=100, due=None, emitted=80, unfinished=85), 85),
        (Facts(now=100, due=50, unfinished=85), 85),
        (Facts(now=100, due=50, emitted=80, committed=False, unfinished=85), Turn.WAIT),
        # asked to end, or ended by another ingest: no new window, whatever is under way
        (Facts(now=100, due=50, stopping=True), Turn.STOP),
        (Facts(now=100, due=50, over=True), Turn.STOP),
        (Facts(now=100, due=50, emitted=80, committed=False, stopping=True), Turn.STOP),
        (Facts(now=100, due=50, unfinished=85, over=True), Turn.STOP),
        # a clock that was set back: seconds go on growing
        (Facts(now=20, due=10, emitted=80), 81),
    ],
)
def test_a_look_at_the_lake(facts, turn):
    assert decide(facts, WINDOW_S) == turn


times = st.floats(0, 1e6)


@given(
    now=times,
    emitted=st.none() | st.integers(0, 1_000_000),
    due=st.none() | times,
    committed=st.booleans(),
    window_s=st.floats(1, 1000),
)
def test_windows_never_overlap_never_repeat_and_never_come_too_early(
    now, emitted, due, committed, window_s
):
    facts = Facts(now=now, emitted=emitted, due=due, committed=committed)
    turn = decide(facts, window_s)
    if isinstance(turn, int):
        assert emitted is None or committed
        assert emitted is None or turn > emitted
        assert due is not None
        assert due <= turn


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(now=1000, due=300), "feeds are polled 700 s late"),
        (Facts(now=1000, due=400), None),  # just within the limit
        (Facts(now=1000, due=NEVER.timestamp()), None),  # a feed that was never polled
        (Facts(now=1000, due=None), None),  # no feed will be
        (Facts(now=1000, due=1200), None),  # not yet
        (Facts(now=1000, emitted=390, committed=False), "a window has been under way for 610 s"),
        (Facts(now=1000, emitted=990, committed=False, due=100), None),  # they are being polled
        (Facts(now=1000, emitted=390, due=990), None),
    ],
)
def test_what_is_late_is_said_beyond_the_limit(facts, said):
    assert lateness(facts, 600) == said
