"""Regions of a stored CT as a DICOM segmentation of its slices."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from casekin.errors import InputError
from casekin.imaging.geometry import frontal_map
from casekin.index import CaseIndex
from casekin.journeys.export import ExportTarget, case_target, export_targets
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.ingesting.keeping import Keeping
from casekin.site.books import Books, site_folder
from casekin.site.files import KeptFiles
from casekin.types import Box, Place
from made_ct import ORIGIN, SPACING, Phantom, draw_chest
from made_objects import slice_object

WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LIVER = Place(anatomy="liver", side=None)


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return draw_chest()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, phantom: Phantom) -> Iterator[tuple[CaseIndex, KeptFiles, str]]:
    """The phantom's slices, stored with their files, named from head to feet."""
    folder = tmp_path_factory.mktemp("ct")
    for number, plane in enumerate(phantom.image.pixels):
        made = pydicom.dcmread(io.BytesIO(slice_object(number, FrameOfReferenceUID="1.2.5.9")))
        made.Rows, made.Columns = plane.shape
        made.PixelSpacing, made.SliceThickness = [SPACING[1], SPACING[2]], SPACING[0]
        made.ImagePositionPatient = [ORIGIN[0], ORIGIN[1], SPACING[0] * number]
        made.PixelData = (np.rint(plane) + 1024).astype(np.uint16).tobytes()
        made.save_as(folder / f"{999 - number}.dcm")
    index = folder / "index"
    summary = ingest_cases([folder], index=index, keeping=Keeping(site=site_folder(index, None), burned_in="keep"))
    assert summary.added == 1 and not summary.warnings
    with CaseIndex(index) as handle:
        (case_id,) = handle.content_hashes()
        yield handle, KeptFiles(Books(site_folder(index, None))), case_id


def segment(stored: tuple[CaseIndex, KeptFiles, str], **region: Any) -> dict[float, np.ndarray]:
    """What an export marks of one region, by the height of the slice."""
    target = case_target(*stored, **region)
    (file,) = export_targets([target], form="segmentation", written=WRITTEN, software="casekin")
    read = pydicom.dcmread(io.BytesIO(file.data))
    positions = [group.PlanePositionSequence[0] for group in read.PerFrameFunctionalGroupsSequence]
    heights = [float(one.ImagePositionPatient[2]) for one in positions]
    return dict(zip(heights, read.pixel_array.astype(bool), strict=True))


def test_a_place_is_segmented_where_the_organ_lies(stored: tuple[CaseIndex, KeptFiles, str], phantom: Phantom) -> None:
    found = segment(stored, places=[LIVER])
    mask = np.zeros(phantom.image.pixels.shape, dtype=bool)
    for height, frame in found.items():
        mask[round(height / SPACING[0])] = frame
    truth = phantom.organs["liver"]
    assert 2 * (mask & truth).sum() / (mask.sum() + truth.sum()) > 0.8


def test_a_box_on_the_frontal_view_stands_for_the_slices_behind_it(
    stored: tuple[CaseIndex, KeptFiles, str], phantom: Phantom
) -> None:
    rows, columns = frontal_map(phantom.image).frontal
    upper_right = Box(x0=0, y0=0, x1=columns / 2, y1=rows / 4)
    found = segment(stored, boxes=[upper_right])
    heights = sorted(found)
    top = SPACING[0] * (len(phantom.image.pixels) - 1)
    assert heights[-1] == top and heights[0] == pytest.approx(0.75 * top, abs=2 * SPACING[0])
    for frame in found.values():  # the patient's right is the first half of a row of an axial slice
        half = frame.shape[1] // 2
        assert frame[:, : half - 1].all() and not frame[:, half + 1 :].any()


def test_what_the_volume_does_not_show_is_refused(stored: tuple[CaseIndex, KeptFiles, str]) -> None:
    with pytest.raises(InputError, match="expected a place that the volume shows"):
        case_target(*stored, places=[Place(anatomy="knee_joint", side="left")])
    with pytest.raises(InputError, match="box: expected a box inside"):
        case_target(*stored, boxes=[Box(x0=9000, y0=9000, x1=9001, y1=9001)])
    target = case_target(*stored)
    for form in ("segmentation", "region-report"):
        with pytest.raises(InputError, match="expected a region"):
            export_targets([target], form=form, written=WRITTEN, software="casekin")  # type: ignore[arg-type]
    (note,) = export_targets([target], form="key-objects", written=WRITTEN, software="casekin")
    assert note.data


SLICES, ROWS, COLUMNS = 12, 16, 20


def enhanced(planes: np.ndarray) -> pydicom.Dataset:
    """An enhanced MR, whose encoding takes no time; `planes` are its frames' slices, 5 mm apart, feet first."""
    made = pydicom.dcmread(io.BytesIO(slice_object(1, study="1.2.6", FrameOfReferenceUID="1.2.6.9", Modality="MR")))
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = pydicom.uid.EnhancedMRImageStorage
    made.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    made.Rows, made.Columns, made.NumberOfFrames = ROWS, COLUMNS, len(planes)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"):
        delattr(made, keyword)

    def group(**items: dict[str, Any]) -> pydicom.Dataset:
        found = pydicom.Dataset()
        for name, values in items.items():
            item = pydicom.Dataset()
            for keyword, value in values.items():
                setattr(item, keyword, value)
            setattr(found, name, [item])
        return found

    measures = {"PixelSpacing": [5, 5], "SliceThickness": 5, "SpacingBetweenSlices": 5}
    orientation = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    made.SharedFunctionalGroupsSequence = [group(PixelMeasuresSequence=measures, PlaneOrientationSequence=orientation)]
    made.PerFrameFunctionalGroupsSequence = [
        group(PlanePositionSequence={"ImagePositionPatient": [0, 0, 5 * int(number)]}) for number in planes
    ]
    pixels = np.random.default_rng(5).integers(0, 2000, (len(planes), ROWS, COLUMNS))
    made.PixelData = pixels.astype(np.uint16).tobytes()
    return made


