"""Where things are in the lake. All paths are relative to its root, with "/" on every system.

    articles|events|…/dt=YYYY-MM-DD/<run_id>-<shard>.parquet     committed rows
    raw/dt=…/<run_id>/<shard>.warc.gz and <shard>.index.jsonl    what was fetched
    _runs/<run_id>.json                                          manifests
    _staging/<run_id>/                                           what is not committed yet
    _lock, _staging/_commit.lock                                 locks
    _staging/_stream.json                                        the stream that may write

A file that was superseded is never overwritten: the next generation has another name
(`<run_id>-<shard>.g1.parquet`).
"""

from __future__ import annotations

import datetime as dt
import re

from transforms.failures import UsageError

RUNS = "_runs"
STAGING = "_staging"
RAW = "raw"
LOCK = "_lock"
COMMIT_LOCK = f"{STAGING}/_commit.lock"
SESSION = f"{STAGING}/_stream.json"
CHECKPOINT = f"{STAGING}/_manifests.json"
RUN_ID = re.compile(r"[A-Za-z0-9_-]+")
MAX_RUN_ID = 128  # file systems allow 255 bytes a name; shard, generation and attempt are added


def valid_run_id(run_id: str) -> str:
    """Return the id as it is; UsageError unless it is `[A-Za-z0-9_-]+` and not too long."""
    if not RUN_ID.fullmatch(run_id) or len(run_id) > MAX_RUN_ID:
        raise UsageError(f"run id {run_id!r}: must be 1 to {MAX_RUN_ID} of A-Z, a-z, 0-9, - and _")
    return run_id


def manifest(run_id: str) -> str:
    """Return the path of a run's manifest."""
    return f"{RUNS}/{run_id}.json"


def staging(run_id: str) -> str:
    """Return the folder of what a run has not committed yet."""
    return f"{STAGING}/{run_id}"


def started(run_id: str) -> str:
    """Return the path of the file that begins a run."""
    return f"{STAGING}/{run_id}/started.json"


def staged_raw(run_id: str) -> str:
    """Return the folder of the responses that a run has landed."""
    return f"{STAGING}/{run_id}/raw"


def staged_tables(run_id: str) -> str:
    """Return the folder of the tables' staged files."""
    return f"{STAGING}/{run_id}/tables"


def staged_file(run_id: str, table: str, shard: int, attempt: str) -> str:
    """Return the path of one attempt at one shard; it never ends in .parquet."""
    return f"{staged_tables(run_id)}/{table}-{shard:05d}.{attempt}.staged"


def partition(table: str, date: dt.date | str) -> str:
    """Return the folder of one table's day."""
    return f"{table}/dt={date}"


def data_file(  # noqa: PLR0917 - the parts of one name
    table: str, date: dt.date | str, run_id: str, shard: int, generation: int = 0, tag: str = ""
) -> str:
    """Return the path of committed rows.

    Args:
        tag: The beginning of the content's hash, on stores that want it in the name.
    """
    name = f"{run_id}-{shard:05d}{_suffix(generation)}{'.' * bool(tag)}{tag}.parquet"
    return f"{partition(table, date)}/{name}"


def raw_folder(date: dt.date | str, run_id: str) -> str:
    """Return the folder of a run's responses."""
    return f"{RAW}/dt={date}/{run_id}"


def raw_file(date: dt.date | str, run_id: str, shard: int, generation: int = 0) -> str:
    """Return the path of one shard of a run's responses."""
    return f"{raw_folder(date, run_id)}/{shard:05d}{_suffix(generation)}.warc.gz"


def raw_index(warc: str) -> str:
    """Return the path of a WARC file's index."""
    return f"{warc.removesuffix('.warc.gz')}.index.jsonl"


def of_run(name: str, run_id: str) -> bool:
    """Say whether a data file's name (without folder) is one that this run id gives.

    >>> of_run("a-00001.g2.parquet", "a"), of_run("a-00001-00000.parquet", "a")
    (True, False)
    """
    return bool(re.fullmatch(rf"{re.escape(run_id)}-\d{{5}}(\.g\d+)?(\.[0-9a-f]+)?\.parquet", name))


def date_of(path: str) -> dt.date:
    """Return the `dt` of a committed path.

    >>> date_of("events/dt=2024-11-22/x-00000.parquet")
    datetime.date(2024, 11, 22)
    """
    return dt.date.fromisoformat(path.split("/dt=", 1)[1][:10])


def _suffix(generation: int) -> str:
    return f".g{generation}" if generation else ""
