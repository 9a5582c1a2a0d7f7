"""A hostile server: raw answers by path that drip, stall, lie, bomb, loop and lead astray."""

from __future__ import annotations

import contextlib
import functools
import gzip
import socket
import socketserver
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

BOMB_BYTES = 300_000_000
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
Send = Callable[[bytes], None]


@functools.cache
def gzip_bomb() -> bytes:
    """Return 300 MB of zeros in about 300 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(BOMB_BYTES // 1_000_000)) + packer.flush()


@functools.cache
def brotli_bomb() -> bytes:
    """Return 300 MB of zeros in about 300 bytes."""
    packer = brotli.Compressor(quality=5)
    zeros = bytes(1_000_000)
    body = b"".join(packer.process(zeros) for _ in range(BOMB_BYTES // 1_000_000))
    return body + packer.finish()


@functools.cache
def zstd_bomb() -> bytes:
    """Return 300 MB of zeros in about 10 kB."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    zeros = bytes(1_000_000)
    body = b"".join(packer.compress(zeros) for _ in range(BOMB_BYTES // 1_000_000))
    return body + packer.flush()


def _drip(send: Send) -> None:
    send(GOOD + b"Content-Length: 100000\r\n\r\n")
    for _ in range(1000):
        send(b"x")
        time.sleep(0.05)


def _endless(send: Send) -> None:
    send(GOOD + b"\r\n")
    while True:
        send(b"x" * 65536)


def _endless_headers(send: Send) -> None:
    send(GOOD)
    while True:
        send(b"X-More: and more\r\n")


def _long_header(send: Send) -> None:
    send(GOOD)
    while True:
        send(b"X" * 4096)


def _endless_informational(send: Send) -> None:
    while True:
        send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.01)


def _coded(coding: str, body: bytes) -> bytes:
    head = f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return GOOD + head.encode() + body


def _redirect(status: int, target: str) -> bytes:
    return f"HTTP/1.1 {status} Go\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()


STATIC: dict[str, bytes] = {
    "/lying-long": GOOD + b"Content-Length: 1000\r\n\r\n<rss>",
    "/lying-short": GOOD + b"Content-Length: 5\r\n\r\n<rss></rss>",
    "/lying-huge": GOOD + b"Content-Length: 99999999999\r\n\r\n<rss>",
    "/cut-chunk": GOOD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n5\r\n",
    "/cut-gzip": _coded("gzip", gzip.compress(b"<rss>" * 1000)[:-20]),
    "/not-gzip": _coded("gzip", b"<rss/>"),
    "/bad-gzip": _coded("gzip", b"\x1f\x8b\x08\x00garbage garbage"),
    "/unknown-coding": _coded("rot13", b"<ef/>"),
    "/many-codings": _coded("gzip, gzip, gzip", b"x"),
    "/not-http": b"220 mail.example.org ESMTP\r\n",
    "/loop": _redirect(302, "/loop-back"),
    "/loop-back": _redirect(302, "/loop"),
    "/to-metadata": _redirect(302, "http://169.254.169.254/latest/meta-data/"),
    "/to-network": _redirect(301, "http://10.0.0.1/"),
    "/to-localhost": _redirect(301, "http://localhost:9/"),
    "/to-file": _redirect(301, "file:///etc/passwd"),
    "/to-user": _redirect(301, "http://user:secret@example.org/"),
    "/to-nowhere": b"HTTP/1.1 302 Go\r\nContent-Length: 0\r\n\r\n",
    "/to-garbage": _redirect(302, "http://[half/"),
    **{f"/step{n}": _redirect(302, f"/step{n + 1}") for n in range(50)},
}
BOMBS = {"gzip": gzip_bomb, "br": brotli_bomb, "zstd": zstd_bomb}
ACTING: dict[str, Callable[[Send], None]] = {
    "/drip": _drip,
    "/endless": _endless,
    "/endless-headers": _endless_headers,
    "/long-header": _long_header,
    "/endless-informational": _endless_informational,
    "/stall": lambda send: time.sleep(30),
}


class _Hostile(socketserver.BaseRequestHandler):
    request: socket.socket

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.settimeout(30)
            first = self.request.recv(65536)
            if first[:1] == b"\x16":  # a TLS client hello
                self.request.sendall(b"This is no TLS. " * 10)
                return
            path = first.split(b" ", 2)[1].decode()
            if path.startswith("/reset"):
                linger = struct.pack("ii", 1, 0)
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            if path.startswith("/bomb-"):
                coding = path.removeprefix("/bomb-")
                self.request.sendall(_coded(coding, BOMBS[coding]()))
            elif path in ACTING:
                ACTING[path](self.request.sendall)
            else:
                self.request.sendall(STATIC[path])


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients that go away are the point."""


@contextlib.contextmanager
def hostile_server() -> Iterator[str]:
    """Yield the origin of a server that does what a path says."""
    for bomb in BOMBS.values():
        bomb()
    with _Server(("127.0.0.1", 0), _Hostile) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
