"""A located CT on its frontal view: where places lie there, and what each column of the volume under it shows.

The view is the coronal projection that a person sees and draws on. A box on it stands for the volume behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from casekin.models.ct.evidence import MAPS
from casekin.models.ct.grid import Mask
from casekin.models.geometry import Array, Geometry
from casekin.types import Box, Place

CHANNELS = 2 * len(MAPS) + 1
# What lies over everything else in the view, and would hide it.
_WALLS = ("chest_wall", "spine")
_TOP_SHARE = 0.1  # of a region's columns: the highest of them stand for what is small


def shadow(mask: Mask) -> Mask:
    """Where a mask `(z, y, x)` lies on the view, `(rows, columns)` of the working grid, head up, the right first."""
    return np.asarray(mask.any(axis=1))[::-1]


def shadow_box(mask: Mask, shape: tuple[int, int]) -> Box:
    """The box of a mask, which must not be empty, in pixels of the view `(rows, columns)`."""
    flat = shadow(mask)
    rows, columns = (np.flatnonzero(flat.any(axis=axis)) for axis in (1, 0))
    down, across = shape[0] / flat.shape[0], shape[1] / flat.shape[1]
    return Box(
        x0=float(columns[0] * across),
        y0=float(rows[0] * down),
        x1=float((columns[-1] + 1) * across),
        y1=float((rows[-1] + 1) * down),
    )


def column_tokens(maps: Array, masks: Mapping[Place, Mask], *, grid: int) -> Array:
    """What the columns under each cell of the letterboxed view show, `(grid, grid, CHANNELS)`.

    Mean and highest value of each map over the located places but walls, and the share of cells those take; all 0
    where there are none.
    """
    inside = np.zeros(maps.shape[1:], dtype=bool)
    for place, mask in masks.items():
        if place.anatomy not in _WALLS:
            inside |= mask
    _, height, depth, width = maps.shape
    count = np.asarray(inside.sum(axis=1), dtype=np.float32)[::-1]
    rows, columns = Geometry(height=height, width=width, input_size=grid, grid=grid).cell_edges()
    down, across = _overlaps(rows, height), _overlaps(columns, width)
    cells = down @ count @ across.T
    sums = np.stack([down @ (one * inside).sum(axis=1)[::-1] @ across.T for one in maps])
    peaks = np.stack([_highest((one * inside).max(axis=1)[::-1], down, across) for one in maps])
    area = down.sum(axis=1)[:, None] * across.sum(axis=1)[None, :] * depth
    means = sums / np.maximum(cells, 1e-6)
    share = cells / np.maximum(area, 1e-6)
    return np.concatenate([means, peaks, share[None]]).transpose(1, 2, 0).astype(np.float32)


def pool_columns(tokens: NDArray[np.floating], weights: NDArray[np.floating]) -> Array:
    """Each map's mean and highest columns `(2 * len(MAPS),)` of the cells under weights of tokens `(grid, grid, …)`.

    Zeros where nothing located lies under the region. Of many images `(B, grid, grid, …)` one after the other.
    """
    if tokens.ndim > 3:
        return np.stack([pool_columns(one, under) for one, under in zip(tokens, weights, strict=True)])
    values = tokens.reshape(-1, tokens.shape[-1]).astype(np.float64)
    share = weights.reshape(-1).astype(np.float64)
    filled = share * values[:, -1]
    if not filled.sum() > 0.0:
        return np.zeros(2 * len(MAPS), dtype=np.float32)
    means = filled @ values[:, : len(MAPS)] / filled.sum()
    share = np.where(filled > 0.0, share, 0.0)
    enough = max(_TOP_SHARE * share.sum(), min(1.0, share.sum()))
    tops = [_mean_of_highest(peak, share, enough) for peak in values[:, len(MAPS) : 2 * len(MAPS)].T]
    return np.concatenate([means, tops]).astype(np.float32)


def _mean_of_highest(values: NDArray[np.float64], share: NDArray[np.float64], enough: float) -> float:
    order = np.argsort(-values, kind="stable")
    taken = np.minimum(np.cumsum(share[order]), enough)
    return float(np.diff(taken, prepend=0.0) @ values[order] / enough)


def _overlaps(edges: Array, size: int) -> Array:
    """Length of every row or column of the view inside every cell of the grid, `(grid, size)`."""
    cells = np.arange(size, dtype=np.float32)
    low = np.maximum(edges[:-1, None], cells[None])
    high = np.minimum(edges[1:, None], cells[None] + 1.0)
    return np.asarray(np.clip(high - low, 0.0, None), dtype=np.float32)


def _highest(flat: Array, down: Array, across: Array) -> Array:
    """The highest value of a view `(rows, columns)` in each cell of the grid; 0 in cells off the view."""
    by_row = np.stack([flat[used > 0].max(axis=0) if (used > 0).any() else np.zeros_like(flat[0]) for used in down])
    return np.stack(
        [by_row[:, used > 0].max(axis=1) if (used > 0).any() else np.zeros(len(by_row)) for used in across], axis=1
    )
