"""Who says so: one sentence, its trigger, the speaker's words, country or organisation, and verb."""

from __future__ import annotations

import pytest

from transforms.events.attribution import QuoteContext, attribute
from transforms.events.attribution.verbs import kinds
from transforms.events.model import Actor, Attribution, Mention
from transforms.events.sentences import split

SAID = [
    # said that, with and without "that"; tails; inversion
    ("Putin said that Ukraine attacked the bridge.", "attack", "Putin", "RUS", "say"),
    ("Putin said Ukraine attacked the bridge.", "attack", "Putin", "RUS", "say"),
    ("Ukraine attacked the bridge, Putin said Friday.", "attack", "Putin", "RUS", "say"),
    ("Ukraine attacked the bridge, Lavrov told reporters.", "attack", "Lavrov", "RUS", "tell"),
    ('"We attacked the depot," said Zelenskyy.', "attack", "Zelenskyy", "UKR", "say"),
    ('"We attacked the depot," Zelenskyy said on Monday.', "attack", "Zelenskyy", "UKR", "say"),
    ("Ukraine, Putin said, attacked the bridge.", "attack", "Putin", "RUS", "say"),
    ("Iran fired missiles at Israel, the Pentagon said.", "fire", "the Pentagon", "USA", "say"),
    (
        "Turkey gave Syria tanks, Seoul's top security adviser said.",
        "give",
        "Seoul's",
        "KOR",
        "say",
    ),
    (
        "Zelenskyy announced that Russia had freed the sailors.",
        "free",
        "Zelenskyy",
        "UKR",
        "announce",
    ),
    ("Seoul confirmed that troops had crossed the border.", "cross", "Seoul", "KOR", "confirm"),
    ("The United Nations warned that militias were arming in Sudan.", "arm", "UNO", "UNO", "warn"),
    ("Blinken told Netanyahu that Hamas had killed hostages.", "kill", "Blinken", "USA", "tell"),
    # according to
    (
        "According to the Kremlin, Ukraine attacked a depot.",
        "attack",
        "Kremlin",
        "RUS",
        "according to",
    ),
    ("Ukraine attacked a depot, according to Moscow.", "attack", "Moscow", "RUS", "according to"),
    ("According to analysts, Russia attacked a depot.", "attack", "analysts", None, "according to"),
    # experts, officials: words without an actor
    ("Experts say Pyongyang sent soldiers.", "send", "Experts", None, "say"),
    ("Russia attacked the port, witnesses said.", "attack", "witnesses", None, "say"),
    (
        "Israel bombed the camp, two residents told the agency.",
        "bomb",
        "two residents",
        None,
        "tell",
    ),
    # headlines
    ("Russia gave North Korea missiles, Seoul says", "give", "Seoul", "KOR", "say"),
    ("Putin: Ukraine attacked the bridge", "attack", "Putin", "RUS", None),
    ("Ukraine attacked the bridge: Kremlin", "attack", "Kremlin", "RUS", None),
    ("Israel bombed the camp: report", "bomb", "report", None, None),
    ("Experts: Iran supplied the drones", "supply", "Experts", None, None),
    # denial, belief, claims
    ("Iran denied that it attacked the ship.", "attack", "Iran", "IRN", "deny"),
    ("Iran denied attacking the ship.", "attack", "Iran", "IRN", "deny"),
    ("Seoul believes Pyongyang sent soldiers.", "send", "Seoul", "KOR", "believe"),
    (
        "Kyiv rejected Moscow's claim that Ukraine bombed the plant.",
        "bomb",
        "Moscow",
        "RUS",
        "claim",
    ),
    # participles, relative clauses, papers, passives
    ("Speaking in Paris, Blinken said the fleet had left.", "leave", "Blinken", "USA", "say"),
    ("Putin praised the deal, adding that China had signed it.", "sign", "Putin", "RUS", "add"),
    ("Iran, which says Israel bombed the site, closed the border.", "bomb", "Iran", "IRN", "say"),
    ("Russia issued a statement saying Ukraine shelled the town.", "shell", "Russia", "RUS", "say"),
    ("Putin was quoted as saying Ukraine shelled the town.", "shell", "Putin", "RUS", "say"),
    (
        "The deal ended the war, with experts saying China forced it.",
        "force",
        "experts",
        None,
        "say",
    ),
    (
        "Turkey shelled the town, as a newspaper wrote on Tuesday.",
        "shell",
        "newspaper",
        None,
        "write",
    ),
    (
        "State radio quoted Putin as saying Ukraine shelled the town.",
        "shell",
        "Putin",
        "RUS",
        "say",
    ),
    ("Israel admitted shelling the camp.", "shell", "Israel", "ISR", "admit"),
    ("Israel shelled the camp -- Kremlin", "shell", "Kremlin", "RUS", None),
    ('Putin tweeted: "Israel shelled the camp."', "shell", "Putin", "RUS", "tweet"),
    # said: "…"; asked …; innermost; conjoined
    (
        'Asked about it, Shin said: "Russia has delivered missiles."',
        "deliver",
        "Shin",
        "KOR",
        "say",
    ),
    ("Analysts say Seoul confirmed that Pyongyang sent troops.", "send", "Seoul", "KOR", "confirm"),
    (
        "Zelenskyy visited Turkey and said Russia shelled the town.",
        "shell",
        "Zelenskyy",
        "UKR",
        "say",
    ),
    (
        "Russia attacked the city overnight, Kyiv said, killing five people.",
        "kill",
        "Kyiv",
        "UKR",
        "say",
    ),
    # acts of speech: the content of promises, threats, demands, accusations
    ("Israel threatened to bomb the camp.", "bomb", "Israel", "ISR", "threaten"),
    ("The United Nations demanded that Israel lift the siege.", "lift", "UNO", "UNO", "demand"),
    ("Ukraine accused Russia of shelling the plant.", "shell", "Ukraine", "UKR", "accuse"),
]
UNSAID = [
    ("Russia attacked the port.", "attack"),
    ("Putin said Ukraine attacked the bridge.", "say"),
    ("Ukraine accused Russia of shelling the plant.", "accuse"),
    ("Iran denied that it attacked the ship.", "deny"),
    ("After Putin said the talks had failed, Ukraine attacked the depot.", "attack"),
    ("Putin condemned Ukraine and said its army had fled.", "condemn"),
    ("Iran, which says Israel bombed the site, closed the border.", "close"),
    ("It was reported that Iran attacked the ship.", "attack"),
    ("She called Moscow's offensive against Ukraine a struggle.", "offensive"),
    ("Israel said it would rebuild the camp after the 2014 war with Hamas.", "war"),
    ("The United Nations urged Israel to end its offensive.", "offensive"),
    ("Asked about it, Shin said nothing.", "ask"),
    ("Ukraine: the war in maps", "war"),
    ("Putin said the army would leave, as crowds had demanded.", "demand"),
    ("Live: Israel shelled the camp", "shell"),
    ("Putin, whose army Israel shelled, said nothing.", "shell"),
    ("Russia jailed the editor; Blinken said he was ill.", "jail"),
    ("Putin met Netanyahu in Sochi, where he spoke of Syria.", "meet"),
]


