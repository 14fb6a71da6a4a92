"""What holds air: lungs, trachea and main bronchi, gas in the gut, and the room around the patient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.geometry import Array

_AIR = -400.0  # halfway between lung and soft tissue
_ROOM = -940.0  # median of the room around a patient; aerated lung has -900 to -700
_GAS = -940.0
_GAS_SHARE = 0.35  # of a pocket; lungs reach this in the worst emphysema only; thick slices mix gut gas with its wall
_LARGE_ML = 700.0
_SMALLEST_ML = 15.0
_CELL_ML = STEP_MM**3 / 1000.0
_TRACHEA_MM2 = (45.0, 800.0)
_CROSS = ndimage.generate_binary_structure(3, 1) & np.array([False, True, False])[:, None, None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AirSpaces:
    """Masks on the working grid. `carina` is the trachea's lowest slice; None where no trachea was found."""

    body: Mask
    right_lung: Mask
    left_lung: Mask
    trachea: Mask
    carina: int | None


def find_air(hu: Array) -> AirSpaces:
    """Body, lungs and trachea from air alone; lungs hold what closing and filling add: vessels and small nodules."""
    air = hu < _AIR
    room = _room(hu, air)
    body = _body(hu, room)
    inner = air & ~room & body
    trachea, carina = _trachea(hu, inner, body)
    lungs = _without_gut_gas(hu, inner & ~ndimage.binary_dilation(trachea, iterations=1))
    right, left = _sides(lungs, body)
    return AirSpaces(body=body, right_lung=right, left_lung=left, trachea=trachea, carina=carina)


def _room(hu: Array, air: Mask) -> Mask:
    """Air around the patient: what touches the slices' borders, unless it is as dense as a lung cut by the border."""
    core = ndimage.binary_erosion(air, iterations=1, border_value=1)
    labels, _ = ndimage.label(core)
    border = np.zeros(air.shape, dtype=bool)
    border[:, [0, -1], :] = border[:, :, [0, -1]] = True
    room = np.zeros(air.shape, dtype=bool)
    for label in np.unique(labels[border & core]):
        pocket = labels == label
        if np.median(hu[pocket]) < _ROOM:
            room |= pocket
    return np.asarray(ndimage.binary_dilation(room, iterations=2) & air)


def _body(hu: Array, room: Mask) -> Mask:
    """The patient without couch and clothes, air inside filled; where the slices cut the chest, up to their border."""
    tissue = ndimage.binary_opening((hu > -300) & ~room, iterations=2)
    labels, count = ndimage.label(tissue)
    if count == 0:
        return np.asarray(~room)
    body = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    # Opening takes thin chest walls along with clothes; they come back from where they touch the body.
    body = ndimage.binary_dilation(body, iterations=4, mask=((hu > -300) & ~room) | body)
    body = ndimage.binary_dilation(body, iterations=1)
    return np.stack([_filled_slice(plane, outside) for plane, outside in zip(body, room, strict=True)])


def _filled_slice(body: Mask, room: Mask) -> Mask:
    """A slice's body with its holes filled, where the border cuts the chest up to the border."""
    rows, columns = body.shape
    around = np.concatenate(
        [
            np.arange(columns),
            np.arange(1, rows) * columns + columns - 1,
            (rows - 1) * columns + np.arange(columns - 2, -1, -1),
            np.arange(rows - 2, 0, -1) * columns,
        ]
    )
    met, open_air = body.ravel()[around], room.ravel()[around]
    walled = body.copy()
    if met.any():
        start = int(np.argmax(met))
        met, open_air, around = (np.roll(v, -start) for v in (met, open_air, around))
        labels, count = ndimage.label(~met)
        free = np.asarray(ndimage.sum_labels(open_air, labels, np.arange(count + 1)))
        wall = around[(labels > 0) & (free[labels] == 0)]
        walled.ravel()[wall] = True
    return np.asarray(ndimage.binary_fill_holes(walled))


def midline(body: Mask) -> Array:
    """The body's middle column in each slice, smoothed along z; the whole body's where a slice is empty."""
    columns = np.arange(body.shape[2])
    counts = body.sum(axis=1).astype(np.float64)
    total = counts.sum(axis=1)
    overall = float((counts.sum(axis=0) * columns).sum() / max(counts.sum(), 1.0))
    middle = np.where(total > 0, (counts * columns).sum(axis=1) / np.maximum(total, 1.0), overall)
    return np.asarray(ndimage.gaussian_filter1d(middle, 15.0, mode="nearest"), dtype=np.float32)


def _trachea(hu: Array, inner: Mask, body: Mask) -> tuple[Mask, int | None]:
    """The longest chain of round air pockets near the midline, from the top downwards, to where it widens or parts."""
    middle = midline(body)
    best: list[Mask] = []
    best_bottom = 0
    chain: list[Mask] = []
    widths: list[float] = []
    for z in range(hu.shape[0] - 1, -1, -1):
        pocket = _pocket(hu[z] < -800, inner[z], float(middle[z]), body[z], chain[-1] if chain else None, widths)
        if pocket is not None:
            chain.append(pocket)
            widths.append(float(pocket.sum()) * STEP_MM**2)
        if len(chain) > len(best):
            best, best_bottom = list(chain), z
        if pocket is None:
            chain, widths = [], []
    mask = np.zeros(hu.shape, dtype=bool)
    if len(best) * STEP_MM < 24.0:
        return mask, None
    for offset, plane in enumerate(reversed(best)):
        mask[best_bottom + offset] = plane
    return ndimage.binary_dilation(mask, structure=_CROSS) & inner & (hu < -500), best_bottom


