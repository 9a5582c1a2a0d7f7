"""Which page an entry wants, and the one request that several entries share."""

from __future__ import annotations

from urllib.parse import urldefrag

from transforms.records import Entry, FeedSource, Request


def page_request(entry: Entry, feed: FeedSource) -> Request | None:
    """Return the request for an entry's page; None: the feed wants no pages, or there is no link.

    Entries with the same link share one request whatever their feed, so it names no feed; only
    where a feed lifts the rules for addresses are its pages its own. Headers configured for a feed
    stay with the feed: its links lead anywhere.
    """
    if not feed.full_text or entry.url is None:
        return None
    return Request(
        kind="page",
        feed_id=feed.feed_id if feed.allow_private else "",
        url=urldefrag(entry.url).url,
        allow_private=feed.allow_private,
    )
