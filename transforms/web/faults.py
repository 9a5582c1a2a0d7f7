"""What aiohttp's exceptions mean: one word, a sentence, and whether trying again may help."""

from __future__ import annotations

import datetime as dt
import email.utils
import http
import socket
import ssl

import aiohttp

from transforms.failures import InputFault
from transforms.web.guard import REFUSED, AddressRefused
from transforms.web.settings import WebSettings

# How aiohttp's own parser and its C parser begin to say so; a test notices when they change.
TOO_LONG = ("Got more than", "Too many headers")


def fault_of(error: Exception, settings: WebSettings) -> tuple[InputFault, bool]:  # noqa: C901 - a table of cases
    """Return the fault an exception stands for, and whether it may be over at the next try.

    Args:
        error: What aiohttp, the socket or the deadline raised.
        settings: For the deadlines named in the sentence.
    """
    match error:
        case aiohttp.ConnectionTimeoutError():
            return _fault("timeout", f"no connection within {settings.connect_timeout_s:g} s"), True
        case aiohttp.SocketTimeoutError():
            return _fault("timeout", f"nothing came for {settings.read_timeout_s:g} s"), False
        case TimeoutError():
            return _fault("timeout", f"not done within {settings.total_timeout_s:g} s"), False
        case aiohttp.ClientConnectorDNSError():
            return _name_fault(error)
        case aiohttp.ClientSSLError() | aiohttp.ClientConnectorCertificateError() | ssl.SSLError():
            return _fault("tls", f"no secure connection: {text(error)}"), False
        case aiohttp.ClientConnectorError():
            cause = error.os_error
            if isinstance(cause, AddressRefused) or REFUSED in str(cause):
                return _fault("private-address", str(cause)), False
            return _fault("connection", f"no connection: {text(error)}"), True
        case aiohttp.ClientPayloadError():
            return _fault("truncated", f"the answer breaks off: {text(error)}"), False
        case aiohttp.ServerConnectionError() | aiohttp.ClientOSError():
            return _fault("reset", f"the server ended the connection: {text(error)}"), True
        case aiohttp.ClientResponseError():
            return _response_fault(error), False
        case OSError():
            return _fault("reset", f"the connection broke: {text(error)}"), True
        case _:
            return _fault("bad-response", f"not an HTTP answer: {text(error)}"), False


def _name_fault(error: aiohttp.ClientConnectorDNSError) -> tuple[InputFault, bool]:
    cause = error.os_error
    if isinstance(cause, AddressRefused):
        return _fault("private-address", str(cause)), False
    passing = isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN
    return _fault("dns", f"the name {error.host!r} has no address: {text(cause)}"), passing


def _response_fault(error: aiohttp.ClientResponseError) -> InputFault:
    what = " ".join(error.message.split())[:200]
    if what.startswith(TOO_LONG):
        return _fault("headers-too-large", f"the headers are too long or too many: {what}")
    return _fault("bad-response", f"not an HTTP answer: {what}")


def _fault(error: str, detail: str) -> InputFault:
    return InputFault(error, detail)


def text(error: BaseException) -> str:
    """Return what an exception says, on one line and not too long; its class if it says nothing."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def status_text(status: int) -> str:
    """Return a status with its name.

    >>> status_text(404)
    '404 Not Found'
    """
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def http_date(when: dt.datetime) -> str:
    """Return a time as HTTP writes it, to the next full second.

    >>> http_date(dt.datetime(2024, 11, 22, 9, 30, 0, 1, tzinfo=dt.UTC))
    'Fri, 22 Nov 2024 09:30:01 GMT'
    """
    whole = when.replace(microsecond=0)
    if whole != when:
        whole += dt.timedelta(seconds=1)
    return email.utils.format_datetime(whole.astimezone(dt.UTC), usegmt=True)
