"""Folders and lists of files: grouping, order by position, gaps, mixtures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from casekin.errors import ImageError
from casekin.imaging import ReadLimits, frontal_view, iter_image_files, read_image

from .samples import CT, dataset_of

Write = Callable[..., Path]


def test_slices_are_ordered_by_position_whatever_their_names(write_series: Write, thorax: np.ndarray) -> None:
    image = read_image(write_series(thorax))
    np.testing.assert_array_equal(image.pixels, thorax)
    assert image.spacing_mm == (2.5, 1.0, 1.0)
    assert image.direction is not None
    np.testing.assert_allclose(image.direction, [[0, 0, 1], [0, 1, 0], [1, 0, 0]])
    assert image.origin == (-8.0, -6.0, 100.0)


def test_the_frontal_view_of_a_series_has_head_up_and_the_patients_right_on_the_left(
    write_series: Write, thorax: np.ndarray
) -> None:
    picture = frontal_view(read_image(write_series(thorax)))
    assert picture.shape == (30, 16)
    bone, lung, water = picture[5:9, 10:12].mean(), picture[17:24, 4:6].mean(), picture[12:15, 7:9].mean()
    assert bone > water > lung


def test_a_series_scanned_feet_first_gives_the_same_picture(write_series: Write, thorax: np.ndarray) -> None:
    head_first = frontal_view(read_image(write_series(thorax, "a")))
    # columns run to the patient's right, rows to the front: the same patient, prone and feet first
    turned = write_series(
        thorax[:, ::-1, ::-1],
        "b",
        ImageOrientationPatient=[-1, 0, 0, 0, -1, 0],
    )
    np.testing.assert_allclose(frontal_view(read_image(turned)), head_first, atol=1e-6)


def test_the_projection_is_the_line_integral_of_attenuation(write_series: Write, thorax: np.ndarray) -> None:
    picture = frontal_view(read_image(write_series(thorax, PixelSpacing=[1.0, 2.5])))
    assert picture.shape == (12, 16)  # 2.5 mm both ways: square without resampling
    integral = (np.maximum(thorax / 1000.0 + 1.0, 0.0)).sum(axis=1)[::-1]
    body = picture[(picture > 0.0) & (picture < 1.0)]
    expected = integral[(picture > 0.0) & (picture < 1.0)]
    assert len(body) > 10
    assert np.corrcoef(body, expected)[0, 1] > 0.9999


def test_a_missing_slice_is_interpolated_and_many_are_refused(write_series: Write) -> None:
    volume = np.broadcast_to(np.arange(0, 1200, 100, dtype=np.int16)[:, None, None], (12, 8, 8))
    image = read_image(write_series(volume, "one", skip=(5,)))
    np.testing.assert_allclose(image.pixels, volume)
    with pytest.raises(ImageError, match=r"gap of 12\.50 mm where 2\.50 mm is usual"):
        read_image(write_series(volume, "many", skip=(4, 5, 6, 7)))


def test_repeated_positions_keep_the_first_acquisition(write_series: Write, thorax: np.ndarray) -> None:
    folder = write_series(thorax, "a", AcquisitionNumber=1)
    second = write_series(thorax + 500, "b", AcquisitionNumber=2)
    for file in second.iterdir():
        shutil.copy(file, folder / f"again-{file.name}")
    np.testing.assert_array_equal(read_image(folder).pixels, thorax)


def test_slices_that_all_lie_at_one_place_are_the_picture_of_the_first(write_series: Write) -> None:
    planes = np.arange(4, dtype=np.int16)[:, None, None] * np.ones((4, 6, 8), np.int16)
    folder = write_series(planes, ImagePositionPatient=[0, 0, 0])
    for number, path in enumerate(sorted(folder.iterdir())):
        dataset = pydicom.dcmread(path)
        dataset.AcquisitionNumber = 9 - int(dataset.pixel_array.max())
        dataset.InstanceNumber = number
        dataset.save_as(path)
    image = read_image(folder)
    assert image.pixels.shape == (6, 8) and len(np.unique(image.pixels)) == 1
    assert image.pixels[0, 0] == read_image(write_series(planes[3:], "one")).pixels[0, 0]


def test_two_series_in_one_folder_are_two_images(write_series: Write, thorax: np.ndarray, tmp_path: Path) -> None:
    folder = write_series(thorax, "x/a")
    write_series(thorax + 7, "x/b", SeriesInstanceUID="1.2.3.5")
    for file in (tmp_path / "x/b").iterdir():
        shutil.move(file, folder / f"b-{file.name}")
    with pytest.raises(ImageError, match="holds 2 images"):
        read_image(folder)
    groups = list(iter_image_files([tmp_path / "x"]))
    assert [len(group) for group in groups if isinstance(group, tuple)] == [12, 12]
    hashes = {read_image(group).content_hash for group in groups}
    assert len(hashes) == 2


def test_localizers_and_reports_beside_a_series_do_not_count(write_series: Write, thorax: np.ndarray) -> None:
    folder = write_series(thorax)
    scout = dataset_of(
        np.zeros((9, 9), np.uint16),
        sop_class=CT,
        ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"],
        SeriesInstanceUID="1.9",
    )
    scout.save_as(folder / "scout.dcm", enforce_file_format=True)
    (folder / "notes.txt").write_text("nothing")
    assert read_image(folder).pixels.shape == thorax.shape


def test_walking_finds_every_kind_in_sorted_order(write_series: Write, thorax: np.ndarray, tmp_path: Path) -> None:
    write_series(thorax, "root/m")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "root" / "z.png")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "root" / "a.jpg")
    (tmp_path / "root" / "readme.md").write_text("no image")
    (tmp_path / "root" / ".hidden.png").write_bytes((tmp_path / "root" / "z.png").read_bytes())
    found = list(iter_image_files([tmp_path / "root"]))
    assert [item.name if isinstance(item, Path) else len(item) for item in found] == ["a.jpg", 12, "z.png"]
    named = tmp_path / "root" / "readme.md"
    assert list(iter_image_files([named])) == [named]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="holds no image"):
        read_image(tmp_path)


def test_volume_limits_hold_for_a_series(write_series: Write, thorax: np.ndarray) -> None:
    folder = write_series(thorax)
    with pytest.raises(ImageError, match="9216 bytes"):
        read_image(folder, limits=ReadLimits(max_volume_bytes=5000))
    with pytest.raises(ImageError, match="12 files"):
        read_image(folder, limits=ReadLimits(max_series_files=10))


def enhanced(thorax: np.ndarray, path: Path, *, spread: float) -> Path:
    """An Enhanced CT object, frames in random order, each with its own position and rescale."""
    order = np.random.default_rng(1).permutation(len(thorax))
    stored = (thorax[order].astype(np.int32) + 1024).astype(np.uint16)
    frames = []
    for index in order:
        frame, position, pixels = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [-8.0, -6.0, 100.0 + spread * float(index)]
        pixels.RescaleSlope, pixels.RescaleIntercept = "1", "-1024"
        frame.PlanePositionSequence = Sequence([position])
        frame.PixelValueTransformationSequence = Sequence([pixels])
        frames.append(frame)
    shared, orientation, measures = Dataset(), Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    measures.PixelSpacing = [1.0, 1.0]
    shared.PlaneOrientationSequence = Sequence([orientation])
    shared.PixelMeasuresSequence = Sequence([measures])
    dataset = dataset_of(
        stored,
        sop_class="1.2.840.10008.5.1.4.1.1.2.1",
        NumberOfFrames=len(thorax),
        SharedFunctionalGroupsSequence=Sequence([shared]),
        PerFrameFunctionalGroupsSequence=Sequence(frames),
    )
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_an_enhanced_ct_equals_the_classic_series(write_series: Write, thorax: np.ndarray, tmp_path: Path) -> None:
    classic = read_image(write_series(thorax))
    image = read_image(enhanced(thorax, tmp_path / "enhanced.dcm", spread=2.5))
    np.testing.assert_array_equal(image.pixels, classic.pixels)
    assert image.spacing_mm == classic.spacing_mm
    assert image.content_hash == classic.content_hash


def test_frames_at_one_place_are_a_cine(thorax: np.ndarray, tmp_path: Path) -> None:
    image = read_image(enhanced(thorax, tmp_path / "cine.dcm", spread=0.0))
    assert image.pixels.shape == thorax.shape[1:]


def test_frames_of_a_localizer_are_no_volume(thorax: np.ndarray, tmp_path: Path) -> None:
    path = enhanced(thorax, tmp_path / "scout.dcm", spread=2.5)
    dataset = pydicom.dcmread(path)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"]
    dataset.save_as(path)
    assert read_image(path).pixels.shape == thorax.shape[1:]
