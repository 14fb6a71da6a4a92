"""Boxes from soft maps, the mean shape, and what moves with a lung."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from casekin.anatomy import LOCATIONS, mirror
from casekin.models import Geometry, grid_weights
from casekin.models.geometry import Array
from casekin.models.locator import LEFT_LUNG, RIGHT_LUNG, mean_shape, moved_with_lungs, region_weights
from casekin.models.locator_net import EDGE, MAP_SIZE, SEEN, filled_boxes, grown
from casekin.types import Box, Place

ZONE = Place(anatomy="mid_lung_zone", side="right")


def geometry(height: int, width: int, grid: int = 24) -> Geometry:
    return Geometry(height=height, width=width, input_size=384, grid=grid)


@given(st.integers(60, 900), st.integers(60, 900), st.floats(0.05, 0.5), st.floats(0.05, 0.5), st.floats(0.3, 0.45))
@settings(max_examples=60, deadline=None)
def test_the_box_of_a_drawn_box_is_that_box(height: int, width: int, left: float, top: float, size: float) -> None:
    shape = geometry(height, width, MAP_SIZE)
    box = Box(x0=left * width, y0=top * height, x1=(left + size) * width, y1=(top + size) * height)
    if min(box.x1 - box.x0, box.y1 - box.y0) < 4 * shape.cell:
        return
    (found,) = filled_boxes(grid_weights(shape, box)[None], geometry(height, width))
    assert found is not None
    # A half covered border cell is ambiguous by half a cell, never by more.
    np.testing.assert_allclose(found.as_list(), box.as_list(), atol=0.51 * shape.cell)


def test_a_map_that_shows_nothing_has_no_box() -> None:
    assert filled_boxes(np.full((1, MAP_SIZE, MAP_SIZE), 0.1, dtype=np.float32), geometry(400, 400)) == [None]
    assert filled_boxes(np.zeros((2, MAP_SIZE, MAP_SIZE), dtype=np.float32), geometry(400, 400)) == [None, None]


def drawn_maps(seed: int) -> Array:
    """Soft maps with blobs of several heights and sizes, some at the border, and noise; some show nothing."""
    rng = np.random.default_rng(seed)
    maps = ndimage.gaussian_filter(rng.normal(size=(40, MAP_SIZE, MAP_SIZE)), (0, *rng.uniform(0.5, 6.0, 2)))
    maps *= rng.uniform(0.05, 1.0, (40, 1, 1)) / np.abs(maps).max(axis=(1, 2), keepdims=True)
    return np.asarray(np.clip(maps, 0.0, 1.0), dtype=np.float32)


def crossings(profile: Array) -> tuple[float, float]:
    """Where a profile crosses the share EDGE of its peak, linear between the centres of cells."""
    level, above = EDGE * profile.max(), [i for i, value in enumerate(profile) if value >= EDGE * profile.max()]
    first, last = above[0], above[-1]
    low = np.interp(level, profile[first - 1 : first + 1], [first - 0.5, first + 0.5]) if first else 0.0
    end = len(profile)
    high = np.interp(level, profile[last : last + 2][::-1], [last + 1.5, last + 0.5]) if last < end - 1 else end
    return float(low), float(high)


@pytest.mark.parametrize("seed", range(6))
def test_boxes_of_many_maps_are_those_of_each_read_by_itself(seed: int) -> None:
    shape, maps = geometry(500, 500), drawn_maps(seed)
    for one, found in zip(maps, filled_boxes(maps, shape), strict=True):
        assert (found is None) == (one.max() < SEEN)
        if found is None:
            continue
        labels, count = ndimage.label(one > EDGE * one.max())
        part = labels == 1 + max(range(count), key=lambda i: ((labels == i + 1).sum(), -i))
        kept = np.where(ndimage.binary_dilation(part), one, 0.0)
        y0, y1 = crossings(kept[:, part.any(axis=0)].mean(axis=1))
        x0, x1 = crossings(kept[part.any(axis=1)].mean(axis=0))
        np.testing.assert_allclose(found.as_list(), np.array([x0, y0, x1, y1]) * 500 / MAP_SIZE, atol=2e-3)


def test_the_mean_shape_is_its_own_mirror_on_sided_places() -> None:
    boxes = mean_shape(geometry(300, 500)).boxes
    for place in LOCATIONS:
        if place.side is not None:
            box, other = boxes[place], boxes[mirror(place)]
            assert [500 - other.x1, other.y0, 500 - other.x0, other.y1] == pytest.approx(box.as_list())


def test_parts_of_a_lung_keep_their_share_of_it_when_it_is_given() -> None:
    boxes = mean_shape(geometry(400, 400)).boxes
    given_lung = Box(x0=10.0, y0=100.0, x1=110.0, y1=300.0)
    moved = moved_with_lungs(boxes, {RIGHT_LUNG: given_lung})
    before, lung = boxes[ZONE], boxes[RIGHT_LUNG]
    share = (before.y0 - lung.y0) / (lung.y1 - lung.y0)
    assert (moved[ZONE].y0 - 100.0) / 200.0 == pytest.approx(share)
    assert moved[RIGHT_LUNG] == given_lung
    assert moved[LEFT_LUNG] == boxes[LEFT_LUNG]
    assert moved[mirror(ZONE)] == boxes[mirror(ZONE)]


def test_a_zone_is_pooled_inside_its_lung_and_a_lung_nobody_sees_by_its_box() -> None:
    shape = geometry(384, 384)
    located = mean_shape(shape)
    half = located.outlines.copy()
    half[0, :, :12] = 0.0
    seen = replace(located, outlines=half)
    inside = region_weights(seen, ZONE, located.boxes[ZONE], shape)
    assert not inside[:, :6].any()
    assert inside.sum() > 0
    half[0] = 0.0
    unseen = replace(located, outlines=half)
    np.testing.assert_array_equal(
        region_weights(unseen, ZONE, located.boxes[ZONE], shape), grid_weights(shape, located.boxes[ZONE])
    )


def test_a_margin_is_a_share_of_the_boxs_own_sides() -> None:
    assert grown(Box(x0=10, y0=20, x1=110, y1=220), 0.05) == Box(x0=5, y0=10, x1=115, y1=230)
