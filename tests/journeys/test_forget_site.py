"""Erasing a patient from all that a site keeps, the proof of it, and backups of the state folder."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import casekin
from casekin.cli import run
from casekin.errors import InputError, SiteError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.index.store.store import FILE_NAME as INDEX_FILE
from casekin.journeys.upkeep import back_up_index, forget_cases, restore_index
from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.books import FILE_NAME, Books
from casekin.site.collections import Collections, EntryFields
from casekin.site.erasure import Erasures
from casekin.site.feedback import Feedback
from casekin.site.files import KeptFile, KeptFiles, KeptImage, store_file
from casekin.site.history import History
from casekin.site.jobs import Jobs
from casekin.site.received import Received, ReceivedObject
from casekin.site.report_ledger import LedgerReport, ReportLedger
from casekin.site.tokens import Tokens
from casekin.site.uploads import Uploads
from made_stores import everything, stored_case

MRN = "MRN-77"
CANARY = b"c4n4ry"
"""Stands in everything that is of the patient to be erased, and in nothing else."""
HOLD_NO_CASE = {"audit_ends", "tokens", "erasing", "erasures"}
HOLD_CASES = {
    "audit", "audit_names", "kept_files", "collections", "entries", "attempts", "votes", "questions", "history",
    "links", "jobs", "uploads", "arrived_reports", "arrived_keys", "patient_merges",
    "received_objects", "rejected_instances",
}  # fmt: skip
"""Every table that may name a case, and that an erasure therefore reaches."""


def recipe(**question: Any) -> dict[str, Any]:
    return {"recipe": 1, "question": {"text": "nodule", **question}}


def answer_of(asked: dict[str, Any], *matched: str) -> dict[str, Any]:
    return {"recipe": asked, "verdict": "answered", "hits": [], "query": {"matched_cases": list(matched)}}


def live(folder: Path, case_id: str, patient: str, word: str) -> None:
    """Keep something about a case in every part of the state folder; `word` stands wherever words may."""
    books = Books(folder / "site")
    stored = store_file(books.folder / "files", f"kept {word}".encode() * 100)
    KeptFiles(books).put(
        case_id, [KeptImage(content_sha256="0" * 64, files=(KeptFile(file_sha256=stored, kind="dicom"),))]
    )
    collections = Collections(books)
    made = collections.create("Chest", owner="ada")
    entry = collections.add(
        made.collection_id, EntryFields(case_id=case_id, note=f"note {word}", answer=f"answer {word}")
    )
    collections.attempt(made.collection_id, entry.entry_id, f"given {word}", subject="ada")
    for question in (recipe(like=[case_id]), recipe(patient_key=patient)):
        History(books).add(answer_of(question), subject="ada")
        History(books).share(question, subject="ada")
        Feedback(books).vote(question, "case-1", is_helpful=True, subject="ada")
    History(books).add(answer_of(recipe(text=f"words {word}"), case_id), subject="bob")
    Feedback(books).vote(recipe(text="other"), case_id, is_helpful=True, subject="ada")
    ReportLedger(books).add(
        LedgerReport(
            report_key=f"r-{word}", status="final", text=f"Report {word}.", keys=(f"k-{word}",), patients=(patient,)
        ),
        day="2026-05-04",
    )
    spooled = ReceivedObject(
        file_sha256=f"sha {word}",
        study=f"study-{word}",
        series="1",
        instance=f"i-{word}",
        kind="image",
        patient=patient,
    )
    Received(books, least_free_bytes=0).put(spooled, f"spooled {word}".encode(), now=1.0)
    uploads = Uploads(books)
    draft = uploads.prepare()
    (draft / "0").write_bytes(f"upload {word}".encode())
    uploads.keep(draft, upload_id=f"id {word}", subject="ada")
    event = AuditEvent(event="view", subject="ada", route="/v1/cases/{case_id:path}", status=200, objects=(case_id,))
    AuditLog(books).append(event)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of four patients, two of whom left traces everywhere in its state folder."""
    with CaseIndex(tmp_path / "index", create=True) as index:
        names = Pseudonymizer(index.site_key())
        index.put([stored_case(number) for number in range(6)])
        patient = names.patient(MRN)
        gone = stored_case(9, patient=patient, patient_id=patient, report=f"Report {CANARY.decode()}.", extra={})
        index.put([gone])
    live(tmp_path / "index", "case-9", patient, CANARY.decode())
    live(tmp_path / "index", "case-2", "patient-1", "stays")
    Tokens(Books(tmp_path / "index" / "site")).create(subject="ada", role="reader")
    return tmp_path / "index"


