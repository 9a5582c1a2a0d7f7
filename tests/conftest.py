"""For all tests: how hypothesis searches, and servers on loopback: feeds, and an object store."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

sys.path.insert(
    0, str(Path(__file__).parent / "support")
)  # beside tests/transforms it would hide ours
from s3_server import BUCKET, s3_server

# A shell's background jobs, and what they start, ignore Ctrl-C; some tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A loaded machine is slow, which is no fault of the code. CI tries the same examples each time, so
# that a change is judged by itself; everyone else searches anew.
settings.register_profile("anew", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "anew")

Route = tuple[int, dict[str, str], bytes]


@dataclass
class FeedServer:
    """Serves `routes`, which tests fill and change at any time; counts what was asked.

    Attributes:
        origin: "http://127.0.0.1:<port>".
        routes: path → (status, headers, body). A path that is missing answers 404. A 200 without
            validators of its own gets an ETag made of the body; "ETag": "" sends none. Conditional
            requests that match are answered 304.
        requests: (path, headers in lower case) of each request, in order.
        delay_s: Seconds to wait before each answer.
    """

    origin: str = ""
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    delay_s: float = 0.0

    def url(self, path: str) -> str:
        """Return the URL of a path."""
        return self.origin + path

    def add(self, path: str, body: bytes | str, content_type: str = "application/xml") -> str:
        """Serve a body with status 200; return its URL."""
        data = body.encode() if isinstance(body, str) else body
        self.routes[path] = (200, {"Content-Type": content_type}, data)
        return self.url(path)

    @property
    def counts(self) -> Counter[str]:
        """How often each path was asked."""
        return Counter(path for path, _ in self.requests)

    def answer(self, path: str, asked: dict[str, str]) -> Route:
        """Return what a request is answered."""
        status, headers, body = self.routes.get(path, (404, {}, b"not here"))
        sent = {name.lower(): value for name, value in headers.items()}
        if status == 200 and not sent.keys() & {"etag", "last-modified"}:
            sent["etag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        sent = {name: value for name, value in sent.items() if value}
        if "etag" in sent:
            fresh = asked.get("if-none-match") == sent["etag"]
        else:
            fresh = asked.get("if-modified-since", "") == sent.get("last-modified")
        if status == 200 and fresh:
            status, body = 304, b""
        if not sent.keys() & {"content-length", "transfer-encoding"}:
            sent["content-length"] = str(len(body))
        return status, sent, body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        feeds = self.server.feeds
        asked = {key.lower(): value for key, value in self.headers.items()}
        feeds.requests.append((self.path, asked))
        time.sleep(feeds.delay_s)
        status, headers, body = feeds.answer(self.path, asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    feeds: FeedServer

    def handle_error(self, *_: Any) -> None:
        """Clients go away; that is theirs to say."""


@contextlib.contextmanager
def _serving() -> Iterator[FeedServer]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.feeds = FeedServer(origin=f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.feeds
        server.shutdown()
        thread.join()


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """A server on loopback that serves what the test puts into `feed_server.routes`."""
    with _serving() as feeds:
        yield feeds


@pytest.fixture(scope="module")
def module_feed_server() -> Iterator[FeedServer]:
    """The same for all tests of a module."""
    with _serving() as feeds:
        yield feeds


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Environment variables of a running S3 server."""
    with s3_server(tmp_path_factory.mktemp("s3")) as environment:
        yield environment


@pytest.fixture
def s3_lake(s3_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a lake in a bucket that does not exist yet; the environment says where the server is."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}/lake"
