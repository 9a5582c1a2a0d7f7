"""Servers that mean harm, or behave as if: each costs itself only, with a reason of its own."""

import resource
import time

import pytest

from transforms.records import Request
from transforms.web.fetcher import Fetcher

REASONS = {
    "/drip": "timeout",
    "/stall": "timeout",
    "/endless": "too-large",
    "/endless-headers": "headers-too-large",
    "/long-header": "headers-too-large",
    "/endless-informational": "timeout",
    "/bomb-gzip": "too-large",
    "/bomb-br": "too-large",
    "/bomb-zstd": "too-large",
    "/lying-long": "truncated",
    "/lying-short": "bad-response",  # what follows the body is no answer
    "/lying-huge": "too-large",
    "/cut-chunk": "truncated",
    "/cut-gzip": "truncated",
    "/bad-gzip": "bad-encoding",
    "/unknown-coding": "bad-encoding",
    "/many-codings": "bad-encoding",
    "/not-http": "bad-response",
    "/reset": "reset",
    "/loop": "redirect-loop",
    "/step0": "redirects",
    "/to-metadata": "private-address",
    "/to-network": "private-address",
    "/to-localhost": "port",
    "/to-file": "scheme",
    "/to-user": "credentials",
    "/to-nowhere": "bad-redirect",
    "/to-garbage": "bad-redirect",
}


@pytest.mark.parametrize("path", sorted(REASONS))
def test_each_attack_has_its_reason_within_its_deadline(fetch, hostile, path):
    begun = time.monotonic()
    capture = fetch(hostile + path)
    assert (capture.error, bool(capture.detail)) == (REASONS[path], True)
    assert time.monotonic() - begun < 6


def test_garbage_instead_of_tls(fetch, hostile):
    assert fetch(hostile.replace("http:", "https:") + "/").error == "tls"


def test_a_body_that_drips_ends_before_the_deadline(fetch, hostile):
    capture = fetch(hostile + "/drip", settings=fetch.settings(slow_after_s=0.5))
    assert capture.error == "timeout"
    assert 0.4 < capture.latency_s < 1.2
    assert "bytes came" in capture.detail


def test_interim_answers_without_end_end_before_the_deadline(fetch, hostile):
    settings = fetch.settings(connect_timeout_s=0.3, read_timeout_s=0.3, total_timeout_s=5.0)
    capture = fetch(hostile + "/endless-informational", settings=settings)
    assert (capture.error, capture.latency_s < 2) == ("timeout", True)


def test_what_is_called_gzip_and_is_not_is_read(fetch, hostile):
    assert fetch(hostile + "/not-gzip").body == b"<rss/>"


def test_a_body_that_breaks_off_keeps_what_came(fetch, hostile):
    assert fetch(hostile + "/lying-long").body == b"<rss>"


def test_honest_feeds_do_not_wait_for_hostile_ones_and_memory_stays(hostile, feed_server, fetch):
    honest = [feed_server.add(f"/{n}", f"<rss>{n}</rss>") for n in range(20)]
    urls = [hostile + path for path in sorted(REASONS)] + honest
    requests = [
        Request(kind="feed", feed_id=str(n), url=url, allow_private=True)
        for n, url in enumerate(urls)
    ]
    settings = fetch.settings(
        max_bytes=32 << 20, connections_per_domain=40, read_timeout_s=2.0, total_timeout_s=5.0
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with Fetcher(settings) as fetcher:
        found = {capture.url: capture for capture in fetcher.captures(requests)}
    assert time.monotonic() - begun < settings.total_timeout_s + 10
    assert all(found[url].error is None for url in honest)
    assert [found[hostile + path].error for path in sorted(REASONS)] == [
        REASONS[path] for path in sorted(REASONS)
    ]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB
