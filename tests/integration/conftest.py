"""Running `wirelake` as a user does: as a process, on files and loopback servers."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.lake.query import query

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip("the shared test data is not beside the repository")
    return SHARED


def _run_in(folder, *args, check=0, env=None, stdin=None):
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, args)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check is None or done.returncode == check, done.stderr + done.stdout
    return done


@pytest.fixture(scope="session")
def run_in():
    """Return the function that runs `wirelake` in a folder, and checks its exit code."""
    return _run_in


@pytest.fixture
def wirelake(tmp_path):
    """Return a function that runs `wirelake` in the test's own folder."""
    return functools.partial(_run_in, tmp_path)


@pytest.fixture
def write_config(tmp_path):
    """Return a function that writes a configuration of feeds (dicts) and more TOML."""

    def _write(feeds, more="", name="config.toml"):
        lines = ['lake = "lake"']
        for feed in feeds:
            lines.append("[[feeds]]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in feed.items()]
        path = tmp_path / name
        path.write_text("\n".join([*lines, more]) + "\n", encoding="utf-8")
        return path

    return _write


@pytest.fixture
def rows(tmp_path):
    """Return a function that asks the lake of the test's folder."""

    def _rows(sql, lake=tmp_path / "lake"):
        return query(str(lake), sql).to_pylist()

    return _rows
