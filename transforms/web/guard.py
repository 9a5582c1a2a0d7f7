"""What may be asked: schemes, ports, hosts, and above all addresses.

A feed, a link or a redirect is written by strangers, and the machine that follows it may stand
inside a network they cannot reach. So every address is judged twice: all answers of the resolver
before one is used (one bad answer refuses the name: a name that is half private is an attack or a
mistake), and again at the socket, which also covers literal addresses, whatever their notation.
What was judged is what is connected to; no name is looked up twice for one connection.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from importlib import resources
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from transforms.failures import InputFault

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]  # host, port → addresses; raises OSError

REFUSED = "is not a public address"  # in every refusal, to be found in combined messages
MAX_URL = 8000  # RFC 9110, 4.1 recommends to support 8000 octets; longer ones are refused


def address_fault(address: str, *, private: bool = False) -> str | None:
    """Say why an address may not be connected to; None: it may.

    Args:
        address: In canonical notation, as the resolver or the socket has it.
        private: Lift the rule for addresses people run services at (loopback, private networks);
            link-local, multicast and translated addresses stay refused.

    >>> address_fault("10.1.2.3")
    '10.1.2.3 is not a public address (private use, RFC 1918)'
    >>> address_fault("10.1.2.3", private=True)
    """
    if "%" in address:
        return f"{address} {REFUSED}: it has a zone, so it is link-local"
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return address_fault(str(parsed.ipv4_mapped), private=private)
    # The narrowest network decides: ::1 lies in ::/96.
    found = max(
        (row for row in special_networks() if parsed in row[0]),
        key=lambda row: row[0].prefixlen,
        default=None,
    )
    if found is not None:
        _, liftable, why = found
        return None if liftable and private else f"{address} {REFUSED} ({why})"
    if not parsed.is_global or parsed.is_multicast:
        return f"{address} {REFUSED}"
    return None


def host_fault(host: str, *, private: bool = False) -> str | None:
    """Say why a URL's host may not be asked, as far as its text tells; None: it may.

    Literal addresses are judged in every notation the C library reads: 127.1, 0x7f000001, 017700000001.
    """
    literal = literal_address(host)
    if literal is not None:
        return address_fault(literal, private=private)
    bare = host.rstrip(".").lower()
    if (bare == "localhost" or bare.endswith(".localhost")) and not private:
        return f"{host} is this machine (RFC 6761)"
    return None


def literal_address(host: str) -> str | None:
    """Return the address that a host spells, canonically; None: it is a name.

    >>> literal_address("0x7f.1"), literal_address("[::1]"), literal_address("example.org")
    ('127.0.0.1', '::1', None)
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))  # octal, hex, short and decimal forms
    except (OSError, UnicodeEncodeError):
        return None


def checked_url(url: str, *, ports: Sequence[int], private: bool = False) -> URL:
    """Return a URL that may be asked, parsed once: what is checked here is what is connected to.

    Args:
        url: As the configuration, a feed or a redirect gives it.
        ports: The ports that may be asked.
        private: Lift the rules for addresses and ports.

    Raises:
        InputFault: "bad-url", "scheme", "credentials", "port" or "private-address".
    """
    if len(url) > MAX_URL:
        raise InputFault("bad-url", f"the URL has {len(url)} characters; {MAX_URL} are the limit")
    if any(char <= " " or char in "\x7f\\" for char in url):
        raise InputFault("bad-url", f"{url!r} holds blanks, backslashes or control characters")
    try:
        parsed = URL(url)
        port, host = parsed.port, parsed.raw_host
    except ValueError as error:
        raise InputFault("bad-url", f"{url!r} is no URL: {error}") from error
    if parsed.scheme not in ("http", "https"):
        raise InputFault("scheme", f"{url!r} is not http or https; nothing else is asked")
    if parsed.raw_user is not None or parsed.raw_password is not None:
        raise InputFault("credentials", f"the URL at {host} carries a user name or a password")
    if not host:
        raise InputFault("bad-url", f"{url!r} names no host")
    if not private and port not in ports:
        allowed = ", ".join(map(str, ports))
        raise InputFault("port", f"{url!r}: port {port} is not allowed; these are: {allowed}")
    fault = host_fault(host, private=private)
    if fault is not None:
        raise InputFault("private-address", fault)
    return parsed


def same_host(one: str, other: str) -> bool:
    """Whether two URLs name the same host; not so where one of them is no URL.

    >>> same_host("http://Example.org/feed", "https://example.org:8443/")
    True
    """
    try:
        host = URL(one).raw_host
        return host is not None and host == URL(other).raw_host
    except ValueError:
        return False


@functools.cache
def special_networks() -> tuple[tuple[Network, bool, str], ...]:
    """Return the table of networks that are refused: network, whether liftable, why."""
    file = resources.files("transforms.web") / "data" / "special_addresses.tsv"
    rows = []
    for number, line in enumerate(file.read_text("utf-8").splitlines()[1:], start=2):
        try:
            network, liftable, why = line.split("\t")
            rows.append((ipaddress.ip_network(network), {"yes": True, "no": False}[liftable], why))
        except (ValueError, KeyError) as error:
            raise ValueError(f"special_addresses.tsv, line {number}: {error}") from error
    return tuple(rows)


class AddressRefused(OSError):  # noqa: N818 - a refusal, not an error
    """An address that may not be connected to; an OSError, so that aiohttp passes it on."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Return all addresses of a host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class GuardedResolver(AbstractResolver):
    """Resolves names for aiohttp and refuses a name when any of its addresses may not be asked."""

    def __init__(
        self,
        threads: Executor | None = None,
        *,
        private: bool,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._threads = threads
        self._private = private
        self._resolve = resolve

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002
    ) -> list[ResolveResult]:
        """Return the checked addresses of a host.

        Raises:
            AddressRefused: One of them may not be asked.
            OSError: The name cannot be resolved.
        """
        loop = asyncio.get_running_loop()
        addresses = await loop.run_in_executor(self._threads, self._resolve, host, port)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for address in addresses:
            fault = address_fault(address, private=self._private)
            if fault is not None:
                raise AddressRefused(f"{host}: {fault}")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held open."""


def guarded_socket(addr_info: Any, *, private: bool) -> socket.socket:
    """Make the socket of one connection, unless its address may not be asked.

    Args:
        addr_info: (family, type, proto, canonical name, socket address), as `getaddrinfo` gives it.
        private: Lift the rule for private addresses.

    Raises:
        AddressRefused: The address may not be asked.
    """
    family, kind, proto, _, where = addr_info
    fault = address_fault(str(where[0]), private=private)
    if fault is not None:
        raise AddressRefused(fault)
    return socket.socket(family=family, type=kind, proto=proto)
