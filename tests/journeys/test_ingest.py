"""Ingest: resumable, a bad file never stops the rest, reports join and replace, nobody is named."""

from __future__ import annotations

import io
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex
from casekin.journeys import ingest
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.ingesting import case as ingest_case
from casekin.journeys.ingesting.sources import CaseJob
from casekin.journeys.ingesting.study import encode_case
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.query import SearchQuery
from casekin.world.body import sample_body
from casekin.world.radiograph import SITES, render_radiograph, sample_acquisition
from made_cases import chest_picture, write_png
from made_objects import film_object, report_object, slice_object

CAPTURE = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "Modality": "CT"}
NAMES = ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot"]


def stored_ids(index: Path) -> list[str]:
    with closing(sqlite3.connect(index / "casekin.sqlite3")) as db:
        return [row[0] for row in db.execute("SELECT case_id FROM cases ORDER BY case_id")]


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the cases that were encoded, in order."""
    keys: list[str] = []

    def note(job: CaseJob) -> Any:
        keys.append(str(job.key))
        return encode_case(job)

    monkeypatch.setattr(ingest_case, "encode_case", note)
    return keys


def test_every_row_of_a_manifest_becomes_a_case_with_its_fields_and_facts(make_archive: Any, tmp_path: Path) -> None:
    summary = ingest_cases([make_archive()], index=tmp_path / "index")
    assert (summary.added, summary.images, summary.unchanged, summary.problems) == (6, 6, 0, ())
    with CaseIndex(tmp_path / "index") as index:
        case = index.cases(["alfa"])["alfa"]
        (image,) = index.images(index.image_ids_of("alfa"))
        info = index.info()
    assert (case.age, case.sex, case.modality, case.source) == (70.0, "F", "DX", "made")
    stated = {(fact.finding, str(fact.place), fact.polarity) for fact in case.facts}
    assert ("consolidation", "left_lower_lobe", "present") in stated
    assert any(finding == "pneumothorax" and polarity == "absent" for finding, _, polarity in stated)
    assert (image.width, image.height, len(image.boxes)) == (64, 64, 29)
    assert (info["cases"], info["patients"], info["reports"], info["integrity"]) == (6, 4, 5, "ok")


def test_a_second_ingest_encodes_nothing(make_archive: Any, tmp_path: Path, encoded: list[str]) -> None:
    archive = make_archive()
    ingest_cases([archive], index=tmp_path / "index")
    assert encoded == NAMES
    again = ingest_cases([archive], index=tmp_path / "index")
    assert (again.added, again.unchanged, encoded) == (0, 6, NAMES)


def test_interrupted_ingest_goes_on_with_what_was_not_committed(
    make_archive: Any, tmp_path: Path, encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH", 2)
    archive = make_archive()

    def stop_at_three(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_cases([archive], index=tmp_path / "index", progress=stop_at_three)
    assert stored_ids(tmp_path / "index") == ["alfa", "bravo"]
    encoded.clear()
    heard: list[tuple[int, int]] = []
    summary = ingest_cases(
        [archive], index=tmp_path / "index", progress=lambda done, total: heard.append((done, total))
    )
    assert encoded == NAMES[2:]
    assert (summary.added, summary.unchanged) == (4, 2)
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert stored_ids(tmp_path / "index") == NAMES


def test_only_a_changed_row_and_a_changed_file_are_encoded_again(
    make_archive: Any, tmp_path: Path, encoded: list[str]
) -> None:
    archive = make_archive()
    ingest_cases([archive], index=tmp_path / "index")
    encoded.clear()
    text = (archive / "manifest.jsonl").read_text()
    (archive / "manifest.jsonl").write_text(text.replace('"age": 70', '"age": 71'))
    write_png(archive / "images" / "delta.png", 12345)
    os.utime(archive / "images" / "delta.png", ns=(1, 1))
    ingest_cases([archive], index=tmp_path / "index")
    assert encoded == ["alfa", "delta"]
    with CaseIndex(tmp_path / "index") as index:
        assert index.cases(["alfa"])["alfa"].age == 71.0
        assert index.info()["images"] == 6


def test_a_bad_file_and_a_bad_row_are_listed_and_the_rest_goes_in(make_archive: Any, tmp_path: Path) -> None:
    archive = make_archive()
    (archive / "images" / "bravo.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (archive / "images" / "delta.png").unlink()
    with (archive / "manifest.jsonl").open("a") as manifest:
        manifest.write('{"case_id": "golf"}\nnot json\n')
    summary = ingest_cases([archive], index=tmp_path / "index")
    assert [problem.source for problem in summary.problems] == [
        "manifest.jsonl:7", "manifest.jsonl:8", "images/bravo.png", "images/delta.png",
    ]  # fmt: skip
    assert stored_ids(tmp_path / "index") == ["alfa", "charlie", "echo", "foxtrot"]


def test_where_nothing_at_all_could_be_read_the_ingest_fails(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(InputError, match=r"bad\.png"):
        ingest_cases([tmp_path / "bad.png"], index=tmp_path / "index")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="found none"):
        ingest_cases([tmp_path / "empty"], index=tmp_path / "index")
    with pytest.raises(InputError, match="doesn't exist"):
        ingest_cases([tmp_path / "nowhere"], index=tmp_path / "index")


def test_an_index_of_another_model_is_refused(
    make_archive: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive()
    ingest_cases([archive], index=tmp_path / "index")
    with closing(sqlite3.connect(tmp_path / "index" / "casekin.sqlite3", isolation_level=None)) as db:
        db.execute("UPDATE models SET version = 'another'")
    with pytest.raises(IndexStoreError, match="another"):
        ingest_cases([archive], index=tmp_path / "index")


def test_copies_of_one_picture_are_one_case(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        write_png(tmp_path / "loose" / name, 5)
    write_png(tmp_path / "loose" / "three.png", 6)
    ingest_cases([tmp_path / "loose"], index=tmp_path / "index")
    assert len(stored_ids(tmp_path / "index")) == 2


def test_every_copy_of_a_picture_is_known_the_next_time(tmp_path: Path, encoded: list[str]) -> None:
    for name in ("one.png", "two.png"):
        write_png(tmp_path / "loose" / name, 5)
    ingest_cases([tmp_path / "loose"], index=tmp_path / "index")
    encoded.clear()
    ingest_cases([tmp_path / "loose"], index=tmp_path / "index")
    assert encoded == []


def test_a_case_whose_images_could_not_all_be_read_is_tried_again(make_archive: Any, tmp_path: Path) -> None:
    rows = [{"case_id": "alfa", "patient_id": "p"}, {"case_id": "alfa", "patient_id": "p", "image": "images/b.png"}]
    archive = make_archive(rows)
    (archive / "images" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    for _ in range(2):
        summary = ingest_cases([archive], index=tmp_path / "index")
        assert [problem.source for problem in summary.problems] == ["images/b.png"]
    write_png(archive / "images" / "b.png", 3)
    assert ingest_cases([archive], index=tmp_path / "index").images == 2
    assert ingest_cases([archive], index=tmp_path / "index").unchanged == 1


def test_a_joined_report_stays_when_the_images_are_encoded_again(make_archive: Any, tmp_path: Path) -> None:
    archive, index = make_archive(), tmp_path / "index"
    later = write_reports(tmp_path / "later.jsonl", [{"case_id": "foxtrot", "report": "Right pneumothorax."}])
    ingest_cases([archive], index=index, reports=later)
    write_png(archive / "images" / "foxtrot.png", 999)
    ingest_cases([archive], index=index)
    with CaseIndex(index) as handle:
        assert handle.cases(["foxtrot"])["foxtrot"].report == "Right pneumothorax."


def write_reports(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_reports_join_by_case_accession_and_study_and_a_correction_replaces(
    make_archive: Any, tmp_path: Path, encoded: list[str]
) -> None:
    archive, index = make_archive(), tmp_path / "index"
    reports = write_reports(
        tmp_path / "reports.jsonl",
        [
            {"accession_number": "SECRET-ACC-3", "report": "FINDINGS: Left pneumothorax."},
            {"study_instance_uid": "1.2.840.99.5151", "findings": "Cardiomegaly.", "impression": "Large heart."},
            {"case_id": "delta", "report": "FINDINGS: Right upper lobe mass."},
            {"accession_number": "SECRET-ACC-NOBODY", "report": "FINDINGS: Clear."},
            {"report": "without a key"},
        ],
    )
    summary = ingest_cases([archive], index=index, reports=reports)
    assert (summary.reports_joined, summary.unmatched_reports) == (3, ("reports.jsonl:4",))
    assert [problem.source for problem in summary.problems] == ["reports.jsonl:5"]
    correction = write_reports(
        tmp_path / "more.jsonl", [{"case_id": "delta", "report": "ADDENDUM: No mass. Left upper lobe nodule."}]
    )
    encoded.clear()
    assert ingest_cases([archive], index=index, reports=correction).reports_joined == 1
    assert encoded == []
    with CaseIndex(index) as handle:
        cases = handle.cases(NAMES)
        words = np.flatnonzero(handle.match_sentences([(("mass",), 1.0)]))
        catalog = handle.catalog()
    present = {name: {f.finding for f in case.facts if f.polarity == "present"} for name, case in cases.items()}
    assert present["charlie"] == {"pneumothorax"}
    assert "cardiomegaly" in present["foxtrot"]
    assert present["delta"] == {"nodule"}
    assert cases["foxtrot"].report == "FINDINGS: Cardiomegaly.\nIMPRESSION: Large heart."
    assert [catalog.case_id_of_case[number] for number in words] == ["delta"]


def dump(index: Path) -> list[str]:
    """All rows but the store's own name, which is drawn, and the digest over it."""
    with closing(sqlite3.connect(index / "casekin.sqlite3")) as db:
        return [line for line in db.iterdump() if "VALUES('store_id'" not in line and "VALUES('digest'" not in line]


