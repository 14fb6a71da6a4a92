"""Jobs are kept until they are done: whoever is killed, whatever was acknowledged stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casekin.site.books import Books
from casekin.site.jobs import KEPT_DAYS, MOST_TRIES, Jobs


def test_jobs_are_taken_in_the_order_they_were_added_in_and_once(books: Books) -> None:
    jobs = Jobs(books)
    ids = [jobs.add("check", {"source": {}}, subject="ann").job_id for _ in range(3)]
    with jobs.working() as is_mine:
        assert is_mine
        taken = [jobs.take() for _ in range(4)]
    assert [None if job is None else job.job_id for job in taken] == [*ids, None]
    assert jobs.counts() == {"queued": 0, "running": 3, "done": 0, "failed": 0, "cancelled": 0}


def test_one_works_at_a_time(books: Books) -> None:
    with Jobs(books).working() as first, Jobs(books).working() as second:
        assert (first, second) == (True, False)
    with Jobs(books).working() as third:
        assert third


def test_a_job_whose_worker_was_killed_is_done_by_the_next_and_given_up_in_the_end(books: Books) -> None:
    jobs = Jobs(books)
    job_id = jobs.add("check", {"source": {}}, subject="ann").job_id
    for _ in range(MOST_TRIES):
        killed = subprocess.run(
            [sys.executable, "-c", _TAKE_AND_DIE, str(books.folder)], capture_output=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        job = jobs.get(job_id)
        assert job is not None
        assert job.state == "running"
    with jobs.working() as is_mine:
        assert is_mine
        assert jobs.take() is None
    job = jobs.get(job_id)
    assert job is not None
    assert (job.state, job.tries) == ("failed", MOST_TRIES)


_TAKE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from casekin.site.books import Books
from casekin.site.jobs import Jobs
jobs = Jobs(Books(Path(sys.argv[1])))
with jobs.working() as is_mine:
    assert is_mine and jobs.take() is not None
    os.kill(os.getpid(), signal.SIGKILL)
"""

_ADD_UNTIL_KILLED = """
import sys
from pathlib import Path
from casekin.site.books import Books
from casekin.site.jobs import Jobs
jobs = Jobs(Books(Path(sys.argv[1])))
while True:
    job_id, folder = jobs.prepare()
    (folder / "file").write_bytes(b"film")
    jobs.add("ingest", {"source": {}}, subject="ann", job_id=job_id)
    print(job_id, flush=True)
"""


