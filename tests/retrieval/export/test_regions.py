"""Exports of images and regions, read back by pydicom, dcmtk, dicom3tools and FHIR's model."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from fhir.resources.R4B.imagingstudy import ImagingStudy
from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.journeys.export import ExportTarget, export_targets
from casekin.retrieval.export.imaging_study import imaging_study
from casekin.retrieval.export.key_objects import key_object_note
from casekin.retrieval.export.marks import Mark
from casekin.retrieval.export.region_report import region_report
from casekin.retrieval.export.segmentation import segmentation
from casekin.types import Box, Place
from made_objects import film_object, slice_object

WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BOX = Box(x0=5, y0=6, x1=30.5, y1=40)
LOBE = Mark(box=BOX, place=Place(anatomy="lower_lobe", side="left"))


def film(seed: int = 1, **more: Any) -> Dataset:
    given = {"PatientName": "p-1^", "PatientOrientation": ["L", "F"], **more}
    return pydicom.dcmread(io.BytesIO(film_object(seed, **given)))


def ct_slice(number: int) -> Dataset:
    return pydicom.dcmread(io.BytesIO(slice_object(number, FrameOfReferenceUID="1.2.5.9")))


def drawn(image: Dataset) -> Mark:
    mask = np.zeros((image.Rows, image.Columns), dtype=bool)
    mask[10:20, 30:45] = True
    return Mark(mask=mask, origin="drawn")


def made(form: str) -> bytes:
    image = film()
    if form == "key-objects":
        return key_object_note([image, film(2)], description="For Thursday", written=WRITTEN)
    return of_film(form, image, [LOBE, drawn(image)])


def of_film(form: str, image: Dataset, marks: list[Mark]) -> bytes:
    if form == "segmentation":
        return segmentation([image], marks, software="casekin", written=WRITTEN)
    return region_report(image, marks, software="casekin", written=WRITTEN)


FORMS = pytest.mark.parametrize("form", ["key-objects", "segmentation", "region-report"])


@FORMS
def test_the_same_export_has_the_same_bytes_and_no_clock_but_the_one_told(form: str) -> None:
    assert made(form) == made(form)
    read = pydicom.dcmread(io.BytesIO(made(form)))
    assert (read.ContentDate, read.ContentTime[:6]) == ("20260304", "050607")
    assert read.StudyInstanceUID == "1.2.3" and read.Manufacturer == "casekin"


@FORMS
@pytest.mark.parametrize("tool", [["dciodvfy"], ["dsrdump", "-Ec"]], ids=["dicom3tools", "dcmtk"])
def test_tools_of_others_read_it_without_an_error(form: str, tool: list[str], tmp_path: Path) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"DICOM tools: {tool[0]} isn't here; apt-get install dcmtk dicom3tools")
    if (form, tool[0]) == ("segmentation", "dsrdump"):
        return  # no structured report
    (tmp_path / "made.dcm").write_bytes(made(form))
    done = subprocess.run([*tool, str(tmp_path / "made.dcm")], capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert not [line for line in told.splitlines() if line.startswith(("E:", "F:", "Error"))], told


@pytest.mark.parametrize("form", ["key-objects", "segmentation", "region-report"])
def test_empty_elements_of_a_sender_are_no_obstacle(form: str, tmp_path: Path) -> None:
    image = film(SpecificCharacterSet="", ProcedureCodeSequence=[])
    target = ExportTarget(name="x", images=(image,), patient_id="p", marks=() if form == "key-objects" else (LOBE,))
    (file,) = export_targets([target], form=form, written=WRITTEN, software="casekin")  # type: ignore[arg-type]
    read = pydicom.dcmread(io.BytesIO(file.data))
    assert "ProcedureCodeSequence" not in read and read.get("SpecificCharacterSet") != ""


def test_a_header_that_no_document_can_be_made_from_is_one_error() -> None:
    target = ExportTarget(name="x", images=(film(SpecificCharacterSet="OTHER"),), patient_id="p")
    with pytest.raises(InputError, match="key-objects: expected images with headers as the standard has them"):
        export_targets([target], form="key-objects", written=WRITTEN, software="casekin")


def test_key_objects_refer_to_every_chosen_image() -> None:
    read = pydicom.dcmread(io.BytesIO(made("key-objects")))
    (study,) = read.CurrentRequestedProcedureEvidenceSequence
    (series,) = study.ReferencedSeriesSequence
    assert {one.ReferencedSOPInstanceUID for one in series.ReferencedSOPSequence} == {"1.2.3.1.1", "1.2.3.1.2"}
    assert read.ConceptNameCodeSequence[0].CodeMeaning == "Of Interest"
    with pytest.raises(InputError, match="one study"):
        key_object_note([film(), film(StudyInstanceUID="1.9")], description="", written=WRITTEN)


def test_segments_hold_the_pixels_of_their_regions_and_say_who_drew_them() -> None:
    read = pydicom.dcmread(io.BytesIO(made("segmentation")))
    lobe, mask = read.SegmentSequence
    assert (lobe.SegmentLabel, lobe.SegmentAlgorithmType) == ("left lower lobe", "AUTOMATIC")
    assert lobe.SegmentedPropertyTypeCodeSequence[0].CodeValue == "90572001"
    assert (mask.SegmentLabel, mask.SegmentAlgorithmType) == ("region", "MANUAL")
    frames = read.pixel_array
    expected = np.zeros(frames.shape[1:], dtype=bool)
    expected[6:40, 5:31] = True
    assert (frames[0].astype(bool) == expected).all()
    assert (frames[1].astype(bool) == drawn(film()).mask).all()


def test_a_volume_s_segment_lies_on_the_slices_it_was_drawn_in(tmp_path: Path) -> None:
    slices = [ct_slice(number) for number in range(4)]
    mask = np.zeros((4, slices[0].Rows, slices[0].Columns), dtype=bool)
    mask[1, 3:9, 4:20] = mask[2, 5, 5] = True
    organ = Mark(mask=mask, place=Place(anatomy="liver", side=None))
    data = segmentation(slices, [organ], software="casekin", written=WRITTEN)
    assert data == segmentation(slices, [organ], software="casekin", written=WRITTEN)
    read = pydicom.dcmread(io.BytesIO(data))
    assert read.SegmentSequence[0].SegmentLabel == "liver"
    found = {
        group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID: frame.astype(bool)
        for group, frame in zip(read.PerFrameFunctionalGroupsSequence, read.pixel_array, strict=True)
    }
    expected = {slices[number].SOPInstanceUID: mask[number] for number in (1, 2)}
    assert found.keys() == expected.keys()
    assert all((found[uid] == expected[uid]).all() for uid in expected)
    if shutil.which("dciodvfy") is not None:
        (tmp_path / "made.dcm").write_bytes(data)
        told = subprocess.run(["dciodvfy", str(tmp_path / "made.dcm")], capture_output=True, text=True, check=False)
        assert not [line for line in told.stderr.splitlines() if line.startswith(("E:", "Error"))], told.stderr
    with pytest.raises(InputError, match="4 × 48 × 48"):
        segmentation(slices, [Mark(mask=mask[:3])], software="casekin", written=WRITTEN)
    del slices[3].FrameOfReferenceUID
    with pytest.raises(InputError, match="frame of reference"):
        segmentation(slices, [organ], software="casekin", written=WRITTEN)


def test_a_region_report_draws_a_closed_line_around_each_region() -> None:
    read = pydicom.dcmread(io.BytesIO(made("region-report")))
    found = [one for one in read.iterall() if one.keyword == "GraphicData"]
    assert found[0].value == [5, 6, 30.5, 6, 30.5, 40, 5, 40, 5, 6]
    assert found[1].value == [30, 10, 45, 10, 45, 20, 30, 20, 30, 10]
    areas = [float(one.value) for one in read.iterall() if one.keyword == "NumericValue"]
    assert areas == [26 * 34, 150]
    assert (read.CompletionFlag, read.VerificationFlag, read.PreliminaryFlag) == (
        "PARTIAL",
        "UNVERIFIED",
        "PRELIMINARY",
    )


def test_an_imaging_study_is_valid_and_counts_its_series() -> None:
    images = [film(2), film(1), film(3, SeriesInstanceUID="1.2.3.7", Modality="CR")]
    told = imaging_study(images, patient_id="p-1", accession_number="a-1")
    read = ImagingStudy.model_validate(told)
    assert (read.numberOfSeries, read.numberOfInstances) == (2, 3)
    assert [one.uid for one in read.series[0].instance] == ["1.2.3.1.1", "1.2.3.1.2"]
    assert [one.code for one in read.modality] == ["CR", "DX"]
    assert read.identifier[0].value == "urn:oid:1.2.3"


def test_regions_of_volumes_outside_the_image_or_none_are_refused() -> None:
    volume = pydicom.dcmread(io.BytesIO(slice_object(1)))
    outside = Mark(box=Box(x0=900, y0=900, x1=950, y1=950))
    other = Mark(mask=np.ones((3, 3), dtype=bool))
    for form in ("segmentation", "region-report"):
        for image, marks in ((volume, [LOBE]), (film(), [outside]), (film(), [other]), (film(), [])):
            with pytest.raises(InputError, match="expected"):
                of_film(form, image, marks)
