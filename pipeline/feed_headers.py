"""Headers of one feed's requests: names and values as configured, secrets from the environment.

A value `env:NAME` is that variable's, read when a run begins, so that no secret has to stand in a
configuration. Values never reach the lake: WARC records name such headers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from transforms.failures import ConfigError
from transforms.records import Headers

ENV = "env:"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110, 5.6.2
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What a request is made of; a configured one would break it, or the manners that it keeps.
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


class HasHeaders(Protocol):
    """A feed's settings, as far as they matter here."""

    @property
    def id(self) -> str:
        """The feed's id."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names and values as configured."""


def checked_headers(headers: Mapping[str, str]) -> None:
    """Raise ValueError for a header that cannot be sent; a value is never repeated in it."""
    seen: set[str] = set()
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if name.lower() in _OURS:
            raise ValueError(f"{name!r} is set by each request itself")
        if name.lower() in seen:
            raise ValueError(f"{name!r} is there twice, in other letters")
        seen.add(name.lower())
        if value.startswith(ENV):
            if not _VARIABLE.fullmatch(value.removeprefix(ENV)):
                raise ValueError(f"{name!r}: behind {ENV} stands no name of a variable")
        elif not _sendable(value):
            raise ValueError(f"the value of {name!r} must be one line of ASCII")


def missing_variables(feeds: Iterable[HasHeaders], environment: Mapping[str, str]) -> list[str]:
    """Return a line for each variable that is missing or cannot be sent, without any value."""
    mistakes = []
    for number, feed in enumerate(feeds):
        for name, value in feed.headers.items():
            if not value.startswith(ENV):
                continue
            variable = value.removeprefix(ENV)
            found = environment.get(variable)
            if not found or not _sendable(found):
                what = "is not set" if not found else "holds what no header can: it must be ASCII"
                mistakes.append(
                    f"feeds[{number}].headers.{name} = {value!r}: "
                    f"the environment variable {variable} {what}"
                )
    return mistakes


def header_values(feed: HasHeaders, environment: Mapping[str, str]) -> Headers:
    """Return a feed's headers with their values.

    Raises:
        ConfigError: A variable is missing.
    """
    mistakes = missing_variables([feed], environment)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return tuple(
        (name, environment[value.removeprefix(ENV)] if value.startswith(ENV) else value)
        for name, value in feed.headers.items()
    )


def _sendable(value: str) -> bool:
    return bool(value.strip()) and value.isascii() and value.isprintable()
