"""The aorta as a tube of round slices: descending along the spine, ascending in front of the trachea, an arch between.

A circle is good where its inside is even and darker cells surround it: lung, fat, and with contrast nearly everything.
The best chain of circles is found by dynamic programming, so that single slices without an edge don't matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.models.ct.air import AirSpaces
from casekin.models.ct.bones import Spine
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.ct.paths import best_path
from casekin.models.geometry import Array

_ANGLES = np.arange(16) * (2 * np.pi / 16)
_DESCENDING_MM = (8.0, 9.5, 11.0, 12.5, 14.0, 16.0, 18.0, 21.0, 25.0)
_ASCENDING_MM = (12.0, 14.0, 16.0, 18.0, 20.0, 23.0, 26.0)
_EDGE_MM = 3.0  # distance on either side of the wall at which inside and outside are read
_SHADES = (-60.0, 350.0)
_DROP = 110.0
# Usual centre of the descending aorta from the canal, (back, left) in mm: in the abdomen, and 12 cm above the lungs'
# base.
_LOW, _HIGH = (-50.0, 8.0), (-32.0, 28.0)
_WANDER_MM = 20.0
_VERTEBRA_MM = 25.0
_SEEN = 0.22
_LEAST_MM = 24.0


Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tube:
    """Circles slice by slice: `z` indices, centres `(row, column)` in cells, radii in mm, scores."""

    z: Numbers
    centers: Numbers
    radii: Numbers
    scores: Numbers


def find_aorta(hu: Array, air: AirSpaces, spine: Spine) -> Mask:
    """The aorta's mask; empty where no spine shows the way or no chain of circles is seen."""
    empty = np.zeros(hu.shape, dtype=bool)
    if int(spine.seen.sum()) * STEP_MM < _LEAST_MM:
        return empty
    blurred = ndimage.gaussian_filter(np.clip(hu, *_SHADES), (1.0, 0.5, 0.5))
    down = _descending(blurred, air, spine)
    if down is None:
        return empty
    tubes = [down]
    up = None if air.carina is None else _ascending(blurred, air.trachea, air.carina)
    if up is not None:
        tubes += [up, _arch(up, down)]
    mask = _drawn(hu.shape, tubes)
    return _fitted(hu, mask, air)


def _descending(blurred: Array, air: AirSpaces, spine: Spine) -> _Tube | None:
    z = np.flatnonzero(spine.seen)
    if air.carina is not None:
        z = z[z <= air.carina + 12.0 / STEP_MM]
    if z.size * STEP_MM < _LEAST_MM:
        return None
    lungs = np.flatnonzero((air.right_lung | air.left_lung).any(axis=(1, 2)))
    base = float(lungs[0]) if lungs.size else float(blurred.shape[0])
    height = np.clip((z - base) * STEP_MM / 120.0, 0.0, 1.0)
    usual = np.array(_LOW) + height[:, None] * (np.array(_HIGH) - np.array(_LOW))
    centers = spine.canal[z] + usual / STEP_MM
    return _trimmed(
        _chain(blurred, z, centers, _DESCENDING_MM, vertebra=spine.canal[z] - [20.0 / STEP_MM, 0.0]), base=base
    )


def _ascending(blurred: Array, trachea: Mask, carina: int) -> _Tube | None:
    """From the carina's height some 4 cm down, in front of the trachea."""
    z = np.arange(max(0, carina - 14), min(blurred.shape[0], carina + 4))
    row, column = ndimage.center_of_mass(trachea[carina])
    centers = np.tile(np.array([row - 45.0 / STEP_MM, column - 12.0 / STEP_MM]), (z.size, 1))
    tube = _chain(blurred, z, centers.astype(np.float32), _ASCENDING_MM)
    return tube if float(tube.scores.mean()) > _SEEN else None


def _chain(
    blurred: Array, z: Numbers, centers: Numbers, radii: tuple[float, ...], vertebra: Numbers | None = None
) -> _Tube:
    """The best chain of circles around the expected centres, none of them centred in a vertebra."""
    reach = round(36.0 / STEP_MM)
    steps = np.arange(-reach, reach + 1)
    score = np.empty((z.size, steps.size, steps.size, len(radii)), dtype=np.float32)
    prior = -((np.hypot(steps[:, None], steps[None, :]) * STEP_MM / _WANDER_MM) ** 2) * 0.12
    for number, (height, center) in enumerate(zip(z, centers, strict=True)):
        score[number] = _circles(blurred[height], np.rint(center).astype(int), steps, radii) + prior[:, :, None]
        if vertebra is not None:
            row, column = np.rint(center) - vertebra[number]
            bone = np.hypot(steps[:, None] + row, steps[None, :] + column) * STEP_MM < _VERTEBRA_MM
            score[number, bone] -= 2.0
    path, _ = best_path(score, reach=1)
    found = score[(np.arange(z.size), *path.T)] - prior[path[:, 0], path[:, 1]]
    smooth = ndimage.gaussian_filter1d(
        np.rint(centers) + np.stack([steps[path[:, 0]], steps[path[:, 1]]], axis=1), 1.5, axis=0, mode="nearest"
    )
    wide = ndimage.gaussian_filter1d(np.array(radii)[path[:, 2]], 2.0, mode="nearest")
    return _Tube(z=z, centers=smooth, radii=wide, scores=found)