def found_in(parse, frame_at, mentions_in, text, trigger, **fields) -> Attribution | None:
    doc = parse(text)
    frame = frame_at(doc, trigger, **fields)
    return attribute(doc, frame, mentions_in(doc), QuoteContext())


@pytest.mark.parametrize(("text", "trigger", "words", "who", "verb"), SAID)
def test_says_so(  # noqa: PLR0917 - a table's columns
    parse, frame_at, mentions_in, text, trigger, words, who, verb
) -> None:
    found = found_in(parse, frame_at, mentions_in, text, trigger)
    assert found is not None
    actor = found.actor or Actor()
    assert (actor.country or actor.org, found.verb) == (who, verb)
    assert words in found.text or words == who


@pytest.mark.parametrize(("text", "trigger"), UNSAID)
def test_the_text_itself_says_so(parse, frame_at, mentions_in, text, trigger) -> None:
    assert found_in(parse, frame_at, mentions_in, text, trigger) is None


def test_the_frames_own_speaker_comes_first(parse, frame_at, mentions_in) -> None:
    doc = parse("Ukraine blamed Russia for the attack, Lavrov said.")
    ukraine = next(m for m in mentions_in(doc) if m.text == "Ukraine")
    frame = frame_at(doc, "attack", speaker=ukraine)
    found = attribute(doc, frame, mentions_in(doc), QuoteContext())
    assert found == Attribution(text="Ukraine", actor=ukraine.actor, verb="blame")


