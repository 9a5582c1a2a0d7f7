"""Which entries of a poll the feed has not shown before."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from transforms.failures import Failure
from transforms.records import Entry, ParsedFeed, entry_number


def new_entries(parsed: ParsedFeed, shown: AbstractSet[int]) -> tuple[list[Entry], list[Failure]]:
    """Return the entries, and the faults of entries, that were not shown before.

    Their number is the poll's `new`: each has an entry_id of its own and ends as an article, a
    duplicate or a reject with unit=entry.

    Args:
        parsed: One poll.
        shown: `FeedState.shown`: numbers of ids and aliases.
    """
    entries = [entry for entry in parsed.entries if shown.isdisjoint(entry_numbers(entry))]
    faults = [
        fault
        for fault in parsed.entry_faults
        if fault.entry_id is not None and entry_number(fault.entry_id) not in shown
    ]
    return entries, faults


def entry_numbers(entry: Entry) -> tuple[int, ...]:
    """Return the numbers an entry is known by: that of its id, and of its alias where it has one."""
    ids = (entry.entry_id, entry.alias_id)
    return tuple(entry_number(name) for name in ids if name is not None)


def shown_numbers(parsed: ParsedFeed) -> tuple[int, ...]:
    """Return what `polls.shown` keeps of one poll, sorted."""
    numbers = {number for entry in parsed.entries for number in entry_numbers(entry)}
    numbers |= {entry_number(fault.entry_id) for fault in parsed.entry_faults if fault.entry_id}
    return tuple(sorted(numbers))