def _pocket(dark: Mask, inner: Mask, middle: float, body: Mask, above: Mask | None, widths: list[float]) -> Mask | None:
    """The pocket of a slice that goes on the chain: the one below the last, or a round one near the midline."""
    labels, count = ndimage.label(dark & inner)
    if count == 0:
        return None
    if above is not None:
        return _next_pocket(labels, above, widths)
    rows = np.flatnonzero(body.any(axis=1))
    for label, where in enumerate(ndimage.find_objects(labels), start=1):
        pocket = labels == label
        area = float(pocket[where].sum()) * STEP_MM**2
        height, width = (STEP_MM * (s.stop - s.start) for s in where)
        y, x = ndimage.center_of_mass(pocket)
        depth = (y - rows[0]) / max(rows[-1] - rows[0], 1)
        central = abs(x - middle) * STEP_MM < 30.0 and 0.2 < depth < 0.75
        round_enough = area > 0.55 * height * width and max(height, width) < 2.0 * min(height, width) + STEP_MM
        if central and round_enough and _TRACHEA_MM2[0] <= area <= _TRACHEA_MM2[1] and max(height, width) < 30.0:
            return np.asarray(pocket)
    return None


def _next_pocket(labels: NDArray[np.int32], above: Mask, widths: list[float]) -> Mask | None:
    """The one pocket under the last; None where two lie there (the main bronchi), or one far wider (carina, lung)."""
    areas = np.bincount(labels[ndimage.binary_dilation(above, iterations=2)])
    areas[0] = 0
    below = np.flatnonzero(areas * STEP_MM**2 >= 27.0)
    if below.size != 1:
        return None
    pocket = labels == below[0]
    area, usual = float(pocket.sum()) * STEP_MM**2, float(np.median(widths[-10:]))
    wider = 60.0 if len(widths) < 5 else 20.0
    if not (pocket & above).any() or not _TRACHEA_MM2[0] * 0.6 <= area < 1.7 * usual + wider:
        return None
    return np.asarray(pocket)


def _without_gut_gas(hu: Array, air: Mask) -> Mask:
    """Pockets that are lung: large, or with the density of lung rather than of gas."""
    labels, count = ndimage.label(air)
    lungs = np.zeros(air.shape, dtype=bool)
    sizes = np.bincount(labels.ravel(), minlength=count + 1) * _CELL_ML
    for label, where in enumerate(ndimage.find_objects(labels), start=1):
        if sizes[label] < _SMALLEST_ML:
            continue
        pocket = labels[where] == label
        core = ndimage.binary_erosion(pocket, iterations=1)
        values = hu[where][core if core.sum() > 20 else pocket]
        gas = float(np.mean(values < _GAS))
        if gas < _GAS_SHARE or (sizes[label] > _LARGE_ML and gas < 0.9):
            lungs[where] |= pocket
    return lungs


def _sides(lungs: Mask, body: Mask) -> tuple[Mask, Mask]:
    """Right and left lung: cores that erosion parts, and every cell to the nearest core."""
    middle = midline(body)
    columns = np.arange(lungs.shape[2])[None, None, :]
    is_left = np.broadcast_to(columns > middle[:, None, None], lungs.shape)
    seeds = np.zeros(lungs.shape, dtype=np.int8)
    core = lungs
    for _ in range(5):
        labels, count = ndimage.label(core)
        if count == 0:
            break
        index = np.arange(1, count + 1)
        sizes = np.asarray(ndimage.sum_labels(np.ones(core.shape), labels, index))
        shares = np.asarray(ndimage.mean(is_left, labels, index))
        mixed = (np.minimum(shares, 1 - shares) > 0.12) & (sizes * _CELL_ML > 60.0)
        side = np.concatenate([[0], np.where(mixed, 0, np.where(shares > 0.5, 2, 1))]).astype(np.int8)
        fresh = side[labels]
        seeds = np.where(seeds > 0, seeds, fresh)
        core = core & (fresh == 0)
        if not mixed.any():
            break
        core = ndimage.binary_erosion(core, iterations=1)
    seeds = np.where((seeds == 0) & core, 1 + is_left, seeds)
    if not seeds.any():
        return lungs & ~is_left, lungs & is_left
    nearest = ndimage.distance_transform_edt(seeds == 0, return_distances=False, return_indices=True)
    side = seeds[tuple(nearest)]
    return _filled(lungs & (side == 1)), _filled(lungs & (side == 2))


def _filled(lung: Mask) -> Mask:
    """Without specks; vessels and holes filled, slice by slice."""
    labels, count = ndimage.label(lung)
    if count == 0:
        return lung
    sizes = np.bincount(labels.ravel())
    keep = sizes * _CELL_ML >= 0.5
    keep[0] = False
    lung = keep[labels]
    padded = np.pad(lung, 3, mode="edge")
    ball = ndimage.iterate_structure(ndimage.generate_binary_structure(3, 1), 2)
    closed = ndimage.binary_closing(padded, structure=ball)[3:-3, 3:-3, 3:-3] | lung
    return np.stack([ndimage.binary_fill_holes(plane) for plane in closed])
