"""Which encoding a document is in, whatever is claimed."""

# ruff: noqa: RUF001 - typographic quotes are what is tested

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.feeds.samples import parsed
from transforms.feeds.encoding import decoded

TEXT = '<?xml version="1.0" encoding="{}"?><rss><title>Žižek’s “naïve” café</title></rss>'
PLAIN = "<rss><title>Žižek’s “naïve” café</title></rss>"


@pytest.mark.parametrize(
    "declared", ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "nonsense"]
)
@pytest.mark.parametrize("content_type", [None, "text/xml", "text/html; charset=ISO-8859-1"])
def test_utf8_is_known_whatever_is_claimed(declared: str, content_type: str | None) -> None:
    text = TEXT.format(declared)
    assert decoded(text.encode(), content_type) == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_wide_characters_are_known(codec: str) -> None:
    assert decoded(PLAIN.encode(codec), "text/xml; charset=iso-8859-1") == PLAIN


@pytest.mark.parametrize(
    ("codec", "content_type", "declared"),
    [
        ("windows-1251", "text/xml; charset=windows-1251", None),
        ("windows-1251", None, "windows-1251"),
        ("windows-1251", "text/xml; charset=ISO-8859-1", "windows-1251"),  # a server's default
        ("koi8-r", 'text/xml; charset="koi8-r"', "windows-1251"),
        ("gb18030", None, "gb2312"),
        ("shift_jis", None, "Shift_JIS"),
        ("euc-kr", "application/xml", "euc-kr"),
    ],
)
def test_what_is_declared_is_used(
    codec: str, content_type: str | None, declared: str | None
) -> None:
    words = {"gb18030": "中国外交部", "shift_jis": "東京の外務省", "euc-kr": "외교부 장관"}
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{head}<rss>{words.get(codec, 'Москва заявила')}</rss>"
    assert decoded(text.encode(codec), content_type) == text


def test_latin1_means_windows_1252() -> None:
    body = b'<?xml version="1.0" encoding="iso-8859-1"?><rss>\x93caf\xe9\x94</rss>'
    assert decoded(body, None).endswith("<rss>“café”</rss>")


def test_a_few_broken_bytes_do_not_spoil_utf8() -> None:
    body = "<rss>Žižek’s café, déjà vu</rss>".encode() + b"caf\xe9 \xe2\x80"
    text = decoded(body + b"</rss>", "text/xml; charset=utf-8")
    assert text.startswith("<rss>Žižek’s café, déjà vu</rss>café ")


@given(st.text(min_size=1), st.integers(1, 3))
def test_a_character_cut_in_two_at_the_end_is_left_out(text: str, cut: int) -> None:
    whole = f"<rss>ŽŽŽŽ{text}".encode("utf-8", "ignore") + "😀".encode()[:cut]
    expected = f"<rss>ŽŽŽŽ{text}".encode("utf-8", "ignore").decode()
    assert decoded(whole, None) == expected


@given(st.binary(), st.none() | st.text())
def test_it_never_fails(body: bytes, content_type: str | None) -> None:
    decoded(body, content_type)


@pytest.mark.parametrize(
    "name", ["rot13", "base64", "idna", "\x00", "utf-16", "hex", "unicode_escape"]
)
def test_names_that_are_no_encodings_are_ignored(name: str) -> None:
    assert decoded(b"<rss>caf\xe9</rss>", f"text/xml; charset={name}").startswith("<rss>caf")


def test_a_whole_feed_in_utf16_without_a_mark() -> None:
    body = "<rss version='2.0'><channel><item><title>Žižek</title></item></channel></rss>"
    assert [entry.title for entry in parsed(body.encode("utf-16-le")).entries] == ["Žižek"]