def traces(folder: Path, patient: str) -> set[str]:
    """Files, by their place in the folder, in which something of the patient stands."""
    words = (CANARY, b"case-9", patient.encode(), MRN.encode())
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)) for path in files if any(word in path.read_bytes() for word in words)}


def pseudonym(folder: Path) -> str:
    with CaseIndex(folder) as index:
        return Pseudonymizer(index.site_key()).patient(MRN)


def test_every_table_that_the_program_declares_is_known_to_hold_cases_or_none() -> None:
    declared = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)")
    sources = [path.read_text(encoding="utf-8") for path in sorted(Path(casekin.__file__).parent.rglob("*.py"))]
    assert {name for text in sources for name in declared.findall(text)} == HOLD_CASES | HOLD_NO_CASE


def test_an_erased_patient_leaves_no_byte_in_the_state_folder_and_others_keep_theirs(folder: Path) -> None:
    patient = pseudonym(folder)
    before = traces(folder, patient)
    assert {INDEX_FILE, f"site/{FILE_NAME}"} <= before or f"site/{FILE_NAME}-wal" in before
    assert any(name.startswith("site/files/") for name in before) and any("uploads" in name for name in before)
    summary = forget_cases(folder, patients=[MRN], subject="root", tenant="north")
    assert traces(folder, patient) == set()
    books = Books(folder / "site")
    assert [image.files[0].kind for image in KeptFiles(books).images_of("case-2")] == ["dicom"]
    (kept, emptied) = sorted(
        Collections(books).visible("ada"), key=lambda one: -len(Collections(books).entries(one.collection_id))
    )
    assert [entry.fields.case_id for entry in Collections(books).entries(kept.collection_id)] == ["case-2"]
    assert Collections(books).entries(emptied.collection_id) == []
    assert [step.recipe["question"] for step in History(books).newest(subject="ada")] == [
        {"text": "nodule", "patient_key": "patient-1"}, {"text": "nodule", "like": ["case-2"]}
    ]  # fmt: skip
    log = AuditLog(books)
    assert log.prove().is_sound
    assert [(record.event, record.objects) for record in log.records()] == [
        ("view", ()), ("view", ("case-2",)), ("erasure", ()),
    ]  # fmt: skip
    assert summary.proof is not None and log.records()[-1].detail == f"record {summary.proof['digest']}"
    assert (log.records()[-1].subject, log.records()[-1].tenant) == ("root", "north")


def test_a_patient_is_erased_by_a_number_that_was_merged_away_and_so_is_the_merge(folder: Path, tmp_path: Path) -> None:
    patient = pseudonym(folder)
    with CaseIndex(folder) as index:
        old = Pseudonymizer(index.site_key()).patient("MRN-OLD")
        ReportLedger(Books(folder / "site")).merge(survivor=patient, merged=old)
        index.merge_patients(survivor=patient, merged=old)
    back_up_index(folder, str(tmp_path / "backup"))
    restore_index(str(tmp_path / "backup"), tmp_path / "restored")
    with CaseIndex(tmp_path / "restored") as index:
        assert index.patients_of(patient_id=old) == {patient}
    assert forget_cases(folder, patients=["MRN-OLD"]).cases == ("case-9",)
    assert traces(folder, patient) == set() == traces(folder, old)
    assert ReportLedger(Books(folder / "site")).merges() == []


def test_the_proof_counts_what_went_and_names_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    patient = pseudonym(folder)
    with CaseIndex(folder) as index:
        version = index.version()
    (folder / "site" / "evaluations" / "spring").mkdir(parents=True)
    (folder / "site" / "evaluations" / "spring" / "report.html").write_text("<figure>case-9</figure>")
    assert run(["forget", "--index", str(folder), "--patient", MRN, "--json"]) == 0
    proof = json.loads(capsys.readouterr().out)["proof"]
    assert proof["removed"] == {
        "kept_files": 1, "collection_entries": 1, "votes": 3, "searches_and_links": 5, "jobs": 0, "reports": 1,
        "received_objects": 1, "uploads": 2, "evaluations": 1,
    }  # fmt: skip
    assert proof["names_in_the_audit_log"] == 1
    assert (proof["index"]["before"], proof["index"]["after"]["cases"]) == ({"index_version": version, "cases": 7}, 6)
    assert Erasures(Books(folder / "site")).records() == [proof]
    assert not any(word in json.dumps(proof) for word in (patient, MRN, "case-9", CANARY.decode()))


