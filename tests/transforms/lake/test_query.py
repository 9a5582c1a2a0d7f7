"""SQL over the committed rows."""

import csv
import datetime as dt
import decimal
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from lake_rows import NO_INTERVAL, NOON, committed, poll, rows_of, staged

from transforms.failures import LakeError, UsageError
from transforms.lake import files
from transforms.lake.formats import format_rows
from transforms.lake.query import query
from transforms.lake.runs import begin
from transforms.schema import TABLES


def test_every_table_is_a_view_with_its_columns_even_when_empty(lake):
    committed(lake, "r", [poll("r", 0)])
    for name, table in TABLES.items():
        answer = query(lake, f"SELECT * FROM {name}")
        assert answer.column_names == table.schema.names
        assert answer.num_rows == (name == "polls")


def test_types_of_empty_and_filled_views_agree(tmp_path):
    committed(str(tmp_path / "full"), "r")
    committed(str(tmp_path / "empty"), "r", [])
    for name in TABLES:
        described = [
            query(str(tmp_path / lake), f"DESCRIBE {name}")["column_type"].to_pylist()
            for lake in ("full", "empty")
        ]
        assert described[0] == described[1]


def test_files_lists_what_is_committed(lake):
    manifest = committed(lake, "r")
    listed = query(lake, "SELECT * FROM files ORDER BY path").to_pylist()
    assert listed == [
        {
            "table": file.table,
            "path": file.path,
            "rows": file.rows,
            "bytes": file.bytes,
            "run_id": "r",
        }
        for file in sorted(manifest.files, key=lambda file: file.path)
    ]


def test_rows_that_are_staged_or_not_listed_are_not_there(lake):
    committed(lake, "r")
    run = begin(lake, "s", NO_INTERVAL, NOON, "c")
    [file, *_] = staged(lake, run, rows_of("s"))
    data = Path(lake, file.path).read_bytes()
    Path(lake, "articles/dt=2024-11-22/s-00000.parquet").write_bytes(data)
    assert query(lake, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 6}]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM evnts", "evnts does not exist"),
        ("SELECT nothing FROM events", '"nothing" not found'),
        ("SELEC 1", "syntax error"),
        ("", "one SQL query, not 0"),
        ("SELECT 1; SELECT 2", "one SQL query, not 2"),
        ("COPY (SELECT 1) TO '{lake}/x.csv'", "is COPY"),
        ("EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/x.csv'", "is COPY"),
        ("explain (analyze) copy (SELECT 1) to '{lake}/x.csv'", ""),
        ("/**/ EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/x.csv'", ""),
        ("ATTACH '{lake}/x.db' AS x", "is ATTACH"),
        ("INSTALL httpfs", "is LOAD"),
        ("SET enable_external_access = true", "is SET"),
        ("CREATE TABLE x AS SELECT 1", "is CREATE"),
        ("SELECT * FROM read_csv('/etc/passwd')", "Cannot access"),
        ("SELECT * FROM '{lake}/../secret.csv'", "Cannot access"),
        ("SELECT * FROM read_csv('https://127.0.0.1/x.csv')", "Tables: articles"),
        ("SELECT * FROM store", "store does not exist"),
        ("SELECT 1 / 'x'", "Tables: articles"),
    ],
)
def test_what_is_no_query_gets_one_clear_line(lake, sql, said):
    committed(lake, "r", [])
    Path(lake).parent.joinpath("secret.csv").write_text("a\n1\n")
    with pytest.raises(UsageError) as error:
        query(lake, sql.format(lake=lake))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert not list(Path(lake).glob("x.*"))


def test_explain_and_pivot_are_queries(lake):
    committed(lake, "r")
    assert query(lake, "EXPLAIN SELECT * FROM articles").num_rows
    assert query(lake, "EXPLAIN ANALYZE SELECT * FROM articles").num_rows
    pivot = "PIVOT (SELECT feed_id, 1 AS one FROM articles) ON feed_id USING sum(one)"
    assert query(lake, pivot).to_pylist() == [{"f1": 6}]


def test_no_lake_is_said(lake):
    with pytest.raises(UsageError, match="there is no lake in"):
        query(lake, "SELECT 1")
    assert not Path(lake).exists()


def replaced(path):
    path.write_text("cut")


def truncated(path):
    path.write_bytes(path.read_bytes()[:-20])


def overwritten(path):
    data = path.read_bytes()
    path.write_bytes(data[:4] + bytes(len(data) - 12) + data[-8:])


@pytest.mark.parametrize("damage", [Path.unlink, replaced, truncated, overwritten])
@pytest.mark.parametrize("number", [0, 1])
def test_a_damaged_lake_is_said(lake, damage, number):
    """DuckDB opens the first file of a table for any query, the others when it reads them."""
    committed(lake, "a")
    committed(lake, "b")
    damage(Path(files(lake, "articles")[number]))
    with pytest.raises(LakeError, match=r"^cannot read the lake .*wirelake verify") as at:
        query(lake, "SELECT max(title) FROM articles")
    assert "\n" not in str(at.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT strptime(title, '%Y') FROM articles",
        "SELECT CAST(title AS INT) FROM articles",
        "SELECT error('no.parquet') FROM articles",
        "SELECT nothing FROM articles",
        "SELECT * FROM read_parquet('/etc/no.parquet')",
    ],
)
def test_a_query_that_fails_of_itself_is_no_damage(lake, sql):
    committed(lake, "a")
    with pytest.raises(UsageError):
        query(lake, sql)


def test_files_of_an_unknown_table(lake):
    committed(lake, "r", [])
    assert files(lake, "articles") == []
    with pytest.raises(UsageError, match="no table 'x'"):
        files(lake, "x")


ROWS = pa.Table.from_arrays(
    [
        pa.array([1, None]),
        pa.array([float("nan"), 1.5]),
        pa.array([dt.date(2024, 11, 22), None]),
        pa.array([NOON, None], pa.timestamp("us", tz="UTC")),
        pa.array([["a", 'b"'], []]),
        pa.array([b"\x01\xff", None]),
        pa.array([decimal.Decimal(3), None]),
        pa.array(["ä,\n", None]),
    ],
    names=["n", "n", "date", "time", "list", "bytes", "sum", "text"],
)


def test_json_is_one_array_of_objects():
    assert json.loads(format_rows(ROWS, "json")) == [
        {
            "n": 1,
            "n_2": None,
            "date": "2024-11-22",
            "time": "2024-11-22T12:00:00Z",
            "list": ["a", 'b"'],
            "bytes": "01ff",
            "sum": 3,
            "text": "ä,\n",
        },
        dict.fromkeys(["n", "date", "time", "bytes", "sum", "text"]) | {"n_2": 1.5, "list": []},
    ]
    assert json.loads(format_rows(ROWS.slice(0, 0), "json")) == []


def test_csv_has_a_header_and_comes_back():
    rows = list(csv.reader(io.StringIO(format_rows(ROWS, "csv"), newline="")))
    assert rows[0] == ROWS.column_names
    assert rows[1][0] == "1"
    assert rows[1][7] == "ä,\n"
    assert rows[2][7] == ""


def test_a_table_for_people_shows_all_rows():
    text = format_rows(ROWS, "table")
    assert "2024-11-22T12:00:00Z" in text
    assert text.endswith("2 rows\n")
    assert "[red]" in format_rows(pa.table({"[red]x": ["[red]y"]}), "table")


def test_an_unknown_format():
    with pytest.raises(UsageError, match="must be one of table, csv, json"):
        format_rows(ROWS, "xml")
