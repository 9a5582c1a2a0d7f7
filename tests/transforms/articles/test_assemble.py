"""An entry and its page become one article."""

import datetime as dt

import pytest

from transforms.articles.assemble import article
from transforms.failures import InputFault
from transforms.records import Page

BODY = "The two ministers signed the treaty on Friday. " * 4


def test_a_feeds_full_content_is_the_text(entry, source, run):
    content = f"<p>GENEVA (AP) — {BODY}</p><p>Second.</p>"
    copy = article(
        entry(
            content=content,
            content_source="feed",
            published_at=dt.datetime(2024, 11, 22, tzinfo=dt.UTC),
        ),
        None,
        source,
        run,
    )
    row = copy.article
    assert row.text == f"GENEVA (AP) — {BODY.strip()}\n\nSecond."
    assert (row.text_source, row.dateline, row.language) == ("feed", "GENEVA (AP)", "en")
    assert (row.url, row.canonical_url) == (
        "https://a.example/x?utm_source=rss",
        "https://a.example/x",
    )
    assert (row.publisher, row.published_source, row.run_id) == ("The Example Times", "feed", "r1")
    assert row.word_count == 8 * 4 + 3


def test_a_teaser_says_that_it_is_one(entry, source, run):
    row = article(entry(content="A teaser.", content_source="summary"), None, source, run).article
    assert (row.text, row.text_source) == ("A teaser.", "summary")


def test_a_title_alone_is_kept_with_an_empty_summary(entry, source, run):
    row = article(entry(), None, source, run).article
    assert (row.text, row.text_source, row.word_count) == ("", "summary", 0)


@pytest.mark.parametrize("content", [None, "", "<p> </p>", "\u200b"])
def test_neither_title_nor_text_is_a_fault(entry, source, run, content):
    with pytest.raises(InputFault, match="empty-entry"):
        article(entry(title="\u200b ", content=content, content_source="feed"), None, source, run)


@pytest.mark.parametrize(
    ("own", "own_source", "page", "text_source"),
    [
        ("A teaser of the treaty.", "summary", BODY, "page"),
        (BODY, "summary", "Treaty.", "summary"),
        (BODY, "feed", BODY + " The treaty is long.", "page"),
        (BODY, "feed", "Subscribe to read about the treaty.", "feed"),  # a paywall
        ("Short treaty.", "summary", "We value your privacy. " * 20, "summary"),  # a consent wall
        (None, None, BODY, "page"),
    ],
)
def test_which_text_is_kept(request, own, own_source, page, text_source):
    entry, source, run = map(request.getfixturevalue, ("entry", "source", "run"))
    row = article(
        entry(content=own, content_source=own_source), Page(text=page), source, run
    ).article
    assert row.text_source == text_source


def test_a_shortener_gives_way_to_where_it_led(entry, source, run):
    copy = article(
        entry(url="https://t.co/abc"), Page(final_url="https://a.example/y?fbclid=1"), source, run
    )
    assert copy.article.canonical_url == "https://a.example/y"
    assert copy.article.url == "https://t.co/abc"
    ordinary = article(entry(), Page(final_url="https://a.example/login"), source, run)
    assert ordinary.article.canonical_url == "https://a.example/x"


def test_the_pages_canonical_is_honoured(entry, source, run):
    page = Page(canonical_url="https://a.example/z?utm_medium=x")
    assert article(entry(), page, source, run).article.canonical_url == "https://a.example/z"


def test_ids(entry, source, run):
    def number(**fields):
        return article(entry(**fields), None, source, run).article.article_id

    assert number(content="A", content_source="feed") != number(content="B", content_source="feed")
    assert number(guid="1") == number(guid="2")  # the address decides
    assert number(guid="1", url=None) != number(guid="2", url=None)
    assert number(guid=None, url=None, title="A") != number(guid=None, url=None, title="B")


def test_an_unbelievable_date_is_missing(entry, source, run):
    for year in (1970, 2031):
        row = article(
            entry(published_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC)), None, source, run
        ).article
        assert (row.published_at, row.published_source) == (None, "missing")


def test_a_page_date_is_marked(entry, source, run):
    day = dt.datetime(2024, 11, 20, 8, tzinfo=dt.UTC)
    page = Page(published_at=day, published_declared=True)
    row = article(
        entry(published_at=dt.datetime(2024, 11, 22, tzinfo=dt.UTC)), page, source, run
    ).article
    assert (row.published_at, row.published_source) == (day, "page")
    guess = Page(published_at=day)
    row = article(
        entry(published_at=dt.datetime(2024, 11, 22, tzinfo=dt.UTC)), guess, source, run
    ).article
    assert row.published_source == "feed"
