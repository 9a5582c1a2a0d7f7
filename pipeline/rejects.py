"""`wirelake rejects`: list them, show what was captured, try again what can be tried again."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.recode import recode_lake
from transforms.failures import LakeError, UsageError
from transforms.lake.manifests import read_manifest
from transforms.lake.query import query
from transforms.lake.raw import RawStore
from transforms.lake.recode import STAGE, Recoded
from transforms.lake.store import open_store
from transforms.schema import hash_id
from transforms.web.warc import from_warc

ID_LENGTH = 12
WHY_NOT = {
    "feed": "every run polls the feed again by itself",
    "entry": "`wirelake run CONFIG --run-id RUN` reads what that run captured again",
    "page": "what was captured is the failure; the entry went on with what its feed gave",
    "article": "only the coding of stored articles can be tried again here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What a reject was made of.

    Attributes:
        head: What is known of it, a line each; HTTP headers included.
        body: The document as it came, its content coding undone; of an article its text.
    """

    head: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What was tried again.

    Attributes:
        left: How many rejects of each unit could not be.
    """

    recoded: Recoded
    left: dict[str, int]


def find_rejects(lake: str, wanted: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Return the rejects that match, newest run first, each with an `id`.

    Args:
        wanted: Value by column; None: any.

    Raises:
        UsageError: There is no lake.
    """
    conditions = [
        f"{name} = {_quoted(value)}" for name, value in wanted.items() if value is not None
    ]
    where = " AND ".join(conditions) or "true"
    sql = f"SELECT * FROM rejects WHERE {where} ORDER BY run_id DESC, feed_id, source, error"  # noqa: S608
    return [{"id": _id(row), **row} for row in query(lake, sql).to_pylist()]


def captured_input(lake: str, reject_id: str) -> Captured:
    """Return what a reject was made of, from raw/ or, for an article, from its row.

    Raises:
        UsageError: There is no lake, or no reject of that id.
        LakeError: What was captured has expired, or cannot be read.
    """
    found = [row for row in find_rejects(lake, {}) if row["id"].startswith(reject_id)]
    if len(found) != 1 or not reject_id:
        raise UsageError(
            f"{len(found)} rejects have an id that begins with {reject_id!r}, need one"
        )
    [row] = found
    if row["raw_record"] is None:
        return _article_text(lake, row)
    store = open_store(lake)
    manifest = read_manifest(store, row["run_id"])
    try:
        data = RawStore(lake, manifest.run()).get(row["raw_record"]) if manifest else None
    except FileNotFoundError:
        data = None
    if data is None:
        raise LakeError(
            f"{row['raw_record']} of run {row['run_id']} is not in raw/; it has expired"
        )
    capture = from_warc(data)
    said = capture.error and f"{capture.error}: {capture.detail}"
    facts = {
        "url": capture.url,
        "from": capture.final_url,
        "fetched": capture.fetched_at.isoformat(),
        "status": capture.status,
        "error": said,
    }
    head = [f"{name}: {value}" for name, value in facts.items() if value is not None]
    return Captured(
        head=(*head, *(f"{name}: {value}" for name, value in capture.headers)), body=capture.body
    )


def retry_rejects(
    lake: str, config: Path | None, now: dt.datetime, wanted: Mapping[str, str | None]
) -> Retried:
    """Code the matching articles again whose coding failed; one commit, no new run.

    Raises:
        ConfigError: The configuration or the model is wrong.
    """
    found = find_rejects(lake, wanted)
    articles = {row["article_id"] for row in found if _is_coding(row)}
    recoded = recode_lake(lake, config, now, only=articles) if articles else Recoded()
    return Retried(recoded=recoded, left=_units(row for row in found if not _is_coding(row)))


def _is_coding(row: Mapping[str, Any]) -> bool:
    return row["unit"] == "article" and row["stage"] == STAGE and row["article_id"] is not None


def _units(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return dict(sorted(Counter(row["unit"] for row in rows).items()))


def _article_text(lake: str, row: Mapping[str, Any]) -> Captured:
    wanted = _quoted(str(row["article_id"]))
    sql = f"SELECT url, title, text FROM articles WHERE article_id = {wanted}"  # noqa: S608
    articles = query(lake, sql).to_pylist()
    if not articles:
        raise LakeError(f"nothing was captured for {row['source']}, and its article is not there")
    [article] = articles
    head = (f"url: {article['url']}", f"title: {article['title']}")
    return Captured(head=head, body=article["text"].encode("utf-8", "replace"))


def _id(row: Mapping[str, Any]) -> str:
    """Return a short id of a row: a hash of all that it says."""
    return hash_id("reject", json.dumps(row, sort_keys=True))[:ID_LENGTH]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
