"""When publishers wish to be polled."""

from __future__ import annotations

import pytest

from tests.transforms.feeds.samples import item, parsed, rss
from transforms.feeds.hints import skip_days, skip_hours, ttl_s


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "seconds"),
    [
        ("15", None, None, 900),
        (" 60 ", "daily", "2", 3600),
        ("0", "daily", "2", 43200),
        ("soon", "Hourly", None, 3600),
        (None, "hourly", "0", 3600),
        (None, "fortnightly", "1", None),
        ("-5", None, None, None),
        ("9" * 400, None, None, None),
        (None, None, None, None),
    ],
)
def test_intervals(ttl: str, period: str, frequency: str, seconds: float | None) -> None:
    assert ttl_s(ttl, period, frequency) == seconds


def test_hours_and_days_to_skip() -> None:
    head = (
        "<skipHours><hour>1</hour><hour> 23 </hour><hour>24</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>monday</day><day>Caturday</day></skipDays>"
    )
    result = parsed(rss(item("A", 1), head=head))
    assert (result.skip_hours, result.skip_days) == ((0, 1, 23), (0, 6))


@pytest.mark.parametrize(
    "text", ["", "<skipHours><hour>1</hour>", "<skipDays/>", "<skipHours>x</skipHours>"]
)
def test_nothing_to_skip(text: str) -> None:
    assert (skip_hours(text), skip_days(text)) == ((), ())
