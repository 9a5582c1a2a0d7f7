"""The first look: cheap, conservative, told by `explain`, and a setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import document
from transforms.events.actors import ActorBook
from transforms.events.coder import Coder
from transforms.events.explain import lines
from transforms.events.first_look import (
    FirstLook,
    features,
    load_first_look,
    write_first_look,
)
from transforms.events.model import Actor, Mention
from transforms.events.options import CoderOptions
from transforms.failures import ConfigError

DULL = "The striker from Brazil scored twice as his club won the cup final 3-1."
Look = Callable[[str], float]


@pytest.fixture(scope="module")
def look() -> Look:
    book, model = ActorBook.load(), load_first_look()
    return lambda text: model.chance(text, book.find(text, None))


def named(text: str, name: str, **actor: str) -> Mention:
    start = text.index(name)
    return Mention(
        char_start=start, char_end=start + len(name), text=name, actor=Actor(**actor), how="country"
    )


def test_names_count_by_their_kind_and_words_as_they_are() -> None:
    text = "In 2024 Chad bombed Niger."
    found = features(
        text, [named(text, "Chad", country="TCD"), named(text, "Niger", country="NER")]
    )
    assert found == {"in", "bombed", "(country)", "(number)", "(actors 2)", "(length 0)"}
    other = "In 1999 Iran bombed Iraq."
    assert found == features(
        other, [named(other, "Iran", country="IRN"), named(other, "Iraq", country="IRQ")]
    )


def test_events_are_likelier_than_sport(look: Look) -> None:
    assert look(DULL) < load_first_look().least < look("Chad's army shelled a village in Niger.")


@given(st.text())
def test_what_it_does_not_know_is_parsed(text: str) -> None:
    model = FirstLook(intercept=0, weights={}, least=0.4)
    assert model.chance(text, []) == 0.5


@given(st.sets(st.integers(0, 50)), st.lists(st.integers(-9_999_999, 9_999_999), min_size=51))
def test_the_order_of_words_does_not_matter(found: set[int], weights: list[int]) -> None:
    model = FirstLook(0, {str(i): weight for i, weight in enumerate(weights)}, 0.5)
    forth = [str(one) for one in sorted(found)]
    assert model.chance_of(forth) == model.chance_of(reversed(forth))
    assert 0 <= model.chance_of(forth) <= 1


def test_explain_says_what_was_left_out_and_how_unlikely_it_was() -> None:
    article = document("a", f"{DULL} Chad bombed Niger.")
    traces = Coder(CoderOptions(learned=False)).trace(replace(article, run_id="run"))
    told = list(lines(traces))
    assert traces[0].chance is not None
    assert f"  not parsed: its words make a row unlikely: {traces[0].chance:.3f}" in told
    assert traces[1].skipped is None
    assert f"  chance    {traces[1].chance:.2f} of a row, at the first look" in told


def test_it_can_be_turned_off() -> None:
    coder = Coder(CoderOptions(first_look=False, learned=False))
    (trace,) = coder.trace(replace(document("a", DULL), run_id="run"))
    assert (trace.skipped, trace.chance) == (None, None)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "look.tsv"
    model = load_first_look()
    write_first_look(model, "some sentences", path)
    assert load_first_look(path) == model


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(intercept)\t0\n(least)\t0.1\nwar\tmuch\n", r"look\.tsv:3: 'much' is no finite number"),
        ("(intercept)\t0\n(least)\t0.1\nwar\tnan\n", r"look\.tsv:3: 'nan' is no finite number"),
        ("(intercept)\t0\n(least)\t0.1\nwar\n", r"look\.tsv:3: column 2 is empty"),
        ("war\t1\nwar\t2\n", r"look\.tsv:2: 'war' has a weight already"),
        ("war\t1\n", r"there is no \(intercept\) and no \(least\)"),
        ("(intercept)\t0\n(least)\t1.5\n", r"\(least\) 1\.5 is no probability below 1"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "look.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_first_look(path)
