"""What belongs to one publisher, and whose turn it is."""

import asyncio
import datetime as dt
import itertools
import time

import pytest

from transforms.failures import InputFault
from transforms.web.polite import Gate, domain_of
from transforms.web.settings import WebSettings


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("https://example.org:8443/", "example.org"),
        ("http://EXAMPLE.org./", "example.org"),
        ("https://someone.github.io/", "github.io"),
        ("https://co.uk/", "co.uk:443"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("http://[::1]:8000/a", "[::1]:8000"),
        ("http://0x7f.1:8000/a", "127.0.0.1:8000"),
        ("http://localhost/a", "localhost:80"),
        ("http://intranet:8080/a", "intranet:8080"),
        ("file:///tmp/feed.xml", "file"),
        ("http://[half/", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_group_of_a_url(url, domain):
    assert domain_of(url) == domain


def starts(urls, settings):
    """Return (url, start in s) of each turn, each lasting 50 ms."""

    async def run():
        gate = Gate(settings)
        begun = time.monotonic()
        found = []

        async def visit(url):
            async with gate.turn(url, delay_s=settings.delay_s):
                found.append((url, time.monotonic() - begun))
                await asyncio.sleep(0.05)

        await asyncio.gather(*(visit(url) for url in urls))
        return found

    return asyncio.run(run())


def test_requests_to_one_domain_start_d_seconds_apart():
    urls = [f"https://{host}.example.org/" for host in "abcd"]
    times = [start for _, start in starts(urls, WebSettings(delay_s=0.1))]
    assert all(0.09 < b - a < 0.2 for a, b in itertools.pairwise(times))


def test_at_most_n_at_once():
    settings = WebSettings(delay_s=0, connections_per_domain=2)
    times = [start for _, start in starts(["https://example.org/"] * 6, settings)]
    assert [round(start / 0.05) for start in times] == [0, 0, 1, 1, 2, 2]


def test_domains_do_not_wait_for_each_other():
    urls = [f"https://{n}.example/" for n in range(100)]
    assert max(start for _, start in starts(urls, WebSettings(delay_s=5))) < 1


def test_a_worker_has_only_so_many_requests_under_way():
    urls = [f"https://{n}.example/" for n in range(6)]
    times = [start for _, start in starts(urls, WebSettings(parallel_requests=2))]
    assert max(times) >= 0.1


def test_a_crawl_delay_counts_from_the_request_for_robots():
    async def run():
        gate = Gate(WebSettings())
        loop = asyncio.get_running_loop()
        times = []
        for _ in range(3):
            async with gate.turn("https://example.org/", delay_s=0):
                times.append(loop.time())
                gate.slow_down("https://example.org/", 0.3)
        return [round(b - a, 1) for a, b in itertools.pairwise(times)]

    assert asyncio.run(run()) == [0.3, 0.3]


def test_a_redirect_s_hop_does_not_wait_and_still_counts():
    async def run():
        gate = Gate(WebSettings())
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for hop in (False, True, True, False):
            async with gate.turn("https://example.org/", delay_s=0.3, hop=hop):
                last = loop.time()
        return last - begun

    assert 0.29 < asyncio.run(run()) < 0.5


def test_a_held_domain_is_left_alone_and_others_are_not():
    async def run():
        gate = Gate(WebSettings())
        until = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
        gate.hold("https://a.example.org/", until)
        async with gate.turn("https://example.com/", delay_s=0):
            pass
        with pytest.raises(InputFault, match="held"):
            async with gate.turn("https://b.example.org/", delay_s=0):
                pass
        assert gate.held_until("https://example.org/") == until
        gate.release(until)
        async with gate.turn("https://b.example.org/", delay_s=0):
            pass

    asyncio.run(run())


def test_a_turn_that_would_come_too_late_is_refused():
    async def run():
        gate = Gate(WebSettings())
        latest = asyncio.get_running_loop().time() + 1
        async with gate.turn("https://example.org/", delay_s=100, latest=latest):
            pass
        with pytest.raises(InputFault, match="queue"):
            async with gate.turn("https://example.org/", delay_s=100, latest=latest):
                pass

    asyncio.run(run())
