"""Masks at image size: they agree with boxes, lie inside their organs, and lobes with their zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.errors import PlaceError
from casekin.models import Geometry, ImageEncoder, grid_weights
from casekin.models.location_masks import location_mask, soft_mask
from casekin.models.locator import HEART, LEFT_LUNG, RIGHT_LUNG, Located, mask_box, mean_shape
from casekin.types import Box, Place

MID = Place(anatomy="mid_lung_zone", side="right")


def shape(height: int = 300, width: int = 400) -> Geometry:
    return Geometry(height=height, width=width, input_size=384, grid=24)


def drawn(masks: list[NDArray[np.bool_]], geometry: Geometry) -> Located:
    """The mean shape's boxes with organs drawn by hand."""
    fine = replace(geometry, grid=48)
    return replace(mean_shape(geometry), outlines=np.stack([grid_weights(fine, mask) for mask in masks]))


def ellipse(geometry: Geometry, x: float, y: float, half_width: float, half_height: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[0 : geometry.height, 0 : geometry.width] + 0.5
    return ((columns - x) / half_width) ** 2 + ((rows - y) / half_height) ** 2 < 1


def organs(geometry: Geometry) -> list[NDArray[np.bool_]]:
    return [
        ellipse(geometry, 110, 130, 60, 100),
        ellipse(geometry, 290, 130, 60, 100),
        ellipse(geometry, 215, 190, 50, 40),
    ]


@pytest.mark.parametrize(("height", "width"), [(300, 400), (400, 300), (384, 384), (1000, 1200)])
def test_a_drawn_lung_comes_back_from_its_cells(height: int, width: int) -> None:
    geometry = shape(height, width)
    lung = ellipse(geometry, 0.3 * width, 0.4 * height, 0.15 * width, 0.3 * height)
    located = drawn([lung, lung[:, ::-1], ellipse(geometry, width / 2, height / 2, width / 10, height / 10)], geometry)
    found = location_mask(located, RIGHT_LUNG, geometry)
    assert found.shape == lung.shape
    assert 2 * (found & lung).sum() / (found.sum() + lung.sum()) > 0.98


def test_masks_of_the_mean_shape_have_its_boxes() -> None:
    geometry = shape()
    located = mean_shape(geometry)
    for place in (RIGHT_LUNG, HEART, Place(anatomy="spine")):
        box = mask_box(location_mask(located, place, geometry))
        np.testing.assert_allclose(box.as_list(), located.boxes[place].as_list(), atol=0.51 * geometry.cell / 2)


def test_every_location_has_a_mask_inside_its_box_and_zones_stay_in_their_lung() -> None:
    geometry = shape()
    located = drawn(organs(geometry), geometry)
    right = location_mask(located, RIGHT_LUNG, geometry)
    for place in LOCATIONS:
        mask = location_mask(located, place, geometry)
        assert mask.any()
        if place.anatomy.endswith("zone") and place.side == "right":
            assert (mask & ~right).mean() < 0.002


def test_mirrored_films_have_mirrored_masks() -> None:
    geometry = shape(384, 384)
    located = mean_shape(geometry)
    for place in (RIGHT_LUNG, MID):
        one, other = soft_mask(located, place, geometry), soft_mask(located, mirror(place), geometry)
        np.testing.assert_allclose(one, other[:, ::-1], atol=1e-5)


def test_the_mediastinum_is_between_the_lungs_with_the_heart() -> None:
    geometry = shape()
    right, left, heart = organs(geometry)
    between = location_mask(drawn([right, left, heart], geometry), Place(anatomy="mediastinum"), geometry)
    assert between[190, 215]
    assert not (between & right & ~heart).sum() > 0.02 * right.sum()
    assert not (between & left & ~heart).sum() > 0.02 * left.sum()


def test_an_organ_that_was_not_seen_leaves_the_box() -> None:
    geometry = shape()
    located = mean_shape(geometry)
    blind = replace(located, outlines=np.zeros_like(located.outlines))
    np.testing.assert_array_equal(location_mask(blind, MID, geometry), location_mask(located, MID, geometry))


def test_a_lobe_is_the_union_of_the_zones_that_show_most_of_it() -> None:
    geometry = shape()
    located = mean_shape(geometry)
    lower = location_mask(located, Place(anatomy="lower_lobe", side="left"), geometry)
    zone = location_mask(located, Place(anatomy="lower_lung_zone", side="left"), geometry)
    assert (lower & zone).sum() == zone.sum()
    assert not (lower & location_mask(located, RIGHT_LUNG, geometry)).any()


def test_a_place_that_no_radiograph_shows_is_refused() -> None:
    geometry = shape()
    with pytest.raises(PlaceError):
        soft_mask(mean_shape(geometry), Place(anatomy="brain"), geometry)


def test_the_shipped_locator_outlines_a_simulated_chest(
    encoder: ImageEncoder, simulated: tuple[NDArray[np.float32], dict[Place, Box]]
) -> None:
    view, boxes = simulated
    features = encoder.features(view)
    located = encoder.locate(features)
    for place in (RIGHT_LUNG, LEFT_LUNG):
        found, true = mask_box(location_mask(located, place, features.geometry)), boxes[place]
        wide = min(found.x1, true.x1) - max(found.x0, true.x0)
        high = min(found.y1, true.y1) - max(found.y0, true.y0)
        assert wide * high / (found.area + true.area - wide * high) > 0.7
