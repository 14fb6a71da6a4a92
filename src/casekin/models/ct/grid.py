"""A CT volume on the grid that all locating works on: 3 mm cubes, from feet to head, front to back, right to left.

A coarse grid is enough to find organs, makes every rule independent of the scanner's spacing, and keeps memory small: a
volume of 512 × 512 × 600 becomes some 5 million cells. Masks go back to the volume's own grid by interpolation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ImageError
from casekin.imaging.geometry import LEFT, POSTERIOR, SUPERIOR, is_hounsfield, main_axes
from casekin.imaging.image import MedicalImage
from casekin.imaging.intensity import robust_range
from casekin.models.geometry import Array

Mask = NDArray[np.bool_]

STEP_MM = 3.0
# Thinner slabs hold no organ as a whole; a slab of 20 slices of 2 mm still shows liver, aorta and spine.
SMALLEST_MM = 30.0
# Stored values without a rescale have no negative side: even a volume without air holds fat at about -100.
_NO_FAT = -20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxMm:
    """Box in patient coordinates (LPS, millimetres): x to the left, y backwards, z upwards; `x1 > x0` and so on."""

    x0: float
    y0: float
    z0: float
    x1: float
    y1: float
    z1: float

    def as_list(self) -> list[float]:
        return [self.x0, self.y0, self.z0, self.x1, self.y1, self.z1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkGrid:
    """How the working grid `(z, y, x)` lies on a volume's array.

    `axes` are the array axes that run feet–head, front–back and right–left; `flips` tells which of them run the other
    way. `stored` and `shape` are the sizes along z, y, x of the volume and of the grid; `spacing_mm` is the volume's.
    """

    axes: tuple[int, int, int]
    flips: tuple[bool, bool, bool]
    stored: tuple[int, int, int]
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    steps: NDArray[np.float64]
    origin: NDArray[np.float64]

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        """The flips as an index; its own inverse."""
        z, y, x = (slice(None, None, -1) if flip else slice(None) for flip in self.flips)
        return z, y, x


def work_grid(image: MedicalImage) -> WorkGrid:
    """The working grid of a CT volume.

    Raises ImageError for a picture, a volume that holds no Hounsfield units (MR, missing rescale), one without
    orientation or spacing, or one thinner than `SMALLEST_MM` along any axis.
    """
    if not image.is_volume:
        raise ImageError(f"{image.name}: is a single picture, expected a CT volume; give the whole series")
    if not is_hounsfield(image) or robust_range(image.pixels)[0] > _NO_FAT:
        raise ImageError(
            f"{image.name}: holds no Hounsfield units (another modality, or a missing rescale), expected CT with air "
            "near -1000; export the series again"
        )
    if image.direction is None or image.spacing_mm is None or image.origin is None:
        raise ImageError(
            f"{image.name}: the volume has no orientation, left and right are unknown; expected an affine (NIfTI sform "
            "or qform) or DICOM positions; add it with the tool that wrote the file"
        )
    main = main_axes(image.direction)
    axes = (main.index(SUPERIOR), main.index(POSTERIOR), main.index(LEFT))
    flips = [bool(image.direction[axis][body] < 0) for axis, body in zip(axes, (2, 1, 0), strict=True)]
    stored = [image.pixels.shape[axis] for axis in axes]
    spacing = [float(image.spacing_mm[axis]) for axis in axes]
    if min(n * s for n, s in zip(stored, spacing, strict=True)) < SMALLEST_MM:
        size = " × ".join(f"{n * s:.0f}" for n, s in zip(stored, spacing, strict=True))
        raise ImageError(f"{image.name}: spans {size} mm, expected at least {SMALLEST_MM:.0f} mm; give more slices")
    steps = np.array([image.direction[axis] * image.spacing_mm[axis] for axis in axes], dtype=np.float64)
    origin = np.array(image.origin, dtype=np.float64)
    for number, flip in enumerate(flips):
        if flip:
            origin = origin + steps[number] * (stored[number] - 1)
            steps[number] = -steps[number]
    shape = [max(1, round(n * s / STEP_MM)) for n, s in zip(stored, spacing, strict=True)]
    return WorkGrid(
        axes=axes,
        flips=(flips[0], flips[1], flips[2]),
        stored=(stored[0], stored[1], stored[2]),
        shape=(shape[0], shape[1], shape[2]),
        spacing_mm=(spacing[0], spacing[1], spacing[2]),
        steps=steps,
        origin=origin,
    )


def on_grid(image: MedicalImage, grid: WorkGrid) -> Array:
    """The volume's Hounsfield units on the grid `(z, y, x)`: means over cells, interpolated between thick slices.

    They are rounded to whole units, so that a volume scaled on its way here gives the same regions.
    """
    volume = image.pixels.transpose(grid.axes)[grid.slices]
    z, y, x = (_weights(n, m) for n, m in zip(grid.shape, grid.stored, strict=True))
    result = np.zeros(grid.shape, dtype=np.float32)
    for row, height in zip(z, result, strict=True):
        used = np.flatnonzero(row)
        plane = np.tensordot(row[used], np.clip(volume[used[0] : used[-1] + 1], -1100.0, 3100.0), axes=(0, 0))
        height[:] = np.rint(y @ plane @ x.T)
    return result


def to_volume(mask: NDArray[np.generic], grid: WorkGrid) -> Mask:
    """A mask of the grid in the volume's own array: interpolated between cells, cut at one half."""
    z, y, x = (_weights(m, n) for n, m in zip(grid.shape, grid.stored, strict=True))
    result = np.zeros(grid.stored, dtype=bool)
    soft = mask.astype(np.float32)
    for row, height in zip(z, result, strict=True):
        used = np.flatnonzero(row)
        plane = np.tensordot(row[used], soft[used[0] : used[-1] + 1], axes=(0, 0))
        if plane.any():
            height[:] = (y @ plane @ x.T) > 0.5
    inverse = np.argsort(grid.axes)
    return np.ascontiguousarray(result[grid.slices].transpose(tuple(int(axis) for axis in inverse)))


