"""Captures as WARC records and back."""

import dataclasses
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from transforms.failures import LakeError
from transforms.records import Capture, Request
from transforms.web.warc import from_warc, to_warc

TIMES = st.datetimes(
    min_value=dt.datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
# What the client makes of header bytes: never a line end, never a lone surrogate.
WORDS = st.text(st.characters(blacklist_characters="\r\n\0", blacklist_categories=["Cs"]))
NAMES = st.text("abcXYZ-019", min_size=1)
URLS = st.sampled_from(
    ["http://example.org/a?b=c", "https://münchen.example/ü", "file:///tmp/feed.xml", "gopher://x"]
)
HEADERS = st.lists(st.tuples(NAMES, WORDS), max_size=5).map(tuple)


@st.composite
def pairs(draw):
    request = Request(
        kind=draw(st.sampled_from(["feed", "page"])),
        feed_id=draw(NAMES),
        url=draw(URLS),
        etag=draw(st.none() | WORDS),
        last_modified=draw(st.none() | WORDS),
        headers=draw(HEADERS),
    )
    capture = Capture(
        kind=request.kind,
        feed_id=request.feed_id,
        url=request.url,
        fetched_at=draw(TIMES),
        latency_s=draw(st.floats(0, 1000)),
        raw_record=request.record_id,
        status=draw(st.none() | st.integers(100, 599)),
        final_url=draw(URLS),
        redirects=tuple(draw(st.lists(st.tuples(st.integers(301, 308), URLS), max_size=3))),
        headers=draw(HEADERS),
        body=draw(st.binary(max_size=300)),
        error=draw(st.none() | st.sampled_from(["timeout", "http-404"])),
        detail=draw(st.none() | WORDS),
    )
    return request, capture


@given(pairs())
def test_a_capture_comes_back_exactly(pair):
    assert from_warc(to_warc(*pair)) == pair[1]


@given(pairs())
def test_the_same_capture_gives_the_same_bytes(pair):
    assert to_warc(*pair) == to_warc(*pair)


REQUEST = Request(
    kind="feed",
    feed_id="one",
    url="https://example.org/feed",
    etag='"1"',
    headers=(("X-Key", "the secret"),),
)
CAPTURE = Capture(
    kind="feed",
    feed_id="one",
    url="https://example.org/feed",
    fetched_at=dt.datetime(2024, 11, 22, 9, 30, 0, 123456, tzinfo=dt.UTC),
    latency_s=0.25,
    raw_record=REQUEST.record_id,
    status=200,
    final_url="https://example.org/new",
    redirects=((301, "https://example.org/new"),),
    headers=(("Content-Encoding", "gzip"), ("Content-Length", "17"), ("ETag", '"2"')),
    body=b"<rss/>" * 10,
)


def records(data):
    return [
        (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]


def test_any_reader_of_warc_finds_request_response_and_facts():
    request, response, facts = records(to_warc(REQUEST, CAPTURE))
    assert [request[0], response[0], facts[0]] == ["request", "response", "metadata"]
    assert response[1].get_header("WARC-Record-ID") == REQUEST.record_id
    assert response[1].get_header("WARC-Date") == "2024-11-22T09:30:00.123456Z"
    assert response[3] == CAPTURE.body
    assert response[2].get_header("Content-Length") == str(len(CAPTURE.body))
    assert response[2].get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert response[2].get_header("Content-Encoding") is None
    assert request[2].get_header("If-None-Match") == '"1"'


def test_secrets_from_the_configuration_are_not_recorded():
    request, *_ = records(to_warc(REQUEST, CAPTURE))
    assert request[2].get_header("X-Key") == "(configured; not recorded)"


def test_a_fault_is_a_metadata_record_under_the_request_s_id():
    fault = dataclasses.replace(CAPTURE, status=None, headers=(), body=b"", error="timeout")
    request, facts = records(to_warc(REQUEST, fault))
    assert (request[0], facts[0]) == ("request", "metadata")
    assert facts[1].get_header("WARC-Record-ID") == REQUEST.record_id


@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 2], lambda d: d[30:], lambda d: b""])
def test_damaged_records_are_an_error_of_the_lake(damage):
    with pytest.raises(LakeError):
        from_warc(damage(to_warc(REQUEST, CAPTURE)))
