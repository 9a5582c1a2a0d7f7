"""A hundred SIGKILLs over commits, reruns, compactions, recodings and expiries, beside readers.

Every answer that a reader gets equals a committed state, every Parquet file that a plain glob finds is
whole, and at the end no row is lost or doubled. `make kill` runs it, on a disk and on an object store.
"""

import contextlib
import datetime as dt
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake_child import (
    KillAt,
    killed_compaction,
    killed_expiry,
    killed_recode,
    killed_run,
    whole_run,
)
from lake_rows import NOON, committed

from transforms.lake.compact import compact
from transforms.lake.query import query
from transforms.lake.runs import unfinished
from transforms.lake.store import open_store
from transforms.lake.verify import verify

KILLS = 100
TOMORROW = NOON + dt.timedelta(days=1)
LATER = NOON + dt.timedelta(days=9)
STATE = """
SELECT run_id, count(*) FILTER (what = 'article') AS articles,
       count(*) FILTER (what = 'event') AS events, count(*) FILTER (what = 'reject') AS rejects,
       coalesce(string_agg(DISTINCT coder, ','), '') AS coders
FROM (
    SELECT run_id, 'article' AS what, NULL AS coder FROM articles
    UNION ALL SELECT run_id, 'event', coder_version FROM events
    UNION ALL SELECT run_id, 'reject', NULL FROM rejects
)
GROUP BY run_id ORDER BY run_id
"""


def state(lake):
    return tuple(tuple(row.values()) for row in query(lake, STATE).to_pylist())


def with_run(before, run_id, articles):
    """Return the state that a run's commit leads to.

    Tables that come out as before stay as they are: rejects that expired, events that were recoded.
    """
    rows = {row[0]: row for row in before}
    rejects = rows[run_id][3] if run_id in rows else 1
    same = run_id in rows and rows[run_id][1] == articles
    coder = rows[run_id][4] if same else "1"
    return tuple(sorted((rows | {run_id: (run_id, articles, articles, rejects, coder)}).values()))


def recoded(before, version):
    """Return the state that a recoding leads to."""
    return tuple((*row[:4], version) for row in before)


def without_rejects(before):
    """Return the state that an expiry of all rejects leads to."""
    return tuple((*row[:3], 0, row[4]) for row in before)


def globbed(lake):
    """Read every Parquet file that is anywhere in the lake, as a plain glob does; return how many."""
    store, count = open_store(lake), 0
    for path, _ in store.walk(""):
        if path.endswith(".parquet"):
            with contextlib.suppress(FileNotFoundError):  # removed since it was listed
                count += pq.read_table(pa.BufferReader(store.read(path))).num_rows > 0
    return count


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", [1])
def test_a_hundred_kills_lose_nothing_and_show_nothing_by_halves(any_lake, seed):  # noqa: PLR0915 - one story
    lake = any_lake
    chance = random.Random(seed)
    committed(lake, "r0")
    now = state(lake)
    allowed, answers, stop = {now}, set(), threading.Event()
    whole = []

    def read():
        while not stop.is_set():
            answers.add(state(lake))
            time.sleep(0.02)

    def glob():
        while not stop.is_set():
            whole.append(globbed(lake))
            time.sleep(0.1)

    with ThreadPoolExecutor(2) as readers:
        asking, globbing = readers.submit(read), readers.submit(glob)
        kills = {"run": 0, "compaction": 0, "recode": 0, "expiry": 0}
        wanted = {}  # articles of the runs that were last asked for
        try:
            while sum(kills.values()) < KILLS:
                kind = chance.choices(list(kills), [4, 2, 2, 2])[0]
                if kind == "run":
                    run_id, articles = f"r{chance.randrange(6)}", chance.randrange(1, 9)
                    after = with_run(now, run_id, articles)
                    allowed.add(after)
                    wanted[run_id] = articles
                    died = killed_run(lake, run_id, articles, chance.randrange(1, 55))
                elif kind == "compaction":
                    after = now
                    died = killed_compaction(lake, LATER, chance.randrange(1, 25))
                elif kind == "recode":
                    version = str(chance.randrange(2, 5))
                    after = recoded(now, version)
                    allowed.add(after)
                    died = killed_recode(lake, version, LATER, chance.randrange(1, 12))
                else:
                    after = without_rejects(now)
                    allowed.add(after)
                    died = killed_expiry(lake, LATER, chance.randrange(1, 8))
                kills[kind] += died
                found = state(lake)
                assert found == after or (died and found == now), (kind, died)
                now = found
        finally:
            stop.set()
        asking.result()
        globbing.result()
    assert answers <= allowed
    assert len(answers) > 5
    assert min(kills.values()) > 5, kills
    for run_id, articles in sorted(wanted.items()):
        whole_run(lake, run_id, articles, KillAt(0))
        now = with_run(now, run_id, articles) if _changed(now, run_id, articles) else now
    assert [row[:3] for row in state(lake)] == [row[:3] for row in now]
    assert unfinished(lake) == []
    compact(lake, dt.timedelta(0), LATER)
    compact(lake, dt.timedelta(0), LATER + dt.timedelta(days=2))
    assert [row[:3] for row in state(lake)] == [row[:3] for row in now]
    findings = verify(lake, LATER + dt.timedelta(days=2), repair=True)
    assert all(item.repaired for item in findings), findings
    assert verify(lake, LATER + dt.timedelta(days=2)) == []
    print(
        f"\nkills: {kills}; {len(answers)} states read of {len(allowed)} allowed; "
        f"{sum(whole):,} files globbed, all whole"
    )


def _changed(now, run_id, articles):
    return articles != {row[0]: row[1] for row in now}.get(run_id)
