"""A patient of canaries goes through every door, whole and damaged, and sings in no log, error, metric or address."""

from __future__ import annotations

import json
import logging
import random
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE

from casekin.api.archive import Archive
from casekin.cli import run
from casekin.journeys.receive import open_site, store_received
from casekin.listener import DicomReceiver, DicomSettings, Hl7Receiver, Hl7Settings
from casekin.retrieval.export import FORMS, Form, export_draft
from casekin.site.audit import AuditLog
from imaging.samples import DX
from made_canaries import (
    CLIENTS,
    PLANTED,
    RETAINED,
    WORD,
    Listener,
    canary_dataset,
    canary_film,
    canary_values,
    fail_where_heard,
    songs,
    songs_in,
)
from made_cases import write_png
from made_exports import USUAL
from made_messages import result
from made_service import MadeSite, made_site

REPORT = f"{WORD} Maria, born 1913-01-17, has consolidation in the left lower lobe."
LOOSE = logging.Formatter("%(name)s %(message)s")


@pytest.fixture
def heard(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> Iterator[list[str]]:
    """At the end of a test, what every logger said at any level, what was warned, and stderr hold no canary.

    What a test adds to the list is looked at too.
    """
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    yield told
    records = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
    told += [LOOSE.format(record) for record in records if not record.name.startswith(CLIENTS)]
    told += [str(warning.message) for warning in recwarn.list]
    told.append(capfd.readouterr().err)
    assert [(sorted(songs(line)), line[:500]) for line in told if songs(line)] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    with made_site(tmp_path_factory.mktemp("site")) as made:
        yield made


def damaged(film: bytes) -> Iterator[bytes]:
    """The film cut off, overwritten, with lengths that lie, with values that their type doesn't allow."""
    luck = random.Random(5)
    for part in range(1, 12):
        yield film[: len(film) * part // 12]
    for _ in range(12):
        place = luck.randrange(132, len(film) - 64)
        yield film[:place] + luck.randbytes(16) + film[place + 16 :]
    for value in (b"1913", WORD.encode()):
        at = film.index(value)
        yield film[: at - 2] + struct.pack("<H", 0xFFF0) + film[at:]
    yield film.replace(b"19130117", b"ZqxBirth").replace(b"913713", b"ZqxNum")
    yield film.replace(b"ISO_IR", b"ZqxSet")
    yield film[132:]


def test_the_patient_has_sixty_attributes_and_more_of_every_kind() -> None:
    kinds = {str(element.VR) for element in canary_dataset().iterall()}
    assert len(canary_values()) >= 90 and songs(canary_film()) >= set(canary_values().values())
    assert kinds >= {"AE", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "SQ", "ST", "TM", "UC", "UI", "UN", "UR"}


def test_an_ingest_tells_nothing_and_the_index_keeps_pseudonyms_alone(
    tmp_path: Path, heard: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    films = tmp_path / f"{WORD}Folder"
    films.mkdir()
    (films / f"{WORD}^File.dcm").write_bytes(canary_film())
    values = canary_values()
    told = {"accession": values["AccessionNumber"], "patient": values["PatientID"], "birth": "19130117"}
    message = result("Consolidation in the left lower lobe.", name=f"{WORD}^Maria", **told)
    (films / "report.hl7").write_bytes(message)
    index = str(tmp_path / "index")
    argv = [
        "ingest",
        str(films / f"{WORD}^File.dcm"),
        "--reports",
        str(films / "report.hl7"),
        "--index",
        index,
        "--json",
    ]
    assert run(argv) == 0
    printed = json.loads(capfd.readouterr().out)
    assert (printed["added"], printed["reports_joined"], len(printed["warnings"])) == (1, 1, 1)
    del printed["warnings"][0]["source"]  # the file, to whoever named it
    heard.append(json.dumps(printed))
    assert songs_in(tmp_path / "index") == {}


def test_damaged_files_of_the_patient_are_left_out_without_a_word_of_theirs(
    tmp_path: Path, heard: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for number, data in enumerate(damaged(canary_film())):
        (folder / f"{number:02d}.dcm").write_bytes(data)
    write_png(folder / "sound.png", 3)
    assert run(["ingest", str(folder), "--index", str(tmp_path / "index"), "--workers", "1", "--json"]) == 0
    printed = json.loads(capfd.readouterr().out)
    assert len(printed["problems"]) >= 12
    heard.append(json.dumps(printed))
    assert run(["info", str(tmp_path / "index"), "--json"]) == 0
    heard.append(capfd.readouterr().out)


def test_what_arrives_over_the_network_leaves_no_trace_but_the_case(tmp_path: Path, heard: list[str]) -> None:
    receiving = open_site(tmp_path / "index", burned_in="keep")
    values, told = canary_values(), {"name": f"{WORD}^Maria", "birth": "19130117"}
    message = result("Left effusion.", accession=values["AccessionNumber"], patient=values["PatientID"], **told)
    with (
        DicomReceiver(receiving, DicomSettings(port=0)) as films,
        Hl7Receiver(receiving, Hl7Settings(port=0)) as reports,
    ):
        entity = AE(ae_title="CT1")
        entity.add_requested_context(DX, ExplicitVRLittleEndian)
        association = entity.associate("127.0.0.1", films.port, ae_title="CASEKIN")
        assert association.send_c_store(canary_dataset()).Status == 0
        association.release()
        for sent in (message, message.replace(b"OBR", b"Zqx"), WORD.encode(), message[: len(message) // 2]):
            with socket.create_connection(("127.0.0.1", reports.port), timeout=60) as connection:
                connection.sendall(b"\x0b" + sent + b"\x1c\r")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass
    later = time.time() + 100_000
    assert store_received(receiving, now=later).added == 1
    store_received(receiving, now=later + 100_000)  # what arrived is no longer kept as it came
    retained = {canary_values()[keyword] for keyword in RETAINED}
    found = songs_in(tmp_path / "index")
    assert {place: values - retained for place, values in found.items() if values - retained} == {}
    assert all(place.startswith("site/files/") for place in found)


def questions(client: TestClient) -> Iterator[Any]:
    """Every way to put a patient's name into a request."""
    name, film = f"{WORD}^Maria.dcm", canary_film()
    sounds = {"User-Agent": WORD, "Referer": f"http://localhost/?patient={WORD}", "X-Forwarded-For": WORD}
    yield client.get(f"/v1/cases/{WORD}", params={"patient": WORD}, headers=sounds)
    yield client.get(f"/v1/cases/{WORD}/images/0/frames/0")
    yield client.get("/", params={"study": WORD, "accession": WORD, "case": WORD}, headers={"accept": "text/html"})
    yield client.get(f"/{WORD}/{WORD}?{WORD}={WORD}")
    yield client.request(WORD.upper(), "/v1/info")
    yield client.get("/v1/cases", params={"accession_number": WORD, "patient": WORD, "study_instance_uid": WORD})
    yield client.post("/v1/cases/lookups", json={"accession_number": WORD, "patient_id": WORD})
    yield client.post("/v1/searches", json={"text": "effusion", "patient": WORD}, headers=sounds)
    yield client.post("/v1/searches", json={"text": "effusion", "surname": WORD})
    yield client.post("/v1/searches", json={"recipe": {"question": {"text": 7, WORD: WORD}}})
    yield client.post("/v1/searches", content=f'{{"text": "{WORD}', headers={"content-type": "application/json"})
    yield client.post("/v1/searches", content=WORD, headers={"content-type": f"text/{WORD}"})
    for files in ({"image": (name, film)}, {"image": (name, film[:900])}, {"image": (name, WORD.encode())}):
        yield client.post("/v1/searches", files=files, data={"limit": "2"})
        yield client.post("/v1/drafts", files=files)
        yield client.post("/v1/uploads", files={"file": files["image"]})
    for data in (film, film[:900], WORD.encode()):
        body = b"--x\r\nContent-Type: application/dicom\r\n\r\n" + data + b"\r\n--x--\r\n"
        kind = 'multipart/related; type="application/dicom"; boundary=x'
        yield client.post("/dicom-web/studies", content=body, headers={"content-type": kind})
    yield client.get("/dicom-web/studies", params={"PatientName": WORD, "AccessionNumber": WORD})
    yield client.post("/v1/searches", files={"report": (name, film)})
    yield client.post("/v1/searches", data={"surname": WORD})
    yield client.get("/v1/info", headers={"Authorization": f"Bearer {WORD}", "Cookie": f"session={WORD}"})
    yield client.get("/v1/info", headers={"Host": f"{WORD}.example"})


def test_no_request_is_repeated_in_a_refusal_a_header_a_metric_or_the_audit_log(
    site: MadeSite, heard: list[str]
) -> None:
    client = site.client("ada", "admin")
    replies = list(questions(client))
    assert len(replies) > 20 and {reply.status_code for reply in replies} >= {200, 404, 422}
    for reply in replies:
        heard.append(repr(sorted(reply.headers.items())))
        if reply.status_code >= 400:
            heard.append(reply.text)
        assert reply.status_code != 500
    heard.append(client.get("/metrics").text)
    log = AuditLog(site.tenant.books)
    heard += [json.dumps(record.as_record()) for record in log.records()]
    assert any(record.event == "search" for record in log.records()) and log.prove().is_sound


def test_what_a_sender_calls_a_file_goes_back_to_its_sender_and_nowhere_else(site: MadeSite, heard: list[str]) -> None:
    client = site.client("ada")
    reply = client.post("/v1/searches", files={"image": (f"{WORD}^Maria.dcm", canary_film())}).json()
    assert reply["query"].pop("image") == f"{WORD}^Maria.dcm"
    heard.append(json.dumps(reply))
    heard.append(client.get("/v1/history").text)
    passing = ("uploads/", "inbox/")  # files as they were sent: gone in an hour, or once they are cases
    found = songs_in(site.tenant.books.folder)
    kept = {place: values for place, values in found.items() if not place.startswith(passing)}
    assert kept == {}


@pytest.mark.parametrize("form", sorted({*FORMS} - {"json"}))
def test_no_export_of_a_draft_names_the_file_that_was_asked_with(form: Form) -> None:
    named = replace(USUAL, query={**USUAL.query, "image": f"{WORD}^Maria.dcm"})
    assert songs(export_draft(named, form=form, written=datetime(2026, 5, 4, tzinfo=UTC))) == set()


def test_an_exception_that_quotes_a_patient_ends_in_a_bare_500(
    site: MadeSite, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        try:
            raise KeyError(f"{WORD} inner")
        except KeyError as error:
            raise RuntimeError(f"{WORD}^Maria, {REPORT}") from error

    client = site.client("ada", "admin")
    client = TestClient(site.app, base_url="http://localhost", headers=client.headers, raise_server_exceptions=False)
    for name in ("search", "draft", "case", "info"):
        monkeypatch.setattr(Archive, name, fail)
    replies = [
        client.post("/v1/searches", json={"text": "effusion"}), client.post("/v1/drafts", json={"text": "effusion"}),
        client.get("/v1/cases/case-1"), client.get("/v1/info"), client.get("/cases/case-1"),
    ]  # fmt: skip
    assert {reply.status_code for reply in replies} == {500}
    heard += [reply.text for reply in replies]


@pytest.mark.parametrize(
    "sections", [[], [("Captured stderr call", f"x {PLANTED[1]}Name")], [("Captured stdout call", WORD)]]
)
def test_the_suite_itself_fails_where_a_planted_name_is_logged(sections: list[tuple[str, str]]) -> None:
    def report(listener: Listener) -> str:
        made = pytest.TestReport("a", ("a", 1, "a"), {}, "passed", None, "call", sections=sections)
        fail_where_heard(made, listener)
        return made.outcome

    listener = Listener()
    assert report(listener) == ("failed" if sections and "stderr" in sections[0][0] else "passed")
    listener.handle(logging.makeLogRecord({"name": "casekin", "msg": "name=%s", "args": ("Simulated^7",)}))
    assert report(listener) == "failed" and listener.heard == set()
