"""The views beside the tables."""

import datetime as dt

import pytest
from lake_rows import NOON, article, committed, duplicate, event, feed, poll

from transforms.lake.query import query, view_names
from transforms.schema import hash_id

DAY = dt.timedelta(days=1)


def happening(of, number, source, target, day, **changes):
    """Return an event between two countries on a day."""
    key = hash_id(day.isoformat(), source, target, changes.get("plover_type", "AID"))
    return event(
        of,
        number,
        source_country=source,
        target_country=target,
        event_date=day.date(),
        event_key=key,
        **changes,
    )


@pytest.fixture
def told(lake):
    """Return a lake of four days of news, one of them without an article."""
    first = article(1, "r", published_at=NOON, published_source="feed")
    second = article(2, "r", feed_id="f2", published_at=NOON, published_source="feed")
    late = article(3, "r", published_at=NOON + 3 * DAY, published_source="feed")
    rows = [
        first,
        second,
        late,
        duplicate(first, 1, feed_id="f2"),
        duplicate(first, 2, feed_id="f3"),
        feed("r", "f1"),
        feed("r", "f2"),
        poll("r", 2, "f1"),
        poll("r", 2, "f2"),
        poll("r", 1, "f3"),
        happening(first, 0, "PRK", "RUS", NOON, confidence=0.5),
        happening(second, 0, "PRK", "RUS", NOON, confidence=0.9, sentence="The better one."),
        happening(late, 0, "PRK", "KOR", NOON + 3 * DAY, quad_class=4, plover_type="ASSAULT"),
        happening(late, 1, "PRK", "JPN", NOON, modality="alleged"),
        happening(late, 2, "PRK", "JPN", NOON, polarity="negative"),
        happening(late, 3, "RUS", "KOR", NOON, event_date_precision="year"),
    ]
    committed(lake, "r", rows)
    return lake


def ask(lake, sql):
    return [tuple(row.values()) for row in query(lake, sql).to_pylist()]


def test_one_a_day_counts_an_event_once_and_asserted_ones_only(told):
    assert ask(
        told,
        "SELECT source_country, target_country, mentions, articles, confidence, sentence "
        "FROM one_a_day WHERE event_date_precision = 'day' ORDER BY target_country",
    ) == [
        ("PRK", "KOR", 1, 1, 0.8765, "North Korea sent troops to Russia, officials said."),
        ("PRK", "RUS", 2, 2, 0.9, "The better one."),
    ]


def test_outlets_include_those_of_copies(told):
    assert ask(
        told,
        "SELECT outlets, feeds, copies, outlet_names FROM event_outlets "
        "JOIN one_a_day USING (event_key) WHERE target_country = 'RUS'",
    ) == [(2, 3, 4, ["Example", "f3"])]


def test_a_country_has_a_row_every_day(told):
    rows = ask(
        told,
        "SELECT day, as_source, as_target, material_cooperation, material_conflict, articles, "
        "per_1000 FROM country_day WHERE country = 'PRK' ORDER BY day",
    )
    days = [NOON.date() + n * DAY for n in range(4)]
    assert rows == [
        (days[0], 1, 0, 1, 0, 2, 500.0),
        (days[1], 0, 0, 0, 0, 0, None),
        (days[2], 0, 0, 0, 0, 0, None),
        (days[3], 1, 0, 0, 1, 1, 1000.0),
    ]
    assert ask(told, "SELECT country, count(*) FROM country_day GROUP BY 1 ORDER BY 1") == [
        ("KOR", 4),
        ("PRK", 4),
        ("RUS", 4),
    ]


def test_a_dyad_has_a_row_every_month(lake):
    january = dt.datetime(2024, 1, 31, 12, tzinfo=dt.UTC)
    march = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
    first = article(1, "r", published_at=january, published_source="feed")
    last = article(2, "r", published_at=march, published_source="feed")
    rows = [
        first,
        last,
        poll("r", 2),
        happening(first, 0, "PRK", "RUS", january),
        happening(last, 0, "PRK", "RUS", march),
        happening(last, 1, "PRK", "PRK", march),
        happening(last, 2, "PRK", None, march),
    ]
    committed(lake, "r", rows)
    assert ask(
        lake,
        "SELECT source_country, target_country, month, events, goldstein, articles, per_1000 "
        "FROM dyad_month ORDER BY month",
    ) == [
        ("PRK", "RUS", dt.date(2024, 1, 1), 1, 8.3, 1, 1000.0),
        ("PRK", "RUS", dt.date(2024, 2, 1), 0, None, 0, None),
        ("PRK", "RUS", dt.date(2024, 3, 1), 1, 8.3, 1, 1000.0),
    ]


def test_every_view_answers_on_an_empty_lake(lake):
    committed(lake, "r", [])
    assert view_names() == ["one_a_day", "event_outlets", "country_day", "dyad_month"]
    for name in view_names():
        assert query(lake, f"SELECT * FROM {name}").num_rows == 0
