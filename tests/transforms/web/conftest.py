"""A hostile server on loopback, raw stores in memory, and settings that make deadlines short."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from transforms.records import Capture, Request
from transforms.web.fetcher import Fetcher
from transforms.web.settings import WebSettings

sys.path.append(str(Path(__file__).parent))  # importlib mode leaves it out

from hostile_server import STATIC, hostile_server


@pytest.fixture(scope="session")
def hostile() -> Iterator[str]:
    """Origin of a server that does what a path says: drips, stalls, lies, bombs."""
    with hostile_server() as origin:
        yield origin


@pytest.fixture
def hostile_answers() -> Iterator[dict[str, bytes]]:
    """What the hostile server answers, by path; a test may add to it."""
    before = dict(STATIC)
    yield STATIC
    STATIC.clear()
    STATIC.update(before)


class MemoryRaw(dict[str, bytes]):
    """A raw store in memory."""

    def put(self, record_id: str, data: bytes) -> None:
        self[record_id] = data


@pytest.fixture
def raw() -> MemoryRaw:
    return MemoryRaw()


def quick(**changes: object) -> WebSettings:
    """Return settings with short deadlines and no spacing."""
    values = {
        "connect_timeout_s": 1.0,
        "read_timeout_s": 1.0,
        "total_timeout_s": 2.5,
        "retry_wait_s": 0.01,
        "delay_s": 0.0,
        "page_delay_s": 0.0,
        "max_compressed_bytes": 2_000_000,
        "max_bytes": 4_000_000,
    }
    return WebSettings(**(values | changes))


def no_names(host: str, _port: int) -> list[str]:
    """Resolve nothing: no test may ask a name server."""
    raise socket.gaierror(socket.EAI_NONAME, f"no test may look up {host}")


@pytest.fixture
def fetch() -> Callable[..., Capture]:
    """Return a function that fetches one URL as an allow_private feed and returns its capture."""

    def _fetch(
        url: str, *, settings: WebSettings | None = None, resolve=no_names, **fields
    ) -> Capture:
        request = Request(
            **({"kind": "feed", "feed_id": "f", "url": url, "allow_private": True} | fields)
        )
        with Fetcher(settings or quick(), resolve=resolve) as fetcher:
            [capture] = fetcher.captures([request])
        return capture

    _fetch.settings = quick
    return _fetch
