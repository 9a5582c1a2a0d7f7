"""One request and what it brought as WARC records, and back (WARC 1.1, by warcio).

A request record, a response record where an answer came (for a file a resource record alone), and a
metadata record with all that HTTP
does not say (latency, redirects, our words for faults). Each is a gzip member of its own. The
response's body is kept decoded: what we tell of it must hold for what is there, so its
Content-Encoding, Transfer-Encoding and Content-Length go by the names that archives use for
originals (X-Archive-Orig-…). Headers from the configuration may hold secrets; they are named, never
their values. The same capture gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import uuid
import zlib
from typing import Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.failures import LakeError
from transforms.records import Capture, Request
from transforms.web.faults import status_text

VERSION = "WARC/1.1"
FACTS = "application/json"
LEVEL = 6  # zlib's own default; level 9 took twice the time for 1 % less
ORIGINALS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
REDACTED = "(configured; not recorded)"


def to_warc(request: Request, capture: Capture) -> bytes:
    """Return the WARC records of a request and its capture.

    Args:
        request: As made; its configured headers are redacted.
        capture: Its `raw_record` becomes the id of the response, or of the metadata record where
            no answer came; the other records' ids follow from it.
    """
    out = io.BytesIO()
    record_id = capture.raw_record
    answered = capture.status is not None
    if _is_http(request.url):
        _write(
            out,
            "request",
            request.url,
            capture,
            derived_id(record_id, "request"),
            head=_request_head(request),
            extra={"WARC-Concurrent-To": record_id},
        )
    if answered:
        http = _is_http(capture.final_url)
        _write(
            out,
            "response" if http else "resource",
            capture.final_url,
            capture,
            record_id,
            payload=capture.body,
            head=_response_head(capture) if http else None,
            content_type=None if http else "application/octet-stream",
        )
    _write(
        out,
        "metadata",
        request.url,
        capture,
        derived_id(record_id, "metadata") if answered else record_id,
        payload=_facts(capture, with_body=not answered),
        content_type=FACTS,
        extra={"WARC-Refers-To": record_id} if answered else {},
    )
    return out.getvalue()


def from_warc(data: bytes) -> Capture:
    """Return the capture that `to_warc` wrote.

    Raises:
        LakeError: These are not the records of one request, or they are damaged.
    """
    facts: dict[str, Any] | None = None
    body: bytes | None = None
    try:
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
            if record.rec_type in ("response", "resource"):
                # raw_stream: what warcio calls content_stream would undo codings a second time.
                body = record.raw_stream.read()
            elif record.rec_type == "metadata":
                facts = json.loads(record.raw_stream.read())
    except Exception as error:
        # warcio raises whatever its parsers meet; the data was ours, so it is the lake that is bad.
        raise LakeError(f"a landed WARC record cannot be read: {error}") from error
    if facts is None or (body is None) != ("body" in facts):
        raise LakeError("a landed WARC record is not whole")
    text = facts.pop("body", None)
    return Capture(
        **facts
        | {
            "fetched_at": dt.datetime.fromisoformat(facts["fetched_at"]),
            "redirects": tuple((status, location) for status, location in facts["redirects"]),
            "headers": tuple((name, value) for name, value in facts["headers"]),
            "body": text.encode("latin-1") if body is None else body,
        }
    )


def derived_id(record_id: str, role: str) -> str:
    """Return the id of another record of the same request: the same each time (UUID 5, RFC 9562)."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{record_id}#{role}')}>"


class _Writer(WARCWriter):
    """warcio's writer, computing digests in memory; its own way leaves temporary files open."""

    @staticmethod
    def _create_temp_file() -> io.BytesIO:
        return io.BytesIO()


def _write(
    out: io.BytesIO,
    kind: str,
    url: str,
    capture: Capture,
    record_id: str,
    *,
    payload: bytes = b"",
    head: StatusAndHeaders | None = None,
    content_type: str | None = None,
    extra: dict[str, str] | None = None,
) -> None:
    """Write one record as a gzip member."""
    plain = io.BytesIO()
    writer = _Writer(plain, gzip=False, warc_version=VERSION)
    record = writer.create_warc_record(
        _uri(url),
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        http_headers=head,
        warc_content_type=content_type or "",
        warc_headers_dict={
            "WARC-Record-ID": record_id,
            "WARC-Date": _date(capture.fetched_at),
            **(extra or {}),
        },
    )
    writer.write_record(record)
    member = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # no time in its header
    out.write(member.compress(plain.getbuffer()))
    out.write(member.flush())


def _facts(capture: Capture, *, with_body: bool) -> bytes:
    """Return a capture as JSON, its body left to the response record where there is one."""
    facts = {
        field.name: getattr(capture, field.name)
        for field in dataclasses.fields(capture)
        if field.name != "body"
    }
    facts["fetched_at"] = capture.fetched_at.isoformat()
    if with_body:
        facts["body"] = capture.body.decode("latin-1")
    return json.dumps(facts, ensure_ascii=True, sort_keys=True, indent=1).encode()


def _request_head(request: Request) -> StatusAndHeaders:
    headers = [("User-Agent", "Wirelake")]
    if request.etag is not None:
        headers.append(("If-None-Match", _line(request.etag)))
    if request.last_modified is not None:
        headers.append(("If-Modified-Since", _line(request.last_modified)))
    headers += [(_line(name), REDACTED) for name, _ in request.headers]
    return StatusAndHeaders(
        f"GET {_uri(request.url)} HTTP/1.1", headers, protocol="", is_http_request=True
    )


def _response_head(capture: Capture) -> StatusAndHeaders:
    headers = [
        (
            f"X-Archive-Orig-{_line(name)}" if name.lower() in ORIGINALS else _line(name),
            _line(value),
        )
        for name, value in capture.headers
    ]
    headers.append(("Content-Length", str(len(capture.body))))
    return StatusAndHeaders(status_text(capture.status or 0), headers, protocol="HTTP/1.1")


def _is_http(url: str) -> bool:
    return url.startswith(("http:", "https:"))


def _line(text: str) -> str:
    """Return a text as it can stand in a header line: ASCII, no control characters."""
    return quote(text, safe="".join(map(chr, range(0x20, 0x7F))), errors="surrogatepass")


def _uri(url: str) -> str:
    return quote(url, safe="".join(map(chr, range(0x21, 0x7F))), errors="surrogatepass")


def _date(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
