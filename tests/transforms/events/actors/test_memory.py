"""What an article teaches: names, titles, pairs, epithets, pronouns, whose "the army" is."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest

from transforms.events.actors import ActorBook, Memory
from transforms.events.model import Actor
from transforms.events.tree import Doc

Resolve = Callable[..., list]

# earlier sentences, the last one, and the codes of its mentions
ARTICLES = [
    # names
    (["South Korean adviser Park Chul-soo arrived."], "Park said little.", "KORGOV"),
    (["Opposition leader Ana Gomes of Peru was arrested."], "Gomes denies it.", "PEROPP"),
    (["Gordon Brown, the British prime minister, spoke."], "Brown met Sarkozy.", "GBRGOV FRAGOV"),
    (["North Korean leader Kim Jong Un spoke."], "Kim left.", "PRKGOV"),
    (["Zambian President Edgar Mwila spoke."], "The president left.", "ZMBGOV"),
    ([], "Park said little.", ""),
    # pronouns
    (["Olaf Scholz visited Kyiv."], "He promised weapons.", "DEUGOV"),
    (["North Korean Foreign Minister Choe Son Hui spoke."], "She called Moscow's offensive sacred.",
     "PRKGOV RUS"),
    (["Iran closed the strait."], "It fired missiles.", "IRN"),
    (["Olaf Scholz visited Kyiv."], "It is clear that talks failed.", ""),
    (["France and Germany signed it."], "They promised more.", "FRA DEU"),
    (["Experts met."], "They promised more.", ""),
    # pairs
    (["Armenia and Azerbaijan met."], "The two countries signed an agreement.", "ARM AZE"),
    (["Putin and Kim Jong Un met."], "It obligates both states to help.", "RUS PRK"),
    (["Putin and Kim Jong Un met."], "The two leaders signed a treaty.", "RUSGOV PRKGOV"),
    (["Israel and Hamas negotiated."], "Both sides agreed to a ceasefire.", "ISR PSEREBHMS"),
    (["Spain objected."], "Two countries signed.", ""),
    # epithets
    (["South Korea objected."], "Seoul accused the nuclear-armed North of lying.", "KOR PRK"),
    (["North Korea objected."], "The South fired back.", "KOR"),
    (["Spain objected."], "The South is dry.", ""),
    (["Ursula von der Leyen spoke."], "The bloc imposed sanctions.", "IGOEUR"),
    (["NATO met in Vilnius."], "The alliance sent troops.", "IGONAT MIL*"),
    (["Saudi Arabia cut output."], "The kingdom blamed Iran.", "SAU IRN"),
    (["Hamas attacked."], "The militant group denied it.", "PSEREBHMS"),
    (["The IAEA reported it."], "The agency demanded access.", "IGOIAE"),
    ([], "The bloc objected.", ""),
    # whose role
    (["Sudan is at war.", "Sudan has two armies."], "The army shelled a market.", "SDNMIL*"),
    (["Sudan is at war.", "Sudan has two armies."], "Egypt and Libya said the army lost.",
     "EGY LBY MIL*"),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "last", "codes"), ARTICLES)
def test_an_article_teaches(resolve: Resolve, earlier: list[str], last: str, codes: str) -> None:
    when = dt.date(2009, 1, 1) if "Brown" in last else dt.date(2024, 6, 1)
    mentions = resolve(*earlier, last, when=when)
    assert " ".join(f"{m.actor.code}{'*' if m.generic else ''}" for m in mentions) == codes


def test_a_dateline_is_home() -> None:
    memory = Memory(dateline="KEN")
    assert memory.home() == "KEN"
    memory.note(Actor(country="UGA"))
    assert memory.home() == "KEN"
    memory.note(Actor(country="UGA"))
    assert memory.home() == "UGA"


def test_no_country_leads_where_two_are_even() -> None:
    memory = Memory()
    memory.note(Actor(country="UGA"))
    memory.note(Actor(country="KEN"))
    assert memory.home() is None


def test_memories_of_two_articles_are_apart(resolve: Resolve) -> None:
    assert resolve("South Korean adviser Park Chul-soo arrived.")
    assert resolve("Park said little.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Iran, " * 4000 + "and Iraq met.",
        "the army of " * 1500 + "Iran marched.",
        "President Putin's spokesman's " * 800 + "dog barked.",
        "He said they told them " * 1000,
        "Israel and Egypt and " * 1500 + "both countries agreed.",
        "\u202eRussia\U0001f600\x00 attacked \u0625\u064a\u0631\u0627\u0646 Ukraine. " * 400,
    ],
)
def test_long_sentences_take_bounded_time(
    book: ActorBook, parse: Callable[[str], Doc], sentence: str
) -> None:
    doc = parse(sentence)
    started = time.process_time()
    book.resolve(doc, book.find(sentence, None), Memory(), None)
    assert time.process_time() - started < 5