def test_the_number_of_workers_does_not_change_a_byte_of_the_index(make_archive: Any, tmp_path: Path) -> None:
    archive = make_archive()
    (archive / "images" / "bravo.png").write_bytes(b"broken")
    for workers in (1, 2):
        index = tmp_path / f"index-{workers}"
        index.mkdir()
        (index / "site.key").write_bytes(bytes(32))
        ingest_cases([archive], index=index, workers=workers)
    assert dump(tmp_path / "index-1") == dump(tmp_path / "index-2")


def test_nothing_that_names_a_patient_is_in_the_index_or_the_log(
    make_archive: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = make_archive()
    (archive / "images" / "bravo.png").write_bytes(b"broken")
    caplog.set_level("DEBUG")
    summary = ingest_cases([archive], index=tmp_path / "index")
    written = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    told = caplog.text + "".join(capfd.readouterr()) + repr(summary.as_record())
    assert b"alfa" in written  # the search below looks in the right place
    for secret in (b"SECRET", b"1.2.840.99.5151"):
        assert secret not in written
        assert secret.decode() not in told


def write_dicom(path: Path, *, study: str, seed: int, patient: str = "SECRET-DICOM") -> Path:
    """A small valid digital radiograph."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(seed)])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    header.SOPClassUID, header.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    header.StudyInstanceUID, header.SeriesInstanceUID = study, f"{study}.{seed}"
    header.PatientID, header.PatientName, header.AccessionNumber = patient, "SECRET^NAME", "SECRET-ACC"
    header.Modality, header.BodyPartExamined, header.ViewPosition = "DX", "CHEST", "PA"
    header.PatientSex, header.PatientAge = "F", "061Y"
    pixels = chest_picture(seed).astype(np.uint16) * 16
    header.Rows, header.Columns = pixels.shape
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated, header.BitsStored, header.HighBit, header.PixelRepresentation = 16, 12, 11, 0
    header.PixelData = pixels.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    pydicom.dcmwrite(path, header, enforce_file_format=True)
    return path


def test_the_dicom_files_of_one_study_are_one_case_without_the_names_in_their_headers(tmp_path: Path) -> None:
    for number, study in enumerate(["1.2.3.4.77777", "1.2.3.4.77777", "1.2.3.4.88888"]):
        write_dicom(tmp_path / "dicom" / f"{number}.dcm", study=study, seed=number)
    summary = ingest_cases([tmp_path / "dicom"], index=tmp_path / "index")
    assert (summary.added, summary.images, summary.problems) == (2, 3, ())
    with CaseIndex(tmp_path / "index") as index:
        ids = stored_ids(tmp_path / "index")
        assert sorted(len(index.image_ids_of(case_id)) for case_id in ids) == [1, 2]
        assert {(case.sex, case.age, case.view, case.modality) for case in index.cases(ids).values()} == {
            ("F", 61.0, "PA", "DX")
        }
        assert index.info()["patients"] == 1
    written = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    for secret in (b"SECRET", b"77777", b"88888"):
        assert secret not in written


def test_the_files_of_a_study_may_arrive_one_by_one(tmp_path: Path) -> None:
    files = [write_dicom(tmp_path / f"{seed}.dcm", study="1.2.3.4.77777", seed=seed) for seed in (1, 2)]
    for file in (*files, files[0]):
        ingest_cases([file], index=tmp_path / "index")
    with CaseIndex(tmp_path / "index") as index:
        (case_id,) = stored_ids(tmp_path / "index")
        assert len(index.image_ids_of(case_id)) == 2


def test_a_query_whose_header_names_the_patient_never_finds_that_patient(tmp_path: Path, encoder: ImageEncoder) -> None:
    for number, patient in enumerate(["SECRET-A", "SECRET-B", " secret-a "]):
        write_dicom(tmp_path / "dicom" / f"{number}.dcm", study=f"1.2.3.{number}", seed=number, patient=patient)
    ingest_cases([tmp_path / "dicom"], index=tmp_path / "index")
    new = write_dicom(tmp_path / "new.dcm", study="1.2.3.999", seed=9, patient="SECRET-A")
    with CaseIndex(tmp_path / "index") as index:
        answer = search_cases(index, SearchQuery(image=new), encoder=encoder)
        assert answer.query["matched_cases"] == []
        assert [(len(hit.also), index.info()["patients"]) for hit in answer.hits] == [(0, 2)]
    assert "SECRET" not in json.dumps(answer.as_record()).upper()


def test_localizers_and_reports_beside_images_are_left_out_with_a_warning_and_a_localizer_alone_is_a_whole(
    tmp_path: Path, encoded: list[str]
) -> None:
    study = {"StudyInstanceUID": "1.2.5", "PatientID": "P1"}
    for number in range(6):  # MR: the encoder of CT takes seconds
        (tmp_path / f"{number}.dcm").write_bytes(slice_object(number, Modality="MR", **study))
    scout = slice_object(9, Modality="MR", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], SOPInstanceUID="1.2.5.9")
    (tmp_path / "scout.dcm").write_bytes(scout)
    (tmp_path / "report.dcm").write_bytes(report_object("Words.", study="1.2.5"))
    (tmp_path / "screen.dcm").write_bytes(film_object(1, **{**study, **CAPTURE}))
    summary = ingest_cases([tmp_path], index=tmp_path / "index")
    assert (summary.added, summary.images, summary.problems) == (1, 1, ())
    assert "holds no image" in " ".join(one.reason for one in summary.warnings if one.source == "report.dcm")
    for name in ("scout.dcm", "screen.dcm"):
        (told,) = [one.reason for one in summary.warnings if one.source == name]
        assert "localizer" in told and "folder of the series" in told
    assert ingest_cases([tmp_path], index=tmp_path / "index").unchanged == 1 == len(encoded)
    alone = ingest_cases([tmp_path / "scout.dcm"], index=tmp_path / "other")
    assert alone.added == 1 and "compared as a whole" in alone.warnings[0].reason


def test_a_film_that_looks_wrongly_stored_goes_in_and_is_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(77)
    shot = render_radiograph(
        sample_body(rng, sex="F", age=50.0), [], acquisition=sample_acquisition(rng, site=SITES[0]), rng=rng
    )
    sound = (shot.pixels / (2.0**shot.bits - 1) * 255).astype(np.uint8)
    for name, pixels in {"sound": sound, "upside_down": sound[::-1, ::-1], "inverted": 255 - sound}.items():
        Image.fromarray(np.ascontiguousarray(pixels)).save(tmp_path / f"{name}.png")
    sold_as_ct = pydicom.dcmread(io.BytesIO(film_object(1, **CAPTURE)))
    sold_as_ct.Rows, sold_as_ct.Columns = sound.shape
    sold_as_ct.PixelData = (sound // 2).astype(np.uint16).tobytes()
    sold_as_ct.save_as(tmp_path / "sold_as_ct.dcm")
    summary = ingest_cases([tmp_path], index=tmp_path / "index")
    assert (summary.added, summary.problems) == (4, ())
    told = {Path(warning.source).stem: warning.reason for warning in summary.warnings}
    assert told.keys() == {"upside_down", "inverted", "sold_as_ct"}
    assert "turned by 180 degrees" in told["upside_down"]
    assert "looks like another modality than its header names" in told["sold_as_ct"]
    assert summary.as_record()["warnings"][0].keys() == {"source", "reason"}
