"""DICOMweb over a real server: asked by dicomweb-client and by Orthanc, and by bodies that are no multipart."""

from __future__ import annotations

import base64
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import numpy as np
import pydicom
import pytest
import uvicorn
from dicomweb_client import DICOMwebClient
from pydicom.dataset import Dataset

from casekin.api import create_app
from casekin.api.pictures import pack_picture
from casekin.api.service import Service
from casekin.errors import InputError
from casekin.journeys.export import ExportTarget, export_targets
from casekin.journeys.receive import Site, open_site, receive_message, receive_object, store_received
from casekin.journeys.receiving.parts import PartReader, boundary_of
from casekin.retrieval.export.marks import Mark
from casekin.site.jobs import Jobs
from casekin.site.received import Received
from casekin.site.report_ledger import ReportLedger
from casekin.types import Box
from made_messages import merge, result
from made_objects import film_object, in_syntax, rejection_object, slice_object
from made_orthanc import orthanc_server

FAILED, STORED, REASON = "00081198", "00081199", "00081197"
WEB = httpx2.Client(trust_env=False, timeout=60)
"""Waits: what is asked for first loads libraries."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Study 1.2.30 is stored, with kept files."""
    made = open_site(tmp_path_factory.mktemp("dicomweb") / "index", burned_in="keep")
    for seed in (1, 2):
        receive_object(made, film_object(seed, study="1.2.30", patient="4711-0815"), now=0.0)
    assert store_received(made, now=100.0).added == 1
    return made


@pytest.fixture(scope="module")
def root(site: Site) -> Iterator[str]:
    """Where a real server answers; its worker for jobs doesn't run."""
    app = create_app(Path(site.index), max_upload_bytes=200_000)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def multipart(*parts: bytes, kind: str = "application/dicom", end: bool = True) -> tuple[bytes, dict[str, str]]:
    body = b"".join(b"--b\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + part + b"\r\n" for part in parts)
    return body + (b"--b--\r\n" if end else b""), {"Content-Type": f'multipart/related; type="{kind}"; boundary=b'}


def store(root: str, *parts: bytes, study: str = "", **more: Any) -> httpx2.Response:
    body, headers = multipart(*parts, **more)
    return WEB.post(f"{root}/dicom-web/studies{study}", content=body, headers=headers)


def test_what_dicomweb_client_stores_is_kept_and_queued_once(root: str, site: Site) -> None:
    films = [pydicom.dcmread(io.BytesIO(film_object(seed, study="1.2.31"))) for seed in (1, 2)]
    told = DICOMwebClient(f"{root}/dicom-web").store_instances(films)
    assert len(told.ReferencedSOPSequence) == 2 and "FailedSOPSequence" not in told
    received = Received(site.books)
    kept = received.objects_of(site.names.uid("1.2.31"))
    assert {pydicom.dcmread(received.path_of(one)).SOPInstanceUID for one in kept} == {"1.2.31.1.1", "1.2.31.1.2"}
    store(root, film_object(3, study="1.2.31"))
    jobs = Jobs(site.books).newest(state="queued")
    assert [job.kind for job in jobs] == ["receive"]
    assert str(site.books.folder) not in json.dumps([job.as_record() for job in jobs])


def test_each_instance_has_its_own_result(root: str) -> None:
    plan = film_object(5, SOPClassUID="1.2.840.10008.5.1.4.1.1.481.5", Rows=0, Columns=0)
    segments = film_object(6, SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4")
    video = in_syntax(film_object(7), "1.2.840.10008.1.2.4.102")
    reply = store(root, film_object(4), plan, segments, video, b"nonsense", rejection_object("1.2.3.1.99"))
    told = reply.json()
    assert reply.status_code == 202 and reply.headers["content-type"] == "application/dicom+json"
    assert [one["00081155"]["Value"] for one in told[STORED]["Value"]] == [["1.2.3.1.4"], ["1.2.3.9.1"]]
    assert [one[REASON]["Value"] for one in told[FAILED]["Value"]] == [[0x0122], [0x0122], [0xC122], [0xC000]]
    assert store(root, film_object(4, study="1.2.8"), study="/1.2.9").json()[FAILED]["Value"][0][REASON]["Value"] == [
        0xA900
    ]
    assert store(root, b"nonsense").status_code == 409
    assert store(root, film_object(4), study="/1.2.3").status_code == 200


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("application/dicom+xml", "xml"),  # what dcm4che's stowrs asks for
        ('multipart/related; type="application/dicom+xml"', "xml"),
        ("application/dicom+xml;q=0.5, application/dicom+json", "json"),
        ("application/json", "json"),
        ("text/html, application/*;q=0.9", "json"),
    ],
)
def test_results_come_as_the_sender_can_read_them(root: str, accept: str, sent: str) -> None:
    body, headers = multipart(film_object(4), b"nonsense")
    reply = WEB.post(f"{root}/dicom-web/studies", content=body, headers={**headers, "Accept": accept})
    assert (reply.status_code, reply.headers["content-type"]) == (202, f"application/dicom+{sent}")
    if sent == "json":
        assert set(reply.json()) == {STORED, FAILED}
        return
    model = ElementTree.fromstring(reply.content)
    native = {"n": "http://dicom.nema.org/PS3.19/models/NativeDICOM"}
    assert model.tag == "{" + native["n"] + "}NativeDicomModel"
    values = {one.get("keyword"): one.findtext("n:Value", None, native) for one in model.iterfind(".//*[@keyword]")}
    assert values["FailureReason"] == str(0xC000) and values["ReferencedSOPInstanceUID"] == "1.2.3.1.4"
    assert [one.get("number") for one in model.iterfind(f".//*[@tag='{STORED}']/n:Item", native)] == ["1"]


