"""Polling on loopback: polls/s with landing against a bare aiohttp loop, and bytes of a day's polls.

The server is a process of its own. Each feed is a domain of its own, so that no spacing applies; the
bare loop asks the same server as often at once and does nothing else: no guard, no turn, no caps, no
landing. The second part polls 100 feeds that do not change every quarter of an hour for a day, once as
we do and once without validators, and counts the bytes the server sent, headers included.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import subprocess
import sys
import time
from collections.abc import Iterator

import aiohttp

from transforms.records import Capture, Request
from transforms.web.fetcher import Fetcher
from transforms.web.settings import WebSettings

FEED = (
    b"<rss version='2.0'><channel>"
    + b"<item><title>News</title></item>" * 1500
    + b"</channel></rss>"
)
ETAG = b'"the-same"'
SETTINGS = WebSettings(delay_s=0, parallel_requests=100)


class Server(asyncio.Protocol):
    """Answers each request with the feed, or 304; `/sent` tells how many bytes that took."""

    sent = 0
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer; requests are small enough to come in one piece."""
        if data.startswith(b"GET /sent"):
            body = str(Server.sent).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            return
        if ETAG in data:
            answer = b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG + b"\r\n\r\n"
        else:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\n" % ETAG
            answer = head + b"Content-Length: %d\r\n\r\n" % len(FEED) + FEED
        Server.sent += len(answer)
        self.transport.write(answer)


async def serve() -> None:
    """Serve until killed; print the port."""
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Memory(dict[str, bytes]):
    """A raw store in memory, so that the disk is not measured."""

    def put(self, record_id: str, data: bytes) -> None:
        """Land a response."""
        self[record_id] = data


def requests(port: int, count: int) -> list[Request]:
    """Return polls of so many feeds, each on a domain of its own."""
    return [
        Request(
            kind="feed", feed_id=f"f{n}", url=f"http://host{n}.example:{port}/", allow_private=True
        )
        for n in range(count)
    ]


def fetcher(raw: Memory | None = None) -> Fetcher:
    """Return a fetcher for which every name is at loopback."""
    return Fetcher(SETTINGS, raw, resolve=lambda _host, _port: ["127.0.0.1"])


def bare_s(port: int, count: int) -> float:
    """Return the seconds a bare loop takes for so many requests."""

    async def run() -> None:
        places = asyncio.Semaphore(SETTINGS.parallel_requests)
        async with aiohttp.ClientSession() as session:

            async def one() -> None:
                async with places, session.get(f"http://127.0.0.1:{port}/") as response:
                    await response.read()

            await asyncio.gather(*(one() for _ in range(count)))

    begun = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - begun


def ours_s(port: int, count: int) -> float:
    """Return the seconds our polls take, landing included."""
    with fetcher(Memory()) as web:
        begun = time.perf_counter()
        assert all(one.error is None for one in web.captures(requests(port, count)))
        return time.perf_counter() - begun


def sent(port: int) -> int:
    """Return the bytes the server has sent so far."""
    ask = Request(kind="feed", feed_id="", url=f"http://x.example:{port}/sent", allow_private=True)
    with fetcher() as web:
        return int(next(web.captures([ask])).body)


def day_bytes(port: int, feeds: int, rounds: int, *, conditional: bool) -> int:
    """Return the bytes of a day's polls of feeds that do not change."""
    before = sent(port)
    asked = requests(port, feeds)
    with fetcher() as web:
        for _ in range(rounds):
            found = {one.feed_id: one for one in web.captures(asked)}
            if conditional:
                asked = list(with_validators(asked, found))
    return sent(port) - before


def with_validators(asked: list[Request], found: dict[str, Capture]) -> Iterator[Request]:
    """Yield the same polls with what the answers gave."""
    for one in asked:
        yield dataclasses.replace(one, etag=found[one.feed_id].header("etag"))


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help="be the server (used by itself)")
    parser.add_argument("--smoke", action="store_true", help="a small size, to see that it runs")
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve())
        return
    polls, feeds, rounds = (50, 5, 4) if arguments.smoke else (1000, 100, 96)
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            bare_s(port, polls)
            bare, ours = bare_s(port, polls), ours_s(port, polls)
            print(f"polls: {polls / ours:.0f}/s with landing, bare aiohttp {polls / bare:.0f}/s,"
                  f" ratio {bare / ours:.2f}")  # fmt: skip
            plain = day_bytes(port, feeds, rounds, conditional=False)
            kept = day_bytes(port, feeds, rounds, conditional=True)
            print(f"a day of {rounds} polls of {feeds} unchanged feeds: {kept / 1e6:.1f} MB sent,"
                  f" unconditional {plain / 1e6:.1f} MB, ratio {kept / plain:.4f}")  # fmt: skip
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
