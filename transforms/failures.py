"""What can go wrong, and the record every failure becomes.

    WirelakeError                 something the user can act on; printed as one clear line
    ├── ConfigError               a configuration mistake: key, value, what would be right (exit 2)
    ├── UsageError                a wrong argument, id, table or query (exit 2)
    ├── LakeLocked                another ingest holds the lake (exit 75)
    └── LakeError                 the lake cannot be read or written, or a commit rule is broken (exit 1)

    InputFault                    one piece of input cannot be used; becomes a `Failure`, never ends a run

Trouble with input is data: pure functions raise `InputFault`s or return them, shells turn them into
`Failure` records, and those become rows of `rejects`. Any other exception is a programming error
and stops the run.
"""

from __future__ import annotations

from dataclasses import dataclass


class WirelakeError(Exception):
    """Something the user can act on; its text is one clear line."""

    exit_code = 1


class ConfigError(WirelakeError):
    """A configuration mistake; names the key, the value and what would be right."""

    exit_code = 2


class UsageError(WirelakeError):
    """A wrong argument, id, table or query."""

    exit_code = 2


class LakeLocked(WirelakeError):  # noqa: N818 - a state, not an error of the user's
    """Another ingest holds the lake."""

    exit_code = 75


class LakeError(WirelakeError):
    """The lake cannot be read or written, or a commit rule is broken."""


class InputFault(Exception):  # noqa: N818 - a fault of the input, not of the program
    """One piece of input that cannot be used.

    Args:
        error: The kind of failure, one word ("timeout", "not-a-feed").
        detail: What happened, in a sentence.
    """

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(error, detail)
        self.error = error
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.error}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure on its way to `rejects`; the fields are those of `schema.Reject`."""

    unit: str
    stage: str
    source: str
    error: str
    detail: str
    feed_id: str | None = None
    entry_id: str | None = None
    article_id: str | None = None
    raw_record: str | None = None
