"""Which sentences are parsed: those with an event's word and an actor, or somebody told of elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.documents import document
from transforms.events.actors import ActorBook
from transforms.events.first_look import FirstLook
from transforms.events.frames.lexicon import Lexicon, lower_words
from transforms.events.selection import (
    MAX_CHARS,
    NO_ACTOR,
    NO_EVENT,
    Selection,
    names_a_role,
    speaks_of_persons,
)

Skipped = Callable[..., list[str | None]]
NEVER = FirstLook(0, {}, least=0.9)  # gives every sentence 0.5


@pytest.fixture(scope="module")
def skipped() -> Skipped:
    book, lexicon = ActorBook.load(), Lexicon.load()

    def made(
        text: str,
        title: str | None = None,
        *,
        look: FirstLook | None = None,
        everything: bool = False,
    ) -> list[str | None]:
        selection = Selection(book, lexicon, look, everything=everything)
        article = replace(document("a", text, title=title), run_id="run")
        return [one.skipped for one in selection.of(article, None)]

    return made


def test_an_actor_and_a_word_of_an_event_are_needed(skipped: Skipped) -> None:
    text = "Chad bombed Niger. Chad is large. The baker bombed the exam."
    assert skipped(text) == [None, NO_EVENT, NO_ACTOR]


def test_the_title_comes_first(skipped: Skipped) -> None:
    assert skipped("Roses are red.", title="Chad bombs Niger") == [None, NO_EVENT]


def test_an_endless_sentence_is_left_out(skipped: Skipped) -> None:
    text = "Chad bombed Niger and " * MAX_CHARS
    assert skipped(text) == [f"longer than {MAX_CHARS} characters"]


@pytest.mark.parametrize(
    "later",
    [
        "He bombed the exam.",
        "Then, she said, the baker left.",
        "They attacked the baker.",
        "Police arrested the baker.",
        "Castillo, a teacher, attacked the baker.",
        "Castillo's teacher attacked the baker.",
    ],
)
def test_who_is_named_elsewhere_is_no_stranger(skipped: Skipped, later: str) -> None:
    assert skipped(f"Peru's Congress removed President Pedro Castillo. {later}") == [None, None]


def test_roles_may_begin_a_report_and_pronouns_may_not(skipped: Skipped) -> None:
    assert skipped("Police arrested the baker. Police arrested the cook.") == [None, NO_ACTOR]
    assert skipped("He attacked the baker.") == [NO_ACTOR]


def test_who_is_introduced_is_known_later(skipped: Skipped) -> None:
    told = "Chad wept. Ana Ruiz, a minister, bombed the exam. Ruiz attacked the baker."
    assert skipped(told)[1:] == [None, None]
    assert skipped("Ana Ruiz bombed the exam. Ruiz attacked the baker.") == [NO_ACTOR, NO_ACTOR]
    nobody = "Ana Ruiz, a student, bombed the exam."
    assert skipped(nobody) == [NO_ACTOR]  # of what country, no sentence has said


def test_the_first_look_decides_on_what_hangs_on_no_other_sentence(skipped: Skipped) -> None:
    unlikely = "its words make a row unlikely: 0.500"
    assert skipped("Chad bombed Niger.", look=NEVER) == [unlikely]
    assert skipped("Chad's President Ana Ruiz bombed Niger.", look=NEVER) == [None]
    assert skipped("He bombed Niger.", look=NEVER) == [None]


def test_everything_is_chosen_for_measuring(skipped: Skipped) -> None:
    assert skipped("Roses are red. Chad bombed Niger.", look=NEVER, everything=True) == [None, None]


def test_pronouns_and_roles_are_words_not_parts_of_words() -> None:
    assert speaks_of_persons(lower_words("It rained."))
    assert not speaks_of_persons(lower_words("The sheriff saw it."))
    assert names_a_role(lower_words("The Police came."))
    assert not names_a_role(lower_words("The policeman came."))
