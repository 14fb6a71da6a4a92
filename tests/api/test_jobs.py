"""Jobs over REST: a real worker process ingests what was sent, and the running service answers over it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from casekin.api.routes import jobs as jobs_routes
from casekin.api.schemas.jobs import JobListShape, JobShape
from casekin.api.worker import Worker
from casekin.journeys.jobs import queue_upkeep
from casekin.site.jobs import Jobs
from casekin.site.tokens import Tokens
from made_cases import write_png
from made_service import MadeSite

MAX_WAIT_S = 120


@pytest.fixture(scope="module")
def curator(site: MadeSite) -> TestClient:
    """Whoever may ingest."""
    return site.client("jo", "curator")


def ended(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job when it has ended."""
    for _ in range(MAX_WAIT_S * 10):
        found: dict[str, Any] = client.get(f"/v1/jobs/{job['job_id']}").json()
        if found["ended_at"] is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def uploaded(client: TestClient, path: Path) -> str:
    """The id of a file that was sent."""
    reply = client.post("/v1/uploads", files={"image": (path.name, path.read_bytes())})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["upload_id"])


def test_the_running_service_answers_over_cases_that_a_job_brought(
    site: MadeSite, curator: TestClient, tmp_path: Path
) -> None:
    film = write_png(tmp_path / "MUSTERMANN.png", 77)
    before = curator.get("/v1/info").json()
    job = curator.post("/v1/jobs", json={"uploads": [uploaded(curator, film)]})
    assert (job.status_code, job.headers["location"]) == (202, f"/v1/jobs/{job.json()['job_id']}")
    JobShape.model_validate(job.json())
    done = ended(curator, job.json())
    assert (done["state"], done["result"]["added"], done["source"]) == ("done", 1, {"files": 1, "reports": 0})
    after = curator.get("/v1/info").json()
    assert after["cases"] == before["cases"] + 1
    assert after["index_version"] != before["index_version"]
    answer = curator.post("/v1/searches", files={"image": ("a.png", film.read_bytes())}).json()
    (stored,) = answer["query"]["matched_cases"]
    with_others = curator.post(
        "/v1/searches", files={"image": ("a.png", write_png(tmp_path / "b.png", 78).read_bytes())}
    )
    assert stored in [hit["case_id"] for hit in with_others.json()["hits"]]
    assert "MUSTERMANN" not in json.dumps(done)


def test_events_tell_of_a_job_until_it_has_ended(site: MadeSite, curator: TestClient) -> None:
    rows = [{"case_id": "case-5", "report": "Large left pleural effusion."}]
    job = curator.post("/v1/jobs", json={"reports": rows}).json()
    told = curator.get(f"/v1/jobs/{job['job_id']}/events")
    assert told.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in told.text.strip().split("\n\n")]
    assert events[-1]["event"] == "done"
    record = json.loads(events[-1]["data"])
    assert record["result"]["reports_joined"] == 1
    assert record == curator.get(f"/v1/jobs/{job['job_id']}").json()
    assert "left pleural effusion" in curator.get("/v1/cases/case-5").json()["report"]
    assert curator.get("/v1/jobs/nothing/events").status_code == 404


class _Endless:
    """A job that goes on; before its third look something happens."""

    def __init__(self, job: Any, happens: Callable[[], object]) -> None:
        self.job, self.happens, self.looks = job, happens, 0

    def __call__(self, job_id: str) -> Any:
        self.looks += 1
        assert self.looks < 200, "the stream doesn't end"
        if self.looks == 3:
            self.happens()
        return self.job


@pytest.fixture
def running(site: MadeSite, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], str]:
    """Makes a job that never ends, looked at a hundred times a second; its address."""

    def make(happens: Callable[[], object]) -> str:
        job = replace(queue_upkeep(site.tenant.jobs, "check", subject="ada"), state="running", ended_at=None)
        monkeypatch.setattr(Jobs, "get", _Endless(job, happens))
        return f"/v1/jobs/{job.job_id}/events"

    monkeypatch.setattr(jobs_routes, "_LOOK_EVERY_S", 0.01)
    return make