def test_no_job_that_was_acknowledged_is_lost_when_the_server_is_killed(books: Books) -> None:
    acknowledged: set[str] = set()
    for _ in range(3):
        server = subprocess.Popen(
            [sys.executable, "-c", _ADD_UNTIL_KILLED, str(books.folder)], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        acknowledged |= {server.stdout.readline().strip() for _ in range(5)}
        os.kill(server.pid, signal.SIGKILL)
        acknowledged |= {line.strip() for line in server.stdout if line.endswith("\n")}
        server.wait()
    jobs = Jobs(books)
    kept = {job.job_id for job in jobs.newest(limit=100_000)}
    assert acknowledged <= kept
    assert all((jobs.folder_of(job_id) / "file").exists() for job_id in kept)


def test_what_may_pass_by_itself_is_tried_again_later_and_not_for_ever(books: Books, clock: object) -> None:
    jobs = Jobs(books, clock=clock)
    job_id = jobs.add("check", {"source": {}}, subject="ann").job_id
    waits = []
    with jobs.working():
        for _ in range(MOST_TRIES):
            waited = 0
            while jobs.take() is None:
                waited += 1
                clock.now += 1.0
            waits.append(waited)
            jobs.fail(job_id, "locked", again=True)
    job = jobs.get(job_id)
    assert job is not None
    assert (job.state, job.failure, waits) == ("failed", "locked", [0, 5, 10])
    again = jobs.retry(job_id)
    assert again is not None
    assert (again.state, again.tries) == ("queued", 0)
    assert jobs.retry(job_id) is None


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked_to_stop(books: Books) -> None:
    jobs = Jobs(books)
    first, folder = jobs.prepare()
    jobs.add("ingest", {"source": {}}, subject="ann", job_id=first)
    second = jobs.add("ingest", {"source": {}}, subject="ann").job_id
    cancelled = jobs.cancel(first)
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    assert not folder.exists()
    with jobs.working():
        taken = jobs.take()
        assert taken is not None
        assert taken.job_id == second
        assert jobs.note_progress(second, 1, 9)
        running = jobs.cancel(second)
        assert running is not None
        assert running.state == "running"
        assert not jobs.note_progress(second, 2, 9)
        jobs.stop(second)
    stopped = jobs.get(second)
    assert stopped is not None
    assert (stopped.state, stopped.done, stopped.total) == ("cancelled", 2, 9)
    assert jobs.cancel("nobody") is None


def test_a_job_that_was_cancelled_and_then_lost_its_worker_is_not_begun_again(books: Books) -> None:
    jobs = Jobs(books)
    job_id = jobs.add("check", {"source": {}}, subject="ann").job_id
    with jobs.working():
        jobs.take()
        jobs.cancel(job_id)
    with jobs.working():
        assert jobs.take() is None
    job = jobs.get(job_id)
    assert job is not None
    assert job.state == "cancelled"


def test_a_job_that_is_done_leaves_its_result_and_no_files(books: Books) -> None:
    jobs = Jobs(books)
    job_id, folder = jobs.prepare()
    (folder / "a.dcm").write_bytes(b"film")
    jobs.add("ingest", {"paths": [str(folder)], "source": {"files": 1}}, subject="ann", job_id=job_id)
    with jobs.working():
        jobs.take()
        jobs.finish(job_id, {"added": 1})
    job = jobs.get(job_id)
    assert job is not None
    assert not folder.exists()
    record = job.as_record()
    assert (record["state"], record["result"], record["source"]) == ("done", {"added": 1}, {"files": 1})
    assert str(books.folder) not in str(record)


def test_ended_jobs_expire_with_what_was_left_of_them(books: Books, clock: object) -> None:
    jobs = Jobs(books, clock=clock)
    job_id, folder = jobs.prepare()
    jobs.add("ingest", {"source": {}}, subject="ann", job_id=job_id)
    waiting = jobs.add("check", {"source": {}}, subject="ann").job_id
    never_added = jobs.prepare()[1]
    os.utime(never_added, (0, 0))
    with jobs.working():
        jobs.take()
        jobs.fail(job_id, "broken", again=False)
    assert folder.exists()
    clock.now += KEPT_DAYS * 86_400 + 1
    assert jobs.expire() == 1
    assert [job.job_id for job in jobs.newest()] == [waiting]
    assert not folder.exists()
    assert not never_added.exists()


def test_an_erasure_takes_names_of_files_out_of_every_ended_job(books: Books) -> None:
    jobs = Jobs(books)
    for state in ("done", "failed"):
        job_id, folder = jobs.prepare()
        (folder / "SECRET.dcm").write_bytes(b"SECRET")
        jobs.add("ingest", {"paths": ["SECRET"], "source": {"folder": "SECRET"}}, subject="ann", job_id=job_id)
        with jobs.working():
            jobs.take()
            if state == "done":
                jobs.finish(job_id, {"added": 4, "problems": [{"source": "SECRET", "reason": "damaged"}]})
            else:
                jobs.fail(job_id, "SECRET: damaged", again=False)
    assert jobs.forget([]) == 0
    assert jobs.forget(["case-1"]) == 2
    assert jobs.forget(["case-1"]) == 0
    assert [job.result for job in jobs.newest(state="done")] == [{"added": 4, "problems": []}]
    assert not any(b"SECRET" in path.read_bytes() for path in books.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_is_due_while_it_waits_or_was_interrupted(state: str, books: Books) -> None:
    jobs = Jobs(books)
    assert not jobs.is_due()
    job_id = jobs.add("check", {"source": {}}, subject="ann").job_id
    with jobs.working():
        if state == "running":
            jobs.take()
        assert jobs.is_due()
        jobs.finish(job_id, {})
    assert not jobs.is_due()


def test_what_a_job_keeps_can_only_be_read_by_its_owner(books: Books) -> None:
    folder = Jobs(books).prepare()[1]
    assert folder.stat().st_mode & 0o077 == 0
    assert Path(books.folder).stat().st_mode & 0o077 == 0
