"""News sitemaps."""

from __future__ import annotations

import datetime as dt

from tests.transforms.feeds.samples import parsed

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)
URL = (
    "<url><loc>https://paper.example/{0}</loc><news:news><news:publication><news:name>Paper"
    "</news:name><news:language>en</news:language></news:publication>"
    "<news:publication_date>2024-11-22T09:30:00Z</news:publication_date>"
    "<news:title>Title {0} &amp; more</news:title><news:keywords>Asia, War</news:keywords>"
    "</news:news><lastmod>2024-11-23</lastmod></url>"
)


def test_every_field() -> None:
    [entry] = parsed(HEAD + URL.format(1) + "</urlset>").entries
    assert entry.url == entry.guid == "https://paper.example/1"
    assert (entry.title, entry.publisher, entry.language) == ("Title 1 & more", "Paper", "en")
    assert entry.published_at == dt.datetime(2024, 11, 22, 9, 30, tzinfo=dt.UTC)
    assert entry.updated_at == dt.datetime(2024, 11, 23, tzinfo=dt.UTC)
    assert entry.categories == ("Asia", "War")
    assert (entry.content, entry.content_source) == (None, None)


def test_one_that_breaks_off_gives_its_whole_entries() -> None:
    body = HEAD + "".join(URL.format(n) for n in range(3)) + "</urlset>"
    whole = parsed(body)
    assert len(whole.entries) == 3
    assert whole.fault is None
    for length in range(len(HEAD), len(body), 5):
        cut = parsed(body[:length])
        assert whole.entries[: len(cut.entries)] == cut.entries
        assert cut.fault is not None
        assert cut.fault.error == "truncated"


def test_an_index_names_its_first_sitemap() -> None:
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>'
        "<loc>https://paper.example/news.xml</loc></sitemap></sitemapindex>"
    )
    fault = parsed(index).fault
    assert fault is not None
    assert fault.error == "not-a-feed"
    assert "https://paper.example/news.xml" in fault.detail