def box_of(mask: Mask, grid: WorkGrid) -> BoxMm:
    """The box around a mask of the grid in patient coordinates; the mask must not be empty."""
    ends = []
    for axis, (cells, stored) in enumerate(zip(grid.shape, grid.stored, strict=True)):
        used = np.flatnonzero(mask.any(axis=tuple(other for other in range(3) if other != axis)))
        ends.append(np.array([used[0], used[-1] + 1]) * (stored / cells) - 0.5)
    corners = np.array([[z, y, x] for z in ends[0] for y in ends[1] for x in ends[2]])
    points = corners @ grid.steps + grid.origin
    low, high = points.min(axis=0), points.max(axis=0)
    return BoxMm(
        x0=float(low[0]), y0=float(low[1]), z0=float(low[2]), x1=float(high[0]), y1=float(high[1]), z1=float(high[2])
    )


def _weights(wanted: int, given: int) -> Array:
    """Weights `(wanted, given)` from `given` equal cells of a length to `wanted`: means, or interpolation to finer."""
    if wanted > given:
        places = np.clip((np.arange(wanted) + 0.5) * given / wanted - 0.5, 0, given - 1)
        below = np.minimum(places.astype(int), max(given - 2, 0))
        share = places - below
        weights = np.zeros((wanted, given), dtype=np.float32)
        weights[np.arange(wanted), below] = 1.0 - share
        if given > 1:
            weights[np.arange(wanted), below + 1] += share
        return weights
    edges = np.arange(wanted + 1) * (given / wanted)
    cells = np.arange(given)
    overlap = np.minimum(edges[1:, None], cells + 1.0) - np.maximum(edges[:-1, None], cells)
    shares = np.clip(overlap, 0.0, None)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)
