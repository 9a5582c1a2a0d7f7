"""How sure the text is: one sentence, its trigger, polarity, modality and tense."""

from __future__ import annotations

import pytest

from transforms.events.judgement import judge
from transforms.events.judgement.operators import effect

ASSERTED = [
    ("Russia attacked the port.", "attack", "past"),
    ("Iran fires missiles at Israel", "fire", "past"),
    ("Iran is firing missiles at Israel.", "fire", "present"),
    ("The army has taken the town.", "take", "past"),
    ("The two ministers met on Monday.", "meet", "past"),
    ("The town was taken by rebels.", "take", "past"),
    ("Talks between the two sides began in Geneva.", "talk", "past"),
    ("The minister condemned the attack on the embassy.", "attack", "past"),
    ("Moscow's offensive in the east went on.", "offensive", "past"),
    ("She called Moscow's offensive a sacred struggle.", "offensive", "past"),
    ("Not only Turkey but also Greece sent planes.", "send", "past"),
    ("The envoy managed to free the hostages.", "free", "past"),
    ("Israel began bombing the camp.", "bomb", "past"),
    ("The man who killed the judge was arrested.", "kill", "past"),
    ("The man who killed the judge was arrested.", "arrest", "past"),
    ("Russia may punish Ukraine, which attacked the bridge.", "attack", "past"),
    ("The rebels, angered by the vote, attacked the palace.", "attack", "past"),
    ("He used the speech to criticise the alliance.", "criticise", "past"),
    ("Macron is the first French president to visit the island.", "visit", "present"),
    ("The army did not leave after it attacked the village.", "attack", "past"),
    ("The minister resigned because the police had killed students.", "kill", "past"),
    ("A court jailed the editor; the embassy called for his release.", "jail", "past"),
    ("Bolivia became the first country of the region to break ties.", "break", "past"),
    ("It was not clear who attacked the base.", "attack", "past"),
    ("The president denied that he was ill after troops shelled the town.", "shell", "past"),
]
NEGATIVE = [
    ("Russia did not attack the port.", "attack", "past"),
    ("The army never left the town.", "leave", "past"),
    ("The two sides failed to reach a deal.", "reach", "past"),
    ("China refused to sign the statement.", "sign", "past"),
    ("The general declined to meet the envoys.", "meet", "past"),
    ("Iran denied attacking the tanker.", "attack", "past"),
    ("Iran denies that it attacked the tanker.", "attack", "past"),
    ("Iran denied the attack on the tanker.", "attack", "past"),
    ("The army withdrew without attacking the town.", "attack", "past"),
    ("Neither Russia nor China attended the summit.", "attend", "past"),
    ("The allies signed no agreement.", "sign", "past"),
    ("No soldier crossed the border.", "cross", "past"),
    ("No attack took place on Sunday.", "attack", "past"),
    ("The prime minister cancelled the visit to Paris.", "visit", "past"),
    ("The visit was cancelled.", "visit", "past"),
    ("Police prevented an attack on the synagogue.", "attack", "past"),
    ("Instead of attacking the town, the army withdrew.", "attack", "past"),
    ("The parties could not agree on a date.", "agree", "present"),
    ("The two leaders neither met nor spoke.", "meet", "past"),
    ("The two leaders neither met nor spoke.", "speak", "past"),
    ("Belarus has not yet sent troops.", "send", "past"),
    ("The troops no longer occupy the city.", "occupy", "present"),
    ("Tehran has yet to free the sailors.", "free", "present"),
    ("The minister ruled out sending troops.", "send", "past"),
    ("The court acquitted him of bombing the embassy.", "bomb", "past"),
    ("The union called off the strike.", "strike", "past"),
    ("The army did not carry out the attack.", "attack", "past"),
    ("Rwanda denied reports that it had sent troops.", "send", "past"),
]
POSSIBLE = [
    ("Russia may attack the port.", "attack"),
    ("Russia might have attacked the port.", "attack"),
    ("Pyongyang could be using the war.", "use"),
    ("Russia can provide access to its oil.", "provide"),
    ("The army is likely to withdraw.", "withdraw"),
    ("The army will probably withdraw.", "withdraw"),
    ("The North was likely aiming to acquire submarines.", "acquire"),
    ("China is believed to have supplied weapons.", "supply"),
    ("Rebels appear to have taken the airport.", "take"),
    ("Moscow is expected to send troops.", "send"),
    ("Perhaps the rebels attacked the convoy.", "attack"),
    ("Did Russia attack the port?", "attack"),
    ("It is possible that Iran attacked the ship.", "attack"),
    ("It is unclear whether Iran attacked the ship.", "attack"),
    ("There is no evidence that Iran attacked the ship.", "attack"),
    ("Iran did not deny attacking the ship.", "attack"),
    ("The North stopped short of confirming that it had sent soldiers.", "send"),
    ("The spokesman did not say that troops had left.", "leave"),
    ("Aid groups fear an attack on the city.", "attack"),
    ("The council is considering sanctions against Mali.", "sanction"),
    ("Germany has not ruled out sending tanks.", "send"),
    ("How many troops will Poland send?", "send"),
    ("Police are investigating whether he killed the envoy.", "kill"),
    ("A possible attack worries the city.", "attack"),
    ("Asked whether the army had attacked the camp, he smiled.", "attack"),
    ("Potentially bypassing China, the North turned to Moscow.", "bypass"),
    ("The law allows the government to expel diplomats.", "expel"),
]
INTENDED = [
    ("Biden will visit Hanoi next month.", "visit"),
    ("Biden said he would visit Hanoi.", "visit"),
    ("The two presidents were to meet in Oslo.", "meet"),
    ("Turkey plans to send troops.", "send"),
    ("Turkey's plan to send troops drew anger.", "send"),
    ("Israel vowed to attack the militia.", "attack"),
    ("Israel threatened to attack the militia.", "attack"),
    ("The government decided to expel the envoy.", "expel"),
    ("Japan is set to lift the ban.", "lift"),
    ("US to send tanks to Poland", "send"),
    ("The minister said an attack is imminent.", "attack"),
    ("The planned visit to Beijing drew criticism.", "visit"),
    ("The two leaders are going to meet on Friday.", "meet"),
    ("France is preparing to evacuate its citizens.", "evacuate"),
    ("Rebels tried to seize the palace.", "seize"),
    ("Her country would stand by its comrades, the minister said.", "stand"),
    ("Poland offered to host the talks.", "host"),
]
REQUESTED = [
    ("The council urged Israel to halt the raids.", "halt"),
    ("The council demanded that Israel halt the raids.", "halt"),
    ("The pope called for a ceasefire.", "ceasefire"),
    ("Seoul ignored calls to send weapons.", "send"),
    ("Egypt asked Ethiopia to stop filling the dam.", "stop"),
    ("The agreement calls for Russia to leave the port.", "leave"),
    ("Russia must withdraw its troops.", "withdraw"),
    ("Withdraw your troops from the island.", "withdraw"),
    ("The judge ordered the army to free the students.", "free"),
    ("The court's order to free the students was ignored.", "free"),
]
CONDITIONAL = [
    ("If Iran attacks, the alliance will respond.", "respond"),
    ("If Iran attacked the ship, the alliance would respond.", "attack"),
    ("The army will attack unless the rebels leave.", "attack"),
    ("It obligates both states to provide aid in the case of an attack.", "provide"),
    ("It obligates both states to provide aid in the case of an attack.", "attack"),
    ("In the event of an invasion, the island will fight.", "invasion"),
    ("The treaty requires members to defend each other.", "defend"),
    ("If the fleet came near, the island would fire, its minister said.", "fire"),
    ("Sanctions would hurt the economy.", "hurt"),
    ("Any attack on the island would be met with force.", "attack"),
    ("Russia would have attacked the bridge.", "attack"),
    ("Should the rebels attack the capital, the army will respond.", "respond"),
]
ALLEGED = [
    ("Ukraine accused Russia of shelling the plant.", "shell"),
    ("Russia allegedly shelled the plant.", "shell"),
    ("Russia reportedly shelled the plant.", "shell"),
    ("The suspected attack killed nobody.", "attack"),
    ("He is suspected of killing the judge.", "kill"),
    ("Prosecutors charged him with bombing the embassy.", "bomb"),
    ("Allegations that soldiers killed villagers angered the town.", "kill"),
    ("Ukraine accused Russia of planning to shell the plant.", "shell"),
]