def test_a_role_without_country_is_of_who_acts(parse, frame_at, mentions_in) -> None:
    doc = parse("Turkey gave Syria ten trucks, the foreign minister said.")
    named = mentions_in(doc)
    at = doc.text.find("the foreign minister")
    role = Mention(
        char_start=at,
        char_end=at + len("the foreign minister"),
        text="the foreign minister",
        actor=Actor(sector="GOV"),
        how="role",
        head=next(t.i for t in doc if t.text == "minister"),
        generic=True,
    )
    turkey = next(m for m in named if m.text == "Turkey")
    aid = frame_at(doc, "give", cameo="070", sources=(turkey,))
    found = attribute(doc, aid, [*named, role], QuoteContext())
    assert found is not None
    assert found.actor == Actor(country="TUR", sector="GOV")
    clash = frame_at(doc, "give", cameo="190", sources=(turkey,))
    found = attribute(doc, clash, [*named, role], QuoteContext())
    assert found is not None
    assert found.actor == Actor(sector="GOV")  # in conflict either side may speak


def spoken(parse, frame_at, mentions_in, text, trigger) -> dict[str, Attribution | None]:
    """Read an article; return who says each sentence's first trigger, by the sentence's first word."""
    sentences = split(text)
    context = QuoteContext(sentences, lambda raw: mentions_in(parse(raw)))
    said = {}
    for sentence in sentences:
        context.begin(sentence)
        if trigger not in sentence.text:
            continue  # as the coder does: a sentence without event is not parsed
        doc = parse(sentence.text)
        frame = frame_at(doc, trigger)
        said[sentence.text.strip('"').split()[0]] = attribute(doc, frame, mentions_in(doc), context)
        context.read(doc, mentions_in(doc))
    return said


def test_quotations_run_over_sentences_and_paragraphs(parse, frame_at, mentions_in) -> None:
    text = (
        'Lavrov spoke first. "They attacked us at dawn," Lavrov said. "Then drones attacked the '
        'port. Ships attacked it too.\n\n"Nobody attacked them." Rain fell as rebels attacked.'
    )
    said = spoken(parse, frame_at, mentions_in, text, "attacked")
    assert {word: a and a.actor and a.actor.country for word, a in said.items()} == {
        "They": "RUS",
        "Then": "RUS",
        "Ships": "RUS",
        "Nobody": "RUS",
        "Rain": None,
    }


def test_a_speaker_may_be_named_at_the_end(parse, frame_at, mentions_in) -> None:
    text = '"They attacked us at dawn. Nobody slept," said Zelenskyy. Rebels attacked again.'
    said = spoken(parse, frame_at, mentions_in, text, "attacked")
    assert said["They"] == Attribution(
        text="Zelenskyy", actor=Actor("UKR", None, "GOV"), verb="say"
    )
    assert said["Rebels"] is None


def test_they_say_is_who_spoke_last(parse, frame_at, mentions_in) -> None:
    text = "According to analysts, Iran attacked the ship. It attacked again, they say."
    said = spoken(parse, frame_at, mentions_in, text, "attacked")
    assert said["According"] == Attribution(text="analysts", actor=None, verb="according to")
    assert said["It"] == Attribution(text="analysts", actor=None, verb="say")


def test_verbs_of_saying_are_known_by_part_of_speech(parse) -> None:
    doc = parse("The report says that he reports the claims.")
    assert [t.text for t in doc if kinds(t)] == ["report", "says", "reports", "claims"]
    assert not kinds(parse("They walked home.")[1])