def test_an_interrupted_erasure_is_finished_by_one_that_names_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = pseudonym(folder)
    with monkeypatch.context() as patch, pytest.raises(SiteError, match="full"):
        patch.setattr(Feedback, "forget", lambda *_: (_ for _ in ()).throw(SiteError("full")))
        forget_cases(folder, patients=[MRN])
    with CaseIndex(folder) as index:
        assert "case-9" not in everything(index)["cases"]
    assert f"site/{FILE_NAME}" in {name.removesuffix("-wal") for name in traces(folder, patient)}
    summary = forget_cases(folder)
    assert summary.proof is not None and summary.proof["removed"]["votes"] == 3
    assert traces(folder, patient) == set()


def test_a_backup_brings_the_state_folder_back_and_later_ones_are_clean(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    patient, head = pseudonym(folder), AuditLog(Books(folder / "site")).head()
    back_up_index(folder, str(place))
    restore_index(str(place), tmp_path / "restored")
    restored = Books(tmp_path / "restored" / "site")
    kept = KeptFiles(restored)
    assert [path.read_bytes()[:11] for path in kept.paths_of("case-9", "0" * 64)] == [b"kept " + CANARY]
    assert len(Collections(restored).visible("ada")) == 2
    log = AuditLog(restored)
    assert log.prove([head]).is_sound
    assert [record.event for record in log.records()] == ["view", "view", "restore"]
    assert (restored.folder / "audit.key").read_bytes() == (folder / "site" / "audit.key").read_bytes()
    assert all(path.stat().st_mode & 0o077 == 0 for path in restored.folder.rglob("*") if path.is_file())
    assert not (restored.folder / "uploads").exists() or not any((restored.folder / "uploads").iterdir())
    assert forget_cases(folder, patients=[MRN]).backups == {str(place): ("000001",)}
    back_up_index(folder, str(place), keep=1)
    assert traces(place, patient) == set()
    restore_index(str(place), tmp_path / "clean")
    assert traces(tmp_path / "clean", patient) == set()
    assert AuditLog(Books(tmp_path / "clean" / "site")).prove().is_sound


def test_a_second_backup_reads_no_kept_file_again(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    first = back_up_index(folder, str(place))
    for path in (folder / "site" / "files").rglob("*"):
        if path.is_file():
            path.chmod(0)
            path.unlink()
            path.mkdir()  # whoever opens it fails
    second = back_up_index(folder, str(place))
    assert first.written > second.written and second.written <= 2


def test_a_backup_that_was_killed_leaves_no_copy_behind_an_erasure(folder: Path) -> None:
    shutil.copy(folder / "site" / FILE_NAME, folder / "site" / "backup.sqlite3")
    Books(folder / "site").copy_to(folder / "site" / "backup.sqlite3")
    patient = pseudonym(folder)
    assert "site/backup.sqlite3" in traces(folder, patient)
    forget_cases(folder, patients=[MRN])
    assert traces(folder, patient) == set()


def test_a_state_folder_in_use_is_not_restored_over(folder: Path, tmp_path: Path) -> None:
    back_up_index(folder, str(tmp_path / "backup"))
    (tmp_path / "used" / "site").mkdir(parents=True)
    (tmp_path / "used" / "site" / f"{FILE_NAME}-wal").touch()
    with pytest.raises(InputError, match="in use"):
        restore_index(str(tmp_path / "backup"), tmp_path / "used")


def test_ended_jobs_lose_the_names_of_their_files(folder: Path) -> None:
    jobs = Jobs(Books(folder / "site"), clock=time.time)
    jobs.add("ingest", {"paths": [f"/inbox/{CANARY.decode()}.dcm"], "source": "inbox"}, subject="cora")
    with Books(folder / "site").writing() as db:
        db.execute("UPDATE jobs SET state = 'done', ended_at = 1.0")
    assert forget_cases(folder, patients=[MRN]).proof["removed"]["jobs"] == 1  # type: ignore[index]
    assert traces(folder, pseudonym(folder)) == set()
