"""Whatever is written or answered, there is a capture or an InputFault, never another exception."""

import contextlib
import gzip
import itertools
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from transforms.failures import InputFault
from transforms.records import Request
from transforms.web.fetcher import Fetcher
from transforms.web.guard import checked_url, same_host
from transforms.web.polite import domain_of
from transforms.web.warc import from_warc, to_warc

PARTS = st.sampled_from(
    ["http:", "https:", "file:", "//", "/", "\\", "@", ":", "[", "]", "::1", "127.0.0.1", "0x7f.1",
     "localhost", "example.org", "%00", "%2f", "#", "?", "ü", "①", "。", ".", "..", "xn--", "80", " "]
)  # fmt: skip
URLS = st.lists(PARTS | st.text(max_size=3), max_size=12).map("".join)


@given(URLS)
@example("http://[::1%25eth0]/")
@example("http://xn--/")
@example("http://" + "a" * 70 + ".example/")
def test_any_text_is_a_url_that_may_be_asked_or_an_input_fault(url):
    domain_of(url)
    same_host(url, url)
    with contextlib.suppress(InputFault):
        assert checked_url(url, ports=(80, 443)).scheme in ("http", "https")


LINES = st.sampled_from(
    [b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Content-Encoding: gzip",
     b"Content-Encoding: br", b"Content-Encoding: zstd", b"Content-Encoding: deflate",
     b"Location: /fuzz", b"Location: http://[", b"Location: \xff\xfe", b"Location: //",
     b"Location: http://xn--/", b"Retry-After: 9999999999999", b"Retry-After: \xff",
     b"Set-Cookie: a=b; =;", b"ETag: \xe4", b"Content-Type: \xff/\xff; charset=\xfe",
     b"Keep-Alive: timeout=-1", b"Expires: 0", b"Content-Encoding: rot13"]
)  # fmt: skip
WRONG_LINES = st.binary(max_size=20) | st.sampled_from(
    [b"Content-Length: -5", b"Content-Length: 5, 5", b"Content-Length: 1e3", b" folded",
     b"Transfer-Encoding: gzip, chunked", b"no colon", b": no name", b"X\x00Y: z",
     b"Connection: upgrade\r\nUpgrade: h2c"]
)  # fmt: skip
STATUS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 301 Go", b"HTTP/1.1 302 Go",
     b"HTTP/1.1 203 Fine", b"HTTP/1.1 500 Oh", b"HTTP/1.1 429 Wait", b"HTTP/1.1 304 Same"]
)  # fmt: skip
WRONG_STATUS = st.sampled_from(
    [b"HTTP/1.1 999 ?", b"HTTP/1.1 101 Up", b"HTTP/1.1 100 Continue", b"HTTP/2 200", b"", b"\xff",
     b"HTTP/1.1 0200 OK", b"HTTP/1.1 204 No", b"HTTP/1.1 206 Part", b"ICY 200 OK"]
)  # fmt: skip


def answer(status: bytes, lines: list[bytes], body: bytes) -> bytes:
    return b"\r\n".join([status, *lines, b"", body])


BODIES = st.sampled_from([b"", b"<rss>", b"5\r\n<rss>\r\n0\r\n\r\n", gzip.compress(b"x")]) | (
    st.binary(max_size=40)
)
ANSWERS = st.one_of(
    st.builds(answer, STATUS, st.lists(LINES, max_size=3, unique=True), BODIES),
    st.builds(answer, STATUS, st.lists(LINES, max_size=3, unique=True), BODIES),
    st.builds(answer, STATUS, st.lists(LINES | WRONG_LINES, max_size=3), BODIES),
    st.builds(answer, WRONG_STATUS, st.lists(LINES, max_size=3), BODIES),
)


def test_any_answer_is_a_capture_that_can_be_landed(hostile, hostile_answers, fetch):
    names = (f"host{n}.example" for n in itertools.count())
    seen: Counter[str | None] = Counter()
    quick = fetch.settings(tries=1, max_redirects=3, read_timeout_s=0.3, respect_robots=False)
    with Fetcher(quick, resolve=lambda *_: ["127.0.0.1"]) as fetcher:

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(ANSWERS)
        def any_answer(given_answer):
            hostile_answers["/fuzz"] = given_answer
            # A domain that asks for time would be left alone, so each try is another one.
            url = f"{hostile}/fuzz".replace("127.0.0.1", next(names))
            request = Request(kind="page", feed_id="f", url=url, allow_private=True)
            [capture] = fetcher.captures([request])
            assert from_warc(to_warc(request, capture)) == capture
            assert capture.error or capture.status in (200, 203)
            seen[capture.error] += 1

        any_answer()
    print(seen)
    assert seen[None] > 20  # the fuzz reaches the good paths
    assert len(seen) > 5  # and many of the bad
