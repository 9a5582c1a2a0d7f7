"""A finite clause has a subject of its own: not that of the main clause, where the parser lost it."""

import pytest

KENYA = (
    "Kenya closed its border with Somalia on Monday, two weeks after a bombing in a market killed "
    "nine civilians."
)
COLOMBIA = (
    "Colombia's government suspended peace talks with rebels on Wednesday, a day after an attack on a "
    "military base killed two soldiers and wounded more than 20 others."
)


@pytest.mark.parametrize("text", [KENYA, COLOMBIA])
def test_the_main_clauses_subject_did_not_do_it(code, text):
    assert [row.source_country for row in code(text) if row.plover_type == "ASSAULT"] in (
        [],
        [None],
    )


def test_a_participle_shares_the_main_clauses_subject(code):
    [row] = [
        row
        for row in code(
            "Israel shelled a town in southern Lebanon on Friday, killing four soldiers."
        )
        if row.action_lemma.startswith("kill")
    ]
    assert row.source_country == "ISR"
