"""Fixtures for the judges of a frame: one parser a session, and frames made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from transforms.events.coder import load_model
from transforms.events.model import Actor, Frame, Mention
from transforms.events.tree import Doc

Parse = Callable[[str], Doc]
MakeFrame = Callable[..., Frame]
MakeMentions = Callable[..., list[Mention]]

ACTORS = {
    "Russia": Actor(country="RUS"),
    "Moscow": Actor(country="RUS", sector="GOV"),
    "Kremlin": Actor(country="RUS", sector="GOV"),
    "Putin": Actor(country="RUS", sector="GOV"),
    "Lavrov": Actor(country="RUS", sector="GOV"),
    "Ukraine": Actor(country="UKR"),
    "Kyiv": Actor(country="UKR", sector="GOV"),
    "Zelenskyy": Actor(country="UKR", sector="GOV"),
    "Seoul": Actor(country="KOR", sector="GOV"),
    "Shin": Actor(country="KOR", sector="GOV"),
    "Pyongyang": Actor(country="PRK", sector="GOV"),
    "North Korea": Actor(country="PRK"),
    "United States": Actor(country="USA"),
    "Pentagon": Actor(country="USA", sector="MIL"),
    "Blinken": Actor(country="USA", sector="GOV"),
    "Iran": Actor(country="IRN"),
    "Israel": Actor(country="ISR"),
    "Netanyahu": Actor(country="ISR", sector="GOV"),
    "Hamas": Actor(country="PSE", sector="REB", org="HMS"),
    "China": Actor(country="CHN"),
    "United Nations": Actor(org="UNO", kind="IGO"),
    "Turkey": Actor(country="TUR"),
    "Syria": Actor(country="SYR"),
    "Sudan": Actor(country="SDN"),
}


@pytest.fixture(scope="session")
def parse() -> Parse:
    """Return a parser of one sentence that remembers what it has parsed."""
    nlp = load_model("en_core_web_sm")
    kept: dict[str, Doc] = {}

    def parsed(text: str) -> Doc:
        if text not in kept:
            kept[text] = Doc(nlp(text))
        return kept[text]

    return parsed


@pytest.fixture(scope="session")
def frame_at() -> MakeFrame:
    """Return a maker of frames: the n-th word of this lemma or form is the trigger."""

    def made(doc: Doc, lemma: str, number: int = 0, **fields: object) -> Frame:
        at = [t.i for t in doc if lemma in {t.lemma_.lower(), t.lower_}][number]
        values: dict[str, object] = {
            "trigger": at,
            "action": (at,),
            "sources": (),
            "targets": (),
            "object": None,
            "lemma": lemma,
            "cameo": "190",
            "plover": "ASSAULT",
            "mode": None,
            "context": None,
            "entry": "test",
            "construction": "active",
        }
        return Frame(**{**values, **fields})  # type: ignore[arg-type]

    return made


@pytest.fixture(scope="session")
def mentions_in() -> MakeMentions:
    """Return a finder of a few actors by name, each time they are named."""

    def found(doc: Doc) -> list[Mention]:
        mentions = []
        for name, actor in ACTORS.items():
            start = doc.text.find(name)
            while start >= 0:
                end = start + len(name)
                span = doc.around(start, end)
                assert span is not None
                mentions.append(
                    Mention(
                        char_start=start,
                        char_end=end,
                        text=name,
                        actor=actor,
                        how="test",
                        head=span.root.i,
                    )
                )
                start = doc.text.find(name, end)
        return mentions

    return found