@pytest.mark.parametrize(("text", "trigger", "tense"), ASSERTED)
def test_asserted(parse, frame_at, text, trigger, tense) -> None:
    doc = parse(text)
    speech = {"cameo": "111"} if trigger == "criticise" else {}
    found = judge(doc, frame_at(doc, trigger, **speech))
    assert (found.polarity, found.modality, found.tense) == ("positive", "asserted", tense)


@pytest.mark.parametrize(("text", "trigger", "tense"), NEGATIVE)
def test_negative(parse, frame_at, text, trigger, tense) -> None:
    doc = parse(text)
    found = judge(doc, frame_at(doc, trigger))
    assert (found.polarity, found.modality, found.tense) == ("negative", "asserted", tense)
    assert found.reason.startswith("not: ")


@pytest.mark.parametrize(
    ("modality", "text", "trigger"),
    [
        (modality, text, trigger)
        for modality, rows in (
            ("possible", POSSIBLE),
            ("intended", INTENDED),
            ("requested", REQUESTED),
            ("conditional", CONDITIONAL),
            ("alleged", ALLEGED),
        )
        for text, trigger in rows
    ],
)
def test_hedged(parse, frame_at, modality, text, trigger) -> None:
    doc = parse(text)
    found = judge(doc, frame_at(doc, trigger))
    assert (found.polarity, found.modality) == ("positive", modality)
    assert found.reason


