"""DICOM files: what pydicom reads back is what was written, and an independent validator finds no error."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_voi_lut

from casekin.world.dicom_files import (
    RadiographImage,
    StudyIdentity,
    first_exam_date,
    uid,
    write_ct_series,
    write_radiograph,
)
from casekin.world.image_files import VolumeGeometry

IDENTITY = StudyIdentity(
    patient_id="sim1-000001",
    sex="F",
    age=61,
    study_date=datetime.date(2001, 2, 3),
    seed_text="sim1-000001|0|cr",
    institution="north",
    manufacturer="Northlight",
    model="DR 500",
)
GEOMETRY = VolumeGeometry(spacing_mm=(3.0, 1.5, 1.25), origin_lps=(-100.0, -90.5, 5.0), direction=np.eye(3))
VARIANTS: list[dict[str, Any]] = [
    {"kind": kind, "bits": bits, "monochrome1": inverted, "voi": voi}
    for kind in ("DX", "CR")
    for bits in (8, 10, 12, 14)
    for inverted in (False, True)
    for voi in ("window", "lut")
]


def a_radiograph(bits: int = 12, **chosen: Any) -> RadiographImage:
    pixels = np.random.default_rng(bits).integers(0, 2**bits, (31, 29)).astype(np.uint16)
    return RadiographImage(pixels=pixels, bits=bits, spacing_mm=(0.148, 0.148), view="PA", **chosen)


def a_volume() -> np.ndarray:
    return np.random.default_rng(1).integers(-1024, 3000, (4, 11, 13)).astype(np.int16)


@pytest.mark.parametrize("chosen", VARIANTS, ids=str)
def test_pixels_read_back_are_the_pixels_written(tmp_path: Path, chosen: dict[str, Any]) -> None:
    image = a_radiograph(**chosen)
    write_radiograph(tmp_path / "a.dcm", image, IDENTITY)
    header = pydicom.dcmread(tmp_path / "a.dcm")
    stored = header.pixel_array.astype(int)
    assert header.PhotometricInterpretation == ("MONOCHROME1" if chosen["monochrome1"] else "MONOCHROME2")
    shown = 2 ** chosen["bits"] - 1 - stored if chosen["monochrome1"] else stored
    assert np.array_equal(shown, image.pixels)
    values = apply_voi_lut(header.pixel_array, header)
    order = np.argsort(stored, axis=None)
    assert np.all(np.diff(np.asarray(values, float).ravel()[order]) >= 0)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.dcm", "b.dcm"):
        write_radiograph(tmp_path / name, a_radiograph(), IDENTITY)
    assert (tmp_path / "a.dcm").read_bytes() == (tmp_path / "b.dcm").read_bytes()


def test_a_ct_series_holds_every_slice_at_its_place(tmp_path: Path) -> None:
    hu = a_volume()
    write_ct_series(tmp_path / "series", hu, GEOMETRY, IDENTITY)
    slices = sorted(map(pydicom.dcmread, (tmp_path / "series").iterdir()), key=lambda ds: ds.ImagePositionPatient[2])
    read = np.stack([ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept) for ds in slices])
    assert np.array_equal(read, hu)
    assert [float(ds.ImagePositionPatient[2]) for ds in slices] == [5.0, 8.0, 11.0, 14.0]
    assert [float(value) for value in slices[0].ImagePositionPatient[:2]] == [-100.0, -90.5]
    assert [float(value) for value in slices[0].ImageOrientationPatient] == [1, 0, 0, 0, 1, 0]
    assert [float(value) for value in slices[0].PixelSpacing] == [1.5, 1.25]
    assert len({ds.SOPInstanceUID for ds in slices}) == 4
    assert len({(ds.SeriesInstanceUID, ds.StudyInstanceUID, ds.FrameOfReferenceUID) for ds in slices}) == 1


def test_file_names_of_a_series_do_not_follow_position(tmp_path: Path) -> None:
    write_ct_series(tmp_path / "series", np.zeros((12, 4, 4), np.int16), GEOMETRY, IDENTITY)
    heights = [pydicom.dcmread(path).ImagePositionPatient[2] for path in sorted((tmp_path / "series").iterdir())]
    assert heights not in (sorted(heights), sorted(heights, reverse=True))


def test_uids_are_valid_and_depend_on_every_part() -> None:
    uids = {uid("a", "b"), uid("a", "c"), uid("ab"), uid("b", "a")}
    assert len(uids) == 4
    assert all(pydicom.uid.UID(text).is_valid and text.startswith("2.25.") for text in uids)


def test_made_up_dates_lie_in_the_past_century_and_differ_between_patients() -> None:
    dates = {first_exam_date(f"sim1-{number:06d}") for number in range(50)}
    assert len(dates) > 40
    assert all(datetime.date(1995, 1, 1) <= date < datetime.date(2020, 1, 1) for date in dates)


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy (Debian package dicom3tools) is not installed")
def test_an_independent_validator_finds_no_error(tmp_path: Path) -> None:
    for number, chosen in enumerate(VARIANTS):
        write_radiograph(tmp_path / f"{number:02d}.dcm", a_radiograph(**chosen), IDENTITY)
    write_ct_series(tmp_path / "series", a_volume(), GEOMETRY, IDENTITY)
    wrong = RadiographImage(pixels=a_radiograph().pixels, bits=12, spacing_mm=(1, 1), view="PA")
    write_radiograph(tmp_path / "wrong.dcm", wrong, IDENTITY)
    damaged = pydicom.dcmread(tmp_path / "wrong.dcm")
    del damaged.PresentationIntentType
    damaged.save_as(tmp_path / "wrong.dcm")
    for path in sorted(tmp_path.rglob("*.dcm")):
        done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True)
        complaints = [
            line for line in (done.stdout + done.stderr).splitlines() if line.startswith(("Error", "Warning"))
        ]
        # The damaged file shows that the validator would have spoken.
        assert bool(complaints) == (path.name == "wrong.dcm"), (path.name, complaints)
