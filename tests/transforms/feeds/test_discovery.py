"""Feeds that pages announce."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.discovery import discovered, page_title

PAGE = """<html><head><title> The &amp; Paper </title>
<!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->
<script>"<link rel=alternate type=application/rss+xml href=/script>"</script>
<link href='/rss?a=1&amp;b=2' type="application/rss+xml; charset=utf-8" rel="Alternate">
<link rel="alternate stylesheet" type="text/css" href="/style.css">
<link rel="alternate" hreflang="de" href="/de">
<LINK REL=alternate TYPE=application/atom+xml HREF=atom.xml />
<a rel="feed" href="https://other.example/feed">Feed</a>
<link rel="alternate" type="application/feed+json" href="javascript:x">
</head></html>"""


def test_announced_feeds_are_found_in_order() -> None:
    assert discovered(PAGE, "https://paper.example/a/b") == [
        "https://paper.example/rss?a=1&b=2",
        "https://paper.example/a/atom.xml",
        "https://other.example/feed",
    ]
    assert page_title(PAGE) == "The & Paper"


def test_a_base_element_counts() -> None:
    page = '<base href="https://cdn.example/x/"><link rel="alternate" type="text/xml" href="y">'
    assert discovered(page, "https://paper.example/") == ["https://cdn.example/x/y"]


@given(st.text(alphabet="<>link rel=alternate href'\"base &;/:"))
def test_no_page_breaks_it(page: str) -> None:
    discovered(page, None)
    page_title(page)
