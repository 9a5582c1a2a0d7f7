"""Names in raw text: which are actors, which only look like one, and who held office when."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.events.actors import ActorBook
from transforms.events.actors.gazetteer import Gazetteer, folded

FOUND = [
    ("the Netherlands sued Cote d\u2019Ivoire", ["NLD", "CIV"]),
    ("DPRK and ROK envoys met in N'Djamena", ["PRK", "KOR", "TCD"]),
    ("US and U.S. and the USA", ["USA", "USA", "USA"]),
    ("tell us more about turkey, china and chad", []),
    ("IRAN FIRES MISSILES AT ISRAEL", ["IRN", "ISR"]),
    ("Israelis, Frenchmen, Danes and Poles", ["ISR", "FRA", "DNK", "POL"]),
    ("North Korea's army, South Koreans, South Sudan", ["PRK", "KOR", "SSD"]),
    ("North and South Korea", ["PRK", "KOR"]),
    ("the two Koreas", ["PRK", "KOR"]),
    ("Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea", ["GIN", "GNB", "GNQ", "PNG"]),
    ("Dominica and the Dominican Republic", ["DMA", "DOM"]),
    ("DR Congo and the Republic of the Congo", ["COD", "COG"]),
    ("Niger and Nigeria", ["NER", "NGA"]),
    ("Seoul told the Kremlin and the White House", ["KOR", "RUSGOV", "USAGOV"]),
    ("Kosovo, Taiwan, Palestine, Hong Kong, Western Sahara", ["XKX", "TWN", "PSE", "HKG", "ESH"]),
    ("the Soviet Union, Yugoslavia, Czechoslovakia", ["RUS", "SRB", "CZE"]),
    ("Crimea, Chechnya, Catalonia, Tibet, Kharkiv, Texas", ["UKR", "RUS", "ESP", "CHN", "UKR", "USA"]),
    ("the UN, NATO, the EU, the African Union", ["IGOUNO", "IGONAT", "IGOEUR", "IGOAFU"]),
    ("the ICC and Amnesty International", ["IGOJUDICC", "NGOAMN"]),
    ("Hezbollah, the Houthis, M23 and al-Qaeda", ["LBNREBHEZ", "YEMREBHTH", "CODREBM23", "IMGREBAQD"]),
    ("Iran-Israel tensions", ["IRN", "ISR"]),
    ("US-led forces", ["USA"]),
    ("(China)", ["CHN"]),
    ("raids in the West Bank, said the West", ["PSE", "WST"]),
    ("Sen. Ana Ruiz, the Georgia Republican", ["USA"]),
    ("Georgia and Armenia", ["GEO", "ARM"]),
    ("Russia paid US$20 million", ["RUS"]),
    ("C\u00f4te d'Ivoire / T\u00fcrkiye", ["CIV", "TUR"]),
    ("Iran\nIraq\tSyria\u00a0Libya", ["IRN", "IRQ", "SYR", "LBY"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), FOUND)
def test_names_are_found(book: ActorBook, text: str, codes: list[str]) -> None:
    assert [mention.actor.code for mention in book.find(text, dt.date(2024, 6, 1))] == codes


NOT_ACTORS = [
    "The Washington Post reported it.",
    "The New York Times and the Kyiv Post reported it.",
    "Bank of China shares rose.",
    "a Korean War veteran",
    "under the Paris Agreement",
    "the Geneva Conventions",
    "in the South China Sea",
    "in the Gulf of Oman",
    "across the Indian Ocean",
    "through the Persian Gulf",
    "the Panama Papers",
    "French fries",
    "the Vietnam War",
    "the Minsk agreements",
    "the Good Friday Agreement",
    "American Airlines and British Airways",
    "the French Open",
    "Iran-backed fighters",
    "pro-Russian separatists",
    "anti-American slogans",
    "Geneva-based lawyers",
    "a Chinese-made drone",
    "Michael Jordan scored",
    "Jordan Peterson spoke",
    "Chad Smith played",
    "Denzel Washington starred",
    "Ivanka Trump and Michelle Obama dined",
    "Radio Free Asia",
    "Romanesque Malinois of Francesca",
    "see china.org and www.Iran.com",
    "@Israel #x",
    "Latin America",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_ACTORS)
def test_what_only_looks_like_an_actor_is_none(book: ActorBook, text: str) -> None:
    assert book.find(text, dt.date(2024, 6, 1)) == []


def test_a_longer_name_that_fails_gives_way_to_the_shorter(book: ActorBook) -> None:
    assert [m.text for m in book.find("New Yorkers in New Yorkish, South Koreanesque", None)] == [
        "New Yorkers"
    ]
    assert [m.text for m in book.find("South Korea's", None)] == ["South Korea"]


def test_the_place_behind_a_comma_says_which(book: ActorBook) -> None:
    assert [m.actor.country for m in book.find("in Paris, Texas", None)] == ["USA"]
    assert [m.actor.country for m in book.find("in Paris, London and Rome", None)] == [
        "FRA",
        "GBR",
        "ITA",
    ]


DATED = [
    ("Macron", 2010, "FRA"),
    ("Macron", 2020, "FRAGOV"),
    ("Angela Merkel", 2015, "DEUGOV"),
    ("Angela Merkel", 2023, "DEUELI"),
    ("Barack Obama", 2012, "USAGOV"),
    ("Barack Obama", 2019, "USAELI"),
    ("Putin", 2001, "RUSGOV"),
    ("Putin", 2010, "RUSGOV"),
    ("the Taliban", 1998, "AFGGOVTAL"),
    ("the Taliban", 2010, "AFGREBTAL"),
    ("the Taliban", 2022, "AFGGOVTAL"),
    ("Kofi Annan", 2000, "IGOUNO"),
    ("Jens Stoltenberg", 2010, "NORGOV"),
    ("Jens Stoltenberg", 2020, "IGONAT"),
    ("Nelson Mandela", 1996, "ZAFGOV"),
    ("Aung San Suu Kyi", 2000, "MMROPP"),
    ("Kim Jong-un", 2024, "PRKGOV"),
    ("Kim Jong Un", 2024, "PRKGOV"),
    ("Bashar al-Assad", 2015, "SYRGOV"),
    ("Rapid Support Forces", 2024, "SDNREBRSF"),
    ("Gaddafi", 1995, "LBYGOV"),
    ("Zelenskyy", 2023, "UKRGOV"),
]


@pytest.mark.parametrize(("text", "year", "code"), DATED)
def test_office_depends_on_the_date(book: ActorBook, text: str, year: int, code: str) -> None:
    mentions = book.find(text, dt.date(year, 6, 1))
    assert [mention.actor.code for mention in mentions] == [code]


def test_without_a_date_the_last_office_counts(book: ActorBook) -> None:
    assert book.find("Barack Obama", None)[0].actor.code == "USAGOV"


def test_common_surnames_need_an_introduction(book: ActorBook) -> None:
    assert book.find("Brown, Cook, May, Kim, Lee and Johnson left.", dt.date(2008, 1, 1)) == []


def test_some_surnames_stand_alone_while_in_office(book: ActorBook) -> None:
    assert [m.actor.code for m in book.find("Bush left.", dt.date(2008, 1, 1))] == ["USAGOV"]
    assert book.find("Bush left.", dt.date(2012, 1, 1)) == []


@given(text=st.text(max_size=300))
def test_any_text_is_safe_and_offsets_are_right(book: ActorBook, text: str) -> None:
    mentions = book.find(text, None)
    for mention in mentions:
        assert text[mention.char_start : mention.char_end] == mention.text


_PIECES = st.sampled_from(
    [
        *["Iran", "South Korea", "New York Times", "Washington", "Post", "The ", "Kim Jong Un"],
        *[" ", "-", "'s ", "s", ", ", "pro-", "\n\n", "\x00", "\u202e", "\U0001f600", "\ud83d"],
        "\u200f\u0625\u064a\u0631\u0627\u0646",
    ]
)


@given(text=st.lists(_PIECES, max_size=40).map("".join))
def test_mixed_text_is_safe_and_mentions_do_not_overlap(book: ActorBook, text: str) -> None:
    mentions = book.find(text, None)
    ends = 0
    for mention in mentions:
        assert text[mention.char_start : mention.char_end] == mention.text
        assert mention.char_start >= ends
        ends = mention.char_end


@given(text=st.text(alphabet="ab -", max_size=60))
def test_the_gazetteer_finds_whole_words_only_and_the_leftmost_longest(text: str) -> None:
    patterns = ["a", "ab", "a b", "ab ab", "b-a"]
    spans = [*Gazetteer(patterns).spans(text)]

    def whole(start: int, end: int) -> bool:
        left = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
        return left and (end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()))

    expected = []
    at = 0
    while at < len(text):
        ends = [at + len(p) for p in patterns if text.startswith(p, at) and whole(at, at + len(p))]
        if ends:
            expected.append((at, max(ends)))
            at = max(ends)
        else:
            at += 1
    assert [(start, end) for start, end, _ in spans] == expected


def test_folding_keeps_every_place() -> None:
    text = "a\u2019b\u00a0c\u2011d\n"
    assert folded(text) == "a'b c-d "
    assert len(folded(text)) == len(text)
