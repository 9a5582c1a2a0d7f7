"""Rows of two coders have one version only if code, data, model and own files are the same."""

from __future__ import annotations

from pathlib import Path

from transforms.events.version import coder_version, package_digest


def test_version_names_release_package_and_model() -> None:
    assert coder_version("core_web_sm 3.8").startswith(f"1+{package_digest()}.")
    assert coder_version("core_web_sm 3.8") != coder_version("core_web_md 3.8")


def test_own_files_change_the_version(tmp_path: Path) -> None:
    mine = tmp_path / "mine.tsv"
    mine.write_text("one", encoding="utf-8")
    before = coder_version("m", [mine])
    mine.write_text("two", encoding="utf-8")
    assert len({before, coder_version("m", [mine]), coder_version("m")}) == 3


def test_any_data_or_code_of_the_package_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    code, data = tmp_path / "a.py", tmp_path / "actors" / "b.tsv"
    seen = set()
    for first, second in (("1", "1"), ("2", "1"), ("2", "2")):
        code.write_text(first, encoding="utf-8")
        data.write_text(second, encoding="utf-8")
        package_digest.cache_clear()
        seen.add(package_digest(tmp_path))
    assert len(seen) == 3
    package_digest.cache_clear()