def test_whoever_takes_no_media_type_of_ours_is_told_before_anything_is_kept(root: str, site: Site) -> None:
    body, headers = multipart(film_object(4, study="1.2.32"))
    reply = WEB.post(f"{root}/dicom-web/studies", content=body, headers={**headers, "Accept": "text/html"})
    assert reply.status_code == 406 and not Received(site.books).objects_of(site.names.uid("1.2.32"))
    for route in ("studies", "studies/1.2.30/metadata"):
        assert WEB.get(f"{root}/dicom-web/{route}", headers={"Accept": "application/dicom+xml"}).status_code == 406
        assert WEB.get(f"{root}/dicom-web/{route}", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", 'multipart/related; type="application/dicom"; boundary=b', 400),
        (b"--b\r\n\r\nx", 'multipart/related; type="application/dicom"; boundary=b', 400),
        (b"nonsense", 'multipart/related; type="application/dicom"; boundary=b', 400),
        (b"{}", "application/json", 415),
        (b"x", 'multipart/related; type="application/dicom+xml"; boundary=b', 415),
        (b"x", f'multipart/related; type="application/dicom"; boundary={"b" * 300}', 415),
        (b"--b\r\n" + b"A: b\r\n" * 100 + b"\r\nx\r\n--b--", 'multipart/related; boundary=b', 400),
        (multipart(b"x" * 200_001)[0], 'multipart/related; type="application/dicom"; boundary=b', 400),
    ],
)  # fmt: skip
def test_bodies_that_are_no_store_are_refused(root: str, body: bytes, kind: str, status: int) -> None:
    reply = WEB.post(f"{root}/dicom-web/studies", content=body, headers={"Content-Type": kind})
    assert reply.status_code == status and "expected" in reply.json()["detail"]


def test_kept_files_are_found_and_retrieved_by_raw_or_mapped_uids(root: str, site: Site) -> None:
    client = DICOMwebClient(f"{root}/dicom-web")
    study = site.names.uid("1.2.30")
    (found,) = [row for row in map(Dataset.from_json, client.search_for_studies()) if row.StudyInstanceUID == study]
    assert (found.NumberOfStudyRelatedInstances, found.ModalitiesInStudy) == (2, "DX")
    (series,) = map(Dataset.from_json, client.search_for_series(study))
    instances = [Dataset.from_json(row) for row in client.search_for_instances(study, series.SeriesInstanceUID)]
    assert len(instances) == 2
    by_raw = client.retrieve_study("1.2.30")
    assert {one.SOPInstanceUID for one in by_raw} == {one.SOPInstanceUID for one in instances}
    assert not any("4711" in str(one.PatientID) or "Quixley" in str(one.get("PatientName")) for one in by_raw)
    metadata = client.retrieve_series_metadata(study, series.SeriesInstanceUID)
    assert len(metadata) == 2 and "7FE00010" not in metadata[0]
    one = by_raw[0]
    frames = client.retrieve_instance_frames(
        study, one.SeriesInstanceUID, one.SOPInstanceUID, [1], media_types=("application/octet-stream",)
    )
    assert frames[0] == one.PixelData
    assert client.search_for_studies(search_filters={"StudyInstanceUID": "1.2.999"}) == []
    for path in ("/1.2.999", f"/{study}/series/1.2", f"/{study}/series/{one.SeriesInstanceUID}/instances/1.9"):
        assert WEB.get(f"{root}/dicom-web/studies{path}").status_code == 404
    assert WEB.get(f"{root}/dicom-web/studies?PatientName=Quixley").status_code == 422


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"PatientID": "4711-0815"}, 1),
        ({"00100020": "*4711-0815*"}, 1),
        ({"PatientID": "OLD-NUMBER"}, 1),
        ({"PatientID": "4711"}, 0),
        ({"PatientID": ""}, 1),
        ({"AccessionNumber": "acc-1", "PatientID": "4711-0815"}, 1),
        ({"AccessionNumber": "ACC-1", "PatientID": "P9"}, 0),
        ({"AccessionNumber": "ACC-2"}, 0),
        ({"ModalitiesInStudy": "CT,DX"}, 1),
        ({"ModalitiesInStudy": "CT\\MR"}, 0),
        ({"StudyInstanceUID": "1.2.30", "includefield": "00081030,00080060", "fuzzymatching": "false"}, 1),
    ],
)
def test_a_study_list_is_asked_for_as_viewers_do(root: str, site: Site, asked: dict[str, str], count: int) -> None:
    receive_message(site, merge("4711-0815", "OLD-NUMBER"))
    found = DICOMwebClient(f"{root}/dicom-web").search_for_studies(search_filters=asked, limit=101, offset=0)
    assert [Dataset.from_json(row).StudyInstanceUID for row in found] == [site.names.uid("1.2.30")] * count


