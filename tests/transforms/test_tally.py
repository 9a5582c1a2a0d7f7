"""Stage figures: counted per window, summed per run, the same however the bundles fall."""

from collections import Counter

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that
from apache_beam.transforms.window import FixedWindows, GlobalWindows, TimestampedValue
from hypothesis import given
from hypothesis import strategies as st

from transforms.tally import TALLIES, Tallies, Tally, stage_figures


class _EvenFn(beam.DoFn):
    """Gives even numbers, drops odd ones."""

    def __init__(self):
        self._tallies = Tallies("Even")

    def start_bundle(self):
        self._tallies.begin()

    def process(self, number, window=beam.DoFn.WindowParam):
        tally = self._tallies.of(window)
        tally.took()
        if number % 2:
            tally.drop("odd")
        else:
            tally.gave()
            yield number

    def finish_bundle(self):
        yield from self._tallies.drain()


def test_a_stage_s_tallies_come_out_in_its_windows():
    def check(rows):
        per_window = {}
        for window, tally in rows:
            per_window.setdefault(window, []).append(tally)
        figures = {window: stage_figures(tallies) for window, tallies in per_window.items()}
        counts = {
            window: (row["Even"]["in"], row["Even"]["out"]) for window, row in figures.items()
        }
        assert counts == {0: (10, 5), 10: (3, 2)}
        assert figures[0]["Even"]["dropped"] == {"odd": 5}

    class WithWindowFn(beam.DoFn):
        def process(self, tally, window=beam.DoFn.WindowParam):
            yield int(window.start), tally

    with beam.Pipeline(runner=FnApiRunner()) as root:
        done = (
            root
            | beam.Create(range(13))
            | beam.Map(lambda number: TimestampedValue(number, number))
            | "Tens" >> beam.WindowInto(FixedWindows(10))
            | "Even" >> beam.ParDo(_EvenFn()).with_outputs(TALLIES, main="even")
        )
        seen = (
            done[TALLIES]
            | "Window" >> beam.ParDo(WithWindowFn())
            | "One" >> beam.WindowInto(GlobalWindows())
        )
        assert_that(seen, check)


tallies = st.builds(
    Tally,
    stage=st.sampled_from(["A", "B"]),
    taken=st.integers(0, 9),
    given=st.integers(0, 9),
    dropped=st.dictionaries(st.sampled_from("xy"), st.integers(1, 5)).map(Counter),
    seconds=st.integers(0, 8).map(float),
)


@given(st.lists(tallies), st.randoms())
def test_the_sum_does_not_depend_on_the_order(parts, chance):
    shuffled = parts[:]
    chance.shuffle(shuffled)
    assert stage_figures(parts) == stage_figures(shuffled)


def test_only_the_stage_s_own_seconds_are_counted():
    tally = Tally("A")
    for _ in tally.timed_each(range(3)):
        for _ in range(200_000):
            pass
    assert tally.seconds < 0.01


def test_an_error_in_the_body_is_still_timed():
    tally = Tally("A")
    with pytest.raises(ValueError, match="x"), tally.timed():
        raise ValueError("x")
    assert tally.seconds > 0
