"""Every command, flag, make target and key is documented; no page names what is not there."""

import re
from pathlib import Path

import pytest
import typer.main

from pipeline.cli import app

ROOT = Path(__file__).parents[1]
TOP = typer.main.get_command(app).commands


def _leaves(commands, prefix=""):
    """Return every command by its whole name: "run", "feeds import"."""
    found = {}
    for name, command in commands.items():
        inner = getattr(command, "commands", None)
        found |= _leaves(inner, f"{prefix}{name} ") if inner else {prefix + name: command}
    return found


COMMANDS = _leaves(TOP)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_flag_is_documented(name):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"## wirelake {name}" in page
    section = page.split(f"## wirelake {name}")[1].split("\n## ")[0] + page.split("\n## ")[0]
    for parameter in COMMANDS[name].params:
        for flag in parameter.opts:
            if flag.startswith("--"):
                assert f"`{flag}" in section, flag
    assert f"wirelake {name.split()[0]}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_name_real_files_commands_and_targets(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"`?wirelake ([a-z]+)", text)) - {"turns"} <= set(TOP)
    inner = {name.split()[1] for name in COMMANDS if name.startswith("feeds ")}
    assert set(re.findall(r"wirelake feeds ([a-z]+)", text)) <= inner
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), link
