"""When a feed is polled next, and where: what publishers ask for and what failures suggest.

A run polls every feed but those under Retry-After, back-off, or retired. All deciders here are pure
and their jitter is a hash, so that a rerun decides as the first try did.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterable, Mapping

from transforms.records import Capture, FeedSource, FeedState, Request
from transforms.schema import Poll, hash_id
from transforms.web.guard import same_host
from transforms.web.polite import LOCAL, domain_of

# After 429 without a (readable) Retry-After. RFC 6585 leaves it open; an hour suits feeds.
TOO_MANY_WAIT_S = 3600.0
MAX_RETRY_AFTER_S = 7 * 86400.0  # a longer wish is a mistake or an attack; asked again after a week
# Back-off: none after a first failure (most are over at the next run, and a user who has just
# mended a configuration wants to see it), then doubling up to a day.
BACK_OFF_S = 300.0
MAX_BACK_OFF_S = 86400.0
JITTER = 0.1  # ± of a back-off, so that feeds that failed together do not come back together
ASIDE_FAILURES = 10  # by then it is asked about once a day, and the user should hear of it
STABLE_POLLS = 5  # polls that must see the same permanent redirect before it is adopted
PERMANENT = (301, 308)
ASKED_TO_WAIT = (429, 503)
# Words of `polls.error` that say that the server, or the way to it, was at fault; 5xx are too.
_UNREACHABLE = frozenset(
    {
        "dns",
        "connection",
        "tls",
        "reset",
        "timeout",
        "truncated",
        "bad-response",
        "headers-too-large",
    }
)
_REFUSED = frozenset(
    {
        "bad-url", "scheme", "credentials", "port", "private-address", "bad-header", "robots",
        "redirect-loop", "redirects", "downgrade", "bad-redirect", "no-such-file", "unreadable-file",
    }
)  # fmt: skip


def next_poll_at(capture: Capture, *, failures: int, ttl_s: float | None) -> dt.datetime | None:
    """Return when a feed may be polled again; None: at any time.

    Args:
        capture: What the poll brought.
        failures: Polls in a row that failed, this one included; 0 after a good one.
        ttl_s: The publisher's own interval in seconds, None: not given. A failing feed is not
            asked more often than that.

    The publisher's Retry-After comes first. Failures wait 0, 5, 10, 20, … minutes, at most a day.
    Local files are free.
    """
    asked = asked_to_wait(capture)
    if asked is not None:
        return asked
    if failures <= 1 or domain_of(capture.url) == LOCAL:
        return None
    grown = min(BACK_OFF_S * 2.0 ** min(failures - 2, 30), MAX_BACK_OFF_S)
    wait_s = max(grown, min(ttl_s or 0.0, MAX_BACK_OFF_S))
    wait_s *= 1 + JITTER * _hash_fraction(capture.feed_id, failures)
    return capture.fetched_at + dt.timedelta(seconds=round(wait_s))


def asked_to_wait(capture: Capture) -> dt.datetime | None:
    """Return until when a server asks us to leave its whole domain alone; None: it does not.

    Retry-After counts with 429 and 503 (RFC 9110, 10.2.3), and on a capture that was "held" because
    of another URL of the domain. 429 alone means an hour.
    """
    if capture.status not in ASKED_TO_WAIT and capture.error != "held":
        return None
    wait_s = retry_after_s(capture.header("retry-after"), capture.fetched_at)
    if wait_s is None:
        if capture.status != 429:  # noqa: PLR2004 - Too Many Requests
            return None
        wait_s = TOO_MANY_WAIT_S
    return capture.fetched_at + dt.timedelta(seconds=wait_s)


def retry_after_s(value: str | None, at: dt.datetime) -> float | None:
    """Return the seconds a Retry-After header asks for; None: missing, unreadable, or nothing.

    >>> retry_after_s("120", dt.datetime(2024, 11, 22, tzinfo=dt.UTC))
    120.0
    >>> retry_after_s("Fri, 22 Nov 2024 00:01:00 GMT", dt.datetime(2024, 11, 22, tzinfo=dt.UTC))
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        wait_s = float(text[:10])
    else:
        try:
            date = email.utils.parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        if date.tzinfo is None:
            date = date.replace(tzinfo=dt.UTC)
        wait_s = (date - at).total_seconds()
    return min(wait_s, MAX_RETRY_AFTER_S) if wait_s > 0 else None


def failure_kind(error: str) -> str:
    """Return which kind of failure a word of `polls.error` is: kinds in a row are counted apart.

    "unreachable" passes by itself, "refused" needs the publisher or the user, and so does
    "unreadable", what came but is no feed.

    >>> failure_kind("http-503"), failure_kind("http-404"), failure_kind("not-a-feed")
    ('unreachable', 'refused', 'unreadable')
    """
    if error in _UNREACHABLE or error.startswith("http-5"):
        return "unreachable"
    return "refused" if error in _REFUSED or error.startswith("http-") else "unreadable"


def asked_until(poll: Poll | FeedState, now: dt.datetime) -> tuple[str, dt.datetime] | None:
    """Return (url, until) where a poll was told to leave its domain alone; None: it was not."""
    until = poll.next_poll_at
    told = told_to_wait(poll)
    return (poll.url, until) if told and poll.url and until and until > now else None


