"""A real service is killed right after it acknowledged a job, its worker too, or stopped in a job: the next does it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casekin.client import Client
from casekin.index import CaseIndex
from casekin.journeys.jobs import work_off
from casekin.site.books import Books
from casekin.site.jobs import Jobs
from made_cases import write_png

FILMS = 4
FILMS_OF_A_LONG_JOB = 16
MAX_WAIT_S = 120
_PROGRAM = "import sys; from casekin.cli import main; main(sys.argv[1:])"


@contextmanager
def service(
    place: Path, *, option: str = "--index", told: Path = Path(os.devnull)
) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    """A service as a process, and its client; what it and its worker log goes to the end of `told`."""
    argv = [sys.executable, "-c", _PROGRAM, "serve", option, str(place), "--port", "0", "--json"]
    with (
        told.open("a") as log,
        subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        try:
            with Client(url) as client:
                yield process, client
        finally:
            process.terminate()
            process.wait()


def started_by(process: subprocess.Popen[str]) -> list[int]:
    """Processes that a process has started and that still run."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(number) for thread in threads for number in thread.read_text().split()]


def test_what_a_killed_service_acknowledged_is_done_by_the_next(tmp_path: Path) -> None:
    index = tmp_path / "index"
    CaseIndex(index, create=True).close()
    with service(index) as (process, client):
        films = [write_png(tmp_path / "films" / f"{number}.png", number + 1) for number in range(FILMS)]
        uploads = [client.create_upload(image=film)["upload_id"] for film in films]
        job = client.ingest(uploads=uploads)
        while client.job(job["job_id"])["state"] == "queued":
            time.sleep(0.05)
        for number in (process.pid, *started_by(process)):
            os.kill(number, signal.SIGKILL)
        process.wait()
    with service(index) as (_, client):
        for _ in range(MAX_WAIT_S * 5):
            found = client.job(job["job_id"])
            if found["ended_at"] is not None:
                break
            time.sleep(0.2)
        assert (found["state"], found["tries"]) == ("done", 2), found
        assert found["result"] is not None
        assert found["result"]["added"] + found["result"]["unchanged"] == FILMS
        assert client.info()["cases"] == FILMS


def test_a_service_that_is_stopped_in_a_job_ends_well_and_the_next_goes_on_where_it_was(tmp_path: Path) -> None:
    for number in range(FILMS_OF_A_LONG_JOB):
        write_png(tmp_path / "inbox" / "films" / f"{number}.png", number + 1)
    site, told = tmp_path / "site.toml", tmp_path / "log"
    site.write_text('[tenants.default]\nindex = "index"\ninbox = "inbox"\n', encoding="utf-8")
    with service(site, option="--config", told=told) as (process, client):  # the index is made by the first start
        job = client.ingest(folder="films")["job_id"]
        while not (found := client.job(job))["done"]:
            assert found["ended_at"] is None
            time.sleep(0.02)
        workers = started_by(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert workers and not any(Path(f"/proc/{number}").exists() for number in workers)
    assert "Traceback" not in told.read_text(), told.read_text()
    jobs = Jobs(Books(tmp_path / "index" / "site"))
    put_back = jobs.get(job)
    assert put_back is not None and (put_back.state, put_back.tries) == ("queued", 0)
    assert work_off(tmp_path / "index", jobs) == 1
    done = jobs.get(job)
    assert done is not None and done.state == "done" and done.result is not None
    assert done.result["added"] + done.result["unchanged"] == FILMS_OF_A_LONG_JOB
    with CaseIndex(tmp_path / "index") as handle:
        assert handle.info()["cases"] == FILMS_OF_A_LONG_JOB
