"""The judge's data files: every one loads, and mistakes are named with file and line."""

from __future__ import annotations

import pytest

from transforms.events.judgement.operators import effect
from transforms.events.wordlists import DATA, rows, words
from transforms.failures import ConfigError


def test_rows_skip_comments_and_fill_up(tmp_path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("# comment\n\nsay\tverb\nx\t-\n")
    found = list(rows(path, 3))
    assert [row.fields for row in found] == [("say", "verb", None), ("x", None, None)]
    assert found[0].place == f"{path}:3"
    assert found[0].required(1) == "verb"
    with pytest.raises(ConfigError, match=r"a\.tsv:4: column 2 is empty"):
        found[1].required(1)
    with pytest.raises(ConfigError, match=r"a\.tsv:3: 'verb' is not one of noun"):
        found[0].one_of(1, frozenset({"noun"}))


def test_too_many_fields_and_missing_files_are_named(tmp_path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("a\tb\tc\n")
    with pytest.raises(ConfigError, match=r"a\.tsv:1: 3 fields"):
        list(rows(path, 2))
    with pytest.raises(ConfigError, match=r"none\.tsv: cannot be read"):
        list(rows(tmp_path / "none.tsv", 2))


def test_every_list_is_explained() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in DATA.iterdir()} - {"README.md"}
    assert files == {word for word in files if f"`{word}`" in readme}


def test_lists_of_words_load() -> None:
    for path in DATA.glob("*.txt"):
        assert words(path.name)
    assert effect("mark", "if") == "conditional"
