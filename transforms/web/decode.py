"""Content codings undone piece by piece, so that a bomb stops at the cap and not in memory."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from transforms.failures import InputFault

ACCEPTED = "gzip, deflate, br, zstd"
PIECE = 64 * 1024  # bytes a decoder gives out at most at once, roughly
# A zstd block of a few bytes may stand for 128 KiB (RFC 8878, 3.1.1.2) and the decoder gives all it
# can out of what it is fed, so it is fed little: 16 MiB at the worst.
ZSTD_FEED = 512
ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 8878, 3.1.1.1.2 and RFC 9659: no more over HTTP
MAGIC_BYTES = 2
GZIP_MAGIC = b"\x1f\x8b"
MAX_CODINGS = 2  # honest servers use one; a stack of them is a way to multiply


class Decoder(Protocol):
    """Takes a body in pieces and gives it out decoded in pieces of bounded size."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece decodes to. Raises InputFault("bad-encoding") where it cannot."""

    def finish(self) -> bool:
        """Whether the coded stream was whole."""


class Identity:
    """No coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the piece itself."""
        yield data

    def finish(self) -> bool:
        """Every end is a good end."""
        return True


class Inflate:
    """gzip, with several members, and deflate, with and without the zlib wrapper.

    Servers that say gzip and send plain text exist; the first bytes tell.
    """

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._head = b""  # one byte is too few to tell what begins
        self._member: zlib._Decompress | None = None
        self._members = 0
        self._plain = False
        self._over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece decodes to."""
        if self._member is None and not self._plain:
            data, self._head = self._head + data, b""
        while data:
            if self._plain:
                yield data
                return
            if self._over:
                return  # padding behind the last member
            if self._member is None:
                if len(data) < MAGIC_BYTES:
                    self._head = data
                    return
                self._begin(data)
                continue
            data = yield from self._inflate(self._member, data)

    def _begin(self, data: bytes) -> None:
        if self._gzip and data[:MAGIC_BYTES] != GZIP_MAGIC:
            self._plain, self._over = self._members == 0, True
            return
        # RFC 1950, 2.2: method 8 in the low nibble, and the two bytes a multiple of 31.
        wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0  # noqa: PLR2004
        raw = -zlib.MAX_WBITS
        window = zlib.MAX_WBITS | 16 if self._gzip else zlib.MAX_WBITS if wrapped else raw
        self._member = zlib.decompressobj(window)
        self._members += 1

    def _inflate(self, member: zlib._Decompress, data: bytes) -> Generator[bytes, None, bytes]:
        """Yield what one piece of a member decodes to; return what lies behind the member."""
        piece = b""
        while data or len(piece) >= PIECE:  # a full piece may leave more inside
            try:
                piece = member.decompress(data, PIECE)
            except zlib.error as error:
                raise InputFault("bad-encoding", f"the body cannot be inflated: {error}") from error
            yield piece
            if member.eof:
                self._member, self._over = None, not self._gzip
                return member.unused_data
            data = member.unconsumed_tail
        return b""

    def finish(self) -> bool:
        """Whether the last member was whole."""
        return self._member is None and (not self._head or self._members > 0)


class Brotli:
    """br."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._fed = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece decodes to."""
        if self._stream.is_finished():
            return
        self._fed = self._fed or bool(data)
        try:
            piece = self._stream.process(data, output_buffer_limit=PIECE)
            while piece:  # can_accept_more_data() is true before all is given out
                yield piece
                if self._stream.is_finished():
                    return
                piece = self._stream.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise InputFault("bad-encoding", f"the body is not brotli: {error}") from error

    def finish(self) -> bool:
        """Whether the stream was whole."""
        return not self._fed or bool(self._stream.is_finished())


class Zstd:
    """zstd, with several frames."""

    def __init__(self) -> None:
        self._context = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece decodes to."""
        for start in range(0, len(data), ZSTD_FEED):
            rest = data[start : start + ZSTD_FEED]
            while rest:
                if self._frame is None:
                    self._frame = self._context.decompressobj()
                try:
                    yield self._frame.decompress(rest)
                except zstandard.ZstdError as error:
                    raise InputFault("bad-encoding", f"the body is not zstd: {error}") from error
                rest = b""
                if self._frame.eof:
                    rest, self._frame = self._frame.unused_data, None

    def finish(self) -> bool:
        """Whether the last frame was whole."""
        return self._frame is None


class Chain:
    """Several codings, undone in the reverse order of their naming."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece decodes to."""
        yield from self._feed(data, self._decoders)

    def _feed(self, data: bytes, decoders: list[Decoder]) -> Iterator[bytes]:
        if not decoders:
            yield data
            return
        for piece in decoders[0].feed(data):
            if piece:
                yield from self._feed(piece, decoders[1:])

    def finish(self) -> bool:
        """Whether all streams were whole."""
        return all(decoder.finish() for decoder in self._decoders)


def decoder(content_encoding: str | None) -> Decoder:
    """Return what undoes a Content-Encoding header; None or empty: nothing to undo.

    Raises:
        InputFault: "bad-encoding" for a coding we did not ask for, or too many of them.
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > MAX_CODINGS:
        raise InputFault("bad-encoding", f"{len(names)} codings on top of each other")
    return Chain([_one(name) for name in reversed(names)])


def _one(name: str) -> Decoder:
    match name:
        case "gzip" | "x-gzip":
            return Inflate(gzip=True)
        case "deflate":
            return Inflate(gzip=False)
        case "br":
            return Brotli()
        case "zstd":
            return Zstd()
        case _:
            raise InputFault("bad-encoding", f"the content coding {name[:40]!r} is not known")
