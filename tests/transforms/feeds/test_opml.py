"""OPML: what readers write is read, what is written is read again, nothing is expanded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.failures import InputFault
from transforms.feeds.opml import Subscription, feed_url, read_opml, write_opml


def opml(body: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<opml version="2.0"><head/><body>{body}</body></opml>'.encode()


def feed(url: str, name: str = "Paper", more: str = "") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{url}" {more}/>'


def test_nested_outlines_become_groups() -> None:
    nested = f'<outline text="World"><outline title="Asia">{feed("https://a.example/1")}</outline>'
    found = read_opml(
        opml(f"{nested}{feed('https://a.example/2')}</outline>{feed('https://b.example')}")
    )
    assert [(one.url, one.group) for one in found.feeds] == [
        ("https://a.example/1", "World / Asia"),
        ("https://a.example/2", "World"),
        ("https://b.example/", None),
    ]


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ('<outline XMLURL="https://a.example/f" TEXT="A &amp; B"/>', "A & B"),
        ('<outline xmlurl="https://a.example/f" title="A & B"/>', "A & B"),
        ('<outline type="rss" url="https://a.example/f" text="A&nbsp;B"/>', "A B"),
        ('<outline xmlUrl="https://a.example/f" title=" A\n B "/>', "A B"),
        ('<outline xmlUrl="feed:https://a.example/f" text=""/>', None),
        ('<o:outline xmlns:o="x" xmlUrl="HTTPS://A.Example/f#x" text="caf\xe9"/>', "caf\xe9"),
    ],
)
def test_what_readers_write_is_read(outline: str, expected: str | None) -> None:
    [one] = read_opml(opml(outline)).feeds
    assert (one.url, one.title) == ("https://a.example/f", expected)


def test_a_feed_that_is_named_twice_is_taken_once() -> None:
    body = (
        feed("http://a.example/f", "")
        + f'<outline text="G">{feed("https://A.example/f")}</outline>'
    )
    found = read_opml(opml(body))
    assert found.feeds == (Subscription(url="https://a.example/f", title="Paper", group="G"),)
    assert found.merged == 1


def test_what_cannot_be_polled_is_named_without_its_password() -> None:
    urls = ("file:///etc/passwd", "https://me:s3cret@a.example/f", "ftp://a.example", "not a url")
    found = read_opml(opml("".join(map(feed, urls)) + feed("https://b.example/f")))
    assert [one.url for one in found.feeds] == ["https://b.example/f"]
    assert len(found.unusable) == 4
    assert "s3cret" not in "".join(found.unusable)


def test_an_outline_that_links_to_a_page_is_no_feed() -> None:
    assert not read_opml(opml('<outline type="link" text="x" url="https://a.example"/>')).feeds


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (
            opml(
                feed("https://a.example", "&x;"), '<!DOCTYPE o [<!ENTITY x SYSTEM "/etc/passwd">]>'
            ),
            "entities",
        ),
        (b"<rss><channel/></rss>", "not-opml"),
        (b'<opml version="1.0"><head/></opml>', "not-opml"),
        (b"", "unparsable"),
        (b"hello", "not-opml"),
        (b" " * 32_000_001, "too-large"),
    ],
)
def test_what_is_no_opml_is_said_to_be(data: bytes, error: str) -> None:
    with pytest.raises(InputFault) as caught:
        read_opml(data)
    assert caught.value.error == error


def test_deep_nesting_ends() -> None:
    depth = 100_000
    body = '<outline text="x">' * depth + feed("https://a.example/f") + "</outline>" * depth
    try:
        read_opml(opml(body))
    except InputFault as fault:
        assert fault.detail  # noqa: PT017 - reading what stands above it would be as good


NAMES = st.text(min_size=1, max_size=20).filter(lambda text: " / " not in text)
FEEDS = st.builds(
    Subscription,
    url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9?=&;]{0,9}", fullmatch=True).map(
        lambda url: str(feed_url(url))
    ),
    title=NAMES,
    group=st.none() | st.lists(NAMES, min_size=1, max_size=3).map(" / ".join),
    language=st.none() | st.sampled_from(["en", "de"]),
)


@given(st.lists(FEEDS, max_size=8, unique_by=lambda one: one.url))
def test_what_is_written_is_read_again(feeds: list[Subscription]) -> None:
    found = read_opml(write_opml(feeds, title="A list"))
    assert {one.url for one in found.feeds} == {one.url for one in feeds}
    assert not found.unusable
    again = read_opml(write_opml(found.feeds, title="A list"))
    assert set(again.feeds) == set(found.feeds)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_none(text: str) -> None:
    url = feed_url(text)
    assert url is None or feed_url(url) == url


@given(st.binary(max_size=200) | st.text(max_size=200).map(opml))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_opml(data)
    except InputFault as fault:
        assert fault.detail  # noqa: PT017 - either is right
