"""One captured feed → its entries and faults, whatever the document turns out to be."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from transforms.failures import Failure, InputFault
from transforms.feeds import json_feed, sitemap, syndication
from transforms.feeds.discovery import discovered, page_title
from transforms.feeds.draft import BadItem, Document, Draft
from transforms.feeds.encoding import decoded
from transforms.feeds.hostile import refuse_hostile
from transforms.feeds.identity import entries
from transforms.feeds.truncation import local_name
from transforms.records import Capture, ParsedFeed
from transforms.schema import hash_id

Job = tuple[Capture, int, str | None]  # what parse_feed takes

POLL, PARSE = "poll", "parse"
TRUNCATED = "truncated"
NOT_MODIFIED = 304
_LEAD = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--.*?(?:-->|\Z)|<!DOCTYPE(?!\s+html)[^>\[]*+(?:\[.*?\]\s*)?>)*+",
    re.DOTALL | re.IGNORECASE,
)
_FIRST_TAG = re.compile(r"<(?:!DOCTYPE\s+)?([A-Za-z_][\w:.-]*)", re.IGNORECASE)
_FEED_ROOT = re.compile(
    r"(?:<\?xml[^<>]*\?>\s*)?<((?:[\w.-]+:)?(?:rss|RDF|feed|urlset|sitemapindex))\b"
)
# A feed inside a page has to say that it is one: an HTML page may well hold an element "feed".
_INNER_ROOT = re.compile(
    r"<((?:[\w.-]+:)?(?:rss(?=[^>]*\sversion\s*=)|RDF(?=[^>]*rdf-syntax)|feed(?=[^>]*/Atom)))\b"
)
_PAGES = frozenset("html head body title meta script link div p br b table center style".split())  # noqa: SIM905
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_SEARCHED = 100_000  # characters in which a root is looked for behind what does not belong there


def parse_feed(capture: Capture, *, max_entries: int, language: str | None) -> ParsedFeed:
    """Return what a captured feed holds. Faults of the input are in the result, never raised.

    Content: content:encoded, an xhtml body, Atom and JSON Feed content count as the article; a
    description does where it is long and does not break off (`content.chosen` has the rule).
    Entries are told apart and known again as `identity` describes; an entry without title, link and
    text, or a JSON item that is no object, is an entry fault with an entry_id of its own.

    Args:
        capture: The feed as fetched. A failed capture becomes a fault of the stage "poll"; one whose
            transfer broke off gives the whole entries that came beside it; one that says "not
            modified" has no entries and no fault.
        max_entries: Entries read; those behind are no entries of this poll, and the feed's fault
            "too-many-entries" says how many they were.
        language: ISO 639-1 of entries where neither they nor the feed name one.
    """
    cut = capture.error == TRUNCATED and bool(capture.body)
    if capture.error is not None and not cut:
        return _failed(capture, POLL, capture.error, capture.detail or capture.error)
    if capture.status == NOT_MODIFIED:
        return ParsedFeed(feed_id=capture.feed_id)
    try:
        document = read(capture)
    except (InputFault, RecursionError) as fault:
        if cut:  # what came is no whole entry; why is the transfer's fault
            return _failed(capture, POLL, TRUNCATED, capture.detail or TRUNCATED)
        if isinstance(fault, InputFault):
            return _failed(capture, PARSE, fault.error, fault.detail)
        return _failed(capture, PARSE, "nesting", "nested deeper than Python can follow")
    parsed = _parsed(capture, document, max_entries, language)
    if not cut:
        return parsed
    detail = f"{capture.detail or TRUNCATED}; after {len(parsed.entries)} whole entries"
    return dataclasses.replace(parsed, fault=_fault(capture, POLL, TRUNCATED, detail))


def read(capture: Capture) -> Document:
    """Return the document in a capture's body.

    Raises:
        InputFault: "empty", "not-a-feed" (with the feed that a page announces instead),
            "unparsable", "truncated", "nesting", "external-entity" or "entity-bomb".
    """
    location = capture.final_url
    if not capture.body.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise InputFault("empty", f"an empty body, {len(capture.body)} bytes")
    text = decoded(capture.body, capture.header("content-type")).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return json_feed.read(text, location)
    start, root = _root(text)
    if root is None:
        raise _not_a_feed(text, location)
    refuse_hostile(text)
    if local_name(root) in _SITEMAPS:
        return sitemap.read(text[start:], root)
    return syndication.read(text[start:], root, location)


def _root(text: str) -> tuple[int, str | None]:
    """Return where the feed begins and its first element's name; None where it is a page or text."""
    lead = _LEAD.match(text)
    first = _FIRST_TAG.match(text, lead.end() if lead else 0)
    if first is not None and first[1].lower() not in _PAGES:
        return 0, first[1]
    # Warnings of the server's software, stray text: the feed may begin behind them.
    page = first is not None and first[1].lower() == "html"
    root = (_INNER_ROOT if page else _FEED_ROOT).search(text[:_SEARCHED])
    return (root.start(), root[1]) if root is not None else (0, None)


