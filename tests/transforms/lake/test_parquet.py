"""Rows to Parquet bytes."""

import dataclasses
import datetime as dt
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import NOON, article, event, poll, rows_of, signature

from transforms.lake.parquet import ROW_GROUP, encode, to_table
from transforms.schema import TABLE_OF, TABLES

TEXTS = st.text(max_size=5)
ARTICLES = st.builds(
    lambda number, text, authors, published, score: article(
        number,
        "r",
        text=text,
        authors=tuple(authors),
        published_at=published,
        language_score=score,
    ),
    st.integers(0, 2),
    TEXTS,
    st.lists(TEXTS, max_size=2),
    st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    st.none() | st.floats(-1, 1),
)
POLLS = st.builds(
    lambda shown, feed_id: poll("r", 1, feed_id, shown=shown),
    st.none() | st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3).map(tuple),
    st.sampled_from(["a", "b"]),
)


def test_each_table_comes_back_with_its_schema_and_values():
    rows = [row for row in rows_of("r") if type(row) in TABLE_OF]
    for table in TABLES.values():
        ours = [row for row in rows if TABLE_OF[type(row)] is table]
        read = pq.read_table(pa.BufferReader(encode(to_table(table, ours))))
        assert read.schema.equals(table.schema)
        for field in table.schema:
            described = read.schema.field(field.name).metadata[b"description"]
            assert described == field.metadata[b"description"]
        assert read.num_rows == len(ours)


@settings(deadline=None)
@given(st.lists(ARTICLES, max_size=6), st.randoms(use_true_random=False))
def test_articles_in_any_order_give_the_same_bytes(rows, chance: random.Random):
    shuffled = chance.sample(rows, len(rows))
    table = TABLES["articles"]
    assert encode(to_table(table, rows)) == encode(to_table(table, shuffled))


@settings(deadline=None)
@given(st.lists(POLLS, max_size=6), st.randoms(use_true_random=False))
def test_polls_in_any_order_give_the_same_bytes(rows, chance: random.Random):
    shuffled = chance.sample(rows, len(rows))
    table = TABLES["polls"]
    assert encode(to_table(table, rows)) == encode(to_table(table, shuffled))


def test_rows_are_sorted_nulls_first_and_floats_rounded():
    rows = to_table(TABLES["articles"], [article(number, "r") for number in range(7)])
    times = rows["published_at"].to_pylist()
    assert times[:3] == [None, None, None]
    assert times[3:] == sorted(times[3:])
    assert set(rows["language_score"].to_pylist()) == {0.9877}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": None}, "articles.text may not be None"),
        ({"word_count": 1.5}, "articles.word_count must be int32"),
        ({"word_count": 2**40}, "articles.word_count must be int32"),
        ({"title": b"bytes"}, "articles.title must be string"),
        ({"fetched_at": dt.datetime(2024, 1, 1)}, "articles.fetched_at must be"),  # noqa: DTZ001
        ({"language_score": float("nan")}, "articles.language_score must be double"),
        ({"authors": (1,)}, "articles.authors must be list"),
    ],
)
def test_a_row_that_does_not_fit_is_a_mistake_of_the_program(changes, said):
    with pytest.raises(ValueError, match=said):
        to_table(TABLES["articles"], [article(1, "r"), article(2, "r", **changes)])


def test_a_lone_surrogate_costs_itself_only():
    rows = to_table(TABLES["articles"], [article(1, "r", title="a\ud800b", authors=("\udfff",))])
    assert rows["title"].to_pylist() == ["a�b"]
    assert rows["authors"].to_pylist() == [["�"]]


def test_times_in_other_zones_are_stored_in_utc():
    east = NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))
    table = TABLES["articles"]
    assert encode(to_table(table, [article(1, "r", fetched_at=east)])) == encode(
        to_table(table, [article(1, "r", fetched_at=NOON)])
    )


def test_encodings_are_those_of_the_design():
    kept = [article(number, "r") for number in range(50)]
    data = encode(to_table(TABLES["events"], [event(item) for item in kept]))
    group = pq.ParquetFile(pa.BufferReader(data)).metadata.row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert columns["event_id"].compression == "ZSTD"
    assert "DELTA_BYTE_ARRAY" in columns["event_id"].encodings
    assert "BYTE_STREAM_SPLIT" in columns["confidence"].encodings
    assert "RLE_DICTIONARY" in columns["source_country"].encodings
    assert ROW_GROUP == 122_880


def test_fixed_size_binary_survives():
    row = signature(article(1, "r"))
    read = pq.read_table(pa.BufferReader(encode(to_table(TABLES["signatures"], [row]))))
    assert read.to_pylist() == [dataclasses.asdict(row)]