def _circles(plane: Array, center: Numbers, steps: Numbers, radii: tuple[float, ...]) -> Array:
    """Scores `(rows, columns, radii)` of circles at the cells around `center`."""
    fine = 2
    margin = int((radii[-1] + _EDGE_MM) / STEP_MM) + 2
    span = steps.size + 2 * margin
    rows = np.clip(np.arange(span) + center[0] + steps[0] - margin, 0, plane.shape[0] - 1)
    columns = np.clip(np.arange(span) + center[1] + steps[0] - margin, 0, plane.shape[1] - 1)
    patch = ndimage.zoom(plane[np.ix_(rows, columns)], fine, order=1, grid_mode=True, mode="nearest")
    at = margin * fine
    length = steps.size * fine

    def around(radius: float) -> Array:
        shifted = []
        for angle in _ANGLES:
            dy, dx = (round(float(v) * radius / STEP_MM * fine) for v in (np.sin(angle), np.cos(angle)))
            shifted.append(patch[at + dy : at + dy + length : fine, at + dx : at + dx + length : fine])
        return np.stack(shifted)

    result = np.empty((steps.size, steps.size, len(radii)), dtype=np.float32)
    for number, radius in enumerate(radii):
        inner, outer, middle = around(radius - _EDGE_MM), around(radius + _EDGE_MM), around(0.5 * radius)
        drop = np.clip((inner - outer) / _DROP, 0.0, 1.0).mean(axis=0)
        core = np.concatenate([inner, middle])
        uneven = np.clip(np.std(core, axis=0) / 60.0, 0.0, 1.0)
        blood = (core.mean(axis=0) > 15.0).astype(np.float32)
        result[:, :, number] = (drop - 0.8 * uneven) * blood - 0.5 * (1 - blood)
    return result


def _trimmed(tube: _Tube, *, base: float) -> _Tube | None:
    """The longest stretch with seen circles; in the chest, above `base`, gaps of up to 6 cm in it are kept."""
    seen = ndimage.gaussian_filter1d(tube.scores.astype(np.float64), 3.0, mode="nearest") > _SEEN
    bridged = ndimage.binary_closing(np.pad(seen, 12), iterations=10)[12:-12]
    seen = seen | (bridged & (tube.z > base))
    labels, count = ndimage.label(seen)
    if count == 0:
        return None
    sizes = np.bincount(labels)[1:]
    if sizes.max() * STEP_MM < _LEAST_MM:
        return None
    keep = labels == 1 + int(sizes.argmax())
    return _Tube(z=tube.z[keep], centers=tube.centers[keep], radii=tube.radii[keep], scores=tube.scores[keep])


def _arch(up: _Tube, down: _Tube) -> _Tube:
    """A bow from the top of the ascending to the top of the descending aorta, given as spheres in `z` order."""
    start = np.array([up.z[-1], *up.centers[-1]], dtype=np.float64)
    end = np.array([down.z[-1], *down.centers[-1]], dtype=np.float64)
    control = (start + end) / 2 + np.array([2 * 15.0 / STEP_MM, 0.0, 0.0])
    t = np.linspace(0, 1, 40)[:, None]
    points = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    radii = (1 - t[:, 0]) * up.radii[-1] + t[:, 0] * down.radii[-1]
    return _Tube(z=points[:, 0], centers=points[:, 1:], radii=0.9 * radii, scores=np.ones(len(points)))


def _drawn(shape: tuple[int, ...], tubes: list[_Tube]) -> Mask:
    """The tubes' masks: discs in slices, a bow as spheres."""
    mask = np.zeros(shape, dtype=bool)
    y, x = np.arange(shape[1])[:, None], np.arange(shape[2])[None, :]
    for tube in tubes:
        bow = tube.z.dtype.kind == "f"
        for z, (row, column), radius in zip(tube.z, tube.centers, tube.radii, strict=True):
            reach = int(radius / STEP_MM) + 1 if bow else 0
            for height in range(max(0, round(float(z)) - reach), min(shape[0], round(float(z)) + reach + 1)):
                flat = ((y - row) ** 2 + (x - column) ** 2) * STEP_MM**2
                above = ((height - z) * STEP_MM) ** 2 if bow else 0.0
                mask[height] |= flat + above <= radius**2
    return mask


def _fitted(hu: Array, tube: Mask, air: AirSpaces) -> Mask:
    """The tube without air; with contrast, the bright cells in and next to it."""
    core = ndimage.binary_erosion(tube, iterations=1)
    level = float(np.median(hu[core])) if core.any() else 40.0
    outside = air.right_lung & (hu < -200) | air.left_lung & (hu < -200) | air.trachea
    if level < 110.0:
        return np.asarray(tube & ~outside & (hu > -30.0))
    bright = (hu > 0.55 * level) & (hu < 2.0 * level) & ~outside
    grown = ndimage.binary_dilation(tube, iterations=1) & bright
    grown = ndimage.binary_opening(grown, iterations=1) | (tube & bright)
    return np.asarray(grown | ndimage.binary_closing(grown, iterations=2) & tube)
