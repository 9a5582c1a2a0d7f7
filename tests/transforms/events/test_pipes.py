"""The quick parse: the same tags, lemmas and heads as spaCy's own, for any pipeline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.events import annotations, pipes
from transforms.events.coder import load_model
from transforms.events.pipes import Parser

GOLD = Path(__file__).parents[2] / "data" / "events"
NAMES = ("TAG", "POS", "LEMMA", "DEP", "HEAD")
ODD = (
    "There's no way they're gonna let's us go, y'all; it ain't so.",
    "He'd said they'd 've been seen\n\n  there, and got ta leave.",
    "!!! ??? \U0001f600 \u202eabc\u202c שלום مرحبا 你好",
    "x",
    " ",
    "\n",
)


def model() -> Language:
    return load_model.__wrapped__("en_core_web_sm")


@pytest.fixture(scope="module")
def parser() -> tuple[Language, Parser]:
    nlp = model()
    return nlp, Parser(nlp)


def docs(nlp: Language, texts: list[str]) -> list[Doc]:
    made = [nlp.make_doc(text) for text in texts]
    for doc in made:
        for token in doc:
            token.is_sent_start = token.i == 0
    return made


def told(parsed: list[Doc]) -> list[list[list[object]]]:
    return [[[t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i] for t in doc] for doc in parsed]


def test_the_model_we_ship_with_takes_every_quick_way(parser: tuple[Language, Parser]) -> None:
    kinds = {type(step).__name__ for step in parser[1]._steps}
    assert {"_Vectors", "_Transitions", "Annotations"} <= kinds


@pytest.mark.parametrize("name", ["wire", "none"])
def test_the_parse_is_spacys_own(parser: tuple[Language, Parser], name: str) -> None:
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines] + list(ODD)
    own = model()
    expected = told(list(own.pipe(docs(own, texts))))
    nlp, quick = parser
    for _ in range(2):  # learning its words, then knowing them
        found = docs(nlp, texts)
        quick.parse(found)
        differing = [
            (a, b)
            for one, other in zip(told(found), expected, strict=True)
            for a, b in zip(one, other, strict=True)
            if a != b
        ]
        # Sums in another order may differ in the last bit, and a tie fall the other way.
        assert len(differing) <= 2


def test_words_forgotten_are_learned_anew(
    parser: tuple[Language, Parser], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["Russian troops shelled Kharkiv.", "Iran has released two Frenchmen.", *ODD]
    first = docs(parser[0], texts)
    parser[1].parse(first)
    for table in (pipes, annotations):
        monkeypatch.setattr(table, "_MAX_WORDS", 3)
    for _ in range(3):
        again = docs(parser[0], texts)
        parser[1].parse(again)
        assert told(again) == told(first)


def test_a_dependency_counts_where_a_pattern_minds_it() -> None:
    nlp = model()
    ruler = nlp.get_pipe("attribute_ruler")
    for pattern, attributes in (
        ({"LOWER": "ships", "DEP": "nsubj"}, {"LEMMA": "fleet"}),
        ({"TAG": {"IN": ["NN"]}, "DEP": {"NOT_IN": ["nsubj"]}}, {"POS": "X"}),
        ({"LOWER": "to", "DEP": "prep"}, {"DEP": "dative"}),
        ({"DEP": {"REGEX": "^conj$"}}, {"POS": "INTJ"}),
    ):
        ruler.add([[pattern]], attributes)  # type: ignore[attr-defined]
    texts = [
        "The ship sails to the port.",
        "He ships goods; ships sail.",
        "Ships, ships and a ship.",
    ]
    expected = told(list(nlp.pipe(docs(nlp, texts))))
    found = docs(nlp, texts)
    Parser(nlp).parse(found)
    assert told(found) == expected


def test_the_order_and_company_of_sentences_change_nothing(
    parser: tuple[Language, Parser],
) -> None:
    texts = ["Seoul said Pyongyang fired a missile.", "No.", "Talks between them failed on Friday."]
    together = docs(parser[0], [*texts, "Ships sailed. " * 30])
    parser[1].parse(together)
    for doc, text in zip(together, texts, strict=False):
        (alone,) = docs(parser[0], [text])
        parser[1].parse([alone])
        assert told([alone]) == told([doc])


def test_other_components_do_their_own_work() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "ship"}, {"LOWER": "sails"}]], {"LEMMA": "sail"}, index=1)  # type: ignore[attr-defined]
    parsed = docs(nlp, ["Ship sails. Ship sank."])
    Parser(nlp).parse(parsed)
    assert [token.lemma_ for token in parsed[0]][1] == "sail"


def test_nothing_to_parse(parser: tuple[Language, Parser]) -> None:
    parser[1].parse([])
    parser[1].parse([Doc(parser[0].vocab)])
