"""The ready files for schedulers: one command everywhere, and files their programs accept."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = "/opt/wirelake/.venv/bin/wirelake"


def read(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_every_scheduler_calls_the_same_command():
    unit = re.search(r"ExecStart=(.*)", read("systemd/wirelake.service"))[1]
    assert unit.startswith(f"{PROGRAM} run ")
    cron = read("cron.d/wirelake")
    variables = dict(re.findall(r"^([A-Z]+)=(.*)$", cron, re.MULTILINE))
    (line,) = re.findall(r"&& (\$WIRELAKE run .*?) 2>", cron)
    assert re.sub(r"\$([A-Z]+)", lambda found: variables[found[1]], line) == unit


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_accepts_the_units(tmp_path):
    for unit in UNITS:  # it wants the program to be there
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "wirelake" in line]
    assert (done.returncode, ours) == (0, [])


def test_exit_codes_that_are_no_failure_are_none_for_systemd():
    assert "SuccessExitStatus=3 75" in read("systemd/wirelake.service")
    assert "RestartPreventExitStatus=2" in read("systemd/wirelake-stream.service")