def is_due(state: FeedState, now: dt.datetime) -> bool:
    """Whether a feed's time has come: it is not retired, and its next poll time is not to come."""
    return not state.retired and (state.next_poll_at is None or state.next_poll_at <= now)


def may_be_polled(state: FeedState, now: dt.datetime) -> bool:
    """Whether a feed may be polled by who asks for it now.

    That is not so while it backs off or was told to wait; the interval that a stream keeps binds
    nobody else.
    """
    waits = state.consecutive_failures > 1 or told_to_wait(state)
    return is_due(state, now) if waits else not state.retired


def told_to_wait(state: Poll | FeedState) -> bool:
    """Whether a poll was told to leave its domain alone for a while."""
    return state.status in ASKED_TO_WAIT or state.error == "held"


def aside(state: FeedState) -> str | None:
    """Say why a feed is set aside, for the user; None: it is polled like any other.

    A retired feed is not polled at all; one that failed many times is asked about once a day.
    """
    if state.retired:
        return "retired: its publisher answered 410 Gone"
    if state.consecutive_failures >= ASIDE_FAILURES:
        until = state.next_poll_at and state.next_poll_at.isoformat(timespec="seconds")
        return f"failed {state.consecutive_failures} times in a row; next try at {until or 'once'}"
    return None


def polls(
    feeds: Iterable[FeedSource], states: Mapping[str, FeedState], now: dt.datetime
) -> list[Request]:
    """Return the requests of one round: every feed that may be polled, in the order of the feeds."""
    sources = [(feed, state_for(feed, states.get(feed.feed_id))) for feed in feeds]
    held = held_domains(sources)
    return [
        poll_request(feed, state)
        for feed, state in sources
        if may_be_polled(state, now) and held.get(domain_of(address(feed, state)), now) <= now
    ]


def all_polls(
    feeds: Iterable[FeedSource], states: Mapping[str, FeedState], now: dt.datetime
) -> list[Request]:
    """Return the requests of all feeds, due or not, as a run at this time would make them."""
    del now
    return [poll_request(feed, state_for(feed, states.get(feed.feed_id))) for feed in feeds]


def held_domains(sources: Iterable[tuple[FeedSource, FeedState]]) -> dict[str, dt.datetime]:
    """Return until when domains want to be left alone, as their feeds were told."""
    held: dict[str, dt.datetime] = {}
    for feed, state in sources:
        if state.status in ASKED_TO_WAIT and state.next_poll_at is not None and not state.retired:
            domain = domain_of(address(feed, state))
            held[domain] = max(state.next_poll_at, held.get(domain, state.next_poll_at))
    return held


def state_for(feed: FeedSource, state: FeedState | None) -> FeedState:
    """Return what is remembered of a feed, without what was true of another URL only."""
    if state is None:
        return FeedState()
    if state.url is None or state.url in (feed.url, state.moved_to):
        return state
    return FeedState(shown=state.shown)


def poll_request(feed: FeedSource, state: FeedState) -> Request:
    """Return the request that polls a feed, conditional where validators are known."""
    url = address(feed, state)
    same = state.url in (None, url)
    return Request(
        kind="feed",
        feed_id=feed.feed_id,
        url=url,
        allow_private=feed.allow_private and (url == feed.url or same_host(url, feed.url)),
        etag=state.etag if same else None,
        last_modified=state.last_modified if same else None,
        headers=feed.headers if url == feed.url or same_host(url, feed.url) else (),
    )


def moved(capture: Capture, state: FeedState, *, read: bool = True) -> tuple[str | None, int]:
    """Return where a permanent redirect points after a poll, and for how many polls in a row.

    Only 301 and 308 from the URL asked count, up to the first temporary hop, and only where a good
    answer lies behind them. An adopted address stays adopted while it answers well, and is given up
    for the configured one when it fails.

    Args:
        capture: What the poll brought.
        state: The feed's state before it, of the same URL.
        read: Whether a feed could be read from it; a redirect to a page that is none is a fault.

    Returns:
        `moved_to` and `moved_polls` for the poll's row; (None, 0): it has not moved.
    """
    adopted = state.moved_polls >= STABLE_POLLS and capture.url == state.moved_to
    if capture.error is not None or not read:
        return (None, 0) if adopted else (state.moved_to, state.moved_polls)
    target = None
    for status, location in capture.redirects:
        if status not in PERMANENT:
            break
        target = location
    if adopted:
        return (target, 1) if target is not None else (state.moved_to, state.moved_polls)
    if target is None:
        return None, 0
    return target, state.moved_polls + 1 if target == state.moved_to else 1


def address(feed: FeedSource, state: FeedState) -> str:
    """Return the URL at which a feed is polled: where it moved to, once that is stable."""
    adopted = state.moved_to is not None and state.moved_polls >= STABLE_POLLS
    return state.moved_to if adopted and state.moved_to else feed.url


def _hash_fraction(*parts: str | int) -> float:
    """Return a number from -1 to 1 that is always the same for the same parts."""
    return int(hash_id(*parts)[:8], 16) / 0xFFFFFFFF * 2 - 1
