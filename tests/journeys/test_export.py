"""Regions of a stored CT as a DICOM segmentation of its slices."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pydicom
import pytest

from casekin.errors import InputError
from casekin.imaging.geometry import frontal_map
from casekin.index import CaseIndex
from casekin.journeys.export import case_target, export_targets
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
    with pytest.raises(InputError, match="expected a region"):
        export_targets([target], form="segmentation", written=WRITTEN, software="casekin")
    with pytest.raises(InputError, match="key-objects or imaging-study"):
        export_targets([target], form="region-report", written=WRITTEN, software="casekin")
    (note,) = export_targets([target], form="key-objects", written=WRITTEN, software="casekin")
    assert note.data
