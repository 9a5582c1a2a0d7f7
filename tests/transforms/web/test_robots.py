"""robots.txt as RFC 9309 wants it read."""

import datetime as dt

import pytest

from transforms.records import Capture, Request
from transforms.web.fetcher import Fetcher
from transforms.web.robots import rules

PAGE = "https://example.org/news/1"


def said(body=b"", status=200, error=None):
    return rules(
        Capture(
            kind="robots", feed_id="", url="https://example.org/robots.txt", final_url="",
            fetched_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC), latency_s=0, raw_record="",
            status=status, error=error, body=body,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /news/", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: Wirelake\nAllow: /", True),
        (b"User-agent: wirelake\nDisallow: /news/", False),
        (b"User-agent: OtherBot\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /news/\nAllow: /news/1", True),
        (b"User-agent: *\nDisallow: /*.pdf$", True),
        (b"<html><body>Not found</body></html>", True),
        (b"\xff\xfe\x00garbage\nUser-agent: *\nDisallow: /", False),
    ],
)
def test_what_a_file_says(text, allowed):
    assert (said(text).fault(PAGE) is None) == allowed


@pytest.mark.parametrize(
    ("status", "error", "allowed"),
    [
        (404, "http-404", True), (403, "http-403", True), (410, "http-410", True),
        (500, "http-500", False), (503, "http-503", False), (None, "timeout", False),
        (None, "dns", False), (None, "connection", False), (None, "redirects", True),
        (None, "private-address", False),
    ],
)  # fmt: skip
def test_what_a_missing_file_means(status, error, allowed):
    fault = said(status=status, error=error).fault(PAGE)
    assert (fault is None) == allowed
    assert fault is None or fault.error == "robots"


def test_crawl_delay():
    assert said(b"User-agent: *\nCrawl-delay: 2.5").delay_s == 2.5
    assert said(b"User-agent: *\nCrawl-delay: soon").delay_s == 0
    assert said(status=404, error="http-404").delay_s == 0


def pages(server, *paths, quick, **changes):
    requests = [
        Request(kind="page", feed_id="", url=server.url(path), allow_private=True) for path in paths
    ]
    with Fetcher(quick(**changes)) as fetcher:
        return {one.url.removeprefix(server.origin): one for one in fetcher.captures(requests)}


def test_a_forbidden_page_is_not_asked_for_and_robots_only_once(feed_server, fetch):
    feed_server.add("/robots.txt", "User-agent: *\nDisallow: /secret/", "text/plain")
    feed_server.add("/open/1", "one")
    feed_server.add("/open/2", "two")
    feed_server.add("/secret/3", "three")
    found = pages(feed_server, "/open/1", "/open/2", "/secret/3", quick=fetch.settings)
    assert (found["/open/1"].body, found["/open/2"].body) == (b"one", b"two")
    assert found["/secret/3"].error == "robots"
    assert feed_server.counts == {"/robots.txt": 1, "/open/1": 1, "/open/2": 1}


def test_a_redirect_does_not_lead_around_robots(feed_server, fetch):
    feed_server.add("/robots.txt", "User-agent: *\nDisallow: /secret/", "text/plain")
    feed_server.routes["/open"] = (302, {"Location": "/secret/3"}, b"")
    feed_server.add("/secret/3", "three")
    assert pages(feed_server, "/open", quick=fetch.settings)["/open"].error == "robots"
    assert "/secret/3" not in feed_server.counts


def test_only_the_first_500_kib_count(feed_server, fetch):
    text = "User-agent: *\nDisallow: /secret/\n" + "# blah\n" * 90_000 + "Disallow: /\n"
    feed_server.add("/robots.txt", text, "text/plain")
    feed_server.add("/open", "one")
    found = pages(feed_server, "/open", "/secret/", quick=fetch.settings)
    assert (found["/open"].error, found["/secret/"].error) == (None, "robots")


def test_a_server_in_trouble_is_left_alone(feed_server, fetch):
    feed_server.routes["/robots.txt"] = (500, {}, b"")
    feed_server.add("/open", "one")
    assert pages(feed_server, "/open", quick=fetch.settings)["/open"].error == "robots"
    assert "/open" not in feed_server.counts


def test_a_domain_that_wants_to_be_left_alone_is(feed_server, fetch):
    feed_server.routes["/robots.txt"] = (503, {"Retry-After": "60"}, b"")
    found = pages(feed_server, "/1", "/2", quick=fetch.settings)
    assert [one.error for one in found.values()] == ["held", "held"]
    assert feed_server.counts == {"/robots.txt": 1}


def test_pages_that_a_crawl_delay_puts_off_too_long_are_refused(feed_server, fetch):
    feed_server.add("/robots.txt", "User-agent: *\nCrawl-delay: 1", "text/plain")
    for n in range(4):
        feed_server.add(f"/{n}", "page")
    found = pages(feed_server, *[f"/{n}" for n in range(4)], quick=fetch.settings, max_wait_s=1.5)
    assert sorted(one.error or "" for one in found.values()) == ["", "queue", "queue", "queue"]


def test_robots_can_be_switched_off_and_feeds_do_not_ask(feed_server, fetch):
    feed_server.add("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    feed_server.add("/page", "page")
    assert pages(feed_server, "/page", quick=fetch.settings, respect_robots=False)["/page"].body
    assert fetch(feed_server.url("/page")).body == b"page"
    assert "/robots.txt" not in feed_server.counts
