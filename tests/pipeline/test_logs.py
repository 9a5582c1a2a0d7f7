"""Log lines as JSON: one object a line, each with its run."""

import json
import subprocess
import sys

PROGRAM = """
import logging
from pipeline.logs import name_run, set_up_logging
set_up_logging(as_json=True)
log = logging.getLogger("transforms.example")
log.info("before")
name_run("r1")
log.warning("über %s", "alles", extra={"feed_id": "f1"})
logging.getLogger("other").info("not ours")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("broken")
log.info("of a window", extra={"run_id": "r2"})
"""


def lines():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    return [json.loads(line) for line in done.stderr.decode().splitlines()]


def test_every_line_is_an_object_that_says_which_run_it_is_of():
    found = lines()
    assert [line["message"] for line in found] == ["before", "über alles", "broken", "of a window"]
    assert [line["run_id"] for line in found] == [None, "r1", "r1", "r2"]
    assert found[1]["feed_id"] == "f1"
    assert [line["level"] for line in found] == ["INFO", "WARNING", "ERROR", "INFO"]
    assert all(line["time"].endswith("+00:00") for line in found)
    assert "ZeroDivisionError" in found[2]["exc_info"]
