"""Who else reads a lake: pandas, Polars, pyarrow and DuckDB, by manifests or by folders."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest
from lake_rows import NOON, committed, rows_of

from transforms.failures import UsageError
from transforms.lake import dataset, files
from transforms.lake.compact import compact
from transforms.lake.query import query
from transforms.lake.verify import verify
from transforms.schema import TABLES


def test_files_and_dataset_of_no_lake(lake):
    for read in (files, dataset):
        with pytest.raises(UsageError, match="there is no lake in"):
            read(lake, "events")


NAMES = [
    "with space",
    "it's",
    'a"b',
    "ünï 湖",
    "[1]",
    "st*r?",
    "dt=2020-01-01",
    "100%#&;",
    "a.parquet",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_lake_may_have_any_name(tmp_path, name):
    lake = str(tmp_path / name)
    committed(lake, "a")
    committed(lake, "b")
    compact(lake, dt.timedelta(0), NOON)
    assert query(lake, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 12}]
    assert dataset(lake, "articles").count_rows() == 12
    assert len(pd.read_parquet(files(lake, "articles"))) == 12
    assert len(pl.scan_parquet(files(lake, "articles"), glob=False).collect()) == 12
    assert verify(lake, NOON) == []


def test_links_and_copies_of_a_lake(lake, tmp_path):
    committed(lake, "a")
    shutil.copytree(lake, tmp_path / "copy")
    Path(lake, "events").rename(tmp_path / "elsewhere")
    Path(lake, "events").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(lake)
    for name in ("lake", "copy", "link"):
        at = str(tmp_path / name)
        assert query(at, "SELECT count(*) AS n FROM events").to_pylist() == [{"n": 6}]
        assert verify(at, NOON) == []
    committed(str(tmp_path / "link"), "b")
    assert query(lake, "SELECT count(*) AS n FROM events").to_pylist() == [{"n": 12}]


def test_readers_that_find_the_days_in_the_folders(lake):
    """As Spark, Hive and `partitioning="hive"` do: `dt` becomes one more column, no type clashes."""
    committed(lake, "a")
    committed(lake, "b", now=NOON + dt.timedelta(days=1))
    folder = f"{lake}/events"
    days = {"2024-11-22", "2024-11-23"}
    found = ds.dataset(folder, partitioning="hive").to_table(columns=["dt", "event_date"])
    assert (set(found["dt"].to_pylist()), found.num_rows) == (days, 12)
    assert set(pd.read_parquet(folder)["dt"]) == days
    scanned = pl.scan_parquet(folder, hive_partitioning=True).select("dt", "event_date").collect()
    assert set(scanned["dt"].cast(pl.String)) == days
    read = duckdb.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
    rows = read.aggregate("dt, count(*) AS n").order("dt").fetchall()
    assert [(str(day), count) for day, count in rows] == [("2024-11-22", 6), ("2024-11-23", 6)]


def test_pandas_polars_pyarrow_and_duckdb_read_the_same_rows(lake):
    committed(lake, "a", shards=2)
    committed(lake, "b")
    committed(lake, "b", rows_of("b", 9))
    for name, table in TABLES.items():
        paths = files(lake, name)
        expected = query(lake, f"SELECT count(*) AS n FROM {name}")["n"][0].as_py()
        for frame in (pd.read_parquet(paths), pl.scan_parquet(paths).collect()):
            assert len(frame) == expected
            # pandas takes dt from the path as one more column
            assert [name for name in frame.columns if name != "dt"] == table.schema.names
        data = ds.dataset(paths, schema=table.schema)
        assert data.count_rows() == expected
        assert expected > 0
    dates = pd.read_parquet(files(lake, "events"))["event_date"]
    assert dates[0] == dt.date(2024, 11, 21)
