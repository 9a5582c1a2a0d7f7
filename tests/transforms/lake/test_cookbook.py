"""Every query of the cookbook and every example of the lake's page runs."""

import re
from pathlib import Path

import pytest
from lake_rows import article, committed, duplicate, event, feed, poll

from transforms.lake.query import query, view_names

DOCS = Path(__file__).parents[3] / "docs"


def blocks(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Return a lake in which every query of the cookbook finds something."""
    lake = str(tmp_path_factory.mktemp("cookbook") / "lake")
    first, second = article(1, "r"), article(2, "r", feed_id="f2")
    assault = {"plover_type": "ASSAULT", "cameo_code": "190", "cameo_root": "19", "quad_class": 4}
    later = event(second, 3).event_date.replace(day=30)
    committed(
        lake,
        "r",
        [
            first,
            second,
            event(first, 0, event_date=event(first).event_date.replace(day=22)),
            event(second, 0, polarity="negative"),
            event(second, 1, modality="intended"),
            event(second, 2, **assault, event_date=later, source_country="PRK"),
            event(first, 4, **assault, source_country="RUS", target_country="UKR"),
            duplicate(first, 1, feed_id="f2"),
            feed("r", "f1"),
            feed("r", "f2"),
            poll("r", 1, "f1"),
            poll("r", 2, "f2", error="timeout", consecutive_failures=1),
        ],
    )
    committed(lake, "s")
    return lake


@pytest.mark.parametrize("sql", blocks("cookbook.md", "sql"), ids=lambda sql: sql[:40])
def test_every_query_runs_and_finds_something(filled, sql):
    assert query(filled, sql).num_rows > 0


def test_the_counting_law_of_the_cookbook_holds(filled):
    [law] = [sql for sql in blocks("cookbook.md", "sql") if "AS missing" in sql]
    assert set(query(filled, law)["missing"].to_pylist()) == {0}


def examples(*, on_s3):
    found = blocks("lake.md", "python")
    return [example for example in found if ("s3://" in example) == on_s3]


def test_every_example_of_the_lakes_page_runs(filled, monkeypatch):
    monkeypatch.chdir(Path(filled).parent)
    assert len(examples(on_s3=False)) == 2
    for example in examples(on_s3=False):
        exec(compile(example, "lake.md", "exec"), {})


def test_every_example_of_the_lakes_page_runs_on_an_object_store(s3_lake):
    committed(s3_lake, "r")
    [example] = examples(on_s3=True)
    exec(compile(example.replace("s3://bucket/prefix", s3_lake), "lake.md", "exec"), {})


def test_every_view_is_on_the_lakes_page():
    page = (DOCS / "lake.md").read_text(encoding="utf-8")
    assert all(f"- **{name}**" in page for name in [*view_names(), "files"])
