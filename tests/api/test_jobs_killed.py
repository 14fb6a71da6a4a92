"""A real service is killed right after it acknowledged a job, its worker too: the next one does the job."""

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
from made_cases import write_png

FILMS = 4
MAX_WAIT_S = 120
_PROGRAM = "import sys; from casekin.cli import main; main(sys.argv[1:])"


@contextmanager
def service(index: Path) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    """A service as a process, and its client."""
    argv = [sys.executable, "-c", _PROGRAM, "serve", "--index", str(index), "--port", "0", "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
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
