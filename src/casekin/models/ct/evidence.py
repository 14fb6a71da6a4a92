"""What a region of a CT volume shows: maps over the working grid, pooled under any mask.

A map says of every cell how much it looks like something: air, ground glass, dense lung, a compact spot, calcium,
metal. A region's statistics are each map's mean and the mean of its highest cells, so that what is small survives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.geometry import Array

MAPS = (
    "level",
    "thin",
    "gas",
    "ground_glass",
    "dense",
    "even_dense",
    "fluid",
    "spot",
    "lump",
    "texture",
    "calcium",
    "metal",
)
# Share of a region's cells that counts as its highest, and the least number of them: 8 cells are a nodule of 7 mm.
_TOP_SHARE, _TOP_CELLS = 0.004, 8
STATISTICS = (
    *(f"{name}_mean" for name in MAPS),
    *(f"{name}_top" for name in MAPS),
    "volume",
    "width",
    "depth",
    "height",
)


def evidence_maps(hu: Array) -> Array:
    """The maps `(len(MAPS), z, y, x)` in [0, 1] of Hounsfield units on the working grid."""
    hu = np.clip(hu, -1024.0, 3071.0)
    smooth = ndimage.gaussian_filter(hu, 1.0)
    wide = ndimage.uniform_filter(hu, 5)
    spread = np.sqrt(np.maximum(ndimage.uniform_filter(hu * hu, 5) - wide * wide, 0.0))
    ball = ndimage.generate_binary_structure(3, 1)
    spot = ndimage.grey_opening(hu, footprint=ball)
    lump = ndimage.grey_opening(ndimage.uniform_filter(hu, 3), size=5)
    even = 1.0 - _step(spread, 45.0, 15.0)
    dense = _step(smooth, -200.0, 60.0)
    maps = [
        np.clip((smooth + 1024.0) / 1200.0, 0.0, 1.0),
        1.0 - _step(smooth, -830.0, 40.0),
        (1.0 - _step(smooth, -955.0, 12.0)) * (1.0 - _step(spread, 30.0, 10.0)),
        _step(smooth, -680.0, 40.0) * (1.0 - _step(smooth, -300.0, 60.0)),
        dense,
        dense * even,
        even * _step(wide, -10.0, 8.0) * (1.0 - _step(wide, 48.0, 8.0)),
        _step(spot, -350.0, 80.0),
        _step(lump, -250.0, 80.0),
        np.clip(spread / 300.0, 0.0, 1.0),
        _step(hu, 220.0, 40.0),
        _step(hu, 1000.0, 150.0),
    ]
    return np.stack(maps).astype(np.float32)


def region_statistics(maps: Array, mask: Mask) -> Array:
    """`STATISTICS` of the cells under a mask that isn't empty: means, means of the highest cells, logarithmic sizes."""
    cells = maps[:, mask]
    count = cells.shape[1]
    top = min(count, max(_TOP_CELLS, round(_TOP_SHARE * count)))
    highest = np.partition(cells, count - top, axis=1)[:, count - top :]
    extents = [np.flatnonzero(mask.any(axis=tuple(o for o in range(3) if o != axis))) for axis in (2, 1, 0)]
    sizes = [count * STEP_MM**3 / 1000.0, *((used[-1] - used[0] + 1) * STEP_MM for used in extents)]
    return np.concatenate([cells.mean(axis=1), highest.mean(axis=1), np.log(sizes)]).astype(np.float32)


def _step(values: NDArray[np.floating], center: float, width: float) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(np.clip((center - values) / width, -30.0, 30.0))), dtype=np.float32)
