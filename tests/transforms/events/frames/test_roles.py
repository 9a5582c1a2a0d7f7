"""What constructions do with roles, modality and speakers, on whole rows."""

from __future__ import annotations

from collections.abc import Callable

from transforms.schema import Event

Code = Callable[..., list[Event]]


def of_type(rows: list[Event], plover: str | None) -> list[Event]:
    return [row for row in rows if row.plover_type == plover]


def test_accusation_is_two_events(code: Code) -> None:
    rows = code(text="Cambodia accused Thailand of shelling its villages.")
    (accusation,) = of_type(rows, "ACCUSE")
    (alleged,) = of_type(rows, "ASSAULT")
    assert accusation.modality == "asserted"
    assert (alleged.source_country, alleged.modality) == ("THA", "alleged")
    assert alleged.said_by_country == "KHM"


def test_future_cooperation_is_agreement(code: Code) -> None:
    (row,) = code(text="The Kenyan president will visit Uganda.")
    assert (row.plover_type, row.cameo_code, row.modality) == ("AGREE", "036", "intended")


def test_refused_act_is_not_asserted(code: Code) -> None:
    rows = code(text="Turkey refused to send Armenia food.")
    assert {row.plover_type for row in rows} == {"REJECT"}
    assert rows[0].cameo_code == "1223"


def test_coordinated_actors_give_one_event_per_pair(code: Code) -> None:
    rows = code(text="France and Germany imposed sanctions on Belarus and Mali.")
    pairs = {(row.source_code, row.target_code) for row in of_type(rows, "SANCTION")}
    assert pairs == {("FRA", "BLR"), ("FRA", "MLI"), ("DEU", "BLR"), ("DEU", "MLI")}


def test_reciprocal_event_both_ways(code: Code) -> None:
    rows = code(text="Peru and Ecuador signed a trade agreement.")
    assert {(row.source_code, row.target_code) for row in rows} == {("PER", "ECU"), ("ECU", "PER")}


def test_statement_only_where_nothing_more_specific_is_said(code: Code) -> None:
    (row,) = code(text="Norway said the weather in the Arctic was changing.")
    assert (row.plover_type, row.cameo_root, row.quad_class) == (None, "01", 0)
    rows = code(text="Norway said it had expelled two Russian diplomats.")
    assert [row.plover_type for row in rows] == ["SANCTION"]


def test_purpose_is_no_act(code: Code) -> None:
    rows = code(text="Chad bought rifles from China to attack Sudan.")
    assert of_type(rows, "ASSAULT") == []


def test_object_class_decides_the_code(code: Code) -> None:
    codes = {
        thing: code(text=f"Italy sent {thing} to Albania.")[0].cameo_code
        for thing in ("missiles", "medicine", "two million euros")
    }
    assert codes == {"missiles": "072", "medicine": "073", "two million euros": "071"}


def test_action_text_stands_where_the_row_says(code: Code) -> None:
    text = "The sky was grey.\n\nPoland and Chad signed a treaty on Friday. France condemned Mali."
    rows = code(text=text)
    assert rows
    for row in rows:
        assert text[row.char_start : row.char_end] == row.action_text
