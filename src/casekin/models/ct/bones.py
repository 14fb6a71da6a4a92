"""The spine: a path along the spinal canal, and the bone around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from casekin.models.ct.air import midline
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.ct.paths import best_path
from casekin.models.geometry import Array

_BONE = 130.0
# Marrow is told from discs by its share of the vertebrae's median: osteoporotic marrow is darker than others' discs.
_MARROW_SHARE, _MARROW = 0.65, (90.0, 150.0)
_CORE_MM = 12.0
_CANAL_MM, _RING_MM = 6.5, (9.0, 17.0)
# Mean difference in HU between the ring of bone and the canal inside it, from which a slice counts as spine.
_SEEN = 35.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spine:
    """`mask` of the vertebrae; `canal` `(slices, 2)` the canal's row and column; `seen` the slices that show it."""

    mask: Mask
    canal: Array
    seen: Mask


def find_spine(hu: Array, body: Mask) -> Spine:
    """Follow the spinal canal through the slices; vertebrae are the bone at its sides, in front and behind."""
    score = _canal_score(hu, body)
    canal, values = best_path(score, reach=1)
    smooth = ndimage.gaussian_filter1d(values, 4.0, mode="nearest")
    seen = _longest_run(smooth > _SEEN)
    canal = ndimage.gaussian_filter1d(canal.astype(np.float32), 2.0, axis=0, mode="nearest")
    return Spine(mask=_vertebrae(hu, canal, seen), canal=canal, seen=seen)


def _canal_score(hu: Array, body: Mask) -> Array:
    """Bone around minus bone inside, for a canal at every cell near the midline; -1000 elsewhere."""
    reach = int(_RING_MM[1] / STEP_MM) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1] * STEP_MM
    radius = np.hypot(y, x)
    inside = (radius <= _CANAL_MM).astype(np.float32)
    ring = ((radius >= _RING_MM[0]) & (radius <= _RING_MM[1])).astype(np.float32)
    kernel = ring / ring.sum() - inside / inside.sum()
    bone = ndimage.gaussian_filter1d(np.clip(hu, 0.0, 350.0), 2.5, axis=0)
    score = ndimage.convolve(bone, kernel[None], mode="nearest")
    columns = np.arange(hu.shape[2])
    middle = midline(body)
    away = np.abs(columns[None, :] - middle[:, None]) * STEP_MM
    rows = np.arange(hu.shape[1])
    filled = np.asarray(body.any(axis=2))
    known = np.asarray(filled.any(axis=1))
    front = np.where(known, filled.argmax(axis=1), 0)
    back = np.where(known, hu.shape[1] - 1 - filled[:, ::-1].argmax(axis=1), hu.shape[1] - 1)
    depth = (rows[None, :] - front[:, None]) / np.maximum(back - front, 1)[:, None]
    allowed = (away[:, None, :] < 60.0) & (depth[:, :, None] > 0.4) & (depth[:, :, None] < 0.95)
    score = score - 0.04 * np.square(away)[:, None, :]
    return np.where(allowed, score, np.float32(-1000.0)).astype(np.float32)


def _longest_run(flags: Mask) -> Mask:
    labels, count = ndimage.label(flags)
    if count == 0:
        return np.zeros(flags.shape, dtype=bool)
    return np.asarray(labels == 1 + int(np.bincount(labels)[1:].argmax()))


def _vertebrae(hu: Array, canal: Array, seen: Mask) -> Mask:
    """Bone within the outline of a vertebra around the canal: body in front, arch and processes behind."""
    y = (np.arange(hu.shape[1])[None, :, None] - canal[:, 0][:, None, None]) * STEP_MM
    x = np.abs(np.arange(hu.shape[2])[None, None, :] - canal[:, 1][:, None, None]) * STEP_MM
    front = ((y + 22.0) / 25.0) ** 2 + (x / 25.0) ** 2 < 1
    arch = (y > -8.0) & (y < 24.0) & (x < 32.0)
    spinous = (y >= 24.0) & (y < 50.0) & (x < 12.0)
    even = ndimage.gaussian_filter(hu, 0.6)
    inner = (np.hypot(y + 22.0, x) < _CORE_MM) & seen[:, None, None]
    level = float(np.median(even[inner])) if inner.any() else 0.0
    marrow = float(np.clip(_MARROW_SHARE * level, *_MARROW))
    bone = ((even > marrow) & front | (even > _BONE) & (arch | spinous)) & seen[:, None, None]
    filled = np.stack([ndimage.binary_fill_holes(plane) for plane in bone])
    closed = bone | (filled & (even > 0.85 * marrow) & (np.hypot(y, x) > _CANAL_MM + STEP_MM))
    labels, count = ndimage.label(closed, structure=np.ones((3, 3, 3)))
    if count == 0:
        return np.asarray(closed)
    sizes = np.bincount(labels.ravel())
    keep = sizes * STEP_MM**3 > 1000.0
    keep[0] = False
    return np.asarray(keep[labels])
