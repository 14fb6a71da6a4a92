"""Jobs on a real archive: asked for, done by a process of its own, and never lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex
from casekin.journeys import jobs as journey
from casekin.journeys.jobs import queue_files, queue_folder, queue_pull, queue_upkeep, work_off
from casekin.journeys.pull import Pulled
from casekin.journeys.receiving.peers import Peer
from casekin.journeys.upkeep import back_up_index
from casekin.site.books import Books
from casekin.site.files import KeptFiles
from casekin.site.jobs import Job, Jobs
from made_cases import write_png

CASES = 8


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An empty index."""
    CaseIndex(tmp_path / "index", create=True).close()
    return tmp_path / "index"


@pytest.fixture(autouse=True)
def keeps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether files are kept; to look for words in each takes its time, so only in the test that is about it."""
    keeps = request.node.originalname == "test_files_are_ingested_and_kept_though_their_giver_removes_them_at_once"
    if not keeps:
        monkeypatch.setattr(journey, "_can_keep", lambda: False)
    return keeps


@pytest.fixture
def jobs(index: Path) -> Jobs:
    """The jobs of its site."""
    return Jobs(Books(index / "site"))


def now(jobs: Jobs, job: Job) -> Job:
    """The job as it is now."""
    found = jobs.get(job.job_id)
    assert found is not None
    return found


def films(folder: Path, count: int) -> dict[str, Path]:
    """Made pictures by name, no two alike."""
    return {f"film-{number}": write_png(folder / f"{number}.png", number + 1) for number in range(count)}


def test_files_are_ingested_and_kept_though_their_giver_removes_them_at_once(
    jobs: Jobs, index: Path, tmp_path: Path
) -> None:
    given = films(tmp_path / "given", 2)
    job = queue_files(jobs, given, subject="ann")
    for path in given.values():
        path.unlink()
    assert work_off(index, jobs) == 1
    done = now(jobs, job)
    assert (done.state, done.done, done.total, done.failure) == ("done", 2, 2, None)
    assert done.result is not None
    assert (done.result["added"], done.result["problems"]) == (2, [])
    assert done.as_record()["source"] == {"files": 2, "reports": 0}
    assert not jobs.folder_of(job.job_id).exists()
    with CaseIndex(index) as handle:
        assert handle.info()["cases"] == 2
        stored = [case_id for case_id, _ in sorted(handle.content_hashes().items())]
    kept = KeptFiles(Books(jobs.site))
    assert [len(kept.images_of(case_id)) for case_id in stored] == [1, 1]


def test_report_rows_join_the_cases_that_are_stored(jobs: Jobs, index: Path, make_archive: Any) -> None:
    archive = make_archive()
    queue_folder(jobs, archive.name, inbox=archive.parent, subject="ann")
    rows = [{"case_id": "foxtrot", "report": "Large left pleural effusion."}, {"case_id": "nobody", "report": "Clear."}]
    late = queue_files(jobs, {}, reports=rows, subject="ann")
    assert work_off(index, jobs) == 2
    result = now(jobs, late).result
    assert result is not None
    assert (result["reports_joined"], len(result["unmatched_reports"])) == (1, 1)


def test_what_cannot_be_read_fails_once_with_its_reason(jobs: Jobs, index: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(write_png(tmp_path / "whole.png", 1).read_bytes()[:200])
    job = queue_files(jobs, {"broken": tmp_path / "broken"}, subject="ann")
    work_off(index, jobs)
    failed = now(jobs, job)
    assert (failed.state, failed.tries) == ("failed", 1)
    assert failed.failure is not None
    assert "nothing could be read, 1 left out; the first: broken" in failed.failure


def test_an_inbox_is_never_left(jobs: Jobs, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "monday").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (inbox / "link").symlink_to(tmp_path / "secret")
    for folder in ("..", "../secret", "/etc", "link", "monday/../../secret", "tuesday"):
        with pytest.raises(InputError, match="below the site's inbox"):
            queue_folder(jobs, folder, inbox=inbox, subject="ann")
    with pytest.raises(InputError, match="without"):
        queue_folder(jobs, "monday", inbox=None, subject="ann")
    assert jobs.newest() == []
    job = queue_folder(jobs, "monday/", inbox=inbox, subject="ann")
    assert job.as_record()["source"] == {"folder": "monday"}


def test_what_a_dicomweb_server_has_is_pulled_and_ingested(
    jobs: Jobs, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def pull(store: Peer, folder: Path, **given: Any) -> Pulled:
        asked.update(given, address=store.address, token=store.token)
        films(folder / "1.2.3", 2)
        return Pulled(studies=1, fetched=2, unchanged=0, problems=())

    monkeypatch.setattr(journey, "pull_studies", pull)
    monkeypatch.setenv("CASEKIN_DICOMWEB_TOKEN", "let-me-in")
    stores = {"pacs": "https://pacs.example/dicom-web"}
    with pytest.raises(InputError, match="the site names"):
        queue_pull(jobs, "https://elsewhere.example/", stores=stores, query={}, subject="ann")
    job = queue_pull(jobs, "pacs", stores=stores, query={"StudyDate": "20260101-"}, subject="ann")
    assert work_off(index, jobs) == 1
    result = now(jobs, job).result
    assert result is not None
    assert (result["added"], result["pulled"]["fetched"]) == (2, 2)
    assert (asked["address"], asked["token"], asked["query"]) == (
        stores["pacs"],
        "let-me-in",
        {"StudyDate": "20260101-"},
    )
    assert job.as_record()["source"] == {"web_store": "pacs"}


@pytest.mark.parametrize("name", ["../escaped", "a/b", ".hidden", ".."])
def test_files_are_kept_under_plain_names_alone(name: str, jobs: Jobs, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plain names"):
        queue_files(jobs, {name: write_png(tmp_path / "a.png", 1)}, subject="ann")
    with pytest.raises(InputError, match="got none"):
        queue_files(jobs, {}, subject="ann")


_WORK = "from casekin.cli import main; main()"


def worker(index: Path) -> subprocess.Popen[str]:
    """The process that a service starts."""
    arguments = ["jobs", "work", "--index", str(index), "--workers", "1", "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", _WORK, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_worker_that_is_killed_and_one_that_is_asked_to_end_leave_the_job_to_the_next(
    jobs: Jobs, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "_TELL_EVERY_S", 0.0)
    job = queue_files(jobs, films(tmp_path / "given", CASES), subject="ann")
    for tries, signal_number in enumerate((signal.SIGKILL, signal.SIGTERM), start=1):
        process = worker(index)
        while now(jobs, job).tries < tries:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        time.sleep(0.2)
        os.kill(process.pid, signal_number)
        process.communicate()
        assert now(jobs, job).state == ("running" if signal_number == signal.SIGKILL else "queued")
    assert jobs.is_due()
    assert work_off(index, jobs) == 1
    done = now(jobs, job)
    assert (done.state, done.tries) == ("done", 2)
    assert done.result is not None
    assert done.result["added"] + done.result["unchanged"] == CASES
    with CaseIndex(index) as handle:
        assert (handle.info()["cases"], handle.info()["integrity"]) == (CASES, "ok")


def test_a_job_that_is_cancelled_while_it_runs_stops_after_the_case_at_hand(
    jobs: Jobs, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue_files(jobs, films(tmp_path / "given", 6), subject="ann")
    noted = Jobs.note_progress

    def cancel_at_the_second(self: Jobs, job_id: str, done: int, total: int) -> bool:
        if done == 2:
            self.cancel(job_id)
        return noted(self, job_id, done, total)

    monkeypatch.setattr(journey, "_TELL_EVERY_S", 0.0)
    monkeypatch.setattr(Jobs, "note_progress", cancel_at_the_second)
    assert work_off(index, jobs) == 1
    stopped = now(jobs, job)
    assert (stopped.state, stopped.done) == ("cancelled", 2)
    assert not jobs.folder_of(job.job_id).exists()


def test_an_error_that_may_pass_is_tried_again_and_one_that_nobody_foresaw_tells_its_class_alone(
    jobs: Jobs, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> Any:
        raise IndexStoreError("index: locked")

    def surprised(*_: Any) -> Any:
        raise KeyError("SECRET-NAME")

    monkeypatch.setattr(journey, "_WORK", {"check": locked, "calibrate": surprised})
    waits, odd = (queue_upkeep(jobs, kind, subject="ann") for kind in ("check", "calibrate"))
    assert work_off(index, jobs) == 2
    assert (now(jobs, waits).state, now(jobs, waits).failure) == ("queued", "index: locked")
    assert (now(jobs, odd).state, now(jobs, odd).failure) == ("failed", "an unforeseen error, KeyError")


def test_upkeep_is_done_as_its_commands_do_it(jobs: Jobs, index: Path, tmp_path: Path, make_archive: Any) -> None:
    archive = make_archive()
    queue_folder(jobs, archive.name, inbox=archive.parent, subject="ann")
    nowhere = queue_upkeep(jobs, "backup", subject="ann")
    assert work_off(index, jobs) == 2
    assert "call casekin backup once" in str(now(jobs, nowhere).failure)
    back_up_index(index, str(tmp_path / "backup"))
    asked = {kind: queue_upkeep(jobs, kind, subject="ann") for kind in ("calibrate", "check", "backup")}
    assert work_off(index, jobs) == 3
    results = {kind: now(jobs, job).result for kind, job in asked.items()}
    assert results["check"] is not None
    assert results["check"]["integrity"] == "ok"
    assert results["backup"] is not None
    assert [one["cases"] for one in results["backup"]["backups"]] == [6]
    assert results["calibrate"] is not None
    assert [one["kind"] for one in results["calibrate"]["kinds"]] == ["radiograph"]


def test_the_command_line_lists_cancels_and_retries_them(
    jobs: Jobs, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken").write_bytes(write_png(tmp_path / "whole.png", 1).read_bytes()[:200])
    job = queue_files(jobs, {"broken": tmp_path / "broken"}, subject="ann")
    place = ["--index", str(index)]

    def told(*arguments: str) -> Any:
        assert run(["jobs", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert told("work", *place) == {"ended": 1}
    assert [(one["job_id"], one["state"]) for one in told("list", *place)["jobs"]] == [(job.job_id, "failed")]
    assert told("retry", *place, job.job_id)["state"] == "queued"
    assert told("cancel", *place, job.job_id)["state"] == "cancelled"
    assert run(["jobs", "retry", *place, job.job_id]) == 1
    assert "expected a job that failed" in capsys.readouterr().err
    assert run(["jobs", "list", *place]) == 0
    assert "cancelled" in capsys.readouterr().out
