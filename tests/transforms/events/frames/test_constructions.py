"""Constructions that a single word of the lexicon cannot give: (source, type, target) of a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of
from transforms.events.gold import GoldSentence
from transforms.events.options import CoderOptions

SENTENCES = {
    "is to": (
        "Washington is to train four Georgian battalions.",
        ("USA", "AGREE", "GEOMIL"),
    ),
    "told it would face": (
        "Clinton told Iraq that it would face air strikes.",
        ("USAGOV", "THREATEN", "IRQ"),
    ),
    "met with force": (
        "Iran said any American attack would be met with force.",
        ("IRN", "THREATEN", "USA"),
    ),
    "threat that hangs on an act": (
        "North Korea threatens to send more balloons unless South Korean activists stop.",
        ("PRK", "THREATEN", "KORCVL"),
    ),
    "threat of an unknown act": (
        "Kenya threatened to tear up the lease of the Chinese company.",
        ("KEN", "THREATEN", "CHNBUS"),
    ),
    "must, said by somebody": (
        "Jakarta should free the rebel leader, the European parliament said.",
        ("IGOEUR", "REQUEST", "IDN"),
    ),
    "receiver as subject": (
        "Kenya was given armoured tanks by Canada.",
        ("CAN", "AID", "KEN"),
    ),
    "passive with its agent beside": (
        "Kosovo's government, pushed by German mediators, accepted the plan.",
        ("DEUGOV", "REQUEST", "XKXGOV"),
    ),
    "the first to": (
        "Bolivia became the first country to break off relations with Israel.",
        ("BOL", "SANCTION", "ISR"),
    ),
    "troops that are moved": (
        "Two American carrier groups were ordered to the waters off Taiwan.",
        ("USA", "MOBILIZE", "TWN"),
    ),
    "troops at home": (
        "Manila is sending marines to Basilan.",
        ("PHL", "MOBILIZE", None),
    ),
    "crowds riot": (
        "Demonstrators in London attacked the police.",
        ("GBRCVL", "PROTEST", "GBRCOP"),
    ),
    "help for a purpose": (
        "Saudi Arabia paid $1 billion to rebuild Yemen.",
        ("SAU", "AID", "YEM"),
    ),
    "together": (
        "Georgia and Turkey built the pipeline together.",
        ("GEO", "COOPERATE", "TUR"),
    ),
    "jointly, by armies": (
        "French and Spanish troops jointly searched the mountains.",
        ("FRAMIL", "COOPERATE", "ESPMIL"),
    ),
    "wanted people handed over": (
        "Libya handed two men wanted in London to the British police.",
        ("LBY", "COOPERATE", "GBRCOP"),
    ),
    "it as who is accused": (
        "Egypt cut ties with Qatar on Monday, accusing it of supporting terrorism.",
        ("EGY", "ACCUSE", "QAT"),
    ),
    "a promise in a that-clause": (
        "Kenya's president promised Somali leaders that he would go.",
        ("KENGOV", "AGREE", "SOMGOV"),
    ),
    "what hangs on a condition": (
        "Colombia would raise tariffs on American goods if Washington raised its own, its president said.",
        ("COL", "THREATEN", "USA"),
    ),
    "called names": (
        "Venezuela's president called the American president a liar.",
        ("VENGOV", "ACCUSE", "USAGOV"),
    ),
    "a verb taken for a participle": (
        "An envoy of the UN called on Tuesday on Chad to open its border.",
        ("IGOUNO", "REQUEST", "TCD"),
    ),
    "called for somebody to act": (
        "Norway called on Monday for Chad to withdraw its troops.",
        ("NOR", "REQUEST", "TCD"),
    ),
    "killed in a nation's raid": (
        "Two Syrian doctors were killed in a Russian air raid near Idlib.",
        ("RUS", "ASSAULT", "SYRHLH"),
    ),
    "killed in an army's operation": (
        "Nine Iraqis were killed in a Turkish army operation on Monday.",
        ("TUR", "ASSAULT", "IRQ"),
    ),
    "fighting broke out between": (
        "Clashes broke out overnight between Malian troops and Tuareg rebels near Kidal.",
        ("MLIMIL", "ASSAULT", "MLIREB"),
    ),
    "a bomb rocked": (
        "A powerful blast rocked the Turkish embassy in Mogadishu.",
        (None, "ASSAULT", "TURGOV"),
    ),
    "a state's own security council": (
        "Yeltsin's Security Council demanded that Georgia hand over the rebels.",
        ("RUSGOV", "REQUEST", "GEO"),
    ),
    "in talks, between commas": (
        "Norway's prime minister, in talks with the president of Chile, discussed the treaty.",
        ("NORGOV", "CONSULT", "CHLGOV"),
    ),
    "rallies banned near stadiums": (
        "Brazil's government banned protests near football stadiums.",
        ("BRAGOV", "COERCE", None),
    ),
    "an ally is not whom it is an ally of": (
        "Close American ally Poland attacked rebel camps in Chad.",
        ("POL", "ASSAULT", "TCD"),
    ),
    "an attack of a nation": (
        "A Russian attack killed two Georgians on Monday.",
        ("RUS", "ASSAULT", "GEO"),
    ),
    "killed in an encounter with": (
        "Six Tamil Tigers were killed in an encounter with Indian troops.",
        ("INDMIL", "ASSAULT", "LKAREBLTT"),
    ),
    "arrested in a nation's capital": (
        "Authorities arrested an opposition leader in the Pakistani capital.",
        ("PAKGOV", "COERCE", "PAKOPP"),
    ),
    "at an hour of the day": (
        "Israel bombed Lebanon at dawn (0330 GMT) and again at 1700 GMT.",
        ("ISR", "ASSAULT", "LBN"),
    ),
    "demands that are backed": (
        "Canada backs Israeli demands for Syria to withdraw.",
        ("CAN", "SUPPORT", "ISR"),
    ),
    "a resolution that urges": (
        "The UN Security Council on Tuesday adopted a resolution urging Sudan to end its raids.",
        ("IGOUNO", "REQUEST", "SDN"),
    ),
    "a statement that condemns": (
        "The EU issued a statement condemning Syria.",
        ("IGOEUR", "ACCUSE", "SYR"),
    ),
    "contacted": (
        "The United States said it had contacted the Turkish government.",
        ("USA", "CONSULT", "TURGOV"),
    ),
    "outlawed": (
        "The Palestinian president outlawed Hamas on Sunday.",
        ("PSEGOV", "COERCE", "PSEREBHMS"),
    ),
    "embassy closed": (
        "Paris closed its embassy in Niger.",
        ("FRA", "SANCTION", "NER"),
    ),
    "word before the object's noun": (
        "Russia staged naval exercises near Norway.",
        ("RUS", "MOBILIZE", "NOR"),
    ),
    "target deep in the complement": (
        "Albania agreed to reopen the road from its port to Kosovo.",
        ("ALB", "AGREE", "XKX"),
    ),
    "let go": (
        "Iran let ten American sailors go on Wednesday.",
        ("IRN", "RETREAT", "USAMIL"),
    ),
    "banned abroad": (
        "Ankara banned three Dutch lawmakers from travel.",
        ("TUR", "SANCTION", "NLDLEG"),
    ),
    "banned at home": (
        "Ankara banned three Kurdish lawmakers from travel in Turkey.",
        ("TUR", "COERCE", "TURLEG"),
    ),
    "threatened on a day to": (
        "Chad threatened in April to expel American troops.",
        ("TCD", "THREATEN", "USAMIL"),
    ),
    "told that unless": (
        "Kenya told Somalia that it would see to its own safety unless the raids ended.",
        ("KEN", "THREATEN", "SOM"),
    ),
    "hours to leave": (
        "Venezuela gave Colombian diplomats 72 hours to leave.",
        ("VEN", "SANCTION", "COLGOV"),
    ),
    "jailed for a term": (
        "Hong Kong jailed 45 opposition politicians for ten years.",
        ("HKG", "SANCTION", "OPP"),
    ),
    "soldiers sent to help": (
        "Rwanda sent 700 soldiers to help Mozambique.",
        ("RWA", "AID", "MOZ"),
    ),
    "soldiers are killed by somebody": (
        "Three Turkish soldiers were killed on Friday.",
        (None, "ASSAULT", "TURMIL"),
    ),
    "handed over to the police": (
        "Montenegro handed over a businessman to American police.",
        ("MNE", "COOPERATE", "USACOP"),
    ),
    "strike by workers": (
        "A strike by Greek railway workers over pensions began on Monday.",
        ("GRCLAB", "PROTEST", "GRCGOV"),
    ),
    "want somebody to": (
        "Finland wants Russia to close the plant.",
        ("FIN", "REQUEST", "RUS"),
    ),
    "crowd that burns": (
        "Sudanese protesters set fire to the French embassy.",
        ("SDNCVL", "PROTEST", "FRAGOV"),
    ),
}
NOT = {
    "violence of a place": (
        "Four Egyptians were killed in Baghdad violence on Monday.",
        ("IRQ", "ASSAULT", "EGY"),
    ),
    "a surname is no food": (
        "Condoleezza Rice arrived in Jordan on Monday.",
        ("USA", "AID", "JOR"),
    ),
    "the callers are not the called": (
        "Mr Blair, in calls to the leaders of Norway and Sweden, discussed the plan.",
        ("NORGOV", "CONSULT", "SWEGOV"),
    ),
    "soldiers may die in an accident": (
        "Three Turkish soldiers were killed on Friday when their helicopter crashed.",
        (None, "ASSAULT", "TURMIL"),
    ),
    "no crowd in a church": (
        "Thousands of Poles gathered in Krakow for a funeral mass.",
        ("POL", "PROTEST", "POLGOV"),
    ),
    "wants to do is no request": (
        "Norway wants to resume imports of Russian gas.",
        ("NOR", "REQUEST", "RUS"),
    ),
    "what it called": (
        "Washington suspended aid to Peru over what the State Department called unjustified arrests.",
        ("USAGOV", "ACCUSE", "PER"),
    ),
    "background of a relative clause": (
        "Poland rebuilt the bridge, which Russian troops had bombed.",
        ("RUSMIL", "ASSAULT", None),
    ),
    "called on a day is no call on": (
        "President Obama called Raul Castro on Tuesday.",
        ("USAGOV", "REQUEST", "CUBGOV"),
    ),
    "cease-fire is no fire": (
        "Burhan and Hemedti agreed to the cease-fire in Saudi Arabia.",
        ("SDNGOV", "THREATEN", "SAU"),
    ),
    "what is required": (
        "Jakarta should free the rebel leader, the European parliament said.",
        ("IDN", "RETREAT", "REB"),
    ),
}


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(CoderOptions(learned=False))


def coded(coder: Coder, text: str) -> set[tuple[str | None, str | None, str | None]]:
    gold = GoldSentence(sentence_id="s", text=text, published=dt.date(1999, 5, 12), events=())
    rows = coder.code(articles_of([gold]))[0]
    return {(row.source_code, row.plover_type, row.target_code) for row in rows}


@pytest.mark.parametrize(("text", "row"), SENTENCES.values(), ids=SENTENCES)
def test_construction(coder: Coder, text: str, row: tuple[str, str, str | None]) -> None:
    assert row in coded(coder, text)


@pytest.mark.parametrize("preposition", ["In", "After", "During", "Following", "Through"])
def test_a_sentence_may_begin_with_its_circumstance(coder: Coder, preposition: str) -> None:
    coded(coder, f"{preposition} talks Norway said nothing.")
    rows = coded(coder, f"{preposition} talks with Chad, Norway's prime minister signed a treaty.")
    assert ("NORGOV", "CONSULT", "TCD") in rows


@pytest.mark.parametrize(("text", "row"), NOT.values(), ids=NOT)
def test_no_construction(coder: Coder, text: str, row: tuple[str, str, str | None]) -> None:
    assert row not in coded(coder, text)
