"""Work over processes: the order of the jobs, back-pressure, and nothing left behind by a parent that was killed."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from casekin.errors import CasekinError
from casekin.journeys.processes import run_in_order

MAX_WAIT_S = 120
ORPHANS = """
import multiprocessing, os, time
from journeys_work import report_and_sleep, nothing
from casekin.journeys.processes import run_in_order

if __name__ == "__main__":
    list(run_in_order(range(2), report_and_sleep, processes=2, start=nothing, given=()))
"""
WORK = """
import os, time

def nothing():
    pass

def report_and_sleep(number):
    with open("pids", "a") as out:
        out.write(f"{os.getpid()}\\n")
    time.sleep(600)
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_jobs(processes: int) -> None:
    jobs = list(range(-20, 20))
    assert list(run_in_order(jobs, abs, processes=processes, start=os.nice, given=(0,))) == list(map(abs, jobs))


def test_jobs_are_taken_as_they_are_needed() -> None:
    taken = []

    def jobs() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = run_in_order(jobs(), abs, processes=2, start=os.nice, given=(0,))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    assert len(taken) < 20
    results.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_no_process_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "journeys_work.py").write_text(WORK, encoding="utf-8")
    (tmp_path / "orphans.py").write_text(ORPHANS, encoding="utf-8")
    source = Path(__file__).parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{tmp_path}"}
    with subprocess.Popen([sys.executable, "orphans.py"], cwd=tmp_path, env=environment) as parent:
        pids = wait_for(lambda: read_pids(tmp_path / "pids"), 2)
        parent.kill()
    assert wait_for(lambda: [pid for pid in pids if not is_running(pid)], 2) == pids


def wait_for(found: object, count: int) -> list[int]:
    """What `found()` gives once it has `count` items; a failure when it never does."""
    assert callable(found)
    end = time.monotonic() + MAX_WAIT_S
    while time.monotonic() < end:
        items = list(found())
        if len(items) >= count:
            return items
        time.sleep(0.05)
    raise AssertionError(f"waited {MAX_WAIT_S} s")


def read_pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for doesn't."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


FATAL = """
import os, signal, sys, time
from pathlib import Path

def ready(where):
    os.chdir(where)

def work(job):
    if job == "memory":
        raise MemoryError
    if job == "fatal" or (job == "once" and not Path("met").exists()):
        Path("met").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "error":
        raise ValueError("wrong")
    return job.upper()

def dead_on_arrival():
    os._exit(1)

def bad_start():
    raise LookupError("no model")
"""


@pytest.fixture
def fatal_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that child processes can import, with jobs that kill theirs."""
    (tmp_path / "fatal_work.py").write_text(FATAL, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("fatal_work")


def lose(job: str) -> str:
    """What stands for a job that was given up."""
    return f"lost {job}"


def test_a_job_that_kills_its_process_is_tried_again_and_costs_no_other(fatal_work: ModuleType, tmp_path: Path) -> None:
    jobs = ["a", "once", "b", "fatal", "c", "memory", "d", "e"]
    results = run_in_order(
        jobs, fatal_work.work, processes=2, start=fatal_work.ready, given=(str(tmp_path),), lost=lose
    )
    assert list(results) == ["A", "ONCE", "B", "lost fatal", "C", "lost memory", "D", "E"]


def test_without_a_stand_in_a_lost_job_ends_the_run_with_a_clear_error(fatal_work: ModuleType, tmp_path: Path) -> None:
    results = run_in_order(["a", "fatal"], fatal_work.work, processes=2, start=fatal_work.ready, given=(str(tmp_path),))
    assert next(results) == "A"
    with pytest.raises(CasekinError, match="fewer processes"):
        next(results)


def test_an_error_of_the_work_or_of_the_start_is_raised_here(fatal_work: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wrong"):
        list(run_in_order(["error"], fatal_work.work, processes=2, start=fatal_work.ready, given=(str(tmp_path),)))
    with pytest.raises(LookupError, match="no model"):
        list(run_in_order(["a"], fatal_work.work, processes=2, start=fatal_work.bad_start, given=()))


def test_processes_that_die_before_they_are_ready_are_given_up(fatal_work: ModuleType) -> None:
    with pytest.raises(CasekinError, match="before it was ready"):
        list(run_in_order(["a"], fatal_work.work, processes=2, start=fatal_work.dead_on_arrival, given=(), lost=lose))


def test_a_run_that_is_left_early_ends_its_processes(fatal_work: ModuleType, tmp_path: Path) -> None:
    results = run_in_order(
        iter(lambda: "a", None), fatal_work.work, processes=2, start=fatal_work.ready, given=(str(tmp_path),)
    )
    assert next(results) == "A"
    pids = [child.pid for child in multiprocessing.active_children()]
    results.close()
    assert pids
    assert not [pid for pid in pids if pid is not None and is_running(pid)]
