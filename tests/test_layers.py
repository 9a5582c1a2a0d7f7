"""Imports run one way: pipeline → shells → pure packages → schema."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("feeds", "web", "articles", "duplicates", "events", "lake")
PURE = [
    *("schema", "records", "failures", "describe", "supervise"),
    *(
        ".".join(path.relative_to(ROOT / "transforms").with_suffix("").parts)
        for package in PACKAGES
        for path in sorted((ROOT / "transforms" / package).rglob("*.py"))
    ),
]
BEAMLESS = [f"transforms.{name}".removesuffix(".__init__") for name in PURE]
BEAMLESS += ["pipeline.code", "pipeline.documents", "pipeline.settings"]


def test_pure_modules_import_no_beam():
    program = (
        f"import importlib, sys\nfor name in {BEAMLESS!r}:\n    importlib.import_module(name)\n"
    )
    program += "    assert 'apache_beam' not in sys.modules, name\n"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["transforms", "pipeline"])
def test_the_library_knows_no_application(folder):
    forbidden = {"transforms": ("pipeline", "configs"), "pipeline": ("tests",)}[folder]
    for path in (ROOT / folder).rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["from"], ["import"]):
                assert words[1].split(".")[0] not in forbidden, f"{path}: {line}"
