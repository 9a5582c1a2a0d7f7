"""One ingest at a time."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from transforms.failures import LakeLocked
from transforms.lake.lock import lake_lock

HOLDER = (
    "import sys, time; from transforms.lake.lock import lake_lock\n"
    "with lake_lock(sys.argv[1], 'run x'): print('held', flush=True); {then}"
)


def hold(lake, then="time.sleep(60)"):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(then=then), lake], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_holder_is_told_who_and_since_when(lake):
    with hold(lake) as process:
        with pytest.raises(
            LakeLocked, match=rf"run x \(process {process.pid} on .*, since 2"
        ) as at:
            lake_lock(lake).__enter__()
        assert at.value.exit_code == 75
        process.kill()


def test_sigkill_frees_it(lake):
    with hold(lake) as process:
        process.send_signal(signal.SIGKILL)
    with lake_lock(lake):
        pass


def test_it_can_be_taken_again_and_again(lake):
    for _ in range(2):
        with lake_lock(lake), pytest.raises(LakeLocked), lake_lock(lake):
            pass


@pytest.mark.parametrize(
    "start",
    [
        "import subprocess; child = subprocess.Popen(['sleep', '60'], close_fds=False).pid",
        "import os; child = os.fork() or time.sleep(60)",
    ],
)
def test_a_child_that_outlives_the_holder_does_not_keep_the_lake(lake, start):
    then = f"exec({start!r}); print(child, flush=True); time.sleep(60)"
    with hold(lake, then) as process:
        child = int(process.stdout.readline())
        process.kill()
    try:
        os.kill(child, 0)
        taken = False
        for _ in range(100):  # a fork that has only just begun still holds it
            with contextlib.suppress(LakeLocked), lake_lock(lake):
                taken = True
                break
            time.sleep(0.1)
        assert taken
    finally:
        os.kill(child, signal.SIGKILL)
