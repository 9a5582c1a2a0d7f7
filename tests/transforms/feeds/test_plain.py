"""Markup as one line of plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.plain import clean, line, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("One<br>two<br/>three", "One two three"),
        ("bo<b>l</b>d", "bold"),
        ("a<!-- hidden --> b", "a b"),
        ("a <script>if (1 < 2) x()</script> b", "a b"),
        ("a <STYLE>p {}</STYLE> b", "a b"),
        ("a <!-- never closed", "a"),
        ("<![CDATA[a]]>", "a"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("caf&eacute;&nbsp;&#8217;", "caf\u00e9 \u2019"),
        ("a\u00a0\n\tb\x00\x07", "a b"),
        ("", ""),
    ],
)
def test_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text())
def test_a_line_is_a_line(text: str) -> None:
    found = line(text)
    assert line(found) == found
    assert len(found.splitlines()) <= 1
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="<>!-/abp&;sctript [CDATA]"))
def test_no_markup_breaks_it(markup: str) -> None:
    plain(markup)
