"""Between a volume and the working grid nothing moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekin.models.ct.grid import box_of, on_grid, to_volume, work_grid
from made_ct import Phantom


def test_means_are_kept_when_cells_are_joined(chest: Phantom) -> None:
    fine = replace(chest.image, spacing_mm=(1.5, 1.5, 1.5), pixels=chest.image.pixels[:60, :60, :60])
    grid = work_grid(fine)
    assert grid.shape == (30, 30, 30)
    expected = fine.pixels.reshape(30, 2, 30, 2, 30, 2).mean(axis=(1, 3, 5))
    assert np.allclose(on_grid(fine, grid), np.clip(expected, -1100, 3100), atol=0.55)


def test_a_mask_comes_back_to_the_volume_it_came_from(chest: Phantom) -> None:
    same = replace(chest.image, spacing_mm=(3.0, 3.0, 3.0))
    grid = work_grid(same)
    mask = same.pixels < -500
    assert np.array_equal(to_volume(mask, grid), mask)


def test_thick_slices_are_interpolated(chest: Phantom) -> None:
    ramp = np.broadcast_to(np.arange(12, dtype=np.float32)[:, None, None] * 100 - 1000, (12, 20, 20))
    thick = replace(chest.image, pixels=np.ascontiguousarray(ramp), spacing_mm=(6.0, 3.0, 3.0))
    values = on_grid(thick, work_grid(thick))[:, 5, 5]
    assert values.shape == (24,)
    assert np.allclose(np.diff(values)[1:-1], 50.0, atol=1.0)


def test_a_box_is_the_outline_of_its_cells(chest: Phantom) -> None:
    grid = work_grid(replace(chest.image, spacing_mm=(3.0, 3.0, 3.0)))
    mask = np.zeros(grid.shape, dtype=bool)
    mask[10:20, 5:9, 30:31] = True
    assert box_of(mask, grid).as_list() == pytest.approx(
        [-156 + 88.5, -111 + 13.5, 28.5, -156 + 91.5, -111 + 25.5, 58.5], abs=1e-6
    )
