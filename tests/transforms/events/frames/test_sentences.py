"""One sentence, one event: (source, PLOVER type, CAMEO root, target) over types and constructions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from transforms.schema import Event

TABLE = [
    # AGREE
    ("Norway promised to send Moldova ten ambulances.", "NOR AGREE 03 MDA"),
    ("Chile has agreed to resume talks with Bolivia.", "CHL AGREE 03 BOL"),
    ("Qatar offered to mediate between Chad and its rebels.", "QAT AGREE 03 TCD"),
    ("The Kenyan president will visit Uganda next week.", "KENGOV AGREE 03 UGA"),
    ("Canada pledged 40 million dollars in aid to Haiti.", "CAN AGREE 03 HTI"),
    ("Vietnam invited the Indian prime minister to Hanoi.", "VNM AGREE 03 INDGOV"),
    ("Egypt said it would reopen its border with Libya.", "EGY AGREE 03 LBY"),
    # CONSULT
    ("The Turkish president met his Greek counterpart in Athens.", "TURGOV CONSULT 04 GRC"),
    ("Peru and Ecuador held talks on Monday.", "PER CONSULT 04 ECU"),
    ("Peru and Ecuador held talks on Monday.", "ECU CONSULT 04 PER"),
    ("Austria's chancellor paid a visit to Serbia.", "AUTGOV CONSULT 04 SRB"),
    ("Nigeria's foreign minister arrived in Niger on Friday.", "NGAGOV CONSULT 04 NER"),
    ("Macron spoke by phone with the Lebanese president.", "FRAGOV CONSULT 04 LBNGOV"),
    ("Talks between Sudan and Ethiopia began in Cairo.", "SDN CONSULT 04 ETH"),
    (
        "During a visit to Kazakhstan, the Polish president praised its reforms.",
        "POLGOV CONSULT 04 KAZ",
    ),
    # SUPPORT
    ("Portugal and Angola signed a fishing agreement.", "PRT SUPPORT 05 AGO"),
    ("The British prime minister praised Jordan for its help.", "GBRGOV SUPPORT 05 JOR"),
    ("Iceland recognised Kosovo on Thursday.", "ISL SUPPORT 05 XKX"),
    ("Japan apologized to South Korea.", "JPN SUPPORT 05 KOR"),
    ("Colombia restored diplomatic relations with Venezuela.", "COL SUPPORT 05 VEN"),
    # COOPERATE
    (
        "India and Sri Lanka held a joint naval exercise in the Indian Ocean.",
        "IND COOPERATE 06 LKA",
    ),
    ("Spain extradited a suspected trafficker to Morocco.", "ESP COOPERATE 06 MAR"),
    ("Pakistan bought twenty fighter jets from China.", "PAK COOPERATE 06 CHN"),
    ("Mali shared intelligence with Niger.", "MLI COOPERATE 06 NER"),
    # AID
    ("Sweden delivered artillery shells to Ukraine.", "SWE AID 07 UKR"),
    ("Artillery shells were delivered to Ukraine by Sweden.", "SWE AID 07 UKR"),
    ("Malta gave Libya two patrol boats and medicine.", "MLT AID 07 LBY"),
    (
        "Tents and blankets sent by Kuwait reached Pakistan, which received food from Iran as well.",
        "IRN AID 07 PAK",
    ),
    ("Rwanda granted asylum to a Burundian journalist.", "RWA AID 07 BDI"),
    ("The World Bank lent Ghana 300 million dollars.", "IGO AID 07 GHA"),
    # CONCEDE and RETREAT
    ("The government of Ecuador backed down after days of protests.", "ECUGOV CONCEDE 08 -"),
    ("Eritrea withdrew its troops from Ethiopia.", "ERI RETREAT 08 ETH"),
    ("Eritrean troops pulled out of Ethiopia.", "ERIMIL RETREAT 08 ETH"),
    ("Iran released two French hostages.", "IRN RETREAT 08 FRA"),
    ("The United States lifted sanctions on Sudan.", "USA RETREAT 08 SDN"),
    ("Sanctions against Sudan were lifted by the United States.", "USA RETREAT 08 SDN"),
    ("Hezbollah declared a ceasefire on Tuesday.", "LBN RETREAT 08 -"),
    ("Nepal's prime minister resigned on Sunday.", "NPLGOV RETREAT 08 -"),
    # REQUEST
    ("Germany urged Iran to release the prisoners.", "DEU REQUEST 02 IRN"),
    ("The UN called on Sudan to stop bombing villages.", "IGO REQUEST 02 SDN"),
    ("Poland demanded that Belarus open its border.", "POL REQUEST 10 BLR"),
    ("Poland demanded an apology from Belarus.", "POL REQUEST 10 BLR"),
    ("Malawi asked Japan for food aid.", "MWI REQUEST 02 JPN"),
    # ACCUSE
    ("Cambodia accused Thailand of shelling its villages.", "KHM ACCUSE 11 THA"),
    ("Brazil condemned Israel over the raid.", "BRA ACCUSE 11 ISR"),
    ("The Dutch government sued Russia.", "NLDGOV ACCUSE 11 RUS"),
    ("Italian prosecutors are investigating Egyptian officers.", "ITA ACCUSE 09 EGY"),
    ("Venezuela was criticised by Canada.", "CAN ACCUSE 11 VEN"),
    # REJECT
    ("Turkey refused to meet the Armenian delegation.", "TUR REJECT 12 ARM"),
    ("Ethiopia rejected Egypt's demand.", "ETH REJECT 12 EGY"),
    ("India will not attend talks with Pakistan.", "IND REJECT 12 PAK"),
    ("Russia vetoed a UN resolution on Syria.", "RUS REJECT 12 -"),
    # THREATEN
    ("North Korea threatened to attack Japan.", "PRK THREATEN 13 JPN"),
    ("Washington warned Caracas of consequences.", "USA THREATEN 13 VEN"),
    ("Algeria threatened Morocco with sanctions.", "DZA THREATEN 13 MAR"),
    ("Azerbaijan issued an ultimatum to Armenia.", "AZE THREATEN 13 ARM"),
    # PROTEST
    ("Thousands of Georgians protested against the government in Tbilisi.", "GEO PROTEST 14 GEO"),
    ("Argentine teachers went on strike on Monday.", "ARG PROTEST 14 -"),
    ("Students in Bangladesh clashed with police and blocked a highway.", "BGD PROTEST 14 -"),
    # SANCTION
    ("The European Union imposed sanctions on Belarus.", "IGO SANCTION 16 BLR"),
    ("Sanctions were imposed on Belarus by the European Union.", "IGO SANCTION 16 BLR"),
    ("Bolivia broke off diplomatic relations with Israel.", "BOL SANCTION 16 ISR"),
    ("Denmark expelled fifteen Russian diplomats.", "DNK SANCTION 16 RUS"),
    ("The Netherlands suspended aid to Rwanda.", "NLD SANCTION 16 RWA"),
    ("Zimbabwe is under British sanctions.", "GBR SANCTION 16 ZWE"),
    ("Talks between Serbia and Kosovo collapsed.", "SRB SANCTION 16 XKX"),
    # MOBILIZE
    ("Romania deployed troops along its border with Ukraine.", "ROU MOBILIZE 15 UKR"),
    ("North Korea test-fired a missile on Sunday.", "PRK MOBILIZE 15 -"),
    # COERCE
    ("Tanzanian police arrested an opposition leader.", "TZA COERCE 17 TZA"),
    ("Iran seized a Greek tanker in the Gulf.", "IRN COERCE 17 GRC"),
    ("Guinea's junta declared a state of emergency.", "GIN COERCE 17 -"),
    ("Mauritania deported hundreds of Senegalese migrants.", "MRT COERCE 17 SEN"),
    ("Finland closed its border with Russia.", "FIN COERCE 19 RUS"),
    # ASSAULT
    ("Israeli warplanes bombed targets in Lebanon.", "ISRMIL ASSAULT 19 LBN"),
    ("Israeli strikes on Yemen killed nine people.", "ISR ASSAULT 19 YEM"),
    ("An Israeli attack on Syria wounded five people.", "ISR ASSAULT 19 SYR"),
    ("Gunmen killed three Pakistani soldiers.", "UAF ASSAULT 18 PAKMIL"),
    ("Rwanda launched an attack on Congo.", "RWA ASSAULT 19 COD"),
    ("Rebels ambushed a convoy, killing four Burundian soldiers.", "REB ASSAULT 18 BDIMIL"),
    ("Armenia and Azerbaijan exchanged fire on Friday.", "ARM ASSAULT 19 AZE"),
    ("A suicide bomber killed eight people in Mogadishu.", "- ASSAULT 18 SOM"),
    ("Moscow's invasion of Georgia shocked Europe.", "RUS ASSAULT 19 GEO"),
    ("An attack by Chad on Sudan was reported.", "TCD ASSAULT 19 SDN"),
    ("Boko Haram kidnapped dozens of Nigerian girls.", "NGA ASSAULT 18 NGA"),
    ("Ethiopian forces, which shelled Eritrea on Monday, withdrew.", "ETHMIL ASSAULT 19 ERI"),
]

HEADLINES = [
    ("Iran fires missiles at Israel", "IRN ASSAULT 19 ISR"),
    ("France expels Algerian diplomats", "FRA SANCTION 16 DZA"),
    ("Xi meets Lukashenko in Beijing", "CHN CONSULT 04 BLR"),
    ("Russia, China veto UN resolution on Mali", "CHN REJECT 12 -"),
    ("Talks collapse between Sudan and Chad", "SDN SANCTION 16 TCD"),
]

NOTHING = [
    "France beat Brazil in the final, with two goals after half-time.",
    "Brazil's coach praised Argentina after the match in the World Cup qualifier.",
    "Shares in Japan fell as investors sold stocks before the Nasdaq opened.",
    "The 1975 war between Angola and South Africa is the subject of the exhibition.",
    "A storm killed six people in Vietnam.",
    "An earthquake killed ninety people in Afghanistan.",
    "Any attack on Poland would be a mistake, the historian argues.",
    "Norway exports salmon and Chile grows grapes.",
    "The museum in Paris shows paintings from Egypt.",
]


Code = Callable[..., list[Event]]


def holds(rows: list[Event], expected: str) -> bool:
    """Whether a row is "source type root target"; actors by the beginning of their code."""
    source, plover, root, target = expected.split()
    return any(
        row.plover_type == plover
        and row.cameo_root == root
        and is_named(row.source_code, source)
        and is_named(row.target_code, target)
        for row in rows
    )


def is_named(code: str | None, expected: str) -> bool:
    if expected == "-":
        return True
    return code is not None and code.startswith(expected)


@pytest.mark.parametrize(("sentence", "expected"), TABLE)
def test_event_of_a_sentence(sentence: str, expected: str, code: Code) -> None:
    rows = code(text=sentence)
    assert holds(rows, expected), [row.rule for row in rows]


@pytest.mark.parametrize(("title", "expected"), HEADLINES)
def test_event_of_a_headline(title: str, expected: str, code: Code) -> None:
    rows = code(title=title)
    assert holds(rows, expected), [row.rule for row in rows]
    assert all(row.sentence_index == -1 and row.char_start is None for row in rows)


@pytest.mark.parametrize("sentence", NOTHING)
def test_no_event(sentence: str, code: Code) -> None:
    assert [row.rule for row in code(text=sentence) if row.plover_type] == []
