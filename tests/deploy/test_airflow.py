"""The DAG under a real Airflow, in an environment of its own: `make airflow`."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AIRFLOW = ROOT / "build" / "airflow" / "venv" / "bin" / "airflow"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not AIRFLOW.exists(), reason="no Airflow here; `make airflow` installs it"),
]

JUDGE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("wirelake_dag", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
for code in (0, 3, 75, 2, 1):
    try:
        module.judge(code)
        print("ends", code, "done")
    except Exception as error:
        print("ends", code, type(error).__name__)
"""


@pytest.fixture
def environment(tmp_path):
    return os.environ | {
        "AIRFLOW_HOME": str(tmp_path / "home"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "deploy" / "airflow"),
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    }


def test_a_dag_run_calls_wirelake_with_the_data_interval(tmp_path, environment):
    called = tmp_path / "called"
    program = tmp_path / "wirelake"
    program.write_text(f'#!/bin/sh\necho "$@" > {called}\nexit 3\n', encoding="utf-8")
    program.chmod(0o755)
    environment |= {"WIRELAKE": str(program), "WIRELAKE_CONFIG": "mine.toml"}
    subprocess.run([AIRFLOW, "db", "migrate"], env=environment, check=True, capture_output=True)
    done = subprocess.run(
        [AIRFLOW, "dags", "test", "wirelake", "2024-11-22T09:30:00Z"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert called.read_text().split() == [
        "run",
        "mine.toml",
        "--log-json",
        "--run-id=airflow-20241122T093000Z",
        "--interval-start=2024-11-22T09:15:00+00:00",
        "--interval-end=2024-11-22T09:30:00+00:00",
    ]


def test_exit_codes_become_airflow_s_own_ends(environment):
    dag = ROOT / "deploy" / "airflow" / "wirelake_dag.py"
    python = AIRFLOW.with_name("python")
    done = subprocess.run(
        [python, "-c", JUDGE, dag], env=environment, capture_output=True, text=True, check=True
    )
    assert re.findall(r"^ends (.*)$", done.stdout, re.MULTILINE) == [
        "0 done",
        "3 done",
        "75 AirflowException",
        "2 AirflowFailException",
        "1 AirflowException",
    ]
