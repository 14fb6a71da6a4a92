"""The process that does a tenant's jobs is ended with the service, whatever it does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from casekin.api import worker as workers
from casekin.api.worker import Worker
from casekin.site.books import Books
from casekin.site.jobs import Jobs

MAX_WAIT_S = 60
STUBBORN = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path(sys.argv[sys.argv.index("--site") + 1], "deaf").touch()
time.sleep(600)
"""


def started(jobs: Jobs, folder: Path) -> Worker:
    """A worker that looks after jobs."""
    worker = Worker(jobs, index=folder / "index", site=folder, model="default")
    worker.start()
    worker.wake()
    return worker


def test_a_process_that_does_not_end_when_it_is_asked_to_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", STUBBORN)
    monkeypatch.setattr(workers, "_END_WITHIN_S", 0.2)
    jobs = Jobs(Books(tmp_path))
    jobs.add("check", {"source": {}}, subject="ann")
    worker = started(jobs, tmp_path)
    for _ in range(MAX_WAIT_S * 20):
        if (tmp_path / "deaf").exists():
            break
        time.sleep(0.05)
    worker.stop()
    assert worker._process is not None
    assert worker._process.poll() == -9


def test_no_process_is_started_while_nothing_waits_or_somebody_else_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_LOOK_EVERY_S", 0.01)
    jobs = Jobs(Books(tmp_path))
    idle = started(jobs, tmp_path)
    time.sleep(0.1)
    idle.stop()
    with jobs.working():
        jobs.add("check", {"source": {}}, subject="ann")
        beside = started(jobs, tmp_path)
        time.sleep(0.1)
        beside.stop()
    assert (idle._process, beside._process) == (None, None)


def test_a_worker_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    Worker(Jobs(Books(tmp_path)), index=tmp_path, site=tmp_path, model="default").stop()
