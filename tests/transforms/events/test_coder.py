"""The coder as a whole: batches, order, versions, odd input, the model's absence."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
from dataclasses import replace

import pytest

from pipeline.documents import document
from transforms.events.coder import Coder
from transforms.events.options import CoderOptions
from transforms.events.selection import MAX_CHARS
from transforms.events.tree import Token
from transforms.failures import ConfigError
from transforms.schema import Article

NOON = dt.datetime(2024, 11, 22, 12, tzinfo=dt.UTC)


def article(text: str, name: str = "a", title: str | None = None) -> Article:
    return replace(document(name, text, title=title, published=NOON), run_id="run")


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(CoderOptions(learned=False))


def test_batch_codes_as_each_alone(coder: Coder) -> None:
    articles = [
        article("Poland expelled two Russian diplomats. Chad praised Mali.", "1"),
        article("", "2"),
        article("Serbia and Kosovo held talks in Brussels.", "3", title="Serbia meets Kosovo"),
    ]
    together = coder.code(articles)
    assert together == [coder.code([one])[0] for one in articles]
    assert [len(rows) > 0 for rows in together] == [True, False, True]


def test_a_batch_leaves_nothing_for_the_garbage_collector(coder: Coder) -> None:
    assert gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        assert coder.code([article("Poland expelled two Russian diplomats. He praised Mali.")])[0]
        assert not gc.isenabled()
        assert not [one for one in gc.get_objects() if type(one) is Token]
    finally:
        gc.enable()
    coder.code([article("Chad bombed Niger.")])
    assert gc.isenabled()


def test_row_is_complete_and_stable(coder: Coder) -> None:
    (row,) = coder.code([article("Poland expelled two Russian diplomats.")])[0]
    assert (
        row.event_id
        == coder.code([article("Poland expelled two Russian diplomats.")])[0][0].event_id
    )
    assert (row.source_code, row.plover_type, row.cameo_code) == ("POL", "SANCTION", "166")
    assert row.plover_mode == "expel"
    assert row.target_country == "RUS"
    assert (row.quad_class, row.cameo_root, row.goldstein) == (4, "16", -7.0)
    assert row.coder_version == coder.version
    assert row.run_id == "run"
    assert 0 < row.confidence <= 1


def test_same_event_has_the_same_key(coder: Coder) -> None:
    one, two = (
        coder.code([article(text, name)])[0][0]
        for name, text in (("1", "Chad bombed Niger."), ("2", "Niger was bombed by Chad."))
    )
    assert one.event_id != two.event_id
    assert one.event_key == two.event_key


def test_trace_says_why(coder: Coder) -> None:
    traces = coder.trace(
        article("The roses are red. Poland met Chad for talks. Poland said nothing of Chad.")
    )
    assert traces[0].skipped == "no word of an event"
    assert traces[1].findings[0].frame.entry == "meet"
    assert [mention.text for mention in traces[1].mentions] == ["Poland", "Chad"]
    assert traces[2].sentence.text.endswith("Chad.")


@pytest.mark.parametrize(
    "text",
    [
        "Iran \x00 attacked \x00 Iraq.",
        "\u202eIran attacked Iraq\u202c \U0001f680\U0001f680",
        "«Иран» attacked العراق and Iran attacked Iraq.",
        "Iran " * 3000,
        "Iran attacked Iraq and " * 1000,
        '"' * 5000,
    ],
)
def test_odd_text_is_coded_or_skipped(coder: Coder, text: str) -> None:
    coder.code([article(text)])


def test_overlong_sentence_is_skipped_with_a_reason(coder: Coder) -> None:
    (trace,) = coder.trace(article("Iran attacked Iraq and " * 200 + "left"))
    assert trace.skipped == f"longer than {MAX_CHARS} characters"


def test_sport_article_is_none_of_politics(coder: Coder) -> None:
    text = (
        "France attacked Brazil from the first minute of the match. The coach praised his striker. "
        "Brazil hit back with two goals before half-time in the final."
    )
    assert [row for row in coder.code([article(text)])[0] if row.plover_type] == []


def test_old_event_is_history(coder: Coder) -> None:
    rows = coder.code([article("Germany invaded Poland in 1939.")])[0]
    assert [row for row in rows if row.plover_type] == []


def test_missing_model_is_one_clear_line() -> None:
    with pytest.raises(ConfigError, match="no_such_model") as error:
        Coder(CoderOptions(model="no_such_model"))
    assert "install" in str(error.value)
    assert "\n" not in str(error.value)


def test_other_record_fields_do_not_matter(coder: Coder) -> None:
    plain = article("Chad bombed Niger.")
    undated = dataclasses.replace(plain, published_at=None)
    (row,) = coder.code([undated])[0]
    assert row.event_date is None
    assert row.event_date_precision == "published"


def test_roles_without_a_name_are_those_of_the_article(coder: Coder) -> None:
    told = article("Police arrested 20 protesters.")
    named = article(
        "Kenya's president spoke to Kenya's parliament on Monday. Kenya wept. "
        "Police arrested 20 protesters."
    )
    for one in (replace(told, dateline="NAIROBI"), named):
        rows = coder.code([one])[0]
        assert ("KENCOP", "COERCE", "KENCVL") in {
            (row.source_code, row.plover_type, row.target_code) for row in rows
        }


def test_roles_of_no_article_are_nobody(coder: Coder) -> None:
    assert coder.code([article("Police arrested 20 protesters. They met on Monday.")]) == [[]]


def test_what_is_not_parsed_changes_nothing_elsewhere() -> None:
    text = (
        "Peru's Congress removed President Pedro Castillo on Wednesday. The match ended in a draw. "
        "Levi Pay, a former minister, visited the school. Castillo, a teacher, had announced a curfew. "
        "He rejected the vote."
    )
    told = [
        [(row.sentence, row.source_code, row.cameo_code, row.target_code) for row in rows]
        for coder in (Coder(), Coder(parse_all=True))
        for rows in coder.code([article(text)])
    ]
    assert told[0] == told[1]
    assert any(sentence.startswith("Castillo") for sentence, *_ in told[0])
