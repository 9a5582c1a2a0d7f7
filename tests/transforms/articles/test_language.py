"""Language: detected from enough text, assumed only where there is too little; nothing is downloaded."""

import socket

import pytest

from transforms.articles.language import iso_639_1, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Russia gave North Korea missiles in exchange for troops, the adviser said on Friday.",
            "en",
        ),
        ("Die Regierung hat am Freitag ein neues Gesetz beschlossen, das umstritten ist.", "de"),
        (
            "Le gouvernement a annoncé vendredi une nouvelle loi très contestée par l'opposition.",
            "fr",
        ),
        ("北朝鮮は二十二日、弾道ミサイルを発射したと韓国軍が発表した。", "ja"),
        ("RUSSIA GAVE NORTH KOREA MISSILES IN EXCHANGE FOR TROOPS, THE ADVISER SAID FRIDAY", "en"),
    ],
)
def test_detected(text, code):
    found, score = language_of(text, "xx")
    assert found == code
    assert 0.4 <= score <= 1


@pytest.mark.parametrize(("declared", "code"), [("en-GB", "en"), (None, None), ("english", None)])
def test_too_short_a_text_is_what_is_declared_without_a_score(declared, code):
    assert language_of("Paris", declared) == (code, None)


def test_no_packet_leaves(monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    from transforms.articles import language  # noqa: PLC0415

    language._detector.cache_clear()
    assert language_of("The minister said on Friday that the treaty had been signed.")[0] == "en"


def test_codes():
    assert [iso_639_1(tag) for tag in ("en_US", "EN", "zh-Hant", "ast", "", None)] == [
        "en",
        "en",
        "zh",
        None,
        None,
        None,
    ]
