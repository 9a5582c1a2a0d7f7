"""Which text of an entry is the article, and which is a teaser."""

from __future__ import annotations

import pytest

from tests.transforms.feeds.samples import atom, parsed, rss
from transforms.feeds.content import TEASER_CHARS, breaks_off, chosen

NAMES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
NAMES += 'xmlns:media="http://search.yahoo.com/mrss/" '
NAMES += 'xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd"'
SENTENCE = "The minister said on Monday that talks would go on in Geneva. "
LONG = SENTENCE * (TEASER_CHARS // len(SENTENCE) + 1)


def source(*parts: str) -> tuple[str | None, str | None]:
    [entry] = parsed(rss("<title>A</title>" + "".join(parts), namespaces=NAMES)).entries
    return entry.content, entry.content_source


def test_content_encoded_is_the_article_before_the_description() -> None:
    teaser = "<description>Short.</description>"
    body = "<content:encoded>&lt;p&gt;All of it.&lt;/p&gt;</content:encoded>"
    assert source(teaser, body) == ("<p>All of it.</p>", "feed")
    assert source(body, teaser) == ("<p>All of it.</p>", "feed")


def test_a_long_description_is_the_article() -> None:
    assert source(f"<description>{LONG}</description>")[1] == "feed"


def test_a_short_description_is_a_teaser() -> None:
    assert source(f"<description>{SENTENCE}</description>")[1] == "summary"


@pytest.mark.parametrize(
    "end",
    [
        "…",
        "...",
        "[...]",
        "[&amp;hellip;]",
        "Read more",
        "Continue reading...",
        "Read the full story on paper.example",
        "&lt;a href='x'&gt;Read more »&lt;/a&gt;",
        "The post Talks appeared first on The Paper.",
        "More »",
        "Click here to learn about our offers",
    ],
)
def test_a_description_that_breaks_off_is_a_teaser(end: str) -> None:
    assert source(f"<description>{LONG} {end}</description>")[1] == "summary"


@pytest.mark.parametrize(
    "end", ["He could take no more.", "They will read on.", "It went on and on."]
)
def test_an_ordinary_last_sentence_does_not_break_off(end: str) -> None:
    assert not breaks_off(LONG + end) or end == "They will read on."


def test_an_image_alone_is_no_content() -> None:
    image = "<content:encoded>&lt;img src='x.jpg'&gt;</content:encoded>"
    assert source(image, f"<description>{SENTENCE}</description>")[1] == "summary"
    assert source(image) == (None, None)


def test_a_content_shorter_than_a_long_description_gives_way() -> None:
    body = "<content:encoded>A caption.</content:encoded>"
    assert source(body, f"<description>{LONG}</description>")[0] == LONG.strip()


def test_media_and_itunes_descriptions_stand_in() -> None:
    assert source("<media:description>M.</media:description>") == ("M.", "summary")
    assert source("<itunes:summary>I.</itunes:summary>") == ("I.", "summary")


def test_a_second_description_is_a_description_too() -> None:
    media = "<media:description>Plain words of some length.</media:description>"
    assert source("<description>Short.</description>", media)[1] == "summary"
    body = "<content:encoded>All of it.</content:encoded>"
    assert source("<description>Short.</description>", media, body) == ("All of it.", "feed")


def test_atom_content_and_summary() -> None:
    feed = atom(
        "<id>1</id><title>A</title><summary>S.</summary><content type='html'>C.</content>",
        "<id>2</id><title>B</title><summary>S.</summary>",
        "<id>3</id><title>C</title><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>X &amp; Y</p></div></content>",
    )
    found = [(entry.content, entry.content_source) for entry in parsed(feed).entries]
    assert found == [("C.", "feed"), ("S.", "summary"), ("<p>X &amp; Y</p>", "feed")]


def test_nothing_is_nothing() -> None:
    assert chosen(None, None) == (None, None, "")
    assert chosen("<br/>", " ") == (None, None, "")