# An attempt lies behind; a noun, a predicate and a command have no tense of their own.
WITHOUT_FUTURE = {"seize", "ceasefire", "withdraw"}


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        (text, trigger)
        for text, trigger in INTENDED + REQUESTED
        if trigger not in WITHOUT_FUTURE and "imminent" not in text
    ],
)
def test_what_is_meant_to_be_lies_ahead(parse, frame_at, text, trigger) -> None:
    doc = parse(text)
    assert judge(doc, frame_at(doc, trigger)).tense == "future"


@pytest.mark.parametrize(
    ("text", "trigger", "polarity", "modality"),
    [
        ("Russia will not withdraw its troops.", "withdraw", "negative", "intended"),
        ("The army may not attack the town.", "attack", "negative", "possible"),
        ("Turkey does not plan to send troops.", "send", "negative", "intended"),
        ("The council urged Israel not to attack the camp.", "attack", "negative", "requested"),
        ("Ukraine accused Russia of not freeing the captives.", "free", "negative", "alleged"),
        ("Israel abandoned plans to attack the camp.", "attack", "negative", "intended"),
    ],
)
def test_negative_and_hedged(  # noqa: PLR0917 - a table's columns
    parse, frame_at, text, trigger, polarity, modality
) -> None:
    doc = parse(text)
    found = judge(doc, frame_at(doc, trigger))
    assert (found.polarity, found.modality) == (polarity, modality)


def test_negations_cancel(parse, frame_at) -> None:
    doc = parse("The rebels did not fail to take the town.")
    assert judge(doc, frame_at(doc, "take")).polarity == "positive"


@pytest.mark.parametrize(
    ("text", "trigger", "forced", "modality"),
    [
        ("Ukraine accused Russia of shelling the plant.", "shell", "alleged", "alleged"),
        ("Ukraine blamed Russia for the attack.", "attack", "alleged", "alleged"),
        ("Ukraine may accuse Russia of shelling the plant.", "shell", "alleged", "possible"),
        ("Israel threatened to attack if the raids go on.", "attack", "intended", "intended"),
        ("Israel could threaten to attack the camp.", "attack", "intended", "possible"),
        ("The pope asked both sides to stop.", "stop", "requested", "requested"),
    ],
)
def test_the_construction_wins_but_for_hedges_above_it(  # noqa: PLR0917 - a table's columns
    parse, frame_at, text, trigger, forced, modality
) -> None:
    doc = parse(text)
    frame = frame_at(doc, trigger, forced_modality=forced)
    assert judge(doc, frame).modality == modality


def test_the_not_of_a_refusal_is_part_of_it(parse, frame_at) -> None:
    doc = parse("Serbia does not recognise Kosovo.")
    assert judge(doc, frame_at(doc, "recognise", cameo="120")).polarity == "positive"
    assert judge(doc, frame_at(doc, "recognise", cameo="054")).polarity == "negative"
    doc = parse("Serbia did not reject the plan.")
    assert judge(doc, frame_at(doc, "reject", cameo="120")).polarity == "negative"


def test_words_of_the_action_judge_nothing(parse, frame_at) -> None:
    doc = parse("The rebels refused talks with the government.")
    verb, noun = 2, 3
    assert judge(doc, frame_at(doc, "talk", action=(verb, noun))).polarity == "positive"
    assert judge(doc, frame_at(doc, "talk")).polarity == "negative"


def test_an_operator_that_is_the_action_still_hedges(parse, frame_at) -> None:
    doc = parse("The president is expected to visit Beijing.")
    assert judge(doc, frame_at(doc, "expect", action=(3, 5))).modality == "possible"


def test_what_a_speaker_denies_is_negative(parse, frame_at, mentions_in) -> None:
    doc = parse("Iran denied that Turkey had refused the truce.")
    iran = mentions_in(doc)[0]
    denied = frame_at(doc, "deny", action=(1, 5), speaker=iran, cameo="124")
    assert judge(doc, denied).polarity == "negative"


def test_a_conjunct_has_its_own_polarity(parse, frame_at) -> None:
    doc = parse("The minister did not resign but dissolved the parliament.")
    assert judge(doc, frame_at(doc, "resign")).polarity == "negative"
    assert judge(doc, frame_at(doc, "dissolve")).polarity == "positive"


def test_a_past_verb_is_not_joined_to_an_infinitive(parse, frame_at) -> None:
    doc = parse("The chief ordered his men to leave the square and invited the crowd to come in.")
    assert judge(doc, frame_at(doc, "invite")).modality == "asserted"


def test_operators_are_looked_up_by_what_they_govern() -> None:
    assert effect("verb", "deny", "object") == "denying"
    assert effect("verb", "fail", "object") is None
    assert effect("verb", "walk") is None


@pytest.mark.parametrize("text", ["", " ", "…", "😀", "\x00", "Attack", "attack attack attack"])
def test_any_text_is_judged(parse, frame_at, text) -> None:
    doc = parse(text)
    for token in doc:
        found = judge(doc, frame_at(doc, token.lower_))
        assert found.polarity in {"positive", "negative"}
