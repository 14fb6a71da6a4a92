"""Putting parallel slices in order: by where they lie in the patient, never by name or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casekin.imaging.image import Pixels
from casekin.imaging.limits import image_error

# Gaps within this share of the median gap are rounding of positions; wider ones are interpolated up to the next bound.
REGULAR_TOLERANCE = 0.1
LARGEST_GAP = 2.5
_SAME_POSITION_MM = 1e-3
_PARALLEL_DOT = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicePlane:
    """Where one slice lies: LPS position of its first pixel, LPS unit vectors of its row and column axes, `(2, 3)`."""

    position: tuple[float, float, float]
    direction: npt.NDArray[np.float64]
    spacing_mm: tuple[float, float]
    shape: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOrder:
    """Slices in order: `indices` into the given planes, `offsets_mm` along the normal, and the volume's geometry."""

    indices: tuple[int, ...]
    offsets_mm: npt.NDArray[np.float64]
    spacing_mm: tuple[float, float, float]
    direction: npt.NDArray[np.float64]
    origin: tuple[float, float, float]

    @property
    def is_even(self) -> bool:
        """Whether the gaps agree within `REGULAR_TOLERANCE`: then the volume's slices are the given ones."""
        usual = self.spacing_mm[0]
        return bool(np.abs(np.diff(self.offsets_mm) - usual).max() <= REGULAR_TOLERANCE * usual)


def is_one_place(planes: Sequence[SlicePlane]) -> bool:
    """Whether all planes lie where the first does: repetitions, not slices of a volume."""
    first = planes[0]
    normal = np.cross(first.direction[1], first.direction[0])
    offsets = [float(np.dot(normal, np.subtract(plane.position, first.position))) for plane in planes]
    return max(map(abs, offsets)) <= _SAME_POSITION_MM


def order_planes(planes: Sequence[SlicePlane], name: str) -> StackOrder:
    """Sort planes along their common normal; of several at one position the first given is kept.

    Raises:
        ImageError: fewer than two positions, planes that aren't parallel or differ in size, or a gap of more than
            `LARGEST_GAP` times the usual one (slices are missing).
    """
    first = planes[0]
    for plane in planes:
        parallel = (np.sum(plane.direction * first.direction, axis=1) > _PARALLEL_DOT).all()
        if plane.shape != first.shape or not np.allclose(plane.spacing_mm, first.spacing_mm, rtol=0.01) or not parallel:
            raise image_error(
                name,
                "its slices differ in size, spacing or orientation",
                expected="parallel slices of one series",
                remedy="give one reconstruction at a time",
            )
    normal = np.cross(first.direction[1], first.direction[0])  # column axis × row axis, PS3.3 C.7.6.2.1.1
    normal /= np.linalg.norm(normal)
    offsets = np.array([float(np.dot(normal, plane.position)) for plane in planes])
    kept: list[int] = []
    for index in np.argsort(offsets, kind="stable"):
        if not kept or offsets[index] - offsets[kept[-1]] > _SAME_POSITION_MM:
            kept.append(int(index))
    if len(kept) < 2:
        raise image_error(name, "all its slices lie at one place", expected="a volume", remedy="give a whole series")
    gaps = np.diff(offsets[kept])
    usual = float(np.median(gaps))
    if gaps.max() > LARGEST_GAP * usual:
        raise image_error(
            name,
            f"slices are missing: a gap of {gaps.max():.2f} mm where {usual:.2f} mm is usual",
            expected="a whole series",
            remedy="fetch the series again",
        )
    return StackOrder(
        indices=tuple(kept),
        offsets_mm=offsets[kept] - offsets[kept[0]],
        spacing_mm=(usual, *first.spacing_mm),
        direction=np.stack([normal, *first.direction]),
        origin=planes[kept[0]].position,
    )


def require_even(order: StackOrder, name: str) -> None:
    """Refuse, with `ImageError`, a stack whose slices are interpolated: those are no file's and no frame's."""
    if not order.is_even:
        raise image_error(
            name,
            "its slices lie unevenly, so that the volume's are between them",
            expected="slices at even distances",
            remedy="use another reconstruction of the scan",
        )


def even_out(pixels: Pixels, order: StackOrder) -> Pixels:
    """The volume on evenly spaced slices: as it is where its order is even, else interpolated."""
    if order.is_even:
        return pixels
    offsets, usual = order.offsets_mm, order.spacing_mm[0]
    wanted = np.arange(0.0, offsets[-1] + usual / 2.0, usual)
    after = np.clip(np.searchsorted(offsets, wanted, side="right"), 1, len(offsets) - 1)
    share = np.clip((wanted - offsets[after - 1]) / (offsets[after] - offsets[after - 1]), 0.0, 1.0)
    even = np.empty((len(wanted), *pixels.shape[1:]), dtype=np.float32)
    for index, (upper, weight) in enumerate(zip(after, share, strict=True)):
        even[index] = pixels[upper - 1] * np.float32(1.0 - weight) + pixels[upper] * np.float32(weight)
    return even
