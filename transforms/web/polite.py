"""Politeness: what belongs to one publisher, and whose turn it is.

A publisher is a registered domain (example.co.uk, whatever the host before it): that is who is
disturbed, and who blocks. Addresses and bare host names have none; they are taken with their port,
since two servers of one machine have nothing to do with each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import tldextract
from yarl import URL

from transforms.failures import InputFault
from transforms.web.guard import literal_address
from transforms.web.settings import WebSettings

LOCAL = "file"  # the group of local files
UNKNOWN = "unknown"  # the group of what is no URL; it is refused before anything is sent


def domain_of(url: str) -> str:
    """Return the registered domain of a URL, or host and port where there is none.

    >>> domain_of("https://feeds.bbci.co.uk/news/rss.xml"), domain_of("http://127.0.0.1:8000/a")
    ('bbci.co.uk', '127.0.0.1:8000')
    """
    try:
        parsed = URL(url)
        host, port = parsed.raw_host, parsed.port
    except ValueError:
        return UNKNOWN
    if parsed.scheme == "file":
        return LOCAL
    if not host:
        return UNKNOWN
    literal = literal_address(host)
    if literal is not None:
        return f"[{literal}]:{port}" if ":" in literal else f"{literal}:{port}"
    return _domains()(host.rstrip(".")).top_domain_under_public_suffix or f"{host}:{port}"


@functools.cache
def _domains() -> tldextract.TLDExtract:
    # Only the list that came with the package: nothing is downloaded, nothing written.
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)


@dataclass(slots=True)
class _Line:
    """The queue of one domain. Times are the event loop's."""

    places: asyncio.Semaphore
    last_start: float = 0.0
    next_start: float = 0.0
    held_until: dt.datetime | None = None
    crawl_delay_s: float = 0.0


class Gate:
    """Lets requests go one by one: N at once and D seconds apart for each domain, many domains.

    Belongs to one event loop. What a domain asked for (Retry-After, Crawl-delay) is remembered as
    long as the gate lives.
    """

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._all = asyncio.Semaphore(settings.parallel_requests)
        self._lines: dict[str, _Line] = {}

    @contextlib.asynccontextmanager
    async def turn(
        self, url: str, *, delay_s: float, latest: float | None = None, hop: bool = False
    ) -> AsyncIterator[None]:
        """Wait until this URL's domain may be asked, and hold a place while asking.

        Args:
            url: What will be asked.
            delay_s: Seconds until the domain's next request may start, if it does not want more.
            latest: The event loop's time after which the turn is refused; None: never.
            hop: It goes on with a request that had its turn: no waiting for spacing.

        Raises:
            InputFault: "held" while the domain asks us to wait, "queue" when it would be too late.
        """
        line = self._line(domain_of(url))
        loop = asyncio.get_running_loop()
        async with line.places:
            start = loop.time() if hop else max(loop.time(), line.next_start)
            if latest is not None and start > latest:
                raise InputFault(
                    "queue", f"{domain_of(url)} has too many pages waiting for their turn"
                )
            line.last_start = start
            line.next_start = start + max(delay_s, line.crawl_delay_s)
            await asyncio.sleep(start - loop.time())
            if line.held_until is not None:
                until = line.held_until.isoformat(timespec="seconds")
                raise InputFault("held", f"{domain_of(url)} asked not to be asked before {until}")
            async with self._all:
                yield

    def hold(self, url: str, until: dt.datetime) -> None:
        """Ask a URL's whole domain nothing more: it wants to be left alone until then."""
        line = self._line(domain_of(url))
        line.held_until = until if line.held_until is None else max(until, line.held_until)

    def held_until(self, url: str) -> dt.datetime | None:
        """Return until when a URL's domain wants to be left alone; None: it does not."""
        return self._line(domain_of(url)).held_until

    def release(self, now: dt.datetime) -> None:
        """End the holds that are over (called before a new round of requests)."""
        for line in self._lines.values():
            if line.held_until is not None and line.held_until <= now:
                line.held_until = None

    def slow_down(self, url: str, delay_s: float) -> None:
        """Keep at least this many seconds between requests to a URL's domain (Crawl-delay)."""
        line = self._line(domain_of(url))
        line.crawl_delay_s = max(delay_s, line.crawl_delay_s)
        line.next_start = max(line.next_start, line.last_start + delay_s)

    def _line(self, domain: str) -> _Line:
        if domain not in self._lines:
            places = asyncio.Semaphore(self._settings.connections_per_domain)
            self._lines[domain] = _Line(places)
        return self._lines[domain]
