"""Canonical addresses: what makes no difference, what does, and that canonical twice is once."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.articles import tables, urls
from transforms.articles.urls import canonical_url, declared_canonical, url_identity


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/x?b=2&a=1#top", "https://a.example/x?a=1&b=2"),
        ("http://a.example/x", "https://a.example/x"),
        ("HTTPS://A.Example:443/x", "https://a.example/x"),
        ("https://a.example/?id=7&fbclid=abc", "https://a.example/?id=7"),
        ("https://a.example/story?p", "https://a.example/story?p="),  # means something to the site
        ("https://m.a.example/x", "https://a.example/x"),
        ("https://amp.a.example/x", "https://a.example/x"),
        ("https://a.example/x/amp/", "https://a.example/x"),
        ("https://a.example/amp/x", "https://a.example/x"),
        ("https://a.example/x.amp.html", "https://a.example/x.html"),
        ("https://a.example/x?outputType=amp", "https://a.example/x"),
        ("https://a.example/x?page=2", "https://a.example/x?page=2"),
        ("https://a.example/%7eme/%c3%a9", "https://a.example/~me/%C3%A9"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://127.0.0.1:8000/x?gclid=1", "http://127.0.0.1:8000/x"),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
        ("https://www.youtube.com/watch?v=1&feature=rss", "https://www.youtube.com/watch?v=1"),
        ("https://a.example/x?feature=rss", "https://a.example/x?feature=rss"),  # only YouTube's
        ("  https://a.example/x ", "https://a.example/x"),
    ],
)
def test_canonical(raw, canonical):
    assert canonical_url(raw) == canonical


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "/x",
        "mailto:a@b.example",
        "ftp://a.example/x",
        "https://",
        "https://[::1",
        "http://a:99999/",
    ],
)
def test_what_is_no_web_address_has_no_canonical_form(raw):
    assert canonical_url(raw) is None


HOSTS = st.sampled_from(
    ["a.example", "m.a.example", "www.m.a.co.uk", "amp.amp.a.example", "[::1]:81"]
)
PARTS = st.lists(
    st.sampled_from(
        ["amp", "x", "index.html", "y.amp.html", "%2e", "..", "", "é", "a-amp.html", "%41"]
    ),
    max_size=6,
)
QUERIES = st.lists(
    st.sampled_from(
        ["utm_x=1", "id=7", "amp", "amp=1", "m=1", "a=%26", "b", "=", "gclid", "c=d=e", "é=ü"]
    ),
    max_size=5,
)


@given(st.sampled_from(["http", "https"]), HOSTS, PARTS, QUERIES)
@example("https", "a.example", ["amp"] * 12, [])
def test_canonical_twice_is_once(scheme, host, parts, query):
    once = canonical_url(f"{scheme}://{host}/{'/'.join(parts)}?{'&'.join(query)}#f")
    assert once is not None
    assert canonical_url(once) == once


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    for raw in (text, f"https://a.example/{text}", f"https://{text}/"):
        once = canonical_url(raw)
        assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    "other",
    ["https://www.a.example/x", "https://a.example/x/", "https://a.example/x/index.html"],
)
def test_forms_that_are_only_equal_when_compared(other):
    assert url_identity(canonical_url(other)) == url_identity("https://a.example/x")
    assert canonical_url(other) != "https://a.example/x"


@pytest.mark.parametrize(
    ("href", "page", "believed"),
    [
        ("/x", "https://a.example/x?y=1", "https://a.example/x"),
        ("https://www.a.co.uk/x", "https://m.a.co.uk/x", "https://www.a.co.uk/x"),
        ("https://b.co.uk/x", "https://a.co.uk/x", None),  # another site
        ("https://a.example/", "https://a.example/news/x", None),  # the front page for all
        ("https://a.example/", "https://a.example/", "https://a.example/"),
        ("javascript:void(0)", "https://a.example/x", None),
        ("https://[", "https://a.example/x", None),
    ],
)
def test_a_declared_canonical_is_believed_within_its_site(href, page, believed):
    assert declared_canonical(href, page) == believed


def test_shorteners_are_known():
    assert urls.is_shortener("https://t.co/abc")
    assert urls.is_shortener("http://www.bit.ly/abc")
    assert not urls.is_shortener("https://a.example/t.co")


def test_a_broken_row_is_named_with_file_and_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "DATA", tmp_path)
    (tmp_path / "x.txt").write_text("# ok\na\tb\tc\n")
    with pytest.raises(tables.DataFileError, match=r"x\.txt:2: .*'a\\tb\\tc'"):
        list(tables.rows("x.txt", columns=(1, 2)))
