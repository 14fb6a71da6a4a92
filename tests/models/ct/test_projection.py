"""A place lies on the frontal view where a person sees it, and a box there stands for the volume behind it."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.models.ct.evidence import MAPS
from casekin.models.ct.projection import CHANNELS, column_tokens, pool_columns, shadow_box
from casekin.models.geometry import Geometry, grid_weights
from casekin.types import Box, Place

LUNG, WALL = Place(anatomy="lung", side="left"), Place(anatomy="chest_wall", side="left")
SHAPE = (24, 10, 24)


def whole(*, value: float = 1.0) -> np.ndarray:
    return np.full((len(MAPS), *SHAPE), value, dtype=np.float32)


def test_the_head_is_at_the_top_and_the_right_on_the_left() -> None:
    mask = np.zeros(SHAPE, dtype=bool)
    mask[20:24, 3, 0:6] = True  # the topmost slices, on the patient's right
    assert shadow_box(mask, (48, 72)).as_list() == [0.0, 0.0, 18.0, 8.0]


def test_pooling_all_columns_gives_the_mean_of_all_located_cells() -> None:
    maps = np.random.default_rng(1).random((len(MAPS), *SHAPE)).astype(np.float32)
    mask = np.zeros(SHAPE, dtype=bool)
    mask[4:20, 2:9, 3:21] = True
    tokens = column_tokens(maps, {LUNG: mask}, grid=6)
    assert tokens.shape == (6, 6, CHANNELS)
    pooled = pool_columns(tokens, np.ones((6, 6), dtype=np.float32))
    assert np.allclose(pooled[: len(MAPS)], maps[:, mask].mean(axis=1), atol=1e-5)
    assert (pooled[len(MAPS) :] <= maps[:, mask].max(axis=1) + 1e-6).all()


def test_a_box_sees_what_lies_behind_it_alone() -> None:
    maps, mask = whole(value=0.0), np.ones(SHAPE, dtype=bool)
    maps[:, 18:24, 7, 18:24] = 1.0  # high on the left, deep in the body
    tokens = column_tokens(maps, {LUNG: mask}, grid=8)
    geometry = Geometry(height=24, width=24, input_size=8, grid=8)
    there = grid_weights(geometry, Box(x0=18, y0=0, x1=24, y1=6))
    elsewhere = grid_weights(geometry, Box(x0=0, y0=12, x1=12, y1=24))
    assert np.allclose(pool_columns(tokens, there)[: len(MAPS)], 0.1, atol=1e-6)  # one of ten cells in depth
    assert np.allclose(pool_columns(tokens, there)[len(MAPS) :], 1.0)
    assert not pool_columns(tokens, elsewhere).any()


@pytest.mark.parametrize("place", [WALL, Place(anatomy="spine")])
def test_what_lies_over_everything_is_left_out(place: Place) -> None:
    tokens = column_tokens(whole(), {place: np.ones(SHAPE, dtype=bool)}, grid=4)
    assert not tokens.any()
    assert not pool_columns(tokens, np.ones((4, 4), dtype=np.float32)).any()
