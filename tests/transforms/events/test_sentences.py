"""Sentences: stops, abbreviations, quotations, datelines, lists; offsets that never lie."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.events.sentences import dateline, split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Talks began.", "They ended."],
        ["Gen. Ali Noor met Sen. Jane Roe on Jan. 5.", "Nothing came of it."],
        ["The U.S. Senate voted.", "It passed."],
        ["He flew to the U.S.", "The visit took a day."],
        ["Troops of the U.N. mission left at 5 a.m. on Monday.", "Nobody stayed."],
        ["They left at 5 p.m.", "The town fell."],
        ["It cost $1.5 million, or 2.3 percent.", "Nobody paid."],
        ["George W. Bush spoke to J. K. Mensah.", "Neither agreed."],
        ["Section I was read.", "So was the rest."],
        ["Are they leaving?", "Nobody knows!", "We wait."],
        ['"Are they leaving?" Lavrov asked.', "He had no answer."],
        ['"Get out!" the crowd shouted.', "The army fired."],
        ['He called it a "sacred struggle."', "Experts disagree."],
        ["“We are ready.”", "The minister left."],
        ['"We will stay," said the envoy.', '"Nobody can move us."'],
        ["They waited ... and waited.", "Then it came."],
        ["They waited...", "Then it came."],
        ["Smith Inc. and Doe Corp. pulled out.", "Others stayed."],
        ["He works for Doe Corp.", "The firm is small."],
        ["No. 7 on the list is Chad.", "It has no port."],
        ["The answer was no.", "The talks went on."],
        ["Dr. Musa lives in Washington, D.C.", "He teaches law."],
        ["The St. Petersburg forum opened.", "Few came."],
        ["The vote (it was close) ended.", "(Nobody cheered.)", "They left."],
        ["Rebels took the town.[2]", "The army left."],
    ],
    ids=lambda parts: parts[0][:30],
)
def test_ends_sentences_where_they_end(parts: list[str]) -> None:
    assert texts(" ".join(parts)) == parts


def test_chinese_and_japanese_need_no_space() -> None:
    assert texts("战争结束了。双方签署了协议。") == ["战争结束了。", "双方签署了协议。"]


def test_paragraphs_end_sentences_without_a_stop() -> None:
    assert texts("Rebels take the capital\n\nThe president fled") == [
        "Rebels take the capital",
        "The president fled",
    ]


def test_lines_of_one_paragraph_are_one_text() -> None:
    text = "The two presidents, who had not met since the war\nbegan, shook hands."
    assert texts(text) == [text]


def test_a_heading_line_stands_alone() -> None:
    assert texts("What happened next\nThe army left the town.")[0] == "What happened next"


def test_list_items_lose_their_marks() -> None:
    text = "The deal says:\n- Troops leave\n- Prisoners go home\n2. Aid comes in"
    assert texts(text) == ["The deal says:", "Troops leave", "Prisoners go home", "Aid comes in"]


def test_the_title_is_one_sentence_of_its_own() -> None:
    first, second = split("The war ends.", "A war ends. A peace begins")
    assert (first.index, first.char_start) == (-1, None)
    assert first.text == "A war ends. A peace begins"
    assert (second.index, second.char_start) == (0, 0)


def test_no_title_no_sentence() -> None:
    assert [s.index for s in split("One.", None)] == [0]
    assert [s.index for s in split("One.", "  ")] == [0]
    assert split("", None) == []


def test_quotations_mark_what_stands_wholly_inside() -> None:
    text = (
        '"We asked for help. Nobody came. We will not ask again," the mayor said. He left.\n\n'
        '"They fired first," she said. "We held the bridge.\n\n'
        '"We lost it at noon. Nobody slept," she added.'
    )
    quoted = {s.text: s.quoted for s in split(text)}
    assert quoted == {
        '"We asked for help.': False,
        "Nobody came.": True,
        'We will not ask again," the mayor said.': False,
        "He left.": False,
        '"They fired first," she said.': False,
        '"We held the bridge.': False,
        '"We lost it at noon.': True,
        'Nobody slept," she added.': False,
    }


def test_a_forgotten_closing_mark_ends_with_its_paragraph() -> None:
    text = 'He said: "We are done.\n\nThe army left. It rained.'
    assert [s.quoted for s in split(text)] == [False, False, False]


@pytest.mark.parametrize(
    ("printed", "rest"),
    [
        ("SEOUL, South Korea (AP) — ", "Talks began."),
        ("LONDON — ", "Talks began."),
        ("WASHINGTON (Reuters) - ", "Talks began."),
        ("GENEVA, Nov 22 (Reuters) - ", "Talks began."),
        ("BEIJING, Nov. 22 (Xinhua) -- ", "Talks began."),
        ("MOSCOW, November 22. /TASS/. ", "Talks began."),
        ("Kyiv, Ukraine (CNN) — ", "Talks began."),
        ("NEW DELHI: ", None),
        ("KYIV/LVIV, Ukraine (AFP) – ", "Talks began."),  # noqa: RUF001 - as printed
        ("PORT-AU-PRINCE, Haiti (AP) — ", '"We wait," he said.'),
        ("", "NATO - a military alliance - met in Oslo."),
        ("", "Russia (and Belarus) - as they said - left."),
        ("", "Talks began in SEOUL — at last."),
    ],
)
def test_datelines_are_cut_off(printed: str, rest: str | None) -> None:
    if rest is None:
        assert dateline(printed + "Talks began.") is None  # a colon labels more than places
        return
    text = printed + rest
    found = dateline(text)
    assert (found.text if found else "") == printed.strip()
    first = split(text)[0]
    assert first.text.startswith(rest[:12])
    assert first.char_start == len(printed)


PIECES = st.sampled_from(
    [
        *(
            "The U.S. Army",
            "Gen.",
            "said",
            '"',
            "“",
            "”",
            ".",
            "?",
            "!",
            "...",
            "…",
            ",",
            " ",
            "\n",
        ),
        *(
            "\n\n",
            "\r\n",
            "- ",
            "• ",
            "a.m.",
            "J.",
            "KYIV (AP) — ",
            "😀",
            "\x00",
            "سلام",
            "。",
            "1.5",
        ),
        *("\u2029", "\u2028", "\u00a0", "It", "they", "(", ")", "12. ", "שלום", "\ud800"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_offsets_never_lie(text: str) -> None:
    end = 0
    for number, sentence in enumerate(split(text)):
        start = sentence.char_start
        assert sentence.index == number
        assert start is not None
        assert start >= end
        assert sentence.text
        assert text[start : start + len(sentence.text)] == sentence.text
        assert sentence.text == sentence.text.strip()
        end = start + len(sentence.text)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_but_marks_and_white_space_is_lost(text: str) -> None:
    kept = "".join(s.text for s in split(text))
    lost = len("".join(text.split())) - len("".join(kept.split()))
    found = dateline(text)
    marks = sum(text.count(mark) for mark in ("-", "•", "12."))
    assert 0 <= lost <= 4 * marks + (found.end if found else 0)


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Army met Gen. Doe. " * 36_000,
        "word " * 200_000,
        '"' * 200_000,
        "A." * 100_000,
        "A. " * 100_000,
        "U.S. " * 100_000,
        '?!" ' * 60_000,
        "." * 50_000 + "A",
        "。" * 50_000 + "」A",
        "\n" * 200_000,
        "- \n" * 80_000,
        "-\n- a\n" * 40_000,
        " " * 500_000,
        "A" * 500_000,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.perf_counter()
    split(text)
    assert time.perf_counter() - start < 5
