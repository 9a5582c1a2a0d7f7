"""How feeds have been doing, from their rows."""

import datetime as dt

import pytest
from lake_rows import NOON, article, committed, poll

from transforms.failures import UsageError
from transforms.lake.health import Health, feed_health

DAY = dt.timedelta(days=1)


def day(lake, name, back, new, **changes):
    at = NOON - back * DAY
    rows = [
        article(n, name, published_at=at - n * dt.timedelta(hours=1), published_source="feed")
        for n in range(new)
    ]
    committed(lake, name, [*rows, poll(name, new, polled_at=at, **changes)], now=at)


def test_there_has_to_be_a_lake(lake):
    with pytest.raises(UsageError, match="no lake"):
        feed_health(lake, ["f1"], NOON)


def test_a_feed_that_was_never_polled(lake):
    day(lake, "a", 1, 1)
    assert feed_health(lake, ["it's new"], NOON) == {"it's new": Health(feed_id="it's new")}


def test_rates_and_the_newest_poll(lake):
    day(lake, "a", 4, 10)  # what was there already, no rate
    day(lake, "b", 3, 6)
    day(lake, "c", 2, 2, entries=7)
    day(lake, "d", 1, 0, status=304)
    day(
        lake,
        "e",
        0,
        0,
        status=404,
        error="http-404",
        consecutive_failures=1,
        next_poll_at=NOON + DAY,
    )
    health = feed_health(lake, ["f1", "f2"], NOON)["f1"]
    assert (health.polls, health.last_poll, health.last_success) == (5, NOON, NOON - DAY)
    assert (health.error, health.entries) == ("http-404", 7)
    assert (health.state.status, health.state.consecutive_failures) == (404, 1)
    assert health.state.next_poll_at == NOON + DAY
    assert health.new_per_day == pytest.approx(8 / 3)
    assert health.entries_per_day == pytest.approx(18 / (4 + 9 / 24))


def test_one_poll_gives_no_rate(lake):
    day(lake, "a", 1, 3)
    health = feed_health(lake, ["f1"], NOON)["f1"]
    assert (health.new_per_day, health.error, health.entries) == (None, None, 3)


def test_old_days_do_not_count(lake):
    day(lake, "a", 60, 50)
    day(lake, "b", 50, 50)
    day(lake, "c", 2, 1)
    day(lake, "d", 1, 1)
    health = feed_health(lake, ["f1"], NOON)["f1"]
    assert health.polls == 4
    assert health.new_per_day == pytest.approx(1)
    assert health.entries_per_day == pytest.approx(2 / 2)
