"""What has the words of an event and is none; beside each a sentence of the same words that is one."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of
from transforms.events.gold import GoldSentence
from transforms.events.options import CoderOptions
from transforms.schema import Article

NO_EVENTS = {
    "wind": "Cold air from Siberia invaded Poland and Germany, pushing temperatures to minus 20.",
    "storm": "Forecasters said that thunderstorms would bring relief to France and Germany by Thursday.",
    "animals": "Elephants raided fields in Botswana and were driven back into Zimbabwe with drums.",
    "accident": "A gas explosion destroyed a block of flats in Magnitogorsk, Russia, and killed 12 people.",
    "mishap": "A helicopter carrying tourists crashed in Nepal, killing six Mexicans.",
    "trade": "Vietnam shipped 1.4 million tonnes of rice to the Philippines in the first half of the year.",
    "deal": "South Korea's Samsung struck a deal with a Dutch maker of lithography machines.",
    "firms": "Airbus handed over the first of 20 jets to an airline in Kuwait.",
    "tourists": "More Americans than ever visited Portugal last year.",
    "sport": "Mexico will meet Canada in the last eight on Thursday after knocking out Jamaica.",
    "women": "Japan's women hit back with two tries against Fiji.",
    "condition": "If China attacked Taiwan, Japan would find it hard to stay out.",
    "inversion": "Had Germany refused, the euro would have collapsed.",
    "habit": "Presidents in Latin America rarely resign, and coups in Bolivia have seldom lasted.",
    "past": "Napoleon invaded Russia with more than half a million men, few of whom came home.",
    "state": "The war between Iraq and Iran left a million people dead.",
    "crime": "A court in Nairobi fined a bus driver for speeding.",
    "never": "No American president has visited North Korea while in office.",
    "condition-said": "Cairo will object if Ethiopia attacks Eritrea, its foreign minister said.",
    "as-if": "Turkey's president spoke as if Greece had invaded Cyprus again.",
    "wanted": "Activists met in Oslo to force Norway to release the detainees.",
    "unable": "Japan cannot send troops to Iraq.",
    "team": "Sweden bombard Bulgaria but go out",
    "teller": "The British burned the town and hanged its mayor, the book says.",
    "firm": "Volkswagen will attack the American market in the autumn.",
    "designer": "A Senegalese designer is protesting against cheap clothes.",
    "own-police": "Kenya's president told the police to stay at home.",
    "fine": "A New Zealand court fined a farmer for dirty streams.",
    "silence": "Brazil's foreign minister refused to say who would go.",
    "supposed": "Suppose Serbia recognised Kosovo tomorrow: Belgrade would not be the same.",
    "old-year": "In 1962 China clashed with India along the line and declared a ceasefire.",
    "gone-state": "The Soviet Union blockaded the western sectors of Berlin.",
    "summary": "Liberia's rebels and government have signed thirteen accords in six years.",
    "standing": "Cyprus is split, and only Turkey recognises the state in the north of the island.",
    "aside": "Hezbollah, which is backed by Iran, came out of it badly weakened.",
    "explains": "How Thatcher fought Argentina",
    "police": "Nigerian police arrested a man in Ibadan for selling cars that were not his.",
    "court": "A court in Tbilisi sentenced a motorist to seven years after a crash.",
    "group": "India's Adani group withdrew from two wind farms in Sri Lanka.",
    "plural-team": "Chile have lodged a complaint against Ecuador.",
    "kick-off": "Foreign ministers kicked off a conference in Rome.",
    "seek-to": "Poland is seeking to narrow its differences with Germany.",
    "relief-operation": "Troops joined a huge relief operation in northern Bangladesh.",
    "whether": "Bolivia's president has not decided whether to resign.",
    "how-to": "The presidents of Peru and Chile thought about how to end attacks on Bolivia.",
    "tried-to": "Japan's ruling party will try to win Osaka.",
    "released-figures": "Here are figures about China's trade with Peru, released by the government.",
    "own-warning": "Health officials warned Americans about the flu.",
    "left-dead": "The Dutch opposition party left two people in tears.",
    "price": "The government of Cyprus is planning to cut the price of bread.",
    "own-citizens": "Canada told its citizens to avoid Kingston.",
    "works": "An explosion in a Chinese coal plant killed six people.",
    "rate": "Elephants in Kenya kill about 150 people a year.",
    "deep-year": "Turkey joined the invasion of northern Cyprus in 1974 with tanks.",
    "wares": "Saudi Arabia ordered 120,000 doors and 40,000 lifts.",
    "ordinary": "Hong Kong police seized 120 kilograms of heroin in a flat.",
    "question": "Would NATO defend Estonia if it came to that?",
}
EVENTS = {
    "army": ("Russian troops invaded Poland on Monday.", "ASSAULT"),
    "bomb": ("A car bomb killed 12 people in Baghdad on Sunday, police said.", "ASSAULT"),
    "relief": ("Vietnam sent medicine and blankets to the Philippines after the typhoon.", "AID"),
    "strike": ("Israel struck targets in Syria on Thursday.", "ASSAULT"),
    "meeting": ("Mexico's president will meet Canada's prime minister on Thursday.", "AGREE"),
    "jail": (
        "A court in Nairobi jailed an opposition leader for insulting the president.",
        "COERCE",
    ),
    "condition-of-act": ("Cairo threatened to attack Ethiopia if it fills the dam.", "THREATEN"),
    "planned": ("Germany is to send tanks to Ukraine in March.", "AGREE"),
    "asked": ("Serbia must release the prisoners, the German foreign minister said.", "REQUEST"),
    "headline": ("Israel bombards Lebanon with rockets, killing ten", "ASSAULT"),
    "monks": ("Tibetan monks protested against the new temple rules in Lhasa.", "PROTEST"),
    "told-abroad": ("Kenya's president told Somalia to close the camp.", "REQUEST"),
    "siege": (
        "Syria's town of Deir al-Zor has been besieged by Islamic State for two years.",
        "COERCE",
    ),
    "backs-said": ("Cyprus backs the bid of Kuwait, its president said.", "SUPPORT"),
    "dissident": ("Nigerian police arrested an opposition activist in Ibadan.", "COERCE"),
    "since-war": (
        "Putin ordered the call-up of 300,000 reservists, the first since the Second World War.",
        "MOBILIZE",
    ),
    "first-since": (
        "Greek and Turkish officials met on Monday for the first time since 1999.",
        "CONSULT",
    ),
    "tear-gas": ("Georgian police fired tear gas at demonstrators in Tbilisi.", "ASSAULT"),
    "refusal": ("Germany refused to send tanks to Ukraine.", "REJECT"),
    "protest": ("Students in Chile protested against higher fees on Friday.", "PROTEST"),
}


def article(text: str) -> Article:
    gold = GoldSentence(sentence_id="s", text=text, published=dt.date(2023, 5, 12), events=())
    return articles_of([gold])[0]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(CoderOptions(learned=False))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Qatar's emir is due to meet Turkey's president on Sunday.", dt.date(2023, 5, 14)),
        ("Turkey's president is expected to visit Kenya on Monday.", dt.date(2023, 5, 15)),
        ("Turkey's president visited Kenya on Monday.", dt.date(2023, 5, 8)),
    ],
)
def test_a_plan_is_dated_ahead(coder: Coder, text: str, day: dt.date) -> None:
    assert {row.event_date for row in coder.code([article(text)])[0]} == {day}


@pytest.mark.parametrize("text", NO_EVENTS.values(), ids=NO_EVENTS)
def test_no_event_of_the_news(coder: Coder, text: str) -> None:
    rows = coder.code([article(text)])[0]
    assert [(row.rule, row.source_code, row.target_code) for row in rows if row.plover_type] == []


@pytest.mark.parametrize(("text", "kind"), EVENTS.values(), ids=EVENTS)
def test_an_event_of_the_same_words(coder: Coder, text: str, kind: str) -> None:
    assert kind in {row.plover_type for row in coder.code([article(text)])[0]}