def contents(tree: pydicom.Dataset) -> Iterator[pydicom.Dataset]:
    for item in tree.get("ContentSequence", ()):
        yield item
        yield from contents(item)


def require_sound(path: Path, data: bytes) -> None:
    """No error for dciodvfy, where it is installed, nor for dsrdump if it is a report."""
    path.write_bytes(data)
    for tool in ("dciodvfy", "dsrdump")[: 1 + (pydicom.dcmread(path).Modality == "SR")]:
        if shutil.which(tool) is not None:
            told = subprocess.run([tool, str(path)], capture_output=True, text=True, check=False)
            assert not [line for line in told.stderr.splitlines() if line.startswith(("E:", "Error"))], told.stderr


def enhanced_target(folder: Path, planes: np.ndarray, **region: Any) -> ExportTarget:
    enhanced(planes).save_as(folder / "enhanced.dcm")
    index = folder / "index"
    ingest_cases([folder], index=index, keeping=Keeping(site=site_folder(index, None), burned_in="keep"))
    with CaseIndex(index) as handle:
        (case_id,) = handle.content_hashes()
        return case_target(handle, KeptFiles(Books(site_folder(index, None))), case_id, **region)


def test_a_region_of_frames_in_one_file_is_segmented_in_those_frames(tmp_path: Path) -> None:
    planes = np.random.default_rng(3).permutation(SLICES)
    upper_right = Box(x0=0, y0=0, x1=5, y1=4)  # of the frontal view, head up
    target = enhanced_target(tmp_path, planes, boxes=[upper_right])
    (file,) = export_targets([target], form="segmentation", written=WRITTEN, software="casekin")
    read, found = pydicom.dcmread(io.BytesIO(file.data)), np.zeros((SLICES, ROWS, COLUMNS), dtype=bool)
    for frame, pixels in zip(read.PerFrameFunctionalGroupsSequence, read.pixel_array, strict=True):
        source = frame.DerivationImageSequence[0].SourceImageSequence[0]
        assert source.ReferencedSOPInstanceUID == target.images[0].SOPInstanceUID
        number = planes[source.ReferencedFrameNumber - 1]
        assert float(frame.PlanePositionSequence[0].ImagePositionPatient[2]) == 5 * number
        found[number] = pixels
    expected = np.zeros_like(found)
    expected[-4:, :, :5] = True
    np.testing.assert_array_equal(found, expected)
    require_sound(tmp_path / "made.dcm", file.data)


def test_a_region_report_of_a_volume_refers_to_its_segments_and_tells_their_volumes(tmp_path: Path) -> None:
    boxes = [Box(x0=0, y0=0, x1=5, y1=4), Box(x0=2, y0=2, x1=4, y1=5)]
    target = enhanced_target(tmp_path, np.arange(SLICES), boxes=boxes)
    segments, report = export_targets([target], form="region-report", written=WRITTEN, software="casekin")
    assert [file.name[:13] for file in (segments, report)] == ["segmentation-", "region-report"]
    made = pydicom.dcmread(io.BytesIO(segments.data))
    read = pydicom.dcmread(io.BytesIO(report.data))
    referred = [
        one.ReferencedSOPSequence[0]
        for one in contents(read)
        if one.ValueType == "IMAGE" and "ReferencedSOPSequence" in one
    ]
    assert [(one.ReferencedSOPInstanceUID, one.ReferencedSegmentNumber) for one in referred] == [
        (made.SOPInstanceUID, 1),
        (made.SOPInstanceUID, 2),
    ]
    values = [one.MeasuredValueSequence[0] for one in contents(read) if one.ValueType == "NUM"]
    assert [float(one.NumericValue) for one in values] == [4 * ROWS * 5 * 0.125, 3 * ROWS * 2 * 0.125]  # 5 mm cubes
    assert {one.MeasurementUnitsCodeSequence[0].CodeValue for one in values} == {"cm3"}
    series = [one.UID for one in contents(read) if one.ConceptNameCodeSequence[0].CodeValue == "121232"]
    assert series == [target.images[0].SeriesInstanceUID] * 2  # the source series of each segment
    study = read.CurrentRequestedProcedureEvidenceSequence[0]
    assert study.StudyInstanceUID == made.StudyInstanceUID == read.StudyInstanceUID
    assert study.ReferencedSeriesSequence[0].SeriesInstanceUID == made.SeriesInstanceUID
    assert (read.CompletionFlag, read.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
    require_sound(tmp_path / "report.dcm", report.data)
    again = export_targets([target], form="region-report", written=WRITTEN, software="casekin")
    assert [file.data for file in again] == [segments.data, report.data]


def test_several_frames_at_one_place_take_no_region(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one frame at each place"):
        enhanced_target(tmp_path, np.array([*range(SLICES), 0]), boxes=[Box(x0=0, y0=0, x1=5, y1=4)])
