"""The `polls` row of one poll: what happened, and the feed's whole state after it."""

from __future__ import annotations

from transforms.feeds.novelty import shown_numbers
from transforms.records import Capture, FeedState, ParsedFeed, Run
from transforms.schema import Poll
from transforms.web.intervals import Bounds, Hints, new_per_day, stream_poll_at
from transforms.web.schedule import failure_kind, moved, next_poll_at

GONE = 410
NOT_MODIFIED = 304
# Nobody asked the feed: its domain had told us to wait. No failure of the feed's.
UNASKED = frozenset({"held", "queue"})


def poll_row(
    capture: Capture,
    parsed: ParsedFeed,
    state: FeedState,
    run: Run,
    *,
    new: int,
    bounds: Bounds | None = None,
) -> Poll:
    """Return the row for one poll.

    - Validators are taken from the answer after a whole, good parse only: behind one that broke off
      or could not be read, "not modified" would hide the rest for good. Otherwise the old ones stay.
    - 304 and failures leave `shown` None: the same as before.
    - A poll failed where no entry could be read and something was wrong. Failures in a row count up
      as long as they are of one kind; another kind begins anew, a good poll sets them to 0. 410
      retires.
    - A document that breaks off but gives entries, and one with too many, is no failed poll.
    - What the publisher wishes (ttl, skipHours, skipDays) is that of the last document that was read.

    Args:
        state: The feed's state before, of the same URL (`schedule.state_for`).
        new: Entries and entry faults not shown before.
        bounds: Of the feed's interval; None: it has none, and may be polled at any time.
    """
    returned = len(parsed.entries) + len(parsed.entry_faults)
    fault = parsed.fault
    error = fault.error if fault is not None and not returned else None
    failures = state.consecutive_failures
    if error is None:
        failures = 0
    elif error not in UNASKED:
        same = state.error is None or failure_kind(state.error) == failure_kind(error)
        failures = failures + 1 if same else 1
    etag, last_modified = state.etag, state.last_modified
    if state.url not in (None, capture.url):
        etag = last_modified = None
    if error is None and capture.status == NOT_MODIFIED:
        etag = capture.header("etag") or etag
        last_modified = capture.header("last-modified") or last_modified
    elif error is None and (fault is None or fault.error == "too-many-entries"):
        etag, last_modified = capture.header("etag"), capture.header("last-modified")
    moved_to, moved_polls = moved(capture, state, read=error is None)
    read = error is None and capture.status != NOT_MODIFIED
    hints = Hints(
        ttl_s=parsed.ttl_s if read else state.ttl_s,
        skip_hours=parsed.skip_hours if read else state.skip_hours,
        skip_days=parsed.skip_days if read else state.skip_days,
    )
    return Poll(
        feed_id=capture.feed_id,
        url=capture.url,
        polled_at=capture.fetched_at,
        status=capture.status,
        bytes=len(capture.body),
        entries=returned,
        new=new,
        etag=etag or None,
        last_modified=last_modified or None,
        next_poll_at=next_poll_at(capture, failures=failures, ttl_s=hints.ttl_s)
        if bounds is None
        else stream_poll_at(
            capture,
            failures=failures,
            new_per_day=new_per_day(state, capture.fetched_at, new),
            hints=hints,
            bounds=bounds,
        ),
        latency_s=capture.latency_s,
        error=error,
        consecutive_failures=failures,
        retired=capture.status == GONE,
        moved_to=moved_to,
        moved_polls=moved_polls,
        ttl_s=hints.ttl_s,
        skip_hours=tuple(hints.skip_hours),
        skip_days=tuple(hints.skip_days),
        shown=shown_numbers(parsed) if read else None,
        run_id=run.run_id,
    )
