"""Versions of the schema: what may change, and how old files are read."""

import dataclasses
import hashlib

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from lake_rows import NO_INTERVAL, NOON, committed

from transforms.failures import LakeError
from transforms.lake import dataset, files
from transforms.lake.compact import compact
from transforms.lake.evolution import breaks, require_compatible
from transforms.lake.history import feed_states
from transforms.lake.live import live
from transforms.lake.manifests import read_manifest, snapshot
from transforms.lake.query import query
from transforms.lake.runs import begin
from transforms.lake.store import open_store
from transforms.schema import SCHEMA_VERSION, TABLES

OLD = pa.schema([pa.field("a", pa.int32(), nullable=False), pa.field("b", pa.string())])


def rewrite(lake, run_id, table, change):
    """Give a committed file another content and an older version, as an older wirelake's would be."""
    store = open_store(lake)
    manifest = read_manifest(store, run_id)
    listed = []
    for file in manifest.files:
        if file.table == table:
            sink = pa.BufferOutputStream()
            pq.write_table(change(pq.read_table(pa.BufferReader(store.read(file.path)))), sink)
            data = sink.getvalue().to_pybytes()
            store.put(file.path, data)
            listed.append(
                dataclasses.replace(
                    file,
                    schema_version=SCHEMA_VERSION - 1,
                    bytes=len(data),
                    sha256=hashlib.sha256(data).hexdigest(),
                )
            )
        else:
            listed.append(file)
    changed = dataclasses.replace(manifest, files=tuple(listed))
    store.put(f"_runs/{run_id}.json", changed.to_json())


@pytest.fixture
def grown(any_lake):
    """Return a lake with files from before polls had `moved_to` and events `said_by_org`."""
    lake = any_lake
    committed(lake, "old")
    rewrite(lake, "old", "polls", lambda rows: rows.drop_columns(["moved_to"]))
    rewrite(lake, "old", "events", lambda rows: rows.drop_columns(["said_by_org"]))
    committed(lake, "new")
    return lake


def test_old_files_read_as_null_where_they_lack_a_column(grown):
    assert query(
        grown, "SELECT run_id, moved_to, moved_polls FROM polls ORDER BY run_id"
    ).to_pylist() == [
        {"run_id": "new", "moved_to": None, "moved_polls": 0},
        {"run_id": "old", "moved_to": None, "moved_polls": 0},
    ]
    for table in ("polls", "events"):
        assert query(grown, f"SELECT * FROM {table}").column_names == TABLES[table].schema.names


def test_every_reader_sees_the_new_column(grown):
    paths = files(grown, "events")
    schema = TABLES["events"].schema
    rows = dataset(grown, "events").to_table()
    assert rows["said_by_org"].null_count == 12
    assert rows.to_pandas()["said_by_org"].isna().all()
    assert duckdb.from_arrow(rows).aggregate("count(said_by_org)").fetchall() == [(0,)]
    if not grown.startswith("s3://"):
        assert ds.dataset(paths, schema=schema).to_table()["said_by_org"].null_count == 12
        assert pd.read_parquet(paths, schema=schema)["said_by_org"].isna().all()
    scanned = pl.scan_parquet(sorted(paths), missing_columns="insert").collect()
    assert scanned["said_by_org"].null_count() == 12


def test_history_and_compaction_read_old_files(grown):
    run = begin(grown, "next", NO_INTERVAL, NOON, "c")
    assert feed_states(grown, run, ["f1"], 30)["f1"].moved_to is None
    compact(grown, NOON - NOON, NOON)
    assert {file.schema_version for _, file in snapshot(grown).files()} == {SCHEMA_VERSION}
    assert query(grown, "SELECT count(*) AS n FROM events").to_pylist() == [{"n": 12}]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ([OLD.field("a"), OLD.field("b"), pa.field("c", pa.date32())], []),
        ([OLD.field("b"), OLD.field("a")], []),
        ([pa.field("a", pa.int32()), OLD.field("b")], []),
        (
            [pa.field("a", pa.int8(), nullable=False), OLD.field("b")],
            ["t.a was int32 and is now int8"],
        ),
        (
            [pa.field("a", pa.int64(), nullable=False), OLD.field("b")],
            ["t.a was int32 and is now int64"],
        ),
        ([OLD.field("a")], ["t.b is gone"]),
        (
            [OLD.field("a"), pa.field("b", pa.string(), nullable=False)],
            ["t.b could be null and is now required"],
        ),
        (
            [*OLD, pa.field("c", pa.date32(), nullable=False)],
            ["t.c is new and must be nullable, since old rows lack it"],
        ),
    ],
)
def test_what_may_change(new, said):
    assert breaks("t", OLD, pa.schema(new)) == said


def test_a_narrowing_is_refused_with_the_reason_and_nothing_is_committed(any_lake):
    lake = any_lake
    committed(lake, "old")

    def narrow(rows):
        index = rows.schema.get_field_index("new")
        return rows.set_column(index, "new", rows["new"].cast(pa.int64()))

    rewrite(lake, "old", "polls", narrow)
    with pytest.raises(
        LakeError, match=r"cannot take this schema: polls\.new was int64 and is now"
    ):
        committed(lake, "new")
    assert [item.run_id for item in snapshot(lake).manifests] == ["old"]


def test_a_lake_of_a_newer_version_is_not_written(lake):
    committed(lake, "r")
    with pytest.raises(LakeError, match="use the newer wirelake"):
        require_compatible(open_store(lake), live(lake), SCHEMA_VERSION - 1)


def test_every_table_agrees_with_itself():
    for name, table in TABLES.items():
        assert breaks(name, table.schema, table.schema) == []
