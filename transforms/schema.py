"""The lake's tables: every column, its type, whether it may be null, and what it means.

This module is the only place that defines columns. The Arrow schemas, the writers, the readers'
views, the documentation and the JSON Schema are all derived from the record classes below; a
field that may be `None` is a nullable column.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import types
import typing
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

SCHEMA_VERSION = 2

STRING = pa.string()
TIME = pa.timestamp("us", tz="UTC")
DATE = pa.date32()
FLOAT = pa.float64()  # rounded to FLOAT_DIGITS on writing, so that bytes are stable
INT = pa.int32()
STRINGS = pa.list_(STRING)

FLOAT_DIGITS = 4
MINHASH_PERMUTATIONS = 128
MINHASH_BANDS = 32
MINHASH = pa.binary(MINHASH_PERMUTATIONS * 4)
BANDS = pa.binary(MINHASH_BANDS * 4)
KEY = pa.binary(16)
NUMBERS_BYTES = 64
NUMBERS = pa.binary(NUMBERS_BYTES)


def hash_id(*parts: str | int | None) -> str:
    """Return 32 hex digits: the 128-bit BLAKE2b of the parts.

    Each part goes in behind its length, so ("ab", "c") and ("a", "bc") differ; None differs from "".

    >>> hash_id("a", "bc") == hash_id("ab", "c")
    False
    """
    return hash_key(*parts).hex()


def hash_key(*parts: str | int | None) -> bytes:
    """Return the same as 16 bytes."""
    coded = []
    for part in parts:
        if part is None:
            coded.append(b"-")
        else:
            data = str(part).encode("utf-8", "surrogatepass")
            coded += (b"%d:" % len(data), data)
    return hashlib.blake2b(b"".join(coded), digest_size=16).digest()


def column(type_: pa.DataType, doc: str, **default: Any) -> Any:
    """Declare one column: a dataclass field that knows its Arrow type and its description."""
    return dataclasses.field(metadata={"arrow": type_, "doc": doc}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as kept: the copy that stands for all its duplicates."""

    article_id: str = column(
        STRING, "hash(canonical_url, or feed and guid where there is no URL; and text)"
    )
    entry_id: str = column(STRING, "The feed entry it came from: hash(feed_id, guid, content)")
    feed_id: str = column(STRING, "The feed that carried it")
    guid: str | None = column(STRING, "The entry's own id, as the feed gives it")
    url: str | None = column(STRING, "The link as the feed gives it")
    canonical_url: str | None = column(STRING, "The link without tracking and variants")
    publisher: str | None = column(STRING, "Who publishes it: the page's or the feed's name")
    title: str | None = column(STRING, "The headline")
    authors: tuple[str, ...] = column(STRINGS, "Names of the authors")
    byline: str | None = column(STRING, "The byline as printed, taken out of the text")
    dateline: str | None = column(STRING, 'The dateline as printed ("SEOUL (AP)")')
    published_at: dt.datetime | None = column(TIME, "When it was published, UTC")
    published_source: str = column(STRING, "Where published_at is from: feed, page or missing")
    fetched_at: dt.datetime = column(TIME, "When the response that brought it arrived")
    language: str | None = column(STRING, "ISO 639-1 of the text; null where undecidable")
    language_score: float | None = column(FLOAT, "0-1, how sure the language is")
    text: str = column(STRING, "The text; paragraphs are separated by a blank line")
    text_source: str = column(STRING, "Where text is from: page, feed or summary (a teaser)")
    word_count: int = column(INT, "Words in text")
    categories: tuple[str, ...] = column(STRINGS, "The feed's categories")
    form: str | None = column(
        STRING,
        "liveblog, gallery, video, audio, scores or quiz; null: an ordinary article",
        default=None,
    )
    revision_of: str | None = column(STRING, "An earlier article_id of the same URL")
    run_id: str = column(STRING, "The run that brought it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """One copy that was not kept."""

    article_id: str = column(STRING, "The article that was kept in its place")
    entry_id: str = column(STRING, "The copy's feed entry")
    feed_id: str = column(STRING, "The feed that carried the copy")
    url: str | None = column(STRING, "The copy's link")
    title: str | None = column(STRING, "The copy's headline")
    published_at: dt.datetime | None = column(TIME, "When the copy was published, UTC")
    reason: str = column(STRING, "guid, url, exact or near")
    similarity: float = column(FLOAT, "0-1; 1 for guid, url and exact")
    run_id: str = column(STRING, "The run that brought the copy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed as configured for one run."""

    feed_id: str = column(STRING, "The feed's id in the configuration")
    url: str = column(STRING, "Where it is polled")
    title: str | None = column(STRING, "Its title, configured or its own")
    outlet: str | None = column(STRING, "Who publishes it")
    country: str | None = column(STRING, "ISO 3166-1 alpha-3 of the outlet; INT international")
    kind: str | None = column(STRING, "Agency, newspaper, broadcaster, …, as configured")
    ownership: str | None = column(STRING, "State or private, as configured")
    group: str | None = column(STRING, "The feed's group in the configuration")
    run_id: str = column(STRING, "The run it was configured for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One feed polled once; also the feed's whole state after that poll, carried forward."""

    feed_id: str = column(STRING, "The feed")
    url: str = column(STRING, "The URL asked")
    polled_at: dt.datetime = column(TIME, "When it was asked")
    status: int | None = column(INT, "HTTP status (200 for a file); null: no answer")
    bytes: int = column(pa.int64(), "Bytes of the answer's body, decoded")
    entries: int = column(INT, "Entries it returned")
    new: int = column(INT, "Entries this feed had not shown before")
    etag: str | None = column(STRING, "Validator for the next poll, only after a good parse")
    last_modified: str | None = column(STRING, "Validator for the next poll, as sent")
    next_poll_at: dt.datetime | None = column(TIME, "Not to be polled before; null: any time")
    latency_s: float | None = column(FLOAT, "Seconds from request to the last byte")
    error: str | None = column(STRING, "Why no entry could be read; null: the poll went well")
    consecutive_failures: int = column(
        INT,
        "Polls in a row that failed in one way (unreachable, refused, unreadable), this included",
    )
    retired: bool = column(pa.bool_(), "The publisher said 410 Gone: no longer polled")
    moved_to: str | None = column(STRING, "Where a permanent redirect points")
    moved_polls: int = column(INT, "Polls in a row that saw that same permanent redirect")
    ttl_s: float | None = column(
        FLOAT, "Seconds between polls as the publisher wishes: ttl, sy:updatePeriod", default=None
    )
    skip_hours: tuple[int, ...] | None = column(
        pa.list_(INT), "Hours (UTC) in which it wishes not to be polled", default=None
    )
    skip_days: tuple[int, ...] | None = column(
        pa.list_(INT), "Days in which it wishes not to be polled; Monday is 0", default=None
    )
    shown: tuple[int, ...] | None = column(
        pa.list_(pa.int64()),
        "First 8 bytes of each entry_id it returned; null: same as at the poll before",
    )
    run_id: str = column(STRING, "The run that polled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One failure: what could not be done, where, and why."""

    feed_id: str | None = column(STRING, "The feed it happened in")
    entry_id: str | None = column(STRING, "The entry, where unit is entry")
    article_id: str | None = column(STRING, "The article, where unit is article or page")
    unit: str = column(STRING, "What failed: feed, entry, page or article")
    stage: str = column(STRING, "The stage that failed: poll, parse, fetch, normalize, code")
    source: str = column(STRING, "URL, path or id of what failed")
    error: str = column(STRING, "The kind of failure, one word")
    detail: str = column(STRING, "What happened, in a sentence")
    raw_record: str | None = column(STRING, "WARC-Record-ID of the captured input in raw/")
    run_id: str = column(STRING, "The run it happened in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What later runs need of one copy, kept or not, to recognise it."""

    article_id: str = column(STRING, "The article that was kept for it")
    kept: bool = column(pa.bool_(), "Whether this copy is that article itself")
    guid_key: bytes | None = column(KEY, "128-bit hash of feed and guid")
    url_key: bytes | None = column(KEY, "128-bit hash of the canonical URL")
    content_key: bytes = column(KEY, "128-bit hash of the normalized text")
    minhash: bytes | None = column(MINHASH, "128 permutations of word 3-grams; null: too short")
    bands: bytes | None = column(BANDS, "32 LSH bands of 4 bytes")
    shingles: int = column(INT, "Distinct word 3-grams")
    numbers: bytes | None = column(
        NUMBERS, "Sample of its numbers: up to 32 hashes of 2 bytes; null: too short", default=None
    )
    run_id: str = column(STRING, "The run that brought it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event in one sentence of one article."""

    event_id: str = column(STRING, "hash(article_id, span, cameo_code, source_code, target_code)")
    article_id: str = column(STRING, "The article")
    sentence_index: int = column(INT, "Number of the sentence; -1: the title")
    sentence: str = column(STRING, "The sentence")
    char_start: int | None = column(
        INT, "Where action_text begins in the article's text; null: title"
    )
    char_end: int | None = column(INT, "Where action_text ends in the article's text; null: title")

    event_date: dt.date | None = column(DATE, "When it happened, as far as the text tells")
    event_date_precision: str = column(STRING, "day, month, year or published")
    published_at: dt.datetime | None = column(TIME, "When the article was published, UTC")

    source_text: str | None = column(STRING, "Who did it, in the text's words")
    source_country: str | None = column(STRING, "ISO 3166-1 alpha-3")
    source_org: str | None = column(STRING, "Code of an organisation: UNO, NAT, EUR, HMS, …")
    source_sector: str | None = column(STRING, "GOV, MIL, COP, LEG, JUD, SPY, OPP, REB, …")
    source_code: str | None = column(STRING, "CAMEO style: PRKGOV, IGOUNO, PSEREBHMS")
    target_text: str | None = column(STRING, "To whom, in the text's words")
    target_country: str | None = column(STRING, "ISO 3166-1 alpha-3")
    target_org: str | None = column(STRING, "Code of an organisation")
    target_sector: str | None = column(STRING, "GOV, MIL, COP, LEG, JUD, SPY, OPP, REB, …")
    target_code: str | None = column(STRING, "CAMEO style")

    action_text: str = column(STRING, "The words that name the action")
    action_lemma: str = column(STRING, "Their lemma")
    object_text: str | None = column(
        STRING,
        "What was given, sent, signed, …; of requests, promises, refusals, threats and accusations "
        "what is asked, promised, …: the words of the text",
    )
    plover_type: str | None = column(STRING, "One of 16 PLOVER types; null: a mere statement")
    plover_mode: str | None = column(STRING, "The type's mode, where it has one")
    context: str | None = column(STRING, "PLOVER contexts, comma-separated")
    cameo_code: str = column(STRING, "CAMEO code, as deep as the text supports")
    cameo_root: str = column(STRING, "Its first two digits")
    quad_class: int = column(
        pa.int8(), "1 verbal, 2 material cooperation; 3 verbal, 4 material conflict; 0 statement"
    )
    goldstein: float | None = column(FLOAT, "Goldstein score of the CAMEO code, -10 to 10")

    polarity: str = column(STRING, "positive, or negative where the text says it did not happen")
    modality: str = column(
        STRING, "asserted, alleged, possible, intended, requested or conditional"
    )
    tense: str = column(STRING, "past, present or future")
    confidence: float = column(FLOAT, "0-1, how likely the row is right")

    said_by_text: str | None = column(
        STRING, "Who says so, in the text's words; null: the text itself"
    )
    said_by_country: str | None = column(STRING, "ISO 3166-1 alpha-3 of who says so")
    said_by_org: str | None = column(STRING, "Code of the organisation that says so")
    said_by_sector: str | None = column(STRING, "Sector of who says so")
    said_by_verb: str | None = column(STRING, "Lemma of the verb of saying")

    place_text: str | None = column(STRING, "Where, in the text's words")
    place_country: str | None = column(STRING, "ISO 3166-1 alpha-3 of the place")
    place_geonameid: int | None = column(pa.int64(), "GeoNames id of the place")
    latitude: float | None = column(FLOAT, "Degrees north")
    longitude: float | None = column(FLOAT, "Degrees east")

    event_key: str = column(
        STRING, "Equal for mentions of one event: hash(date, source, type, target)"
    )
    rule: str = column(STRING, "The lexicon entry and the construction that fired")
    coder_version: str = column(STRING, "Version of coder and lexicon")
    run_id: str = column(STRING, "The run that coded it")


Record = Article | Duplicate | Feed | Poll | Reject | Signature | Event


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the lake.

    Attributes:
        name: Folder and view name.
        record: The class of its rows.
        key: The column whose hash chooses a row's shard.
        order: Columns that rows are sorted by within a file; nulls first.
    """

    name: str
    record: type[Record]
    key: str
    order: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, each field with its description."""
        return arrow_schema(typing.cast("Any", self.record))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("articles", Article, "article_id", ("published_at", "article_id")),
        Table(
            "events",
            Event,
            "article_id",
            ("published_at", "article_id", "sentence_index", "event_id"),
        ),
        Table("duplicates", Duplicate, "article_id", ("published_at", "article_id", "entry_id")),
        Table("feeds", Feed, "feed_id", ("feed_id",)),
        Table("polls", Poll, "feed_id", ("polled_at", "feed_id")),
        Table("rejects", Reject, "source", ("stage", "source", "error", "detail", "entry_id")),
        Table(
            "signatures",
            Signature,
            "article_id",
            ("article_id", "kept", "content_key", "url_key", "guid_key"),
        ),
    )
}
TABLE_OF: dict[type[Record], Table] = {table.record: table for table in TABLES.values()}


@functools.cache
def arrow_schema(record: Any) -> pa.Schema:
    """Return the Arrow schema of a record class."""
    hints = typing.get_type_hints(record)
    return pa.schema(
        [
            pa.field(
                field.name,
                field.metadata["arrow"],
                nullable=_may_be_none(hints[field.name]),
                metadata={"description": field.metadata["doc"]},
            )
            for field in dataclasses.fields(record)
        ],
        metadata={"schema_version": str(SCHEMA_VERSION)},
    )


def _may_be_none(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) and types.NoneType in typing.get_args(hint)
