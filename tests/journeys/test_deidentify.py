"""`casekin deidentify`: files out, counts in the report, no person in either."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from click.testing import CliRunner
from PIL import Image

from casekin.cli import app
from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.journeys.deidentify import deidentify_files
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.query import SearchQuery
from imaging.samples import dataset_of
from made_cases import chest_picture

CANARY = "Quillfeather"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two DICOM slices, a PNG, a report's text, and a damaged file, all named after the patient."""
    folder = tmp_path / CANARY
    folder.mkdir()
    for number in (1, 2):
        dataset = dataset_of(
            np.full((16, 16), number, np.uint16), PatientName=f"{CANARY}^Ann", PatientID="77", StudyInstanceUID="1.2",
            SeriesInstanceUID="1.2.3", SOPInstanceUID=f"1.2.3.{number}",
        )  # fmt: skip
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.save_as(folder / f"{CANARY}{number}.dcm", enforce_file_format=True)
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(folder / f"{CANARY}.png")
    (folder / f"{CANARY}.txt").write_text(CANARY, encoding="utf-8")
    whole = (folder / f"{CANARY}1.dcm").read_bytes()
    (folder / f"{CANARY} damaged.dcm").write_bytes(whole[: len(whole) - 300])
    return folder


def test_files_are_named_by_mapped_uids_and_nothing_names_the_patient(study: Path, tmp_path: Path) -> None:
    with CaseIndex(tmp_path / "index", create=True) as handle:
        names = Pseudonymizer(handle.site_key())
    summary = deidentify_files([study], out=tmp_path / "out", index=tmp_path / "index", burned_in="keep")
    assert (summary.written, summary.kinds) == (3, {"dicom": 2, "png": 1})
    assert [name for name, _ in summary.left_out] == [f"{CANARY} damaged.dcm"]
    place = tmp_path / "out" / names.uid("1.2") / names.uid("1.2.3")
    assert {path.name for path in place.iterdir()} == {f"{names.uid(f'1.2.3.{n}')}.dcm" for n in (1, 2)}
    assert {str(pydicom.dcmread(path).PatientID) for path in place.iterdir()} == {names.patient("77")}
    for path in (tmp_path / "out").rglob("*"):
        assert CANARY not in str(path.relative_to(tmp_path))
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()


def test_without_an_index_two_runs_give_other_names(study: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for out in (first, second):
        summary = deidentify_files([study], out=out, burned_in="keep")
        assert not summary.keeps_pseudonyms
    names = [{path.name for path in out.rglob("*.dcm")} for out in (first, second)]
    assert len(names[0]) == 2
    assert not names[0] & names[1]


def test_the_command_prints_what_its_report_holds(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["deidentify", str(study), "--out", str(out), "--burned-in", "keep", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == json.loads((out / "deidentification.json").read_text(encoding="utf-8"))
    page = (out / "deidentification.html").read_text(encoding="utf-8")
    assert "3 files without the people in them" in page
    assert "Were not looked for" in page


def test_a_folder_that_holds_files_is_left_alone(study: Path) -> None:
    with pytest.raises(InputError, match="new or empty"):
        deidentify_files([study], out=study, burned_in="keep")


def test_nothing_written_is_an_error(study: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing was written, 1 files"):
        deidentify_files([study / f"{CANARY}.txt"], out=tmp_path / "out", burned_in="keep")


def test_a_question_asked_with_a_de_identified_file_is_known_again(tmp_path: Path, encoder: ImageEncoder) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(3):
        dataset = dataset_of(chest_picture(number), PatientID=f"7{number}", StudyInstanceUID=f"1.2.{number}")
        dataset.save_as(archive / f"{number}.dcm", enforce_file_format=True)
    ingest_cases([archive], index=tmp_path / "index")
    deidentify_files([archive / "0.dcm"], out=tmp_path / "out", index=tmp_path / "index", burned_in="keep")
    (film,) = (tmp_path / "out").rglob("*.dcm")
    painted = pydicom.dcmread(film)  # as if words had been hidden: other pixels than those stored
    painted.PixelData = bytes(640) + painted.PixelData[640:]
    painted.save_as(film)
    with CaseIndex(tmp_path / "index") as handle:
        (own,) = handle.patients_of(patient_id=Pseudonymizer(handle.site_key()).patient("70"))
        (case,) = handle.find_cases(study_instance_uid=Pseudonymizer(handle.site_key()).uid("1.2.0"))
        answer = search_cases(handle, SearchQuery(image=film), encoder=encoder)
        patients = {found.patient for found in handle.cases(hit.case_id for hit in answer.hits).values()}
    assert len(answer.hits) == 2
    assert case not in {hit.case_id for hit in answer.hits}
    assert own not in patients
