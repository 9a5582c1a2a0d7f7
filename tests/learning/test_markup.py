import pytest

from learning.markup import MarkupError, read_line, read_spans
from transforms.events.frames.codes import tables

EXCEPTIONS = {("0831", "RETREAT")}


def read(line):
    return read_line(line, tables(), EXCEPTIONS)


def test_an_accusation_is_two_events_and_the_accuser_says_the_second():
    found = read("[Oslo]s1q2 [blamed]v [Bern]t1s2 for [shelling]v2 a [dam]t2. | 112; 194 al")
    accuse, alleged = found.events
    assert found.text == "Oslo blamed Bern for shelling a dam."
    assert (accuse.type, alleged.type) == ("ACCUSE", "ASSAULT")
    assert (accuse.modality, alleged.modality) == ("asserted", "alleged")
    assert alleged.said_by is not None
    assert alleged.said_by.text == accuse.source[0].text == "Oslo"


def test_spans_are_characters_of_the_bare_text():
    for event in read("[Oslo]st and [Bern]st [met]v. | 040").events:
        text = "Oslo and Bern met."
        for span in (*event.source, event.trigger):
            assert text[span.start : span.end] == span.text
        assert event.source == event.target  # reciprocal


def test_spans_nest():
    text, spans = read_spans("The [[Bern]t army]s [met]v.")
    assert text == "The Bern army met."
    assert spans["s", 1][0].text == "Bern army"


def test_mode_type_and_flags():
    event = read("[Bern]s [resigned]v over [Oslo]t. | 0831/resign!RETREAT po neg").events[0]
    assert (event.type, event.mode) == ("RETREAT", "resign")
    assert (event.modality, event.polarity) == ("possible", "negative")
    assert read("[Bern]s [signed]v with [Oslo]t. | 057").events[0].mode is None
    assert read("[Bern]s [called]v [Oslo]t. | 041/-").events[0].mode is None


def test_a_statement_has_no_type():
    assert read("[Bern]s [said]v nothing. | 011").events[0].type is None


def test_no_event_has_a_reason():
    found = read("Bern beat Oslo. | none sport")
    assert found.events == ()
    assert found.none_reason == "sport"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Bern beat Oslo.", "no ` | labels`"),
        ("Bern beat Oslo. | none fun", "the reason is one of"),
        ("[Bern]s beat Oslo. | none sport", "spans are marked"),
        ("[Bern]s [met]v [Oslo]t. | 9999", "no CAMEO code"),
        ("[Bern]s [met]v [Oslo]t. | 040!AID", "not in exceptions.tsv"),
        ("[Bern]s [met]v [Oslo]t. | 040/arrest", "no mode 'arrest'"),
        ("[Bern]s [met]v [Oslo]t. | 040 xx", "at most one of"),
        ("[Bern]s [met]v [Oslo]t. | 040 al po", "at most one of"),
        ("[Bern]s met [Oslo]t. | 040", "0 triggers"),
        ("Bern [met]v Oslo. | 040", "neither source nor target"),
        ("[Bern]s [met]v [Oslo]t2. | 040", "spans of event 2"),
        ("[Bern]s [met]v [Oslo]. | 040", "without role"),
        ("[Bern]s [met]v [Oslo. | 040", "never closed"),
        ("[ Bern]s [met]v. | 040", "spaces at its ends"),
    ],
)
def test_mistakes_say_why(line, why):
    with pytest.raises(MarkupError, match=why.replace("|", r"\|")):
        read(line)
