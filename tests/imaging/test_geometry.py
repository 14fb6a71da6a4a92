"""Turning pictures to the frontal view and boxes with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.imaging import FrontalMap, frontal_map, frontal_view, read_image
from casekin.imaging.geometry import volume_behind
from casekin.imaging.image import ImageHeader, MedicalImage
from casekin.types import Box

Write = Callable[..., Path]
UPRIGHT = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5  # row from head to foot, column from right to left

# How an upright picture is stored when its columns and rows run as PatientOrientation says.
STORED = {
    ("L", "F"): UPRIGHT,
    ("R", "F"): UPRIGHT[:, ::-1],
    ("L", "H"): UPRIGHT[::-1],
    ("R", "H"): UPRIGHT[::-1, ::-1],
    ("F", "L"): UPRIGHT.T,
    ("F", "R"): UPRIGHT.T[::-1],
    ("H", "L"): UPRIGHT.T[:, ::-1],
    ("H", "R"): UPRIGHT.T[::-1, ::-1],
    ("LF", "FR"): UPRIGHT,
}


@pytest.mark.parametrize("words", sorted(STORED))
def test_the_header_turns_any_storage_upright_and_boxes_follow(write_dicom: Write, words: tuple[str, str]) -> None:
    stored = np.ascontiguousarray(STORED[words])
    image = read_image(write_dicom(stored, PatientOrientation=list(words)))
    np.testing.assert_allclose(frontal_view(image), UPRIGHT / 255.0, atol=1e-6)
    turn = frontal_map(image)
    spot = np.argwhere(stored == UPRIGHT[1, 6])[0]
    box = Box(x0=float(spot[1]), y0=float(spot[0]), x1=float(spot[1] + 1), y1=float(spot[0] + 1))
    assert turn.to_frontal(box) == Box(x0=6.0, y0=1.0, x1=7.0, y1=2.0)


@pytest.mark.parametrize("words", [["A", "F"], ["P", "F"], ["L", "P"], ["", ""], ["L", "L"], ["X", "Y"]])
def test_lateral_axial_and_unknown_orientations_stay_as_stored(write_dicom: Write, words: list[str]) -> None:
    image = read_image(write_dicom(UPRIGHT, PatientOrientation=words))
    assert frontal_map(image).is_identity
    np.testing.assert_allclose(frontal_view(image), UPRIGHT / 255.0, atol=1e-6)


def test_oblong_pixels_become_square(write_dicom: Write) -> None:
    image = read_image(write_dicom(UPRIGHT, PixelSpacing=[0.4, 0.2]))
    assert frontal_view(image).shape == (12, 8)
    assert frontal_map(image).to_frontal(Box(x0=2, y0=1, x1=4, y1=3)) == Box(x0=2, y0=2, x1=4, y1=6)


@given(
    rows=st.integers(1, 50),
    columns=st.integers(1, 50),
    scale=st.sampled_from([1, 2, 3]),
    transposed=st.booleans(),
    flip_rows=st.booleans(),
    flip_columns=st.booleans(),
    corner=st.tuples(st.floats(0, 40), st.floats(0, 40)),
    size=st.tuples(st.floats(0.1, 40), st.floats(0.1, 40)),
)
def test_to_stored_undoes_to_frontal(
    rows: int,
    columns: int,
    scale: int,
    transposed: bool,
    flip_rows: bool,
    flip_columns: bool,
    corner: tuple[float, float],
    size: tuple[float, float],
) -> None:
    turned = (columns, rows) if transposed else (rows, columns)
    turn = FrontalMap(
        stored=(rows, columns),
        frontal=(turned[0] * scale, turned[1]),
        transposed=transposed,
        flip_rows=flip_rows,
        flip_columns=flip_columns,
    )
    box = Box(x0=corner[0], y0=corner[1], x1=corner[0] + size[0], y1=corner[1] + size[1])
    back = turn.to_stored(turn.to_frontal(box))
    np.testing.assert_allclose(back.as_list(), box.as_list(), atol=1e-9)
    assert turn.to_frontal(box).area == pytest.approx(box.area * scale)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("flips", [(1, 1, 1), (-1, 1, -1), (1, -1, 1)])
def test_what_lies_behind_a_region_of_the_view_is_what_the_view_shows_there(
    order: tuple[int, int, int], flips: tuple[int, int, int]
) -> None:
    rng = np.random.default_rng(3)
    body = np.diag(np.asarray(flips, dtype=np.float64))[list(order)]  # any axis along any of the body's
    image = MedicalImage(
        pixels=np.full((6, 8, 10), -1000.0, dtype=np.float32), window=None, spacing_mm=(4.0, 2.0, 3.0), direction=body,
        origin=(0.0, 0.0, 0.0), header=ImageHeader(modality="CT"), content_hash="",
    )  # fmt: skip
    region = np.zeros(frontal_map(image).frontal, dtype=bool)
    rows, columns = region.shape
    region[rows // 4 : rows // 2, columns // 2 : columns - columns // 4] = True
    behind = volume_behind(region, image)
    assert behind.shape == image.pixels.shape and 0.0 < behind.mean() < 0.4
    filled = replace(image, pixels=np.where(behind, rng.uniform(0, 50, behind.shape), -1000.0).astype(np.float32))
    shown = frontal_view(filled) > 0.0
    assert (shown & region).sum() >= 0.99 * region.sum()
    outside = shown & ~region  # but for a pixel's border where the view is finer than the volume
    grown = np.zeros_like(region)
    grown[max(0, rows // 4 - 2) : rows // 2 + 2, max(0, columns // 2 - 2) : columns - columns // 4 + 2] = True
    assert not (outside & ~grown).any()
