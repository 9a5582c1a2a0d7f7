"""What child processes of the tests do to a lake before they are killed."""

import datetime as dt
import multiprocessing
import os
import signal

from lake_rows import NO_INTERVAL, NOON, event, rows_of, staged

from transforms.lake.commit import commit
from transforms.lake.compact import compact
from transforms.lake.expire import expire
from transforms.lake.raw import RawStore
from transforms.lake.recode import recode
from transforms.lake.runs import begin
from transforms.lake.s3 import S3Store
from transforms.lake.store import LocalStore

SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload(["lake_child"])


class KillAt:
    """Kills its process just before the n-th operation on the disk; 0: counts only."""

    def __init__(self, at):
        self.at = at
        self.steps = []

    def __call__(self, name):
        self.steps.append(name)
        if len(self.steps) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


TERM_S = 1.5  # of locks on an object store: a killed process is soon forgotten


def store_of(lake, kill):
    """Return the store of a lake; it calls `kill` before each operation that changes it."""
    if lake.startswith("s3://"):
        return S3Store(lake, step=kill, term_s=TERM_S)
    return LocalStore(lake, step=kill)


def whole_run(lake, run_id, articles, kill):
    """Begin, land, stage and commit a run on a store that may kill this process."""
    store = store_of(lake, kill)
    run = begin(store, run_id, NO_INTERVAL, NOON, "config")
    raw = RawStore(store, run)
    for number in range(3):
        record_id = f"<urn:uuid:{number}>"
        if raw.get(record_id) is None:
            raw.put(record_id, f"{run_id} {number}".encode() * 9)
    return commit(store, run, staged(store, run, rows_of(run_id, articles), shards=2), NOON)


def _recode(lake, version, now, at):
    def code(articles):
        return [[event(item, coder_version=version)] for item in articles]

    recode(store_of(lake, KillAt(at)), code, now)


def _whole_run(lake, run_id, articles, at):
    whole_run(lake, run_id, articles, KillAt(at))


def _compaction(lake, now, at):
    compact(store_of(lake, KillAt(at)), dt.timedelta(0), now)


def _expiry(lake, now, at):
    expire(store_of(lake, KillAt(at)), {"rejects": dt.timedelta(0)}, now)


def _with_environment(environment, target, args):
    """Call a function under the test's environment; the fork server has that of an earlier one."""
    os.environ.update(environment)
    target(*args)


def killed(target, *args):
    """Call a function of this module in a child; return whether the child was killed."""
    child = SPAWN.Process(target=_with_environment, args=(dict(os.environ), target, args))
    child.start()
    child.join(60)
    assert child.exitcode in {0, -signal.SIGKILL}
    return child.exitcode != 0


def killed_run(lake, run_id, articles, at):
    """Run `whole_run` in a child that dies at its n-th step; return whether it died."""
    return killed(_whole_run, lake, run_id, articles, at)


def killed_compaction(lake, now, at):
    """Compact everything in a child that dies at its n-th step; return whether it died."""
    return killed(_compaction, lake, now, at)


def killed_recode(lake, version, now, at):
    """Recode everything in a child that dies at its n-th step; return whether it died."""
    return killed(_recode, lake, version, now, at)


def killed_expiry(lake, now, at):
    """Expire all rejects in a child that dies at its n-th step; return whether it died."""
    return killed(_expiry, lake, now, at)
