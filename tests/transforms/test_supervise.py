"""The supervisor against real endless loops, crashes, memory hogs and killed parents."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from transforms.failures import ConfigError
from transforms.supervise import ChildError, ChildTraceback, Fault, Supervisor

MB = 1 << 20
JOBS = """
import ctypes, os, sys, time
from transforms.failures import ConfigError, InputFault
from transforms.supervise import Fault

leaked = []

class Stubborn(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.lock = open(os.devnull)

def loader(log=None):
    if log:
        with open(log, "a") as file:
            file.write("loaded\\n")
    return run

def broken():
    raise ConfigError("no such model")

def dying():
    os._exit(7)

def run(items):
    return [one(item) for item in items]

def one(item):
    match item:
        case "loop":
            while True: pass
        case "c-loop":
            while True: ctypes.pythonapi.PyLong_FromLong(1); sum(range(10**12))
        case "exit": os._exit(3)
        case "segv": ctypes.string_at(0)
        case "abort": os.abort()
        case "hog":
            hoard = []
            while True: hoard.append(bytearray(os.urandom(1000) * 4000))
        case "giant": b"x" * 10**11
        case "deep":
            def down(): return down()
            down()
        case "bug": raise KeyError("bug")
        case "stubborn": raise Stubborn(1, 2)
        case "bad": raise InputFault("not-good", "this is bad")
        case "fault": return Fault("own", "its own verdict")
        case "noise":
            print("x" * 100_000); sys.stderr.write("y" * 1000); os.write(1, b"z" * 100_000)
        case "unpicklable": return lambda: 1
        case "pid": return os.getpid()
        case "leak": leaked.append(bytearray(os.urandom(1000) * 60_000))
        case "mine":
            import threading
            threading.Timer(0.2, os._exit, (9,)).start()
        case "modules": return sorted(sys.modules)
        case ("sleep", seconds): time.sleep(seconds)
    return item

def too_few(items): return []
def make_too_few(): return too_few
"""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "supervised_jobs.py").write_text(JOBS)
    sys.path.insert(0, str(folder))
    import supervised_jobs  # noqa: PLC0415 # type: ignore[import-not-found]

    yield supervised_jobs
    sys.path.remove(str(folder))
    del sys.modules["supervised_jobs"]


def supervisor(jobs: ModuleType, **options: object) -> Supervisor[object, object]:
    settings = {"deadline_s": 30.0, "memory_bytes": 300 * MB, "name": "test"} | options
    return Supervisor(jobs.loader, **settings)


def test_results_come_back_in_order(jobs: ModuleType) -> None:
    with supervisor(jobs) as supervised:
        assert supervised.map(list(range(1000))) == list(range(1000))
        assert supervised.map([]) == []


@pytest.mark.parametrize(
    ("culprit", "fault"),
    [
        ("exit", Fault("crash", "the process ended itself with status 3")),
        ("segv", Fault("crash", "the process was ended by SIGSEGV")),
        ("abort", Fault("crash", "the process was ended by SIGABRT")),
        ("hog", Fault("memory", "more than 300 MB of memory")),
        ("giant", Fault("memory", "more than 300 MB of memory")),
        ("deep", Fault("nesting", "nested deeper than Python can follow")),
        ("bad", Fault("not-good", "this is bad")),
        ("fault", Fault("own", "its own verdict")),
    ],
)
@pytest.mark.parametrize("batch_size", [None, 1, 2])
def test_a_culprit_costs_itself_only(
    jobs: ModuleType, culprit: str, fault: Fault, batch_size: int | None
) -> None:
    with supervisor(jobs, batch_size=batch_size) as supervised:
        assert supervised.map(["a", "b", culprit, "c", "d"]) == ["a", "b", fault, "c", "d"]
        assert supervised.map(["e"]) == ["e"]


@pytest.mark.parametrize("culprit", ["loop", "c-loop", ("sleep", 60)])
def test_the_deadline_truly_ends_a_call(jobs: ModuleType, culprit: object) -> None:
    with supervisor(jobs, deadline_s=0.5, batch_size=1) as supervised:
        supervised.map(["warm"])
        began = time.monotonic()
        results = supervised.map(["a", culprit, "b"])
        assert results == ["a", Fault("timeout", "no answer within 0.5 s"), "b"]
        assert time.monotonic() - began < 4
        assert supervised.losses == 1


def test_several_culprits_in_one_batch(jobs: ModuleType) -> None:
    with supervisor(jobs) as supervised:
        results = supervised.map(["exit", *range(20), "segv", "bad"])
    assert results[1:21] == list(range(20))
    assert [r.error for r in (results[0], *results[21:]) if isinstance(r, Fault)] == [
        "crash",
        "crash",
        "not-good",
    ]


def test_what_earlier_items_left_behind_is_not_blamed_on_a_later_one(jobs: ModuleType) -> None:
    with supervisor(jobs, batch_size=1) as supervised:
        assert supervised.map(["leak"] * 12) == ["leak"] * 12
        lost = supervised.losses
        assert 0 < lost < 12
        assert supervised.map(["mine", ("sleep", 0.5), "a"]) == ["mine", ("sleep", 0.5), "a"]
        supervised.map(["mine"])
        time.sleep(0.5)  # it dies while nobody asks
        assert supervised.map(["b"]) == ["b"]
        assert supervised.losses == lost + 1


def test_what_the_child_prints_does_not_reach_the_results(
    jobs: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    with supervisor(jobs) as supervised:
        assert supervised.map(["noise", "a"]) == ["noise", "a"]
    assert capfd.readouterr().out == ""


def test_large_payloads_pass(jobs: ModuleType) -> None:
    payload = os.urandom(32 * MB)
    with supervisor(jobs) as supervised:
        assert supervised.map([payload]) == [payload]


@pytest.mark.parametrize(
    ("item", "kind"), [("bug", KeyError), ("stubborn", ChildError), ("unpicklable", Exception)]
)
def test_a_programming_error_is_raised_with_the_childs_traceback(
    jobs: ModuleType, item: str, kind: type[Exception]
) -> None:
    with supervisor(jobs) as supervised:
        with pytest.raises(kind) as caught:
            supervised.map(["a", item])
        assert isinstance(caught.value.__cause__, ChildTraceback)
        assert "Traceback" in str(caught.value.__cause__)
        assert supervised.map(["a"]) == ["a"]


def test_a_wrong_number_of_results_is_a_programming_error(jobs: ModuleType) -> None:
    with (
        Supervisor(jobs.make_too_few, deadline_s=9, memory_bytes=99 * MB, name="t") as supervised,
        pytest.raises(RuntimeError, match="0 results for 2 items"),
    ):
        supervised.map(["a", "b"])


def test_what_the_factory_raises_is_raised(jobs: ModuleType) -> None:
    with (
        Supervisor(jobs.broken, deadline_s=9, memory_bytes=MB, name="t") as supervised,
        pytest.raises(ConfigError, match="no such model"),
    ):
        supervised.map(["a"])


def test_a_child_that_cannot_start_is_said_so(jobs: ModuleType) -> None:
    with (
        Supervisor(jobs.dying, deadline_s=9, memory_bytes=MB, name="model") as supervised,
        pytest.raises(ChildError, match=r"the model process could not start: .* status 7"),
    ):
        supervised.map(["a"])


def test_a_limit_below_what_is_loaded_is_a_configuration_mistake(jobs: ModuleType) -> None:
    with (
        supervisor(jobs, memory_bytes=MB) as supervised,
        pytest.raises(ConfigError, match="memory limit of the test process, 1 MB, is below"),
    ):
        supervised.map(["a"])


def test_it_loads_once_and_again_after_a_loss(jobs: ModuleType, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Supervisor(
        partial(jobs.loader, str(log)), deadline_s=30, memory_bytes=300 * MB, name="t", batch_size=1
    ) as supervised:
        supervised.start()
        for _ in range(3):
            supervised.map(["a", "b"])
        assert log.read_text().count("loaded") == 1
        supervised.map(["a", "exit", "b"])  # a second chance in a fresh process, and one for "b"
        assert log.read_text().count("loaded") == 3


def test_the_child_imports_only_what_its_factory_needs(jobs: ModuleType) -> None:
    with supervisor(jobs) as supervised:
        [modules] = supervised.map(["modules"])
    assert isinstance(modules, list)
    heavy = {"apache_beam", "pyarrow", "numpy", "spacy", "feedparser", "pytest"}
    assert not heavy & set(modules)


def test_threads_take_turns(jobs: ModuleType) -> None:
    answers: dict[int, list[object]] = {}
    with supervisor(jobs) as supervised:
        threads = [
            threading.Thread(target=lambda n=n: answers.update({n: supervised.map([n, n])}))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {n: [n, n] for n in range(8)}


def test_a_child_outlives_the_thread_that_started_it(jobs: ModuleType) -> None:
    with supervisor(jobs) as supervised:
        pids: list[object] = []
        thread = threading.Thread(target=lambda: pids.extend(supervised.map(["pid"])))
        thread.start()
        thread.join()
        time.sleep(0.2)
        assert supervised.map(["pid"]) == pids


def test_close_ends_the_child_and_map_starts_another(jobs: ModuleType) -> None:
    supervised = supervisor(jobs)
    [pid] = supervised.map(["pid"])
    supervised.close()
    assert not psutil.pid_exists(pid)  # type: ignore[arg-type]
    assert supervised.map(["a"]) == ["a"]
    supervised.close()
    supervised.close()


def test_an_idle_child_is_ended_and_the_next_call_starts_another(jobs: ModuleType) -> None:
    with supervisor(jobs, idle_s=1.5) as workers:
        [first] = workers.map(["pid"])
        time.sleep(0.5)
        assert workers.map(["pid"]) == [first]
        time.sleep(0.5)  # since then less than idle_s
        assert workers.map(["pid"]) == [first]
        deadline = time.monotonic() + 20
        while _runs_pid(first) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _runs_pid(first)
        [second] = workers.map(["pid"])
        assert second != first
        assert workers.losses == 0


def _runs_pid(pid: int) -> bool:
    return psutil.pid_exists(pid) and _runs(psutil.Process(pid))


def test_a_forgotten_supervisor_takes_its_child_along(jobs: ModuleType) -> None:
    supervised = supervisor(jobs)
    [pid] = supervised.map(["pid"])
    del supervised
    assert not psutil.pid_exists(pid)  # type: ignore[arg-type]


def test_it_is_never_pickled(jobs: ModuleType) -> None:
    with supervisor(jobs) as supervised, pytest.raises(TypeError, match=r"DoFn\.setup"):
        pickle.dumps(supervised)


@pytest.mark.parametrize("item", ["loop", "c-loop", "a"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_dies_with_its_parent(
    jobs: ModuleType, item: str, how: signal.Signals, tmp_path: Path
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys, time
        sys.path[:0] = {sys.path!r}
        import supervised_jobs
        from transforms.supervise import Supervisor
        s = Supervisor(supervised_jobs.loader, deadline_s=60, memory_bytes=1 << 30, name="t")
        print(s.map(["pid"])[0], flush=True)
        s.map([{item!r}])
        time.sleep(60)
        """)
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)
        parent.send_signal(how)
        parent.wait()
        until = time.monotonic() + 5
        while _runs(child) and time.monotonic() < until:
            time.sleep(0.01)
        assert not _runs(child)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE  # dead, only not yet collected by init
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("wrong", [{"deadline_s": 0}, {"memory_bytes": 0}, {"batch_size": 0}])
def test_limits_must_be_positive(jobs: ModuleType, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        supervisor(jobs, **wrong)
