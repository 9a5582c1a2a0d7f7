"""What travels between the stages: requests, captures, entries, copies. No Beam.

The lake's own rows are in `schema`; these records live only inside a run. All times are aware and
in UTC; absent is None, never "".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from transforms.failures import Failure
from transforms.schema import Article, hash_id

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: its id, its data interval, and the state of the lake it starts from.

    Attributes:
        run_id: `[A-Za-z0-9_-]+`, never parsed.
        started_at: The run's clock: the first start of this run id, to the second.
        sequence: Runs are numbered in the order of their first start; a run sees the rows of those
            with a smaller number only, so the rerun of a committed run sees what its first try saw.
    """

    run_id: str
    interval_start: dt.datetime
    interval_end: dt.datetime
    started_at: dt.datetime
    sequence: int

    @property
    def date(self) -> dt.date:
        """The partition: the UTC date of the interval's start."""
        return self.interval_start.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """One feed as configured.

    Attributes:
        url: http, https, or file: with an absolute path.
        full_text: Fetch each article's page.
        allow_private: Lift the address and port rules for this feed and its pages.
        language: ISO 639-1 to assume where nothing can be detected.
        headers: Sent with each request to this feed; values may be secrets.
        min_interval_s: Bounds of the time between two polls, for streams.
        max_interval_s: See min_interval_s.
    """

    feed_id: str
    url: str
    title: str | None = None
    outlet: str | None = None
    country: str | None = None
    kind: str | None = None
    ownership: str | None = None
    group: str | None = None
    full_text: bool = False
    allow_private: bool = False
    language: str | None = None
    headers: Headers = field(default=(), repr=False)
    min_interval_s: float = 300.0
    max_interval_s: float = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the lake remembers of a feed: its newest row in `polls`, and the entries it has shown.

    Attributes:
        url: The URL that poll asked; the rest holds for that URL only. None: not known.
        status: What it answered; 429 and 503 make `next_poll_at` hold for the whole domain.
        error: What it failed of, one word; None: it went well.
        ttl_s, skip_hours, skip_days: What the publisher wishes, see `ParsedFeed`.
        counted_since: The first poll of the last days, for the pace; None: nobody counted.
        counted_new: New entries that the polls after it brought.
    """

    url: str | None = None
    status: int | None = None
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    next_poll_at: dt.datetime | None = None
    consecutive_failures: int = 0
    retired: bool = False
    moved_to: str | None = None
    moved_polls: int = 0
    ttl_s: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    counted_since: dt.datetime | None = None
    counted_new: int = 0
    shown: frozenset[int] = frozenset()  # first 8 bytes of entry_ids, see `entry_number`


NEVER_POLLED = FeedState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to fetch: a feed, or the page of an entry."""

    kind: str  # feed or page
    feed_id: str
    url: str
    allow_private: bool = False
    etag: str | None = None
    last_modified: str | None = None
    headers: Headers = field(default=(), repr=False)

    @property
    def record_id(self) -> str:
        """The WARC-Record-ID of what it brings: one per run and request."""
        number = hash_id(self.kind, self.feed_id, self.url)
        return (
            f"<urn:uuid:{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}>"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What one request brought, as landed in `raw/`.

    Attributes:
        status: HTTP status; 200 for a file; None: no answer came.
        final_url: Where the body is from, after redirects.
        redirects: (status, location) of each hop.
        body: Decoded of its content coding; empty where there was none.
        error: One word where the request failed or was refused ("timeout", "too-large",
            "private-address", "http-404", …); None: there is a body, or status is 304.
        raw_record: WARC-Record-ID of the response, or of the fault's metadata record.
    """

    kind: str
    feed_id: str
    url: str
    fetched_at: dt.datetime
    latency_s: float
    raw_record: str
    status: int | None = None
    final_url: str
    redirects: tuple[tuple[int, str], ...] = ()
    headers: Headers = ()
    body: bytes = b""
    error: str | None = None
    detail: str | None = None

    def header(self, name: str) -> str | None:
        """Return the header's value (the first, whatever its case); None where it is missing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed, decoded but not yet cleaned.

    Attributes:
        alias_id: The id it would have by its link instead of its guid; None: the same. An entry is
            known again by either.
        guid: The entry's own id as given; None where the feed gives none, or one that several
            entries share.
        url: Absolute link; None where there is none.
        title: Plain text, entities decoded once.
        published_at: What the feed says; None where it says nothing that can be read.
        content: HTML or plain text as the feed gives it.
        content_source: "feed" for full content, "summary" for a description or summary.
    """

    entry_id: str
    alias_id: str | None = None
    feed_id: str
    position: int
    guid: str | None
    url: str | None
    title: str | None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    content: str | None = None
    content_source: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    publisher: str | None = None
    fetched_at: dt.datetime
    raw_record: str


def entry_number(entry_id: str) -> int:
    """Return the first 8 bytes of an entry_id as a signed integer, the form kept in `polls.shown`."""
    return int.from_bytes(bytes.fromhex(entry_id[:16]), "big", signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What one feed document holds.

    Attributes:
        entries: All that could be read, in the feed's order, each with its own entry_id.
        entry_faults: One Failure with unit=entry per entry that could not be read.
        fault: The Failure (unit=feed) of a document that breaks off or is no feed; entries that
            were whole are still in `entries`. The feed has failed only where there are none.
        ttl_s: Seconds to the next poll as the publisher hints (ttl, sy:updatePeriod); None: no hint.
        skip_hours: Hours of the day, 0 to 23 in UTC, in which not to ask (RSS skipHours).
        skip_days: Days of the week, Monday is 0, likewise.
    """

    feed_id: str
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    entry_faults: tuple[Failure, ...] = ()
    fault: Failure | None = None
    ttl_s: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a fetched article page says; None or empty where it says nothing.

    Attributes:
        published_declared: published_at is from JSON-LD or a meta tag; False: guessed from the layout.
        dateline: As printed; it is still in `text`.
        byline: As printed; it is no longer in `text`.
        types: What its JSON-LD says the article is (NewsArticle, LiveBlogPosting, …).
    """

    text: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    publisher: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    final_url: str | None = None
    published_declared: bool = False
    dateline: str | None = None
    byline: str | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A normalized article before deduplication: what becomes an Article or a Duplicate.

    Attributes:
        article: The row as it would be kept; revision_of not yet decided.
        updated_at: When the feed says it was last changed.
        position: Its place in its feed, for ties.
    """

    article: Article
    updated_at: dt.datetime | None = None
    position: int = 0
