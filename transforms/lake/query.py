"""SQL over the committed rows, with DuckDB in memory.

There is one view per table, of the columns in `schema`; a table without rows is an empty view. The
view `files` lists what is committed; `data/views.sql` adds views over the tables. A query reads: other
statements are refused, no extension is ever loaded, and no file outside the lake is opened.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.failures import UsageError
from transforms.lake.live import Live, live
from transforms.lake.manifests import DataFile, require_lake
from transforms.lake.reading import nullable, opened, schema_of, unreadable
from transforms.lake.store import Lake, LocalStore, Store, open_store
from transforms.schema import SCHEMA_VERSION, TABLES, Table

VIEWS = Path(__file__).parent / "data" / "views.sql"
_FILES = pa.schema(
    [
        pa.field("table", pa.string()),
        pa.field("path", pa.string()),
        pa.field("rows", pa.int64()),
        pa.field("bytes", pa.int64()),
        pa.field("run_id", pa.string()),
    ]
)
# EXPLAIN ANALYZE runs its statement, so what it explains is looked at, too.
_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?(\([^)]*\)\s*)?", re.IGNORECASE)
_DAMAGE = re.compile(r"\.parquet['\"]|found in Parquet|reading the stream registered as")
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)  # MULTI: a PIVOT


def query(lake: Lake, sql: str) -> pa.Table:
    """Return the answer to one SQL query over what is committed now.

    Raises:
        UsageError: There is no lake, or the query is wrong; one line that lists the tables.
        LakeError: A committed file is missing or damaged.
    """
    store = open_store(lake)
    require_lake(store)
    with connect(store, live(store)) as connection:
        try:
            _require_reading(connection, sql)
            return connection.sql(sql).to_arrow_table()
        except UnicodeDecodeError as error:
            raise unreadable(store.root, error) from error
        except duckdb.Error as error:
            if _is_damage(error):
                raise unreadable(store.root, error) from error
            raise UsageError(_one_line(error)) from error


def connect(store: Store, now: Live) -> duckdb.DuckDBPyConnection:
    """Return a connection with the views of what is live; it opens no file outside the lake.

    Raises:
        LakeError: A committed file is missing or damaged.
    """
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    try:
        _add_views(connection, store, now)
    except duckdb.Error as error:  # DuckDB opens a file of each table when it makes a view
        connection.close()
        raise unreadable(store.root, error) from error
    if isinstance(store, LocalStore):
        folders = ", ".join(sorted(map(_quoted, _folders(store))))
        connection.execute(f"SET allowed_directories = [{folders}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _folders(store: LocalStore) -> set[str]:
    """Return the lake's folder and its tables', under the names that links give them and their own."""
    folders = [_absolute(store, path) for path in ("", *TABLES)]
    return {*folders, *map(os.path.realpath, folders)}


def _add_views(connection: duckdb.DuckDBPyConnection, store: Store, now: Live) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET python_enable_replacements = false")  # names mean views, not variables
    listed: list[tuple[str, str, int, int, str]] = []
    for name, table in TABLES.items():
        committed = now.files(name)
        if store.filesystem is None or not committed:
            connection.execute(_view(store, table, [file for _, file in committed]))
        else:  # DuckDB would have to load an extension to open them itself
            paths = sorted(file.path for _, file in committed)
            connection.register(name, opened(store, paths, nullable(table.schema)))
        listed += [(name, f.path, f.rows, f.bytes, origin.run_id) for origin, f in committed]
    columns = list(zip(*listed, strict=True)) or [()] * len(_FILES)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, _FILES, strict=True)]
    files = pa.Table.from_arrays(arrays, schema=_FILES)
    connection.register("committed_files", files)
    connection.execute("CREATE TABLE files AS FROM committed_files")
    connection.unregister("committed_files")
    for statement in views():
        connection.execute(statement)


@functools.cache
def views() -> tuple[str, ...]:
    """Return the statements of `data/views.sql`."""
    text = VIEWS.read_text(encoding="utf-8")
    return tuple(part for part in text.split(";\n") if "CREATE VIEW" in part)


def view_names() -> list[str]:
    """Return the names of the views beside the tables."""
    return [re.findall(r"^CREATE VIEW (\w+)", statement, re.MULTILINE)[0] for statement in views()]


def _view(store: Store, table: Table, committed: list[DataFile]) -> str:
    """Return the statement that makes a table's view; files of each schema version by themselves."""
    parts = []
    for version in sorted({file.schema_version for file in committed}):
        paths = [file.path for file in committed if file.schema_version == version]
        parts.append(_select(store, table, sorted(paths), version))
    if not parts:
        columns = ", ".join(
            f"NULL::{duckdb_type(field.type)} AS {_name(field.name)}" for field in table.schema
        )
        parts = [f"SELECT {columns} WHERE false"]
    return f"CREATE VIEW {_name(table.name)} AS {' UNION ALL BY NAME '.join(parts)}"


def _select(store: Store, table: Table, paths: list[str], version: int) -> str:
    there = table.schema.names
    if version != SCHEMA_VERSION:
        there = schema_of(store, paths[0]).names
    columns = ", ".join(
        _name(field.name)
        if field.name in there
        else f"NULL::{duckdb_type(field.type)} AS {_name(field.name)}"
        for field in table.schema
    )
    listed = ", ".join(_quoted(_absolute(store, path)) for path in paths)
    return f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = false)"  # noqa: S608


def duckdb_type(type_: pa.DataType) -> str:
    """Return DuckDB's name of an Arrow type that the schema uses."""
    if pa.types.is_list(type_):
        return f"{duckdb_type(type_.value_type)}[]"
    if pa.types.is_fixed_size_binary(type_):
        return "BLOB"
    names = {
        pa.string(): "VARCHAR",
        pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
        pa.date32(): "DATE",
        pa.float64(): "DOUBLE",
        pa.int8(): "TINYINT",
        pa.int32(): "INTEGER",
        pa.int64(): "BIGINT",
        pa.bool_(): "BOOLEAN",
    }
    return names[type_]


def _require_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"give one SQL query, not {len(statements)}")
    kind = statements[0].type
    if kind == duckdb.StatementType.EXPLAIN:
        explained = connection.extract_statements(_EXPLAIN.sub("", sql, count=1))
        kind = explained[0].type if explained else kind
    if kind not in _READS:
        raise UsageError(f"a query only reads, and this one is {kind.name}; use SELECT")


def _is_damage(error: duckdb.Error) -> bool:
    """Say whether a query failed of a file that is missing or damaged, and not of its own words.

    What the Thrift in a footer trips over has no class of DuckDB's own. Where Arrow reads for DuckDB, its
    errors come as those of a stream.
    """
    return (
        type(error) is duckdb.Error
        or isinstance(error, duckdb.IOException | duckdb.SerializationException)
        or (isinstance(error, duckdb.InvalidInputException) and bool(_DAMAGE.search(str(error))))
    )


def _one_line(error: duckdb.Error) -> str:
    lines = str(error).splitlines()
    hint = next((line for line in lines[1:] if line.startswith("Candidate")), "")
    tables = ", ".join((*TABLES, "files", *view_names()))
    return " ".join(filter(None, [lines[0].rstrip("!. ") + ".", hint, f"Tables: {tables}"]))


def _absolute(store: Store, path: str) -> str:
    uri = store.uri(path)
    return str(Path(uri).absolute()) if isinstance(store, LocalStore) else uri


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
