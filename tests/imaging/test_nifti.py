"""NIfTI files: axes, affines, scaling, and files that lie about themselves."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from casekin.errors import ImageError
from casekin.imaging import ReadLimits, frontal_view, read_image
from casekin.types import Box


def write(path: Path, values: np.ndarray, affine: np.ndarray, *, slope: float = 1.0) -> Path:
    image = nib.Nifti1Image(values, affine)
    image.header.set_slope_inter(slope, 0.0)
    nib.save(image, path)
    return path


def ras(thorax: np.ndarray) -> np.ndarray:
    """The volume `(foot→head, front→back, right→left)` as a RAS array: (right→left is L, so flip) (i→R, j→A, k→S)."""
    return thorax.transpose(2, 1, 0)[::-1, ::-1]


@pytest.mark.parametrize("axcodes", ["RAS", "LPS", "LAS", "PIR", "SLA", "ASR"])
def test_every_storage_order_gives_the_same_frontal_view(tmp_path: Path, thorax: np.ndarray, axcodes: str) -> None:
    affine = np.array([[-1.0, 0, 0, 8], [0, -1, 0, 6], [0, 0, 2.5, 100], [0, 0, 0, 1]])
    standard = nib.Nifti1Image(thorax.transpose(2, 1, 0), affine)  # i → left, j → posterior, k → superior
    change = nib.orientations.ornt_transform(
        nib.io_orientation(standard.affine), nib.orientations.axcodes2ornt(tuple(axcodes))
    )
    turned = standard.as_reoriented(change)
    assert "".join(nib.aff2axcodes(turned.affine)) == axcodes
    nib.save(turned, tmp_path / "v.nii.gz")
    picture = frontal_view(read_image(tmp_path / "v.nii.gz"))
    assert picture.shape == (30, 16)  # 12 slices of 2.5 mm and 16 columns of 1 mm, on square pixels
    bone, lung = picture[5:9, 10:12].mean(), picture[17:24, 4:6].mean()
    water = picture[12:15, 7:9].mean()
    assert bone > water > lung  # bone above on the picture's right = the patient's left; lung below on its left


def test_a_known_voxel_lies_where_the_affine_says(tmp_path: Path) -> None:
    affine = np.array([[2.0, 0, 0, -30], [0, 3.0, 0, -40], [0, 0, 4.0, 50], [0, 0, 0, 1]])
    values = np.zeros((5, 6, 7), dtype=np.float32)
    values[4, 2, 1] = 9
    image = read_image(write(tmp_path / "v.nii", values, affine))
    index = np.array(np.unravel_index(int(image.pixels.argmax()), image.pixels.shape))
    assert image.direction is not None
    assert image.origin is not None
    assert image.spacing_mm is not None
    lps = np.array(image.origin) + (index * np.array(image.spacing_mm)) @ image.direction
    np.testing.assert_allclose(lps * [-1, -1, 1], (affine @ [4, 2, 1, 1])[:3])


def test_slope_and_intercept_are_applied(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    path = write(tmp_path / "v.nii", values, np.eye(4))
    raw = bytearray(path.read_bytes())
    raw[112:120] = struct.pack("<ff", 2.0, -10.0)  # scl_slope, scl_inter
    path.write_bytes(raw)
    np.testing.assert_allclose(read_image(path).pixels, values.transpose(2, 1, 0) * 2.0 - 10.0)


def test_a_single_slice_is_a_picture_turned_by_its_affine(tmp_path: Path) -> None:
    upright = np.arange(12, dtype=np.float32).reshape(3, 4)  # row from head to foot, column from right to left
    stored = upright[::-1].T[..., None]  # i → left, j → superior
    affine = np.array([[-1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    image = read_image(write(tmp_path / "p.nii.gz", stored, affine))
    assert image.pixels.shape == (3, 4)
    picture = frontal_view(image)
    np.testing.assert_array_equal(np.argsort(picture, axis=None), np.arange(12))


@pytest.mark.parametrize("axcodes", ["LAS", "RAS", "LPI", "SLA", "ILP", "ASL"])
def test_a_radiograph_stored_as_one_coronal_plane_comes_upright(tmp_path: Path, axcodes: str) -> None:
    upright = np.arange(12, dtype=np.float32).reshape(3, 4)  # row from head to foot, column from right to left
    affine = np.array([[-2.0, 0, 0, 5], [0, 1, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1]])
    plane = nib.Nifti1Image(upright[::-1].T[:, None, :], affine)  # i → left, one j, k → superior
    change = nib.orientations.ornt_transform(
        nib.io_orientation(plane.affine), nib.orientations.axcodes2ornt(tuple(axcodes))
    )
    nib.save(plane.as_reoriented(change), tmp_path / "p.nii")
    image = read_image(tmp_path / "p.nii")
    np.testing.assert_array_equal(image.pixels, upright)
    assert image.spacing_mm == (3.0, 2.0)
    assert image.direction is not None
    np.testing.assert_allclose(image.direction, [[0, 0, -1], [1, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(image.origin, [-5.0, -6.0, 13.0])  # first pixel: RAS (5, 6, 7 + 2 · 3)


def test_without_sform_and_qform_left_and_right_are_unknown(tmp_path: Path, thorax: np.ndarray) -> None:
    image = nib.Nifti1Image(thorax, None)
    image.header["qform_code"] = image.header["sform_code"] = 0
    nib.save(image, tmp_path / "v.nii")
    read = read_image(tmp_path / "v.nii")
    assert read.direction is None
    with pytest.raises(ImageError, match="no orientation"):
        frontal_view(read)


def test_a_time_series_gives_its_first_volume(tmp_path: Path) -> None:
    values = np.arange(2 * 3 * 4 * 5, dtype=np.int16).reshape(2, 3, 4, 5)
    image = read_image(write(tmp_path / "t.nii.gz", values, np.eye(4)))
    np.testing.assert_array_equal(image.pixels, values[..., 0].transpose(2, 1, 0))


def test_a_gzip_bomb_is_never_inflated(tmp_path: Path) -> None:
    small = write(tmp_path / "v.nii", np.zeros((4, 4, 4), dtype=np.uint8), np.eye(4)).read_bytes()
    (tmp_path / "bomb.nii.gz").write_bytes(gzip.compress(small + b"\0" * 50_000_000))
    assert read_image(tmp_path / "bomb.nii.gz").pixels.shape == (4, 4, 4)  # only what the header needs is read
    huge = bytearray(small)
    huge[40:56] = struct.pack("<8h", 3, 30000, 30000, 30000, 1, 1, 1, 1)
    (tmp_path / "huge.nii.gz").write_bytes(gzip.compress(bytes(huge)))
    with pytest.raises(ImageError, match="30000 × 30000"):
        read_image(tmp_path / "huge.nii.gz")


def test_a_header_that_promises_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "v.nii", np.zeros((4, 4, 4), dtype=np.int16), np.eye(4))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ImageError, match=r"118 bytes.*128 by its header"):
        read_image(path)


def test_volume_limits_hold(tmp_path: Path) -> None:
    path = write(tmp_path / "v.nii", np.zeros((40, 40, 40), dtype=np.int16), np.eye(4))
    with pytest.raises(ImageError, match="256000 bytes"):
        read_image(path, limits=ReadLimits(max_volume_bytes=100_000))


@pytest.mark.parametrize("dtype", [np.complex64, [("R", "u1"), ("G", "u1"), ("B", "u1")]])
def test_colour_and_complex_values_are_refused(tmp_path: Path, dtype: object) -> None:
    nib.save(nib.Nifti1Image(np.zeros((3, 3, 3), dtype=dtype), np.eye(4)), tmp_path / "v.nii")
    with pytest.raises(ImageError, match="colour or complex"):
        read_image(tmp_path / "v.nii")


def test_volume_boxes_are_in_the_pixels_of_the_frontal_view(tmp_path: Path, thorax: np.ndarray) -> None:
    from casekin.imaging import frontal_map

    path = write(tmp_path / "v.nii", ras(thorax), np.diag([1.0, 1.0, 2.5, 1.0]))
    turn = frontal_map(read_image(path))
    assert turn.is_identity
    assert turn.to_frontal(Box(x0=1, y0=2, x1=3, y1=4)) == Box(x0=1, y0=2, x1=3, y1=4)
