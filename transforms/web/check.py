"""Every feed polled once, landing nothing: what `wirelake check` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.records import Capture, FeedSource, FeedState
from transforms.web.fetcher import Fetcher
from transforms.web.guard import Resolve, system_resolve
from transforms.web.schedule import poll_request
from transforms.web.settings import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one feed answered.

    Attributes:
        capture: The answer itself, for whoever wants to parse it.
        status: HTTP status, 200 for a file; None: no answer.
        latency_s: Seconds from the request to the last byte.
        moved_to: Where the URL redirects to; None: it does not.
        error: One word; None: it answered well.
    """

    feed: FeedSource
    capture: Capture
    status: int | None
    bytes: int
    latency_s: float
    moved_to: str | None
    error: str | None
    detail: str | None


def checks(
    feeds: Sequence[FeedSource], settings: WebSettings, *, resolve: Resolve = system_resolve
) -> Iterator[Check]:
    """Yield one row per feed, in the order they answer; nothing is remembered of it."""
    by_id: dict[str, FeedSource] = {feed.feed_id: feed for feed in feeds}
    requests = [poll_request(feed, FeedState()) for feed in feeds]
    with Fetcher(settings, resolve=resolve) as fetcher:
        for capture in fetcher.captures(requests):
            yield check_row(by_id[capture.feed_id], capture)


def check_row(feed: FeedSource, capture: Capture) -> Check:
    """Return the row of one capture."""
    return Check(
        feed=feed,
        capture=capture,
        status=capture.status,
        bytes=len(capture.body),
        latency_s=capture.latency_s,
        moved_to=capture.final_url if capture.redirects else None,
        error=capture.error,
        detail=capture.detail,
    )