@pytest.mark.parametrize("by", ["token", "session"])
def test_events_end_soon_after_what_let_the_caller_in_ended(
    site: MadeSite, running: Any, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Tokens(site.tenant.books)
    token, text = tokens.create(subject="gone", role="curator")
    client = TestClient(site.app, base_url="http://localhost", headers={"Sec-Fetch-Site": "same-origin"})
    if by == "token":
        client.headers["Authorization"] = f"Bearer {text}"
    else:
        client.post("/sign-in", data={"token": text})
    monkeypatch.setattr(jobs_routes, "_ASK_EVERY_S", 0.1)
    told = client.get(running(lambda: tokens.revoke(token.token_id)))
    assert told.status_code == 200 and told.text.count("event: running") == 1, told.text


def test_no_stream_of_events_is_endless(curator: TestClient, running: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_routes, "_LONGEST_S", 0.1)
    assert curator.get(running(lambda: None)).text.count("event: running") == 1


@pytest.mark.parametrize("folder", ["a\x00b", "x" * 5000, "../" * 50], ids=["nul", "endless", "climbing"])
def test_a_folder_that_no_file_system_has_is_refused(curator: TestClient, folder: str) -> None:
    reply = curator.post("/v1/jobs", json={"folder": folder})
    assert reply.status_code == 422, reply.text


def test_a_folder_is_taken_from_the_inbox_alone(site: MadeSite, curator: TestClient) -> None:
    write_png(site.inbox / "monday" / "a.png", 81)
    job = curator.post("/v1/jobs", json={"folder": "monday"}).json()
    assert ended(curator, job)["result"]["added"] == 1
    for folder in ("..", "/etc", "../index", "monday/../.."):
        assert curator.post("/v1/jobs", json={"folder": folder}).status_code == 422


def test_uploads_of_others_and_empty_questions_are_no_jobs(site: MadeSite, curator: TestClient, tmp_path: Path) -> None:
    upload_id = uploaded(curator, write_png(tmp_path / "a.png", 82))
    other = site.client("joe", "curator")
    for fields in ({"uploads": [upload_id]}, {"uploads": ["../x"]}, {}, {"folder": "monday", "uploads": [upload_id]}):
        assert other.post("/v1/jobs", json=fields).status_code == 422, fields


def test_jobs_are_listed_cancelled_and_tried_again(site: MadeSite, curator: TestClient, tmp_path: Path) -> None:
    damaged = write_png(site.inbox / "damaged" / "a.png", 83)
    damaged.write_bytes(damaged.read_bytes()[:200])
    job = ended(curator, curator.post("/v1/jobs", json={"folder": "damaged"}).json())
    assert (job["state"], job["tries"]) == ("failed", 1)
    assert "a.png" in job["failure"]
    listed = curator.get("/v1/jobs?limit=1").json()
    JobListShape.model_validate(listed)
    assert [one["job_id"] for one in listed["jobs"]] == [job["job_id"]]
    write_png(damaged, 83)
    again = curator.post(f"/v1/jobs/{job['job_id']}/retry")
    assert (again.status_code, ended(curator, again.json())["state"]) == (202, "done")
    assert curator.post(f"/v1/jobs/{job['job_id']}/retry").status_code == 404
    assert curator.post(f"/v1/jobs/{job['job_id']}/cancel").json()["state"] == "done"
    assert curator.get("/v1/jobs?state=failed").json() == {"jobs": []}
    assert curator.post("/v1/jobs/none/cancel").status_code == 404
    assert curator.get("/v1/jobs?state=odd").status_code == 422


def test_upkeep_is_for_administrators(site: MadeSite, curator: TestClient) -> None:
    assert curator.post("/v1/admin/jobs", json={"kind": "check"}).status_code == 403
    admin = site.client("judy", "admin")
    done = ended(admin, admin.post("/v1/admin/jobs", json={"kind": "check"}).json())
    assert (done["kind"], done["result"]["integrity"]) == ("check", "ok")
    for fields in ({"kind": "reembed"}, {"kind": "check", "model": "x"}, {"kind": "ingest"}):
        assert admin.post("/v1/admin/jobs", json=fields).status_code == 422


def test_a_worker_that_is_killed_is_replaced_and_its_job_is_done(site: MadeSite) -> None:
    jobs = Jobs(site.tenant.books)
    worker: Worker = site.tenant.worker
    job = queue_upkeep(jobs, "calibrate", subject="jo")
    worker.wake()
    killed = 0
    for _ in range(MAX_WAIT_S * 20):
        process = worker._process
        if process is not None and process.poll() is None and killed < 1:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        found = jobs.get(job.job_id)
        assert found is not None
        if found.state == "done":
            break
        time.sleep(0.05)
    assert (killed, found.state) == (1, "done")
