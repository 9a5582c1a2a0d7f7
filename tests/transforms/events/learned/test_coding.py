"""The coder with the model: asked only in doubt, told in full, and without it the rules as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.documents import document
from transforms.events import explain
from transforms.events.coder import Coder
from transforms.events.learned.policy import EVERYWHERE, NOWHERE
from transforms.events.learned.votes import Model
from transforms.events.options import CoderOptions

DOUBTED = "Zimbabwe's police withdrew from the headquarters of the opposition on Tuesday."
PLAIN = "The grass is green in the hills of Poland."


@pytest.fixture(scope="module")
def both(model: Model) -> Coder:
    assert model is not None
    return Coder(CoderOptions(learned=True), asking=replace(EVERYWHERE, likely=1.1))


def test_explain_shows_both_votes_and_the_decision(both: Coder) -> None:
    text = "\n".join(explain.lines(both.trace(document("a", DOUBTED))))
    assert "  model     event (" in text
    assert "  policy    ZWE" in text
    page = explain.page(both.trace(document("a", DOUBTED)), "t")
    assert "<li>policy: ZWE" in page


def test_a_sentence_without_a_row_is_not_asked_about(both: Coder) -> None:
    assert all(trace.votes is None for trace in both.trace(document("a", PLAIN)))


def test_rows_do_not_depend_on_what_is_coded_beside_them(both: Coder) -> None:
    articles = [
        document(name, text) for name, text in (("1", DOUBTED), ("2", PLAIN), ("3", DOUBTED))
    ]
    together = both.code(articles)
    assert together == [both.code([one])[0] for one in articles]
    assert [row.confidence for row in together[0]] == [row.confidence for row in together[2]]


def test_rows_that_the_model_is_not_asked_about_are_those_of_the_rules_alone() -> None:
    article = document("a", "Poland expelled two Russian diplomats.")
    alone = Coder(CoderOptions(learned=False)).code([article])
    assert Coder(CoderOptions(learned=True), asking=NOWHERE).code([article]) == alone
