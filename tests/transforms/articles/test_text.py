"""Text: paragraphs of clean Unicode; cleaning twice is cleaning once."""

# ruff: noqa: RUF001, E501 - the characters are what is tested

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.articles.text import clean_line, clean_text, content_text, word_count


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<div>One<br>still one<br><br>Two</div>", "One still one\n\nTwo"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("<p>A <b>bo</b>ld <a href='x'>link</a>, here</p>", "A bold link, here"),
        ("<p>Fish &amp; chips&nbsp;&mdash; ok</p>", "Fish & chips — ok"),
        ("<p>The entity &amp;amp; itself</p>", "The entity &amp; itself"),  # decoded once
        ("Fish &amp; chips", "Fish & chips"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("<p>One.</p><script>var x;</script><style>p{}</style><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.</p><p style='display: none'>Track me</p>", "One."),
        ("<p>One.<p>Two.", "One.\n\nTwo."),
        ("<blockquote><p>He said:</p>“Yes”</blockquote>after", "He said:\n\n“Yes”\n\nafter"),
        ("One.\nTwo.\nThree.", "One.\n\nTwo.\n\nThree."),
        ("wrapped at\nthe margin", "wrapped at the margin"),
        ("One.\r\n\r\nTwo.", "One.\n\nTwo."),
        ("<p></p><p> &nbsp; </p>", ""),
        ("<!-- only a comment -->", ""),
        ("<img src='x.jpg'>", ""),
        ("", ""),
    ],
)
def test_content(content, text):
    assert content_text(content) == text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (
            "It\u2019s \u201cas written\u201d \u2014 \u2018here\u2019 \u2013 ok\u2026",
            "It\u2019s \u201cas written\u201d \u2014 \u2018here\u2019 \u2013 ok\u2026",
        ),
        ("donâ€™t â€œmendâ€\x9d SÃ£o Paulo", "don\u2019t \u201cmend\u201d São Paulo"),
        ("cafe\u0301", "café"),
        ("in\u00advis\u200bible\ufeff", "invisible"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a Persian word needs its non-joiner
        ("a\u200c b", "a b"),
        ("👩\u200d🚒 here", "👩\u200d🚒 here"),
        ("non\u00a0breaking", "non breaking"),
        ("ＮＨＫ", "ＮＨＫ"),
    ],
)
def test_characters(raw, clean):
    assert clean_text(raw) == clean


def test_a_line_is_one_line_or_none():
    assert clean_line(" A\n\n title\u200b ") == "A title"
    assert clean_line(" \u200b\n") is None
    assert clean_line(None) is None


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(raw):
    once = clean_text(raw)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n\n" not in once
    assert once == once.strip()
    line = clean_line(raw)
    assert line is None or clean_line(line) == line


@given(st.lists(st.sampled_from(["<p>", "</p>", "<br>", "<div", ">", "<b>", "&amp;", "&#8217;", "&", "x y", "\n", "<!--", "-->", "<script>", "\x00", "\ud800", "<table><tr><td>"]), max_size=30))  # fmt: skip
def test_no_markup_breaks_it(parts):
    text = content_text("".join(parts))
    assert clean_text(text) == text


def test_deep_nesting_is_read():
    assert "x" in content_text("<div>" * 5000 + "x" + "</div>" * 5000)


@pytest.mark.parametrize(
    ("text", "count"),
    [("One two three.", 3), ("Seoul's 1,000 well-known U.S. troops", 5), ("", 0), ("— …", 0)],
)
def test_words(text, count):
    assert word_count(text) == count
