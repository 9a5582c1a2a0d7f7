"""The body of an answer: decoded as it comes, capped twice, and kept off the memory when it is long."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from typing import IO

import aiohttp

from transforms.failures import InputFault
from transforms.records import Headers
from transforms.web import faults
from transforms.web.decode import decoder
from transforms.web.settings import WebSettings

SPOOL_BYTES = 256 * 1024  # longer bodies wait on disk


@dataclass(slots=True)
class Answer:
    """What one exchange brought.

    Attributes:
        body: The decoded body, from which its reader seeks the start; None: none was wanted.
        size: Bytes of the decoded body.
        fault: What is wrong with it; a part of a body may stand beside it.
    """

    status: int
    headers: Headers
    body: IO[bytes] | None = None
    size: int = 0
    fault: InputFault | None = None

    def header(self, name: str) -> str | None:
        """Return a header's first value, by its name in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


async def read_body(
    response: aiohttp.ClientResponse,
    answer: Answer,
    settings: WebSettings,
    cut_bytes: int | None = None,
) -> None:
    """Read a response's body into its answer.

    Args:
        response: Not decompressed by aiohttp: bytes are counted as sent and as decoded.
        answer: Gets body and size, and the fault "truncated" beside a body that breaks off.
        settings: For the caps.
        cut_bytes: Stop there without a fault; None: a longer body than the caps is a fault.

    Raises:
        InputFault: "too-large" or "bad-encoding".
        aiohttp.ClientError, TimeoutError: As the connection has it.
    """
    announced = response.content_length or 0
    if announced > settings.max_compressed_bytes and cut_bytes is None:
        raise InputFault("too-large", f"{announced} bytes are announced; {_caps(settings)}")
    body = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - lives on in the answer
    try:
        answer.size = await _pour(response, answer, body, settings, cut_bytes)
    except aiohttp.ClientPayloadError as error:
        answer.fault = InputFault("truncated", f"the body breaks off: {faults.text(error)}")
        answer.size = body.tell()
    except BaseException:
        body.close()
        raise
    answer.body = body


async def _pour(
    response: aiohttp.ClientResponse,
    answer: Answer,
    body: IO[bytes],
    settings: WebSettings,
    cut_bytes: int | None,
) -> int:
    undo = decoder(answer.header("content-encoding"))
    pace = _Pace(settings)
    sent = size = 0
    async for chunk in response.content.iter_any():
        sent += len(chunk)
        pace.check(sent)
        if sent > settings.max_compressed_bytes:
            raise InputFault("too-large", f"more bytes were sent; {_caps(settings)}")
        for piece in undo.feed(chunk):
            size += len(piece)
            if cut_bytes is not None and size >= cut_bytes:
                body.write(piece[: len(piece) - (size - cut_bytes)])
                return cut_bytes
            if size > settings.max_bytes:
                raise InputFault("too-large", f"{sent} bytes decode to more; {_caps(settings)}")
            body.write(piece)
    if not undo.finish():
        answer.fault = InputFault("truncated", "the compressed body breaks off")
    return size


class _Pace:
    """Ends a body that keeps a connection busy without getting on."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._clock = asyncio.get_running_loop().time
        self._since, self._sent = self._clock(), 0

    def check(self, sent: int) -> None:
        """Raise InputFault("timeout") where too little came since the last mark."""
        settings, now = self._settings, self._clock()
        if now - self._since < settings.slow_after_s:
            return
        came = sent - self._sent
        if came < settings.slow_bytes:
            raise InputFault("timeout", f"only {came} bytes came in {settings.slow_after_s:g} s")
        self._since, self._sent = now, sent


def _caps(settings: WebSettings) -> str:
    return f"the caps are {settings.max_compressed_bytes} as sent and {settings.max_bytes} decoded"
