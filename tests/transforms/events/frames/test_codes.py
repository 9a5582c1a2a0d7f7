"""The code tables, and what operators make of a code."""

from __future__ import annotations

import pytest

from transforms.events.frames.codes import tables


def test_every_code_has_its_type_mode_and_score() -> None:
    known = tables()
    assert len(known.codes) == 298
    assert set(known.quads.values()) == {1, 2, 3, 4}
    for cameo, code in known.codes.items():
        assert (code.plover is None) == cameo.startswith("01")
        assert -10 <= code.goldstein <= 10
        if code.mode:
            assert code.plover is not None
            assert code.mode in known.modes[code.plover]


@pytest.mark.parametrize(
    ("operator", "base", "result"),
    [
        ("do", "195", "195"),
        ("stop", "071", "1621"),  # suspended aid
        ("stop", "163", "085"),  # lifted sanctions
        ("stop", "195", "087"),
        ("stop", "040", "164"),
        ("intend", "042", "036"),  # will visit
        ("intend", "073", "0333"),
        ("intend", "195", "1384"),
        ("refuse", "042", "125"),
        ("refuse", "0871", "1246"),
        ("request", "0841", "0253"),
        ("demand", "0874", "1056"),
        ("threaten", "163", "1312"),
        ("accuse", "194", "1123"),
        ("stop", "111", None),
    ],
)
def test_operator_over_a_code(operator: str, base: str, result: str | None) -> None:
    assert tables().apply(operator, base) == result


def test_operators_give_known_codes_for_every_code() -> None:
    known = tables()
    for operator in known.operators:
        for cameo in known.codes:
            assert known.apply(operator, cameo) in {None, *known.codes}
