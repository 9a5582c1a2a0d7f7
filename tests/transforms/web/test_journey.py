"""Where a request may go next, and what it says there."""

import pytest
from yarl import URL

from transforms.failures import InputFault
from transforms.records import Request
from transforms.web.body import Answer
from transforms.web.journey import Budget, Journey, hop_headers, judged, step


def journey(url="https://example.org/a", **fields):
    return Journey(Request(kind="feed", feed_id="f", url=url, **fields), url, Budget(1.0))


def go(way, *locations, status=302):
    for location in locations:
        step(way, URL(way.url), Answer(status, (("Location", location),)), 6)


def test_a_relative_location_is_resolved_and_its_fragment_dropped():
    way = journey()
    go(way, "../b?c=d#e")
    assert way.url == "https://example.org/b?c=d"
    assert way.redirects == [(302, "https://example.org/b?c=d")]


@pytest.mark.parametrize(
    ("locations", "error"),
    [
        (["http://example.org/a"], "downgrade"),
        (["/a"], "redirect-loop"),
        (["/b", "/c", "/b"], "redirect-loop"),
        ([f"/{n}" for n in range(7)], "redirects"),
        (["http://[half/"], "bad-redirect"),
        ([""], "bad-redirect"),
    ],
)
def test_where_a_redirect_may_not_lead(locations, error):
    with pytest.raises(InputFault, match=error):
        go(journey(), *locations)


def test_plain_http_may_become_https_and_stay_http():
    way = journey("http://example.org/a")
    go(way, "http://example.org/b", "https://example.org/b")
    assert way.url == "https://example.org/b"


def test_what_is_lifted_for_a_host_is_not_lifted_for_another():
    way = journey("http://10.0.0.1/a", allow_private=True)
    assert way.private
    go(way, "http://10.0.0.1:8000/b")
    assert way.private
    go(way, "http://10.0.0.2/b")
    assert not way.private


def test_secrets_stay_at_the_origin_they_are_for():
    way = journey(headers=(("authorization", "secret"),))
    assert hop_headers(way, "me")["Authorization"] == "secret"
    go(way, "https://example.org:8443/b")
    assert "Authorization" not in hop_headers(way, "me")


def test_a_configured_header_takes_the_place_of_ours():
    way = journey(headers=(("user-agent", "theirs"),))
    assert hop_headers(way, "ours").getall("User-Agent") == ["theirs"]


@pytest.mark.parametrize(
    ("status", "error"),
    [(200, None), (203, None), (204, "http-204"), (206, "http-206"), (304, "bad-response"),
     (300, "http-300"), (404, "http-404"), (599, "http-599"), (999, "http-999")],
)  # fmt: skip
def test_what_an_answer_is_worth(status, error):
    fault = judged(journey().request, Answer(status, ())).fault
    assert (fault.error if fault else None) == error


def test_304_is_good_where_it_was_asked_for():
    request = journey(etag='"1"').request
    assert judged(request, Answer(304, ())).fault is None
