"""The words of the gates (`frames/data/gates.tsv`)."""

from __future__ import annotations

import functools

from transforms.events.frames.codes import DATA, rows


@functools.cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind.

    Raises:
        KeyError: There is no such kind.
    """
    return _tables()[kind]


@functools.cache
def _tables() -> dict[str, frozenset[str]]:
    return {kind: frozenset(listed.split()) for _, (kind, listed) in rows(DATA / "gates.tsv", 2)}
