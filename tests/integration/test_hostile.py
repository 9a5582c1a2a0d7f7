"""One run, 20 honest feeds (one of 10,000 entries) and every attack: only the attacks are lost.

All is on loopback and goes through the command line as a user's would, with the default deadlines and
caps: each attack is a reject with its own reason, every honest entry arrives, and the run keeps to
its time and memory. No attack waits for another, so the run should take what its slowest deadline
does and little more.
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "transforms" / "web"))

from hostile_server import GOOD, STATIC, hostile_server  # noqa: E402

from tests.transforms.feeds.test_hostile import ITEM, laughs, nested, rss  # noqa: E402
from tests.transforms.web.test_hostile import REASONS  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SLOWEST_DEADLINE_S = 60  # [fetch] total_timeout_s
MEMORY_MB = 500  # of each process; Beam, Arrow and DuckDB take 230 of the first before any work
TREE_MB = 600  # of all together, the coder with its model included: 490 to 530 were measured
MANY, FEW = 10_000, 5
DOCUMENTS = {
    "/laughs": (laughs(12), "entity-bomb"),
    "/external": (
        rss(ITEM.format("&x;"), '<!ENTITY x SYSTEM "file:///etc/passwd">'),
        "external-entity",
    ),
    "/deep": (rss(ITEM.format(nested("a", 100_000))), "nesting"),
    "/deep-json": (
        '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000,
        "nesting",
    ),
}
SPOKEN = "bdfgklmnprst"
# Users do not have pandas, which the tests bring; Beam and pyarrow import it (40 MB) where it is.
WITHOUT_PANDAS = """
import sys
class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError("not for users", name=name)
sys.meta_path.insert(0, NoPandas())
"""


def honest_feed(number, count, seed=7):
    """Return a feed of made-up prose, no two entries alike."""
    rng = random.Random(seed + number)
    words = [
        "".join(rng.choice(SPOKEN) + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
        for _ in range(4000)
    ]

    def prose(length):
        return " ".join(rng.choice(words) for _ in range(length)).capitalize() + "."

    items = "".join(
        f"<item><title>{prose(8)}</title><link>https://paper{number}.example/{n}</link>"
        f"<guid>{number}-{n}</guid><pubDate>Fri, 22 Nov 2024 09:30:00 GMT</pubDate>"
        f"<description>{' '.join(prose(15) for _ in range(6))}</description></item>"
        for n in range(count)
    )
    return rss(items)


@dataclass
class Watch:
    """A run's process tree while it lives, in megabytes.

    Attributes:
        largest: Peak resident memory of its largest process.
        tree: Peak of all together; of pages they share, each process has its part.
    """

    seconds: float = 0.0
    largest: float = 0.0
    tree: float = 0.0
    output: str = ""
    code: int = 0
    parts: dict[str, int] = field(default_factory=dict)

    def look(self, process):
        total, parts = 0, {}
        for one in [process, *process.children(recursive=True)]:
            try:
                memory, name = one.memory_full_info(), one.cmdline()[-1]
            except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied, IndexError):
                continue
            total += memory.pss
            parts["run" if one.pid == process.pid else name] = round(memory.pss / 1e6)
            self.largest = max(self.largest, memory.rss / 1e6)
        if total / 1e6 > self.tree:
            self.tree, self.parts = total / 1e6, parts


def watched(arguments, folder):
    """Run wirelake and look at it ten times a second."""
    (folder / "path").mkdir()
    (folder / "path" / "sitecustomize.py").write_text(WITHOUT_PANDAS)
    watch, begun = Watch(), time.monotonic()
    with (folder / "out").open("w+") as out:
        process = psutil.Popen(
            [sys.executable, "-m", "pipeline", *map(str, arguments)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": f"{folder / 'path'}{os.pathsep}{ROOT}"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):  # it may end while it is looked at
                watch.look(process)
            time.sleep(0.1)
        watch.code = process.wait()
        watch.seconds = time.monotonic() - begun
        out.seek(0)
        watch.output = out.read()
    return watch


def test_only_the_attacks_are_lost_in_time_and_memory(
    tmp_path, feed_server, write_config, rows, monkeypatch
):
    for path, (text, _) in DOCUMENTS.items():
        body = text.encode()
        head = f"Content-Length: {len(body)}\r\n\r\n".encode()
        monkeypatch.setitem(STATIC, path, GOOD + head + body)
    reasons = REASONS | {path: error for path, (_, error) in DOCUMENTS.items()}
    with hostile_server() as origin:
        feeds = [
            {"id": f"honest-{n}", "url": feed_server.add(f"/{n}", honest_feed(n, count))}
            for n, count in enumerate([MANY] + [FEW] * 19)
        ]
        feeds += [{"id": f"bad{path.replace('/', '-')}", "url": origin + path} for path in reasons]
        feeds.append({"id": "bad-tls", "url": origin.replace("http:", "https:") + "/"})
        # The attacks come from one address, as if from many: all at once, none waits for another.
        config = write_config(
            [feed | {"allow_private": True} for feed in feeds],
            "[fetch]\nper_domain = 60\ndelay_s = 0",
        )
        watch = watched(["run", config, "--json"], tmp_path)
    print(
        f"{watch.seconds:.0f} s, largest process {watch.largest:.0f} MB, "
        f"all {watch.tree:.0f} MB: {json.dumps(watch.parts)}"
    )
    assert watch.code == 3, watch.output
    found = rows(
        "select feed_id, error, detail, unit from rejects where unit in ('feed', 'entry') "
        "order by feed_id"
    )
    expected = {f"bad{path.replace('/', '-')}": error for path, error in reasons.items()}
    expected["bad-tls"] = "tls"
    assert {row["feed_id"]: row["error"] for row in found} == expected
    assert all(row["detail"] and row["unit"] == "feed" for row in found)
    arrived = rows(
        "select feed_id, count(*) as n from (select feed_id from articles union all "
        "select feed_id from duplicates) group by all"
    )
    assert {row["feed_id"]: row["n"] for row in arrived} == {
        f"honest-{n}": MANY if n == 0 else FEW for n in range(20)
    }
    assert rows("select count(*) as n from polls where error is null") == [{"n": 20}]
    assert watch.seconds < SLOWEST_DEADLINE_S + 10
    assert watch.largest < MEMORY_MB
    assert watch.tree < TREE_MB
