"""Who acts in one sentence, region by region: every actor of the sentence, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

Resolve = Callable[..., list]

# sentence → code of each mention that is no mere modifier, "*" behind a generic one
SENTENCES = {
    # possessive, preposition, adjective before a role
    "Israel's army shelled Kharkiv, and troops from Chad entered Darfur.": "ISRMIL UKR TCDMIL SDN",
    "The ambassador to China met the president of Armenia.": "GOV* CHN ARMGOV",
    "Seoul's top security adviser said so on Friday.": "KORGOV",
    "Russia's war in Ukraine, Seoul's top security adviser said Friday.": "RUS UKR KORGOV",
    "The Kremlin chief called the prime minister of the Netherlands.": "RUSGOV NLDGOV",
    "Residents of Gaza fled the Israeli bombardment.": "PSECVL",
    "A court in Moscow sentenced an American journalist to 16 years.": "RUSJUD USAMED",
    "French troops in Niger left their base.": "FRAMIL NER",
    "The Myanmar military's spokesman denied the report.": "MMRMIL MMRMIL",
    "Colombia's government and ELN rebels began peace talks.": "COLGOV COLREBELN",
    "Lebanese security officials blamed Hezbollah.": "LBNGOV LBNREBHEZ",
    "The Iraqi parliament voted to expel U.S. troops.": "IRQLEG USAMIL",
    "Nigerian gunmen abducted students.": "NGAUAF EDU*",
    "Kenya's Supreme Court upheld the election.": "KENJUD",
    "The Turkish lira fell after French wine exports rose.": "",
    "Ukraine's Security Service detained a Russian spy in Odesa.": "UKRSPY RUSSPY UKR",
    "Peruvian police fired tear gas at protesters in Lima.": "PERCOP PERCVL",
    "Cuban dissidents criticised the United States.": "CUBOPP USA",
    # titles and names
    "Russian President Vladimir Putin hailed the deal.": "RUSGOV",
    "North Korean leader Kim and Russian President Vladimir Putin signed a treaty.": "PRKGOV RUSGOV",
    "Bolivian Foreign Minister Juana Quispe visited Lima.": "BOLGOV PER",
    "Hamas leader Yahya Sinwar rejected the proposal.": "PSEREBHMS",
    "EU foreign policy chief Josep Borrell warned Beijing.": "IGOEUR CHN",
    "UN envoy Hans Grundberg urged the Houthis to release its staff.": "IGOUNO YEMREBHTH",
    "Former Bolivian President Evo Morales was charged by prosecutors in La Paz.": "BOLELI BOLJUD",
    "Former Prime Minister Imran Khan was sentenced.": "PAKELI",
    "Turkey's Erdogan met Germany's Olaf Scholz.": "TURGOV DEUGOV",
    "Chinese dissident Wei Jingsheng left.": "CHNOPP",
    "Venezuelan opposition leader María Corina Machado urged the military to act.": "VENOPP VENMIL*",
    "Kyrgyz deputies Friday met Australian officials Thursday.": "KGZGOV AUSGOV",
    "Saudi King Abdullah wrote to Cairo.": "SAUGOV EGY",
    "The official SPA news agency reported it.": "MED*",
    # apposition
    "South Korea's president, Yoon Suk Yeol, declared martial law.": "KORGOV",
    "Masoud Pezeshkian, the president of Iran, will travel to Moscow.": "IRN RUS",
    "Tomas Nowak, the Polish deputy interior minister, met farmers.": "POLGOV CVL*",
    "Sudan's army and the paramilitary Rapid Support Forces clashed.": "SDNMIL SDNREBRSF",
    # coordination
    "The United States and South Korea accused Pyongyang.": "USA KOR PRK",
    "U.S. and British warplanes bombed Baghdad.": "USAMIL GBRMIL IRQ",
    "The foreign ministers of Greece and Turkey agreed to hold talks.": "GRCGOV TURGOV",
    "Leaders of France, Germany and Italy condemned the attack.": "FRAGOV DEUGOV ITAGOV",
    "Chinese and Indian soldiers clashed.": "CHNMIL INDMIL",
    "North and South Korea exchanged fire.": "PRK KOR",
    "Brazil, Russia, India, China and South Africa launched it.": "BRA RUS IND CHN ZAF",
    "The Dutch government and the World Food Programme signed a deal.": "NLDGOV IGOWFP",
    # relative pronouns, pronouns in the sentence
    "The Houthis, who control Sanaa, refused.": "YEMREBHTH YEMREBHTH YEM",
    "The Israeli military said it had struck Rafah.": "ISRMIL ISRMIL PSE",
    "Abiy Ahmed said his government had declared a ceasefire.": "ETHGOV ETHGOV",
    "Choe Son Hui visited Moscow and said her country would help.": "PRKGOV RUS PRK",
    "The Maldives asked India to withdraw its soldiers from its islands.": "MDV IND MDVMIL",
    # someone else beside the owner
    "China, North Korea's main ally, objected.": "CHN PRK",
    "Antony Blinken met his Chinese counterpart.": "USAGOV CHNGOV",
    "NATO allies sent weapons.": "IGONAT",
    # blocked and cultural
    "The Bank of China denied the Washington Post report.": "",
    "She teaches French and writes in Russian.": "",
    # whose a generic role is
    "Gunmen killed a police officer in Port-au-Prince.": "HTIUAF* HTICOP* HTI",
    "The South Korean parliament impeached the president.": "KORLEG KORGOV*",
    "Monks marched in Lhasa, witnesses told a station in Boston.": "CHNREL* CHN USA",
    "Sudan asked the neighbouring country to close its border.": "SDN",
    # a receiver that parsers take for a modifier
    "Russia gave North Korea anti-air missiles in exchange for troops, Seoul says": "RUS PRK MIL* KOR",
    # generic
    "Police arrested protesters.": "COP* CVL*",
    "Rebels captured soldiers near the border.": "REB* MIL*",
    "They sent tanks and submarines.": "",
    "The Philippine coast guard accused a Chinese vessel of ramming.": "PHLMIL CHN",
    "Human Rights Watch urged Egypt to release Alaa.": "NGOHRW EGY",
    "Sri Lankan navy boats arrested Indian fishermen off Jaffna.": "LKA INDCVL LKA",
    "Fijian and Samoan diplomats met in Suva.": "FJIGOV WSMGOV FJI",
    "Ecuador's navy seized a submarine.": "ECUMIL",
    "Afghanistan's Taliban rulers rejected it.": "AFGGOVTAL",
    "M23 rebels captured Goma, Congolese officials said.": "CODREBM23 COD CODGOV",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_actors_of_a_sentence(resolve: Resolve, sentence: str) -> None:
    mentions = resolve(sentence, when=dt.date(2024, 6, 1))
    codes = [
        f"{mention.actor.code}{'*' if mention.generic else ''}"
        for mention in mentions
        if mention.how != "modifier"
    ]
    assert " ".join(codes) == SENTENCES[sentence]


def test_a_mention_is_the_name_with_its_title_and_no_more(resolve: Resolve) -> None:
    mentions = resolve(
        "The North Korean leader Kim Jong Un, who rarely travels, met Russian President Vladimir "
        "Putin in Moscow."
    )
    texts = [mention.text for mention in mentions if not mention.how.startswith("relative")]
    assert texts == [
        "North Korean leader Kim Jong Un",
        "Russian President Vladimir Putin",
        "Moscow",
    ]


def test_a_nationality_before_a_thing_is_a_modifier(resolve: Resolve) -> None:
    mentions = resolve("Iranian missile strikes on Israel continued.")
    assert [(m.actor.country, m.how) for m in mentions] == [("IRN", "modifier"), ("ISR", "country")]


def test_heads_are_the_words_that_govern(resolve: Resolve, parse: Callable[[str], object]) -> None:
    sentence = "South Korean warplanes bombed the Houthis."
    doc = parse(sentence)
    assert [doc[m.head].text for m in resolve(sentence)] == ["warplanes", "Houthis"]  # type: ignore[index]
