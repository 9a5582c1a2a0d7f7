"""The canonical form of an article's address.

Two addresses with one canonical form are taken for the same article, so every rule here must be
true of the web at large: https stands for both schemes, mobile and AMP forms for the plain one, and
parameters that only say how a reader came are dropped. `url_identity` goes further where only
comparison is wanted: `www.` and a slash at the end make no difference. The rules are data
(`data/tracking_parameters.txt`, `data/url_variants.txt`). w3lib does the rest (escapes, order of
parameters, dot segments, punycode): of the libraries tried, url-normalize drops `?id=` and courlan
queries without a value.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url as w3lib_canonical

from transforms.articles.tables import DATA, DataFileError, rows

DEFAULT_PORTS = {"http": 80, "https": 443}
VARIANT_KINDS = frozenset({"host", "path", "query", "key-host", "key-path"})
_REGISTERED = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # its bundled list only


def canonical_url(url: str) -> str | None:
    """Return the canonical form of an absolute http(s) address; None if it is not one.

    Canonical twice is canonical once.

    >>> canonical_url("http://m.example.com/news/1/amp/?utm_source=rss&id=7#top")
    'https://example.com/news/1?id=7'
    """
    current = _once(url.strip())
    while current is not None:  # rules may uncover one another; each shortens the address
        again = _once(current)
        if again == current:
            break
        current = again
    return current


def url_identity(canonical: str) -> str:
    """Return what is compared of a canonical address: without scheme, `www.` and last slash."""
    host, slash, rest = canonical.partition("//")[2].partition("/")
    path, mark, query = rest.partition("?")
    path = slash + path
    for pattern, replacement in _variants("key-host"):
        host = pattern.sub(replacement, host)
    for pattern, replacement in _variants("key-path"):
        path = pattern.sub(replacement, path)
    return f"//{host}{path or '/'}{mark}{query}"


def _once(url: str) -> str | None:
    try:
        parts = urlsplit(w3lib_canonical(url))
        port = parts.port
    except ValueError:  # no address: an impossible port, a broken IPv6 literal
        return None
    host = parts.hostname or ""
    if parts.scheme not in DEFAULT_PORTS or not host:
        return None
    for pattern, replacement in _variants("host"):
        host = pattern.sub(replacement, host)
    if ":" in host:
        host = f"[{host}]"
    elif not host.strip("."):
        return None
    host = host.rstrip(".")
    scheme = "https"
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        host, scheme = f"{host}:{port}", parts.scheme  # what answers on a port speaks one scheme
    path = parts.path
    for pattern, replacement in _variants("path"):
        path = pattern.sub(replacement, path) or "/"
    query = "&".join(_kept_parameters(parts.query, registered_domain(host)))
    return urlunsplit(SplitResult(scheme, host, path, query, ""))


def _kept_parameters(query: str, domain: str) -> list[str]:
    is_tracking = _tracking()
    dropped = _dropped_pairs()
    return [
        pair
        for pair in query.split("&")
        if pair
        and pair.lower() not in dropped
        and not is_tracking(pair.partition("=")[0].lower(), domain)
    ]


@functools.lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Return the domain a registrant owns ("bbc.co.uk" of "news.bbc.co.uk"); else the host itself."""
    bare = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    return _REGISTERED(bare).top_domain_under_public_suffix or bare


def same_site(url: str, other: str) -> bool:
    """Return whether two addresses are on one registered domain."""
    try:
        first, second = urlsplit(url).hostname, urlsplit(other).hostname
    except ValueError:
        return False
    return bool(first and second) and registered_domain(str(first)) == registered_domain(
        str(second)
    )


def is_shortener(url: str) -> bool:
    """Return whether the address's host only redirects (t.co, a feed proxy)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host.removeprefix("www.") in _shorteners()


def declared_canonical(href: str, page_url: str) -> str | None:
    """Return the address a page declares as its own (rel=canonical, og:url), where to be believed.

    It is only honoured within the site the page came from, and not when it points at the site's front
    page while the page is deeper: both are common mistakes of templates, and would merge a whole
    site into one article.
    """
    try:
        absolute = urljoin(page_url, href.strip())
        deep = urlsplit(page_url).path.strip("/")
        target = urlsplit(absolute)
    except ValueError:
        return None
    if target.scheme not in DEFAULT_PORTS or not same_site(absolute, page_url):
        return None
    if deep and not target.path.strip("/") and not target.query:
        return None
    return absolute


@functools.cache
def _tracking() -> Callable[[str, str], bool]:
    names: set[tuple[str, str | None]] = set()
    prefixes: list[tuple[str, str | None]] = []
    for name, *limit in rows("tracking_parameters.txt", columns=(1, 2)):
        domain = limit[0] if limit else None
        if name.endswith("*"):
            prefixes.append((name[:-1].lower(), domain))
        else:
            names.add((name.lower(), domain))

    def is_tracking(name: str, domain: str) -> bool:
        return (
            (name, None) in names
            or (name, domain) in names
            or any(
                name.startswith(prefix) and limit in {None, domain} for prefix, limit in prefixes
            )
        )

    return is_tracking


@functools.cache
def _variants(kind: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for row_kind, pattern, *replacement in rows("url_variants.txt", columns=(2, 3)):
        if row_kind not in VARIANT_KINDS:
            raise DataFileError(f"{DATA.name}/url_variants.txt: unknown kind {row_kind!r}")
        if row_kind == kind:
            found.append((re.compile(pattern), replacement[0] if replacement else ""))
    return tuple(found)


@functools.cache
def _dropped_pairs() -> frozenset[str]:
    return frozenset(
        pair for kind, pair, *_ in rows("url_variants.txt", columns=(2, 3)) if kind == "query"
    )


@functools.cache
def _shorteners() -> frozenset[str]:
    return frozenset(host for (host,) in rows("shorteners.txt", columns=(1, 1)))
