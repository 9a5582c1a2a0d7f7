"""How requests are made: names, deadlines, caps and manners, each with its default and unit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

PRODUCT = "Wirelake/0.1"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How requests are made. Defaults are for polite polling of public feeds.

    Attributes:
        contact: URL or mail address of who runs this, sent in the User-Agent; None: not known.
        connect_timeout_s: Seconds for the connection, TLS included.
        read_timeout_s: Longest pause between two pieces of an answer, in seconds. The answer must
            begin within connect_timeout_s and this together.
        slow_bytes: Bytes of a body that must come in each slow_after_s, or it counts as dripping.
        slow_after_s: See slow_bytes; in seconds.
        total_timeout_s: Seconds for one request with its redirects and retries, without the time
            it waits for its turn; ends a body that drips.
        max_compressed_bytes: Cap on the bytes of a body as sent.
        max_bytes: Cap on the bytes of a body as decoded.
        max_redirects: Redirects followed before giving up; RFC 9309 wants at least five.
        tries: How often a request is tried: connection faults and 5xx are tried again.
        retry_wait_s: Longest first pause before trying again; it doubles and is jittered.
        connections_per_domain: At most this many requests at once to one registered domain (N).
        delay_s: Seconds between the starts of two requests to one registered domain (D). A domain
            has few feeds, and they are made to be polled; a redirect's hops are one request.
        page_delay_s: The same for pages, of which a feed has many; robots.txt may ask for more.
        max_wait_s: Seconds that the pages of one domain may keep a run waiting for their turn (a
            long Crawl-delay, many pages); those that come later are refused and keep feed text.
        parallel_requests: Requests a worker has under way at once, over all domains.
        ports: Ports that may be asked (allow_private lifts this).
        respect_robots: Ask robots.txt before fetching pages (feeds are offered for polling).
    """

    contact: str | None = None
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 15.0
    slow_bytes: int = 10_000
    slow_after_s: float = 20.0
    total_timeout_s: float = 60.0
    max_compressed_bytes: int = 32 * MIB
    max_bytes: int = 32 * MIB
    max_redirects: int = 6
    tries: int = 3
    retry_wait_s: float = 1.0
    connections_per_domain: int = 4
    delay_s: float = 0.25
    page_delay_s: float = 1.0
    max_wait_s: float = 600.0
    parallel_requests: int = 200
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    respect_robots: bool = True

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            if value < 0 or (value == 0 and field.name not in _MAY_BE_ZERO):
                raise ValueError(f"{field.name} is {value}; it must be positive")
        if self.contact is not None and not (self.contact.isascii() and self.contact.isprintable()):
            raise ValueError(f"contact is {self.contact!r}; it must be one line of ASCII")
        if any(not 0 < port < 65536 for port in self.ports):  # noqa: PLR2004 - 16 bits
            raise ValueError(f"ports is {self.ports}; ports are numbers from 1 to 65535")

    @property
    def user_agent(self) -> str:
        """The User-Agent header: who asks, and whom to write to.

        >>> WebSettings(contact="https://example.org/bot").user_agent
        'Wirelake/0.1 (+https://example.org/bot)'
        """
        if self.contact is None:
            return f"{PRODUCT} (news feed reader; contact not configured)"
        return f"{PRODUCT} (+{self.contact})"


_MAY_BE_ZERO = frozenset(
    {"delay_s", "page_delay_s", "max_redirects", "slow_bytes", "max_wait_s", "retry_wait_s"}
)
