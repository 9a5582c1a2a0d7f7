"""The tables are defined once, and everything else agrees with them."""

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pytest

from transforms.describe import as_json_schema, as_markdown
from transforms.failures import Failure
from transforms.schema import TABLES, Reject, hash_id

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_has_the_fields_of_its_record_each_described(table):
    assert table.schema.names == [field.name for field in dataclasses.fields(table.record)]
    assert all(field.metadata[b"description"] for field in table.schema)
    assert {table.key, *table.order} <= set(table.schema.names)
    assert "run_id" in table.schema.names
    assert "dt" not in table.schema.names  # the path's key must not be a column


def test_a_failure_carries_what_a_reject_needs():
    failure = {field.name for field in dataclasses.fields(Failure)}
    assert {field.name for field in dataclasses.fields(Reject)} == failure | {"run_id"}


def test_times_are_utc_and_microseconds():
    times = {f.type for t in TABLES.values() for f in t.schema if pa.types.is_timestamp(f.type)}
    assert times == {pa.timestamp("us", tz="UTC")}


def test_ids_tell_their_parts_apart():
    assert hash_id("ab", "c") != hash_id("a", "bc")
    assert hash_id("a", None) != hash_id("a", "")
    assert hash_id("1") == hash_id(1)
    assert len(hash_id()) == 32


def test_the_docs_are_generated_from_the_schema():
    assert (DOCS / "schema.md").read_text(encoding="utf-8") == as_markdown()
    assert json.loads((DOCS / "schema.json").read_text(encoding="utf-8")) == as_json_schema()
