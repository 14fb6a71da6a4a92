"""How an image lies on the encoder's token grid: letterbox, cells, and the weights of a box or mask over the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError, ModelError
from casekin.types import Box

Array = NDArray[np.float32]
Fit = Literal["letterbox", "crop", "stretch"]

# A region thinner than this share of one cell still gets that cell: nothing a user points at may vanish on the grid.
SMALLEST_REGION_CELLS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """How a `(height, width)` image is laid on a square input and its `(grid, grid)` cells.

    Input pixel = image pixel * scale + offset. `fit`: "letterbox" shows the whole image between bars; "crop" scales the
    shorter side to `shortest` (None: `input_size`) and keeps the middle; "stretch" fills the square, aspect ratio lost.
    `offset_x`, `offset_y` are the bars left and above in input pixels, negative where a crop cuts.
    """

    height: int
    width: int
    input_size: int
    grid: int
    fit: Fit = "letterbox"
    shortest: int | None = None

    @property
    def scale(self) -> float:
        """Input pixels an image pixel takes; of a stretched image the root of the area it takes."""
        return (self.scale_x * self.scale_y) ** 0.5 if self.fit == "stretch" else self.scale_x

    @property
    def scale_x(self) -> float:
        if self.fit == "crop":
            return (self.shortest or self.input_size) / min(self.height, self.width)
        return self.input_size / (self.width if self.fit == "stretch" else max(self.height, self.width))

    @property
    def scale_y(self) -> float:
        return self.input_size / self.height if self.fit == "stretch" else self.scale_x

    @property
    def offset_x(self) -> float:
        return (self.input_size - self.width * self.scale_x) / 2

    @property
    def offset_y(self) -> float:
        return (self.input_size - self.height * self.scale_y) / 2

    @property
    def cell(self) -> float:
        """Side of a cell in image pixels (of a stretched image the root of its area)."""
        return self.input_size / self.grid / self.scale

    def cell_edges(self) -> tuple[Array, Array]:
        """Edges of rows and columns, each `(grid + 1,)`, in image pixels; those of bars lie outside it."""
        edges = np.arange(self.grid + 1, dtype=np.float64) * (self.input_size / self.grid)
        rows = (edges - self.offset_y) / self.scale_y
        columns = (edges - self.offset_x) / self.scale_x
        return rows.astype(np.float32), columns.astype(np.float32)

    def content(self) -> Array:
        """Share of each cell that lies on the image, `(grid, grid)` in [0, 1]; 0 on the bars."""
        return grid_weights(self, Box(x0=0.0, y0=0.0, x1=float(self.width), y1=float(self.height)))


def grid_weights(geometry: Geometry, region: Box | NDArray[np.generic]) -> Array:
    """Share of each grid cell that the region covers, `(grid, grid)` float32 in [0, 1].

    `region` is a box in image pixels, or a mask `(height, width)` (bool, or weights in [0, 1]). Parts outside the image
    are cut off; a region thinner than half a cell is widened to that. Raises InputError when nothing is left.
    """
    rows, columns = geometry.cell_edges()
    if isinstance(region, Box):
        y0, y1 = _clipped_interval(region.y0, region.y1, geometry.height, geometry.cell)
        x0, x1 = _clipped_interval(region.x0, region.x1, geometry.width, geometry.cell)
        weights = np.outer(_overlap(rows, y0, y1), _overlap(columns, x0, x1)) / geometry.cell**2
        if not weights.any():
            raise InputError("box lies in the margin that the model's crop leaves out; choose a letterboxed model")
    else:
        mask = np.asarray(region, dtype=np.float32)
        if mask.shape != (geometry.height, geometry.width):
            raise InputError(
                f"mask has shape {mask.shape}, expected the image's ({geometry.height}, {geometry.width}); "
                "draw the mask on the stored image"
            )
        weights = _pixel_overlap(rows, geometry.height) @ mask @ _pixel_overlap(columns, geometry.width).T
        weights = weights / geometry.cell**2
        if not np.isfinite(weights).all() or weights.max(initial=0.0) <= 0.0:
            raise InputError("mask is empty, expected at least one pixel inside the image; draw the region again")
    return np.asarray(np.clip(weights, 0.0, 1.0), dtype=np.float32)


def box_weights(sizes: NDArray[np.floating], boxes: NDArray[np.floating], grid: int) -> Array:
    """`grid_weights` of a box in each of many letterboxed images at once, `(B, grid, grid)` float32 in [0, 1].

    `sizes` `(B, 2)` are the images' heights and widths, `boxes` `(B, 4)` as x0, y0, x1, y1 in their pixels; all must
    lie inside at least in part. A region thinner than half a cell is widened to that.
    """
    cell = np.max(sizes, axis=1, keepdims=True) / grid
    edges = np.arange(grid + 1) * cell
    sides = []
    for axis in (0, 1):
        size = sizes[:, axis, None].astype(np.float64)
        low, high = np.maximum(boxes[:, 1 - axis, None], 0.0), np.minimum(boxes[:, 3 - axis, None], size)
        smallest = np.minimum(SMALLEST_REGION_CELLS * cell, size)
        is_thin = high - low < smallest
        low = np.where(is_thin, np.clip((low + high - smallest) / 2, 0.0, size - smallest), low)
        high = np.where(is_thin, low + smallest, high)
        inside = edges - (grid * cell - size) / 2
        overlap = np.minimum(inside[:, 1:], high) - np.maximum(inside[:, :-1], low)
        sides.append(np.clip(overlap, 0.0, None) / cell)
    rows, columns = sides
    return np.asarray(np.clip(rows[:, :, None] * columns[:, None, :], 0.0, 1.0), dtype=np.float32)


def inside_image(geometry: Geometry, box: Box) -> Box:
    """The box cut to the image; one that lies outside, or is thinner than the smallest region, sticks to the edge."""
    smallest_x = min(SMALLEST_REGION_CELLS * geometry.cell, float(geometry.width))
    smallest_y = min(SMALLEST_REGION_CELLS * geometry.cell, float(geometry.height))
    x0, x1 = _kept_side(box.x0, box.x1, float(geometry.width), smallest_x)
    y0, y1 = _kept_side(box.y0, box.y1, float(geometry.height), smallest_y)
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _kept_side(low: float, high: float, size: float, smallest: float) -> tuple[float, float]:
    low = min(max(low, 0.0), size - smallest)
    return low, min(max(high, low + smallest), size)


def pool_tokens(tokens: NDArray[np.floating], weights: NDArray[np.floating], center: NDArray[np.floating]) -> Array:
    """Weighted mean of tokens `(..., grid, grid, dim)` minus `center` `(..., dim)`, `(..., dim)` float32.

    `weights` `(..., grid, grid)` need not sum to 1. Raises ModelError when they sum to 0 or shapes disagree.
    """
    if tokens.shape[:-1] != weights.shape or tokens.shape[-1:] != center.shape[-1:]:
        raise ModelError(f"tokens {tokens.shape}, weights {weights.shape}, center {center.shape} do not fit together")
    total = weights.sum(axis=(-2, -1), dtype=np.float64)[..., None].astype(np.float32)
    if not (total > 0.0).all():
        raise ModelError("weights of the region sum to 0, expected a region that covers part of the image")
    *images, rows, columns, dim = tokens.shape
    cells = tokens.astype(np.float32).reshape(*images, rows * columns, dim)
    shares = weights.astype(np.float32).reshape(*images, 1, rows * columns)
    return np.asarray((shares @ cells)[..., 0, :] / total - center.astype(np.float32), dtype=np.float32)


def unit(vector: Array) -> Array:
    """Vectors `(..., dim)` scaled to length 1; a zero vector becomes the first axis, so that all have length 1."""
    norm = np.sqrt(np.square(vector, dtype=np.float64).sum(axis=-1, keepdims=True))
    first = np.eye(1, vector.shape[-1], dtype=np.float32)[0]
    scaled = vector / np.maximum(norm, 1e-12).astype(vector.dtype)
    return np.asarray(np.where(norm < 1e-12, first, scaled), dtype=np.float32)


def _clipped_interval(low: float, high: float, size: int, cell: float) -> tuple[float, float]:
    """`[low, high)` cut to the image and widened to the smallest region; InputError when it lies outside."""
    if not (np.isfinite(low) and np.isfinite(high)) or high <= low or high <= 0 or low >= size:
        raise InputError(
            f"box side [{low:g}, {high:g}) lies outside the image's [0, {size}); give x0,y0,x1,y1 in its pixels"
        )
    low, high = max(low, 0.0), min(high, float(size))
    smallest = min(SMALLEST_REGION_CELLS * cell, float(size))
    if high - low < smallest:
        low = min(max((low + high - smallest) / 2, 0.0), size - smallest)
        high = low + smallest
    return low, high


def _overlap(edges: Array, low: float, high: float) -> Array:
    """Length of `[low, high)` inside each interval between edges."""
    return np.asarray(np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0.0, None), dtype=np.float32)


def _pixel_overlap(edges: Array, size: int) -> Array:
    """Length of every unit pixel inside every interval: `(intervals, size)`."""
    pixels = np.arange(size, dtype=np.float32)
    low = np.maximum(edges[:-1, None], pixels[None])
    high = np.minimum(edges[1:, None], pixels[None] + 1)
    return np.asarray(np.clip(high - low, 0.0, None), dtype=np.float32)