def test_a_study_list_is_paged_and_asked_by_pseudonyms_too(root: str, site: Site) -> None:
    client = DICOMwebClient(f"{root}/dicom-web")
    asked = {"PatientID": site.names.patient("4711-0815"), "AccessionNumber": site.names.accession("ACC-1")}
    assert len(client.search_for_studies(search_filters=asked)) == 1
    assert client.search_for_studies(offset=1, limit=10) == []
    study = site.names.uid("1.2.30")
    assert client.search_for_series(study, search_filters={"Modality": "CT"}) == []
    (series,) = map(Dataset.from_json, client.search_for_series(study, search_filters={"Modality": "DX"}))
    pages = [client.search_for_instances(study, series.SeriesInstanceUID, limit=1, offset=at) for at in range(3)]
    assert [len(page) for page in pages] == [1, 1, 0] and pages[0] != pages[1]


def test_a_whole_request_is_capped_however_small_its_parts(
    root: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = [film_object(seed, study="1.2.33") for seed in (1, 2, 3)]
    monkeypatch.setattr(Service, "max_store_bytes", len(films[0]) * 2)
    declared = store(root, *films)
    assert (declared.status_code, declared.headers["content-type"]) == (413, "application/problem+json")
    assert not Received(site.books).objects_of(site.names.uid("1.2.33"))
    body, headers = multipart(films[0], b"x" * 2_000_000)  # more than the server takes from the network at a time
    pieces = (body[at : at + 50_000] for at in range(0, len(body), 50_000))
    monkeypatch.setattr(Service, "max_store_bytes", len(body) - 1)
    monkeypatch.setattr(Service, "max_upload_bytes", len(body))
    assert WEB.post(f"{root}/dicom-web/studies", content=pieces, headers=headers).status_code == 413
    assert Received(site.books).objects_of(site.names.uid("1.2.33")), "what came whole is kept"
    assert store(root, films[0]).status_code == 200


def test_a_report_is_kept_until_its_study_comes(root: str, site: Site) -> None:
    assert WEB.post(f"{root}/v1/reports", content=result("Effusion.", accession="ACC-NEW")).status_code == 202
    assert [one.text for one in ReportLedger(site.books).waiting()] == ["Effusion."]
    refused = WEB.post(f"{root}/v1/reports", content=b"nonsense")
    assert refused.status_code == 422 and "expected HL7" in refused.json()["detail"]
    assert WEB.post(f"{root}/v1/reports", content=b"x" * 200_001).status_code == 413


def test_orthanc_sends_by_stow(root: str, site: Site, tmp_path: Path) -> None:
    servers = {"casekin": f"{root}/dicom-web/"}
    with orthanc_server(tmp_path / "orthanc", casekin_port=1, web_servers=servers) as orthanc:
        told = WEB.post(f"{orthanc.rest}/instances", content=film_object(6, study="1.2.32")).json()
        sent = WEB.post(f"{orthanc.web}/servers/casekin/stow", json={"Resources": [told["ID"]]}, timeout=60)
        assert sent.status_code == 200, sent.text
        (found,) = Received(site.books).objects_of(site.names.uid("1.2.32"))
        kept = pydicom.dcmread(Received(site.books).path_of(found))
        assert kept.PixelData == pydicom.dcmread(io.BytesIO(film_object(6))).PixelData


def test_parts_come_out_whole_however_the_body_is_cut() -> None:
    films = [film_object(seed) for seed in range(3)]
    body, headers = multipart(*films)
    kind, boundary = boundary_of(headers["Content-Type"])
    assert (kind, boundary) == ("application/dicom", b"b") and boundary is not None
    for size in (1, 7, 100, len(body)):
        reader = PartReader(boundary, most_bytes=100_000, most_parts=10)
        parts = [part for at in range(0, len(body), size) for part in reader.feed(body[at : at + size])]
        reader.close()
        assert [part.data for part in parts] == films


def test_a_boundary_that_no_parser_takes_is_none() -> None:
    for length in (70, 256):
        _, boundary = boundary_of(f'multipart/related; boundary="{"b" * length}"')
        assert boundary == b"b" * length and PartReader(boundary, most_bytes=1, most_parts=1).feed(b"\r\n") == []
    assert boundary_of(f"multipart/related; boundary={'b' * 257}") == ("multipart/related", None)


def test_chosen_cases_and_regions_are_exported_and_orthanc_like_tools_read_them(root: str, site: Site) -> None:
    case_id = site.names.uid("1.2.30")

    def export(**fields: Any) -> httpx2.Response:
        return WEB.post(f"{root}/v1/exports", json={"targets": [{"case_id": case_id, "image": 0}], **fields})

    note = pydicom.dcmread(io.BytesIO(export(form="key-objects", targets=[{"case_id": case_id}]).content))
    (study,) = note.CurrentRequestedProcedureEvidenceSequence
    kept = {one.SOPInstanceUID for one in DICOMwebClient(f"{root}/dicom-web").retrieve_study(case_id)}
    assert {one.ReferencedSOPInstanceUID for one in study.ReferencedSeriesSequence[0].ReferencedSOPSequence} == kept
    boxed = [{"case_id": case_id, "image": 0, "boxes": [[5, 5, 20, 30]]}]
    for form, modality in (("segmentation", "SEG"), ("region-report", "SR")):
        assert pydicom.dcmread(io.BytesIO(export(form=form, targets=boxed).content)).Modality == modality
    assert export(form="imaging-study").json()["resourceType"] == "ImagingStudy"
    packed = export(form="imaging-study", targets=boxed * 2)
    assert packed.headers["content-type"] == "application/zip"
    for fields, status in (
        ({"form": "segmentation"}, 422), ({"form": "pdf"}, 422),
        ({"form": "key-objects", "targets": [{"case_id": "unknown"}]}, 404),
        ({"form": "region-report", "targets": [{"upload": "0" * 64}]}, 404),
        ({"form": "segmentation", "targets": [{"case_id": case_id}]}, 422),
    ):  # fmt: skip
        assert export(**fields).status_code == status, fields


def test_an_export_of_an_upload_names_nobody(root: str) -> None:
    film = film_object(9, patient="4711-0815")
    told = WEB.post(f"{root}/v1/uploads", files={"image": ("film.dcm", film)}).json()
    targets = [{"upload": told["upload_id"], "boxes": [[5, 5, 20, 30]]}]
    reply = WEB.post(f"{root}/v1/exports", json={"form": "region-report", "targets": targets})
    assert reply.status_code == 200, reply.text
    assert not any(word in reply.content for word in (b"4711", b"Quixley", b"1.2.3.1.9"))
    assert pydicom.dcmread(io.BytesIO(reply.content)).Modality == "SR"


def test_a_region_drawn_in_an_upload_is_exported_pixel_by_pixel(root: str) -> None:
    told = WEB.post(f"{root}/v1/uploads", files={"image": ("film.dcm", film_object(9))}).json()
    mask = np.zeros((told["height"], told["width"]), dtype=np.uint8)
    mask[10:30, 20:25] = mask[40, 7] = 255

    def export(drawn: bytes) -> httpx2.Response:
        targets = [{"upload": told["upload_id"], "mask": base64.b64encode(drawn).decode()}]
        return WEB.post(f"{root}/v1/exports", json={"form": "segmentation", "targets": targets})

    made = pydicom.dcmread(io.BytesIO(export(pack_picture(mask, form="png")).content))
    assert np.array_equal(made.pixel_array, mask > 0)
    (segment,) = made.SegmentSequence
    assert segment.SegmentAlgorithmType == "MANUAL"
    for wrong in (pack_picture(mask[1:], form="png"), pack_picture(mask * 0, form="png"), b"nonsense"):
        assert export(wrong).status_code == 422


def test_regions_of_a_volume_say_what_is_possible() -> None:
    slices = [pydicom.dcmread(io.BytesIO(slice_object(number))) for number in range(2)]
    target = ExportTarget(
        name="ct", images=tuple(slices), patient_id="p-1", marks=(Mark(box=Box.from_list([0, 0, 9, 9])),)
    )
    for form in ("segmentation", "region-report"):
        with pytest.raises(InputError, match="key-objects or imaging-study"):
            export_targets([target], form=form, written=datetime(2026, 1, 1, tzinfo=UTC), software="casekin")
    for form in ("key-objects", "imaging-study"):
        assert export_targets([target], form=form, written=datetime(2026, 1, 1, tzinfo=UTC), software="casekin")