def _not_a_feed(text: str, location: str) -> InputFault:
    if not re.search(r"<[A-Za-z!]", text[:_SEARCHED]):
        return InputFault("not-a-feed", f"text that is no feed: {text[:60]!r}")
    title = page_title(text)
    named = f' titled "{title}"' if title else ""
    feeds = discovered(text, location)
    hint = f"the feed it announces: {', '.join(feeds[:3])}" if feeds else "it announces no feed"
    return InputFault("not-a-feed", f"a web page{named}; {hint}")


def _parsed(
    capture: Capture, document: Document, max_entries: int, language: str | None
) -> ParsedFeed:
    kept = document.items[:max_entries]
    left_out = len(document.items) - len(kept)
    drafts: list[tuple[int, Draft]] = []
    bad: dict[str, Failure] = {}
    for position, item in enumerate(kept):
        if isinstance(item, Draft) and (item.title or item.url or item.content or item.summary):
            drafts.append((position, item))
        else:
            failure = _entry_fault(capture, position, item)
            bad.setdefault(str(failure.entry_id), failure)
    return ParsedFeed(
        feed_id=capture.feed_id,
        title=document.title,
        entries=tuple(entries(drafts, capture, language)),
        entry_faults=tuple(bad.values()),
        fault=_document_fault(capture, document.broken, len(kept), left_out),
        ttl_s=document.ttl_s,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def _document_fault(
    capture: Capture, broken: str | None, kept: int, left_out: int
) -> Failure | None:
    surplus = f"{left_out} entries after the first {kept} were left out" if left_out else None
    if broken is not None:
        return _fault(capture, PARSE, "truncated", "; ".join(filter(None, (broken, surplus))))
    return _fault(capture, PARSE, "too-many-entries", surplus) if surplus else None


def _entry_fault(capture: Capture, position: int, item: Draft | BadItem) -> Failure:
    if isinstance(item, Draft):
        item = BadItem(
            error="empty-entry",
            detail=f"entry {position} has no title, no link and no text",
            evidence=repr(item),
        )
    return Failure(
        unit="entry",
        stage=PARSE,
        source=capture.url,
        error=item.error,
        detail=item.detail,
        feed_id=capture.feed_id,
        entry_id=hash_id(capture.feed_id, item.error, item.evidence),
        raw_record=capture.raw_record,
    )


def _failed(capture: Capture, stage: str, error: str, detail: str) -> ParsedFeed:
    return ParsedFeed(feed_id=capture.feed_id, fault=_fault(capture, stage, error, detail))


def _fault(capture: Capture, stage: str, error: str, detail: str) -> Failure:
    return Failure(
        unit="feed",
        stage=stage,
        source=capture.url,
        error=error,
        detail=detail,
        feed_id=capture.feed_id,
        raw_record=capture.raw_record,
    )


def fault_of(capture: Capture, error: str, detail: str) -> ParsedFeed:
    """Return the result for a document whose parse had to be given up."""
    return _failed(capture, PARSE, error, detail)


def parse_feeds() -> Callable[[Sequence[Job]], list[ParsedFeed]]:
    """Return the function that parses (capture, max_entries, language) jobs, for a Supervisor."""
    return _parse_all


def _parse_all(jobs: Sequence[Job]) -> list[ParsedFeed]:
    return [
        parse_feed(capture, max_entries=max_entries, language=language)
        for capture, max_entries, language in jobs
    ]
