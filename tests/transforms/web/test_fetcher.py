"""Many requests at once: landing, replay, domains side by side, little in memory."""

import contextlib
import http.server
import threading
import time
from collections import Counter

import pytest

from transforms.failures import LakeError
from transforms.records import Request
from transforms.web.fetcher import LONG_BYTES, READY, SILENT_PAGES, Fetcher
from transforms.web.warc import from_warc

HOSTS = 500


def feeds(*urls, **fields):
    return [
        Request(kind="feed", feed_id=f"f{n}", url=url, allow_private=True, **fields)
        for n, url in enumerate(urls)
    ]


def test_every_request_gets_one_capture_and_each_has_landed(feed_server, fetch, raw):
    good = feed_server.add("/feed", "<rss/>")
    requests = feeds(good, feed_server.url("/gone"), "gopher://x", "file:///no/such/file")
    with Fetcher(fetch.settings(), raw) as fetcher:
        for capture in fetcher.captures(requests):
            assert from_warc(raw[capture.raw_record]) == capture
    assert {from_warc(data).error for data in raw.values()} == {
        None, "http-404", "scheme", "no-such-file",
    }  # fmt: skip


def test_what_landed_is_replayed_and_not_fetched(feed_server, fetch, raw):
    requests = feeds(feed_server.add("/feed", "<rss/>"), feed_server.url("/gone"))

    def captures():
        with Fetcher(fetch.settings(), raw) as fetcher:
            return sorted(fetcher.captures(requests), key=lambda one: one.feed_id)

    first = captures()
    feed_server.add("/feed", "<rss>new</rss>")
    assert captures() == first
    assert feed_server.counts == {"/feed": 1, "/gone": 1}


def test_long_bodies_go_by_way_of_the_raw_store(feed_server, fetch, raw):
    body = b"x" * (LONG_BYTES + 1)
    requests = feeds(*(feed_server.add(f"/{n}", body) for n in range(5)))
    with Fetcher(fetch.settings(), raw) as fetcher:
        assert [one.body for one in fetcher.captures(requests)] == [body] * 5
    with Fetcher(fetch.settings()) as fetcher:
        assert [one.body for one in fetcher.captures(requests)] == [body] * 5


def test_little_waits_for_a_slow_consumer(feed_server, fetch, raw):
    requests = feeds(*(feed_server.add(f"/{n}", "<rss/>") for n in range(3 * READY)))
    with Fetcher(fetch.settings(connections_per_domain=1), raw) as fetcher:
        captures = fetcher.captures(requests)
        next(captures)
        time.sleep(1.0)
        assert len(raw) <= READY + 1
        assert len(list(captures)) == 3 * READY - 1


def test_a_lake_that_cannot_be_written_ends_the_round(feed_server, fetch):
    class Full(dict):
        def put(self, record_id, data):
            raise LakeError("no space left")

    requests = feeds(*(feed_server.add(f"/{n}", "<rss/>") for n in range(5)))
    with Fetcher(fetch.settings(), Full()) as fetcher, pytest.raises(LakeError, match="no space"):
        list(fetcher.captures(requests))


def test_a_programming_error_is_not_hidden(feed_server, fetch):
    def broken(host, port):
        raise ZeroDivisionError

    with (
        Fetcher(fetch.settings(), resolve=broken) as fetcher,
        pytest.raises(ZeroDivisionError),
    ):
        list(fetcher.captures(feeds("http://feeds.example/")))


def test_a_domain_that_says_429_is_left_alone_for_the_rest_of_the_run(feed_server, fetch, raw):
    urls = [feed_server.add(f"/{n}", "<rss/>") for n in range(4)]
    feed_server.routes["/1"] = (429, {"Retry-After": "60"}, b"")
    requests = feeds(*urls)
    settings = fetch.settings(connections_per_domain=1)
    with Fetcher(settings, raw) as fetcher:
        found = {one.feed_id: one for one in fetcher.captures(requests)}
    assert [found[f"f{n}"].error for n in range(4)] == [None, "http-429", "held", "held"]
    assert found["f3"].header("retry-after")
    assert "/2" not in feed_server.counts
    # A rerun knows it from what landed.
    del raw[requests[2].record_id]
    with Fetcher(settings, raw) as fetcher:
        found = {one.feed_id: one for one in fetcher.captures(requests)}
    assert found["f2"].error == "held"
    assert "/2" not in feed_server.counts


def test_a_page_s_domain_that_never_answers_is_given_up_after_a_few(hostile, feed_server, fetch):
    pages = [
        Request(kind="page", feed_id="", url=f"{hostile}/reset?{n}", allow_private=True)
        for n in range(20)
    ]
    good = feed_server.add("/page", "<html>")
    pages.append(Request(kind="page", feed_id="", url=good, allow_private=True))
    settings = fetch.settings(respect_robots=False, connections_per_domain=1)
    with Fetcher(settings) as fetcher:
        found = Counter(one.error for one in fetcher.captures(pages))
    assert found == {"reset": SILENT_PAGES, "unreachable": 20 - SILENT_PAGES, None: 1}


def test_leaving_early_leaves_nothing_behind(feed_server, fetch):
    requests = feeds(*(feed_server.add(f"/{n}", "<rss/>") for n in range(50)))
    before = threading.active_count()
    fetcher = Fetcher(fetch.settings())
    with contextlib.closing(fetcher.captures(requests)) as captures:
        next(captures)
    assert len(list(fetcher.captures(requests))) == 50
    fetcher.close()
    fetcher.close()
    time.sleep(0.3)
    assert threading.active_count() <= before + 50  # only threads of the feed server remain


class _Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"<rss/>")

    def log_message(self, *_):
        pass


class _SlowServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1000


def test_500_hosts_of_300_ms_take_under_15_s(fetch, raw):
    """Each host is a domain of its own, at loopback by way of a resolver of ours."""
    with _SlowServer(("127.0.0.1", 0), _Slow) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        port = server.server_address[1]
        requests = feeds(*(f"http://feeds.host{n}.example:{port}/" for n in range(HOSTS)))
        settings = fetch.settings(
            delay_s=1.0, connect_timeout_s=10, read_timeout_s=10, total_timeout_s=20
        )
        begun = time.monotonic()
        with Fetcher(settings, raw, resolve=lambda *_: ["127.0.0.1"]) as fetcher:
            found = list(fetcher.captures(requests))
        took_s = time.monotonic() - begun
        server.shutdown()
        thread.join()
    assert [one.error for one in found] == [None] * HOSTS
    assert took_s < 15
    print(f"{HOSTS} hosts of 300 ms in {took_s:.1f} s")
