"""Ingest that keeps files: what is stored names nobody, is found by its case, and is replaced with it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer, display_uint8
from casekin.index import CaseIndex, StoredImage
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.ingesting.cluster import Cluster
from casekin.journeys.ingesting.keeping import Keeping
from casekin.site.books import Books
from casekin.site.files import KeptFiles
from imaging.samples import dataset_of
from made_cases import chest_picture

NAME = "QUILLFEATHER ANN"
REPORT = "FINDINGS: Mrs. Quillfeather, born 03/02/1951, has consolidation in the left lower lobe. MRN 77-4411."


def _film(number: int, *, word: str = "") -> NDArray[np.uint8]:
    picture = Image.fromarray(chest_picture(number)).resize((480, 480))
    ImageDraw.Draw(picture).text((12, 10), word, fill=255, font=ImageFont.load_default(28))
    return np.asarray(picture)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """One film with a name in its header, in its report, and in its pixels; one with a side marker alone."""
    folder = tmp_path / "archive"
    folder.mkdir()
    rows = []
    for number, (case, word) in enumerate((("alfa", NAME), ("bravo", "R"))):
        dataset = dataset_of(
            _film(number, word=word), PatientName="Quillfeather^Ann", PatientID="77-4411", PatientBirthDate="19510203",
            StudyInstanceUID=f"1.2.3.{number}", SeriesInstanceUID="1.2.4", StudyDate="20240101",
        )  # fmt: skip
        dataset.save_as(folder / f"{case}.dcm", enforce_file_format=True)
        rows.append({"case_id": case, "patient_id": "77-4411", "image": f"{case}.dcm", "report": REPORT, "age": 97})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def _image(index: CaseIndex, case: str) -> StoredImage:
    (image,) = index.images(index.image_ids_of(case))
    return image


def test_kept_files_previews_and_reports_name_nobody(archive: Path, tmp_path: Path) -> None:
    index, site = tmp_path / "index", tmp_path / "index" / "site"
    summary = ingest_cases([archive], index=index, keeping=Keeping(site=site))
    assert (summary.added, summary.images_kept, summary.images_masked) == (2, 2, 1)
    kept = KeptFiles(Books(site))
    with CaseIndex(index) as handle:
        names = Pseudonymizer(handle.site_key())
        marked = _image(handle, "alfa")
        preview = np.asarray(Image.open(io.BytesIO(marked.preview)))
        film = kept.image_of("alfa", marked.content_sha256)
        plain = kept.image_of("bravo", _image(handle, "bravo").content_sha256)
        case = handle.cases(["alfa"])["alfa"]
    assert film is not None and plain is not None
    ink = _film(0, word=NAME) != _film(0)
    assert preview[ink].max() < 60  # JPEG leaves a little grey about black
    assert np.unique(display_uint8(film)[ink]).size == 1
    np.testing.assert_array_equal(display_uint8(film)[60:], _film(0)[60:])
    np.testing.assert_array_equal(display_uint8(plain), _film(1, word="R"))
    (file,) = kept.images_of("alfa")[0].files
    stored = pydicom.dcmread(kept.path_of(file))
    assert case.age == 90
    assert stored.PatientID == names.patient("77-4411") == case.patient
    assert file.study_instance_uid == case.study_instance_uid == names.uid("1.2.3.0")
    assert case.report == "FINDINGS: Mrs. ___, born ___, has consolidation in the left lower lobe. MRN ___."
    assert {(fact.finding, fact.anatomy) for fact in case.facts} == {("consolidation", "lower_lobe")}
    for path in site.rglob("*"):
        if path.is_file():
            assert b"quillfeather" not in path.read_bytes().lower()


def test_images_with_words_are_left_out_where_that_is_asked_for(archive: Path, tmp_path: Path) -> None:
    summary = ingest_cases(
        [archive], index=tmp_path / "index", keeping=Keeping(site=tmp_path / "site", burned_in="refuse")
    )
    assert (summary.added, summary.images_kept) == (1, 1)
    assert [problem.source for problem in summary.problems] == ["alfa.dcm"]
    assert "has words in its pixels" in summary.problems[0].reason


def test_a_case_that_changes_keeps_only_its_new_files(archive: Path, tmp_path: Path) -> None:
    keeping = Keeping(site=tmp_path / "site", burned_in="keep")
    ingest_cases([archive], index=tmp_path / "index", keeping=keeping)
    kept = KeptFiles(Books(keeping.site))
    (before,) = kept.images_of("bravo")
    dataset = dataset_of(_film(7), StudyInstanceUID="1.2.3.1", PatientID="77-4411")
    dataset.save_as(archive / "bravo.dcm", enforce_file_format=True)
    ingest_cases([archive], index=tmp_path / "index", keeping=keeping)
    (after,) = kept.images_of("bravo")
    assert after.content_sha256 != before.content_sha256
    assert not kept.path_of(before.files[0]).exists()
    assert len([path for path in kept.folder.rglob("*") if path.is_file()]) == 2


def test_a_loose_study_that_gets_a_name_takes_its_files_along(archive: Path, tmp_path: Path) -> None:
    keeping = Keeping(site=tmp_path / "site", burned_in="keep")
    ingest_cases([archive / "bravo.dcm"], index=tmp_path / "index", keeping=keeping)
    kept = KeptFiles(Books(keeping.site))
    (loose,) = {found.case_id for found in kept.instances()}
    ingest_cases([archive], index=tmp_path / "index", keeping=keeping)
    assert kept.images_of(loose) == []
    assert {found.case_id for found in kept.instances()} == {"alfa", "bravo"}


def test_a_cluster_keeps_no_files(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kept by one machine"):
        ingest_cases(
            [archive],
            index=tmp_path / "index",
            cluster=Cluster(shards=tmp_path / "shards"),
            keeping=Keeping(site=tmp_path / "site"),
        )
