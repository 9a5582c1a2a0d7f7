"""Votes answer questions about characters of a sentence."""

from __future__ import annotations

from typing import Any

from transforms.events.learned.proposals import code_of

TEXT = "Poland expelled two Russian diplomats on Friday."


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_an_act_is_the_run_of_words_that_the_model_takes_for_an_event(votes_on: Any) -> None:
    votes = votes_on(TEXT, {"expelled": ("SANCTION", "16")})
    [act] = votes.acts()
    assert votes.text(act) == "expelled"
    assert (act.kind, act.root) == ("SANCTION", "16")
    assert votes.is_event(act.piece) > 2
    assert votes.is_type(act.piece, "SANCTION") > 2 > votes.is_type(act.piece, "AID")


def test_a_sentence_without_one_has_no_act(votes_on: Any) -> None:
    votes = votes_on(TEXT, {}, about="sport")
    assert votes.acts() == []
    assert votes.about() == "sport"
    assert votes.holds_event() < -2


def test_roles_are_asked_of_an_act_and_an_actor(votes_on: Any) -> None:
    votes = votes_on(
        TEXT,
        {"expelled": ("SANCTION", "16")},
        {("source", "expelled"): "Poland", ("target", "expelled"): "Russian diplomats"},
    )
    piece = votes.piece_of([span("expelled")], "SANCTION")
    assert piece == votes.likeliest("SANCTION")
    assert (
        votes.role("source", piece, span("Poland"))
        > 0
        > votes.role("target", piece, span("Poland"))
    )
    assert votes.role("target", piece, span("Russian diplomats")) > 0


def test_of_several_words_the_likeliest_of_the_type_is_asked(votes_on: Any) -> None:
    votes = votes_on(TEXT, {"expelled": ("SANCTION", "16")})
    piece = votes.piece_of([span("two"), span("expelled"), span("Friday")], "SANCTION")
    assert votes.type_of(piece) == "SANCTION"
    assert votes.piece_of([(len(TEXT), len(TEXT))], "SANCTION") is None


def test_a_type_has_a_code_within_its_root_or_else_its_own() -> None:
    within = code_of("ASSAULT", "19")
    elsewhere = code_of("ASSAULT", "05")
    assert within is not None
    assert (within.cameo, within.plover) == ("190", "ASSAULT")
    assert elsewhere is not None
    assert elsewhere.plover == "ASSAULT"
    assert code_of("statement", "01") is None
