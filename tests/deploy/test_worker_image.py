"""The worker image's recipe. No image is built here: its steps run in a fresh environment instead."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "deploy" / "flink" / "Containerfile").read_text(encoding="utf-8")


def test_the_base_image_has_the_locked_version_of_beam():
    locked = re.search(
        r"^apache-beam==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    assert re.search(r"^FROM \S+_sdk:(\S+)$", RECIPE, re.MULTILINE)[1] == locked[1]


def test_what_the_recipe_copies_is_there():
    [copied] = re.findall(r"^COPY (.*) \S+$", RECIPE, re.MULTILINE)
    made, kept = [], []
    for name in copied.split():
        (made if name.startswith("dist/") else kept).append(name)
    assert made == ["dist/wirelake_pipeline-*.whl"]  # by `make wheel`
    assert all((ROOT / name).is_file() for name in kept)


@pytest.mark.slow
def test_the_recipes_steps_give_an_environment_that_codes(tmp_path):
    copied = tmp_path / "wirelake"
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", copied, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    for name in ("requirements.txt", "deploy/flink/install-worker.sh"):
        shutil.copy(ROOT / name, copied)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    path = f"{tmp_path / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"PATH": path}
    [step] = re.findall(r"^RUN (.*?) &&", RECIPE, re.MULTILINE)
    command = step.replace("/tmp/wirelake", str(copied)).split()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"plover_type"' in done.stdout
    # What Beam's boot program starts: a worker that finds the pipeline's modules.
    worker = "import transforms.poll, apache_beam.runners.worker.sdk_worker_main"
    subprocess.run(["python", "-W", "ignore", "-c", worker], cwd="/", env=env, check=True)
