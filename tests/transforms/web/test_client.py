"""One request: what is sent, what is captured, what is followed. Servers are on loopback."""

import datetime as dt
import gzip
import socket
import zlib

import brotli
import pytest
import zstandard

FEED = b"<rss version='2.0'><channel><title>Honest</title></channel></rss>"


def test_a_feed_is_captured_with_its_headers(fetch, feed_server):
    url = feed_server.add("/feed.xml", FEED, "application/rss+xml")
    capture = fetch(url)
    assert (capture.status, capture.body, capture.error) == (200, FEED, None)
    assert capture.header("content-type") == "application/rss+xml"
    assert capture.final_url == url
    assert 0 < capture.latency_s < 1
    assert capture.fetched_at.tzinfo == dt.UTC


def test_an_honest_request(fetch, feed_server):
    url = feed_server.add("/feed.xml", FEED)
    fetch(url, settings=fetch.settings(contact="https://example.org/bot"))
    [(_, sent)] = feed_server.requests
    assert sent["user-agent"] == "Wirelake/0.1 (+https://example.org/bot)"
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "application/rss+xml" in sent["accept"]
    assert not sent.keys() & {"cookie", "referer", "authorization", "if-none-match"}


def test_both_validators_go_back_as_they_came(fetch, feed_server):
    url = feed_server.add("/feed.xml", FEED)
    fetch(url, etag='W/"  odd,,value"', last_modified="Sometime in 2024")
    [(_, sent)] = feed_server.requests
    assert sent["if-none-match"] == 'W/"  odd,,value"'
    assert sent["if-modified-since"] == "Sometime in 2024"


def test_unchanged_feeds_are_304_and_no_fault(fetch, feed_server):
    url = feed_server.add("/feed.xml", FEED)
    first = fetch(url)
    second = fetch(url, etag=first.header("etag"))
    assert (second.status, second.body, second.error) == (304, b"", None)


@pytest.mark.parametrize("etag", ['"ü"', '"a\nX-Evil: 1"', '"\udc80"', ""])
def test_a_validator_that_cannot_be_sent_as_it_is_is_not_sent(fetch, feed_server, etag):
    url = feed_server.add("/feed.xml", FEED)
    assert fetch(url, etag=etag).status == 200
    assert "if-none-match" not in feed_server.requests[0][1]


def test_304_to_an_unconditional_request_is_a_fault(fetch, feed_server):
    feed_server.routes["/feed"] = (304, {}, b"")
    assert fetch(feed_server.url("/feed")).error == "bad-response"


def test_no_cookie_is_kept(fetch, feed_server):
    feed_server.routes["/a"] = (302, {"Location": "/b", "Set-Cookie": "who=you; Path=/"}, b"")
    feed_server.add("/b", FEED)
    assert fetch(feed_server.url("/a")).body == FEED
    assert all("cookie" not in sent for _, sent in feed_server.requests)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451, 204, 206])
def test_an_answer_without_a_document_is_a_fault_by_its_number(fetch, feed_server, status):
    feed_server.routes["/feed"] = (status, {}, b"")
    capture = fetch(feed_server.url("/feed"))
    assert (capture.status, capture.error, capture.body) == (status, f"http-{status}", b"")
    assert len(feed_server.requests) == 1


def test_server_errors_are_tried_again(fetch, feed_server):
    feed_server.routes["/feed"] = (503, {}, b"")
    capture = fetch(feed_server.url("/feed"), settings=fetch.settings(tries=3))
    assert (capture.status, capture.error) == (503, "http-503")
    assert len(feed_server.requests) == 3


def test_a_server_that_names_a_time_is_not_tried_again(fetch, feed_server):
    feed_server.routes["/feed"] = (503, {"Retry-After": "120"}, b"")
    assert fetch(feed_server.url("/feed")).header("retry-after") == "120"
    assert len(feed_server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(fetch, feed_server, status):
    feed_server.routes["/old"] = (status, {"Location": "/new#top"}, b"")
    feed_server.add("/new", FEED)
    capture = fetch(feed_server.url("/old"))
    assert capture.body == FEED
    assert capture.redirects == ((status, feed_server.url("/new")),)
    assert (capture.url, capture.final_url) == (feed_server.url("/old"), feed_server.url("/new"))


def test_configured_headers_go_to_the_feed_and_not_where_it_points(fetch, feed_server):
    other = feed_server.url("/there").replace("127.0.0.1", "here.example")
    feed_server.routes["/feed"] = (302, {"Location": other}, b"")
    secret = (("Authorization", "Bearer secret"),)
    capture = fetch(feed_server.url("/feed"), headers=secret)
    assert feed_server.requests[0][1]["authorization"] == "Bearer secret"
    assert capture.error == "port"  # what is lifted for the feed's host is not for another
    assert len(feed_server.requests) == 1


def test_a_header_that_would_break_the_request_is_a_fault(fetch, feed_server):
    url = feed_server.add("/feed", FEED)
    assert fetch(url, headers=(("X-Key", "a\r\nHost: evil"),)).error == "bad-header"
    assert not feed_server.requests


def test_names_are_resolved_once_and_pinned(fetch, feed_server):
    url = feed_server.add("/feed", FEED).replace("127.0.0.1", "feeds.example")
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert fetch(url, resolve=rebinding).body == FEED
    assert asked == ["feeds.example"]


def test_a_name_that_points_inside_is_refused(fetch):
    for addresses in (["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["169.254.169.254"], ["::1"]):
        capture = fetch(
            "http://feeds.example/", allow_private=False, resolve=lambda *_, a=addresses: a
        )
        assert capture.error == "private-address"
        assert "feeds.example" in capture.detail


def test_link_local_stays_refused_even_for_private_feeds(fetch):
    capture = fetch("http://feeds.example/", resolve=lambda *_: ["169.254.169.254"])
    assert capture.error == "private-address"


def test_private_feeds_must_say_so(fetch, feed_server):
    url = feed_server.add("/feed", FEED)
    port = int(url.split(":")[2].split("/")[0])
    assert fetch(url, allow_private=False).error == "port"
    capture = fetch(url, allow_private=False, settings=fetch.settings(ports=(port,)))
    assert capture.error == "private-address"
    assert not feed_server.requests


def test_an_unknown_name_is_dns(fetch):
    capture = fetch("http://nowhere.example/")
    assert (capture.error, capture.status) == ("dns", None)


def test_a_name_server_that_fails_for_now_is_asked_again(fetch, feed_server):
    url = feed_server.add("/feed", FEED).replace("127.0.0.1", "feeds.example")
    asked = []

    def shaky(host, port):
        asked.append(host)
        if len(asked) == 1:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return ["127.0.0.1"]

    assert fetch(url, resolve=shaky).body == FEED


def test_a_closed_port_is_a_connection_fault(fetch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert fetch(f"http://127.0.0.1:{port}/").error == "connection"


def test_a_proxy_of_the_environment_is_not_used(fetch, feed_server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert fetch(feed_server.add("/feed", FEED)).body == FEED


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_codings_are_undone(fetch, feed_server, coding):
    pack = {
        "gzip": gzip.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
        "deflate": zlib.compress,
    }
    body = FEED * 20_000
    feed_server.routes["/feed"] = (200, {"Content-Encoding": coding}, pack[coding](body))
    assert fetch(feed_server.url("/feed")).body == body
