"""The wheel holds the three packages with their data, and nothing else takes their names."""

import importlib.metadata
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = {"configs", "pipeline", "transforms"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    tree = tmp_path_factory.mktemp("tree")  # setuptools packs what an earlier build left behind
    for name in NAMES:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    subprocess.run(command, check=True, capture_output=True, cwd=tree)
    [path] = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_the_wheel_has_exactly_our_three_names(wheel):
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == NAMES


def test_the_wheel_carries_every_module_and_data_file(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", *NAMES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    there = {name for name in tracked.stdout.split() if (ROOT / name).exists()}
    assert not sorted(there - wheel)


def test_no_other_distribution_takes_our_names():
    owners = importlib.metadata.packages_distributions()
    for name in NAMES:
        assert set(owners[name]) == {"wirelake-pipeline"}
