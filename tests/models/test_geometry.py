"""Laws of the letterbox, of grid weights and of pooling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.errors import InputError, ModelError
from casekin.models import Geometry, grid_weights, pool_tokens
from casekin.models.geometry import box_weights, inside_image
from casekin.types import Box

SIZES = st.integers(min_value=24, max_value=700)


def geometry(height: int, width: int) -> Geometry:
    return Geometry(height=height, width=width, input_size=384, grid=24)


@given(height=SIZES, width=SIZES)
@settings(max_examples=30, deadline=None)
def test_the_whole_image_covers_as_many_cells_as_its_aspect_says(height: int, width: int) -> None:
    shape = geometry(height, width)
    expected = 24 * 24 * min(height, width) / max(height, width)
    assert shape.content().sum() == pytest.approx(expected, rel=1e-3)


@given(height=SIZES, width=SIZES, data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_box_weighs_the_same_as_the_mask_of_its_pixels(height: int, width: int, data: st.DataObject) -> None:
    shape = geometry(height, width)
    x0 = data.draw(st.integers(0, width - 22))
    y0 = data.draw(st.integers(0, height - 22))
    x1 = data.draw(st.integers(x0 + 20, width))
    y1 = data.draw(st.integers(y0 + 20, height))
    mask = np.zeros((height, width), dtype=bool)
    mask[y0:y1, x0:x1] = True
    box = grid_weights(shape, Box(x0=x0, y0=y0, x1=x1, y1=y1))
    np.testing.assert_allclose(box, grid_weights(shape, mask), atol=2e-3)


def test_two_halves_of_a_box_weigh_what_the_box_weighs() -> None:
    shape = geometry(400, 500)
    whole = grid_weights(shape, Box(x0=50, y0=60, x1=250, y1=300))
    left = grid_weights(shape, Box(x0=50, y0=60, x1=130, y1=300))
    right = grid_weights(shape, Box(x0=130, y0=60, x1=250, y1=300))
    np.testing.assert_allclose(left + right, whole, atol=1e-5)


def test_a_box_of_one_cell_gives_that_cell_weight_one() -> None:
    weights = grid_weights(geometry(384, 384), Box(x0=32, y0=48, x1=48, y1=64))
    assert weights[3, 2] == pytest.approx(1.0)
    assert weights.sum() == pytest.approx(1.0)


def test_a_single_pixel_box_still_weighs_something() -> None:
    assert grid_weights(geometry(2000, 2000), Box(x0=1999, y0=0, x1=2000, y1=1)).sum() > 0.2


@given(st.lists(st.tuples(SIZES, SIZES, *[st.floats(0, 0.97)] * 2, *[st.floats(1e-4, 2)] * 2), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_boxes_of_many_images_weigh_what_each_weighs_alone(drawn: list[tuple[float, ...]]) -> None:
    sizes = np.array([one[:2] for one in drawn])
    boxes = [Box(x0=x * w, y0=y * h, x1=(x + across) * w, y1=(y + down) * h) for h, w, x, y, across, down in drawn]
    together = box_weights(sizes, np.array([box.as_list() for box in boxes]), 24)
    for (height, width), box, weights in zip(sizes.astype(int).tolist(), boxes, together, strict=True):
        np.testing.assert_allclose(weights, grid_weights(geometry(height, width), box), atol=1e-4)


@pytest.mark.parametrize("box", [(10, 10, 10, 20), (600, 10, 700, 20), (-9, 0, 0, 9), (0, float("nan"), 5, 9)])
def test_a_box_outside_the_image_is_refused(box: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box
    with pytest.raises(InputError, match="pixels"):
        grid_weights(geometry(400, 500), Box(x0=x0, y0=y0, x1=x1, y1=y1))


@given(st.floats(-500, 900), st.floats(-500, 900), st.floats(0.1, 800), st.floats(0.1, 800))
@settings(max_examples=60, deadline=None)
def test_a_box_moved_anywhere_is_brought_inside_the_image(x0: float, y0: float, width: float, height: float) -> None:
    shape = geometry(300, 420)
    box = inside_image(shape, Box(x0=x0, y0=y0, x1=x0 + width, y1=y0 + height))
    assert 0 <= box.x0 < box.x1 <= 420
    assert 0 <= box.y0 < box.y1 <= 300
    assert grid_weights(shape, box).sum() > 0.2
    assert inside_image(shape, box) == box


def test_an_empty_mask_and_one_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        grid_weights(geometry(40, 50), np.zeros((40, 50), dtype=bool))
    with pytest.raises(InputError, match="shape"):
        grid_weights(geometry(40, 50), np.ones((50, 40), dtype=bool))


def test_uniform_weights_pool_to_the_mean_of_all_tokens() -> None:
    rng = np.random.default_rng(0)
    tokens, center = rng.normal(size=(24, 24, 5)), rng.normal(size=5)
    expected = tokens.reshape(-1, 5).mean(axis=0) - center
    got = pool_tokens(tokens, np.full((24, 24), 0.3), center)
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_one_cell_of_weight_pools_to_that_cell() -> None:
    tokens = np.random.default_rng(1).normal(size=(24, 24, 7))
    weights = np.zeros((24, 24))
    weights[5, 9] = 0.01
    np.testing.assert_allclose(pool_tokens(tokens, weights, np.zeros(7)), tokens[5, 9], atol=1e-5)


def test_pooling_needs_some_weight_and_matching_shapes() -> None:
    tokens = np.ones((24, 24, 3))
    with pytest.raises(ModelError, match="sum to 0"):
        pool_tokens(tokens, np.zeros((24, 24)), np.zeros(3))
    with pytest.raises(ModelError, match="fit"):
        pool_tokens(tokens, np.ones((12, 12)), np.zeros(3))
