"""How often a feed is polled in a stream: what its publisher hints, and how often it brings news.

A single run asks every feed that is due by `schedule`; intervals are for streams, which decide for
themselves when to ask again. Failures and Retry-After are `schedule`'s there, too.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from transforms.records import Capture, FeedSource, FeedState, Request
from transforms.schema import hash_id
from transforms.web.polite import LOCAL, domain_of
from transforms.web.schedule import (
    BACK_OFF_S,
    address,
    held_domains,
    is_due,
    next_poll_at,
    poll_request,
    state_for,
)

POLLS_PER_NEWS = 2.0  # asked twice as often as it brings something: half an interval late at most
JITTER = 0.1  # of the interval, later only: a publisher's hint is a floor
DAY_S = 86400.0
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,9})', re.IGNORECASE)
_NOT_STORED = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Shortest and longest interval between two polls of one feed, in seconds."""

    shortest_s: float = 300.0
    longest_s: float = DAY_S

    def __post_init__(self) -> None:
        if not 0 < self.shortest_s <= self.longest_s:
            raise ValueError(f"the bounds are {self.shortest_s} and {self.longest_s} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed document says about polling.

    Attributes:
        ttl_s: Seconds by ttl or sy:updatePeriod; None: nothing said.
        skip_hours: Hours of the day, 0 to 23 in UTC, in which it is not to be asked (RSS 2.0).
        skip_days: Days of the week, Monday is 0, likewise.
    """

    ttl_s: float | None = None
    skip_hours: Collection[int] = ()
    skip_days: Collection[int] = ()


NO_HINTS = Hints()
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)  # the last poll of a feed that was never polled
ANY_TIME = Bounds()


def stream_poll_at(
    capture: Capture,
    *,
    failures: int,
    new_per_day: float | None,
    hints: Hints = NO_HINTS,
    bounds: Bounds = ANY_TIME,
) -> dt.datetime:
    """Return when a stream asks a feed again.

    Args:
        capture: What the poll brought.
        failures: Polls in a row that failed, this one included.
        new_per_day: Entries a day that were new of late; None: not known yet.
        hints: Of the document, or of the last one that could be read.
        bounds: Of the interval.
    """
    late = next_poll_at(capture, failures=failures, ttl_s=hints.ttl_s)
    wait_s = interval_s(capture, new_per_day=new_per_day, ttl_s=hints.ttl_s, bounds=bounds)
    if failures:  # not as if it had been quiet; from the second on, the back-off grows
        wait_s = max(bounds.shortest_s, min(wait_s, BACK_OFF_S))
    share = int(hash_id(capture.feed_id, capture.fetched_at.isoformat())[:8], 16) / 0xFFFFFFFF
    at = capture.fetched_at + dt.timedelta(seconds=round(wait_s * (1 + JITTER * share)))
    return _not_skipped(max(at, late) if late is not None else at, hints)


def due_polls(
    feeds: Iterable[FeedSource],
    states: Mapping[str, FeedState],
    now: dt.datetime,
    *,
    most_per_domain: int | None = None,
) -> list[Request]:
    """Return the requests of one window of a stream: the feeds that are due, the latest first.

    Args:
        most_per_domain: Feeds of one domain; the rest stays due for the next window. None: all.
    """
    sources = [(feed, state_for(feed, states.get(feed.feed_id))) for feed in feeds]
    held = held_domains(sources)
    due = [pair for pair in sources if is_due(pair[1], now)]
    due.sort(key=lambda pair: (pair[1].next_poll_at or NEVER, pair[0].feed_id))
    asked: Counter[str] = Counter()
    requests = []
    for feed, state in due:
        domain = domain_of(address(feed, state))
        if held.get(domain, now) > now:
            continue
        asked[domain] += 1
        if most_per_domain is None or domain == LOCAL or asked[domain] <= most_per_domain:
            requests.append(poll_request(feed, state))
    return requests


def next_due(feeds: Iterable[FeedSource], states: Mapping[str, FeedState]) -> dt.datetime | None:
    """Return when `due_polls` gives something, from that time on; None: all feeds are retired."""
    sources = [(feed, state_for(feed, states.get(feed.feed_id))) for feed in feeds]
    held = held_domains(sources)
    return min(
        (
            max(state.next_poll_at or NEVER, held.get(domain_of(address(feed, state)), NEVER))
            for feed, state in sources
            if not state.retired
        ),
        default=None,
    )


def new_per_day(state: FeedState, now: dt.datetime, new: int) -> float | None:
    """Return how many new entries a day a feed brings of late; None: polled once only.

    One more is counted than came, as if the next came now: a feed that was silent for a day is taken
    to bring one a day, and the estimate of a feed that was just added does not begin with "never".

    Args:
        state: Before the poll.
        now: The time of the poll.
        new: Entries that it brought.
    """
    if state.counted_since is None or now <= state.counted_since:
        return None
    days = (now - state.counted_since).total_seconds() / DAY_S
    return (state.counted_new + new + 1) / days


def interval_s(
    capture: Capture, *, new_per_day: float | None, ttl_s: float | None, bounds: Bounds
) -> float:
    """Return the seconds between two polls, without jitter.

    The feed's own pace, but not less than its publisher's hints, both within the bounds.
    """
    pace_s = bounds.shortest_s
    if new_per_day is not None:
        pace_s = DAY_S / (POLLS_PER_NEWS * new_per_day) if new_per_day > 0 else bounds.longest_s
    wished_s = max(ttl_s or 0.0, fresh_s(capture) or 0.0)
    return min(max(pace_s, wished_s, bounds.shortest_s), bounds.longest_s)


def fresh_s(capture: Capture) -> float | None:
    """Return how long an answer stays fresh, in seconds; None: it does not say (RFC 9111, 4.2.1).

    max-age comes before Expires; the Age it has already is taken off. Last-Modified says nothing.
    """
    control = capture.header("cache-control") or ""
    if _NOT_STORED.search(control):
        return None
    found = _MAX_AGE.search(control)
    if found:
        age = (capture.header("age") or "").strip()
        left_s = float(found[1]) - (float(age[:10]) if age.isascii() and age.isdigit() else 0.0)
    else:
        expires = _date(capture.header("expires"))
        if expires is None:
            return None
        left_s = (expires - (_date(capture.header("date")) or capture.fetched_at)).total_seconds()
    return left_s if left_s > 0 else None


def _date(value: str | None) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None  # "Expires: 0" is common and means: at once
    return date if date.tzinfo is not None else date.replace(tzinfo=dt.UTC)


def _not_skipped(at: dt.datetime, hints: Hints) -> dt.datetime:
    """Return the first time from `at` on that lies in no hour and on no day to be skipped.

    A feed that skips every hour of the week is asked as if it skipped none.
    """
    found = at
    for _ in range(7 * 24 + 1):
        if found.hour not in hints.skip_hours and found.weekday() not in hints.skip_days:
            return found
        found = found.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return at
