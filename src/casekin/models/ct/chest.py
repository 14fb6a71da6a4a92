"""Heart and liver: what lies between the lungs above the diaphragm, and what lies below it on the right."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

from casekin.models.ct.air import AirSpaces
from casekin.models.ct.bones import Spine
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.geometry import Array

# The heart's top lies this far below the carina; the great vessels above it are no heart.
_BELOW_CARINA_MM = 27.0
_HEART_SHARE = 0.56  # of the lungs' height from the base, where no carina was found
_LIVER_HU = (0.0, 220.0)


def hull_slices(lungs: Mask) -> Mask:
    """The convex hull of the lungs in each slice."""
    return np.stack([_hull(plane) for plane in lungs])


def _hull(plane: Mask) -> Mask:
    points = np.argwhere(plane)
    if len(points) < 8:
        return plane
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError:
        return plane
    canvas = Image.new("1", (plane.shape[1], plane.shape[0]))
    ImageDraw.Draw(canvas).polygon([(int(x), int(y)) for y, x in corners], fill=1, outline=1)
    return np.array(canvas, dtype=bool) | plane


def diaphragm(air: AirSpaces) -> Array:
    """Height of the diaphragm `(row, column)` in slices: the lungs' lower surface, smoothly carried on between them.

    Where lung lies over the heart its lower surface is the heart's: whatever is higher than the right dome, read at the
    side, is left out.
    """
    lungs = air.right_lung | air.left_lung
    under = np.asarray(lungs.any(axis=0))
    if not under.any():
        return np.zeros(under.shape, dtype=np.float32)
    bottom = np.where(under, lungs.argmax(axis=0), 0).astype(np.float64)
    columns = np.flatnonzero(air.right_lung.any(axis=(0, 1)))
    outer = under.copy()
    if columns.size:
        outer[:, : columns[0]] = False
        outer[:, columns[0] + max(1, round(0.62 * columns.size)) :] = False
    dome = float(np.quantile(bottom[outer if outer.any() else under], 0.93))
    known = under & (bottom <= dome)
    surface = np.full(under.shape, float(np.median(bottom[known])))
    for sigma in (40.0, 20.0, 10.0, 5.0, 2.0):
        near = ndimage.gaussian_filter(known.astype(np.float64), sigma)
        mean = ndimage.gaussian_filter(np.where(known, bottom, 0.0), sigma) / np.maximum(near, 1e-9)
        surface = np.where(near > 0.08, mean, surface)
    surface = np.where(known, bottom, surface)
    return np.asarray(ndimage.gaussian_filter(surface, 1.5), dtype=np.float32)


def find_heart(hu: Array, air: AirSpaces, spine: Spine, aorta: Mask, dense: Mask) -> Mask:
    """Soft tissue between the lungs, from the diaphragm to below the carina, in front of spine and aorta.

    `dense` is what belongs to the lungs and the pleural space though it holds no air.
    """
    empty = np.zeros(hu.shape, dtype=bool)
    lungs = air.right_lung | air.left_lung
    used = np.flatnonzero(air.right_lung.any(axis=(1, 2)) & air.left_lung.any(axis=(1, 2)))
    if used.size * STEP_MM < 90.0:
        return empty
    if air.carina is not None:
        top = air.carina - _BELOW_CARINA_MM / STEP_MM
    else:
        top = used[0] + _HEART_SHARE * (used[-1] - used[0])
    heights = np.arange(hu.shape[0])[:, None, None]
    surface = diaphragm(air)
    soft = ndimage.gaussian_filter(hu, 0.8) > 0.0
    y = (np.arange(hu.shape[1])[None, :, None] - spine.canal[:, 0][:, None, None]) * STEP_MM
    x = (np.arange(hu.shape[2])[None, None, :] - spine.canal[:, 1][:, None, None]) * STEP_MM
    room = hull_slices(lungs) & ~lungs & ~dense & ~ndimage.binary_dilation(aorta, iterations=1)
    room &= (heights <= top) & (heights > surface[None]) & (y < -42.0)
    room &= (x > -75.0) & (x < 115.0) & soft
    ball = ndimage.iterate_structure(ndimage.generate_binary_structure(3, 1), 3)
    opened = ndimage.binary_opening(room, structure=ball)
    labels, count = ndimage.label(opened)
    if count == 0:
        return empty
    heart = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    return np.asarray(ndimage.binary_closing(ndimage.binary_dilation(heart, iterations=1) & room, iterations=2))


def find_liver(hu: Array, air: AirSpaces, spine: Spine, heart: Mask, aorta: Mask) -> Mask:
    """The large even organ on the right below the diaphragm."""
    empty = np.zeros(hu.shape, dtype=bool)
    body = air.body
    smooth = ndimage.gaussian_filter(hu, 1.0)
    rough = np.sqrt(np.maximum(ndimage.gaussian_filter(hu * hu, 1.5) - ndimage.gaussian_filter(hu, 1.5) ** 2, 0))
    y = (np.arange(hu.shape[1])[None, :, None] - spine.canal[:, 0][:, None, None]) * STEP_MM
    x = (np.arange(hu.shape[2])[None, None, :] - spine.canal[:, 1][:, None, None]) * STEP_MM
    inside = ndimage.binary_erosion(body, iterations=3, border_value=1)
    lungs = air.right_lung | air.left_lung
    heights = np.arange(hu.shape[0])[:, None, None]
    if air.right_lung.any():
        surface = diaphragm(air)
        top = float(np.quantile(np.nonzero(air.right_lung)[0], 0.5))
        below = (heights < surface[None]) & (heights < top)
    else:
        below = np.ones(hu.shape, dtype=bool)
    room = below & inside & ~lungs & ~heart & ~aorta & ~spine.mask & (x < 85.0) & (y < 25.0)
    even = room & (smooth > _LIVER_HU[0]) & (smooth < _LIVER_HU[1]) & (rough < 45.0)
    ball = ndimage.iterate_structure(ndimage.generate_binary_structure(3, 1), 4)
    core = ndimage.binary_erosion(even & (x < -20.0) & (y < 5.0), structure=ball, border_value=1)
    labels, count = ndimage.label(core)
    if count == 0:
        return empty
    seed = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    level, spread = float(np.median(smooth[seed])), float(smooth[seed].std())
    near = room & (np.abs(smooth - level) < max(18.0, 2.5 * spread)) & (rough < 60.0)
    small = ndimage.iterate_structure(ndimage.generate_binary_structure(3, 1), 2)
    opened = ndimage.binary_erosion(near, structure=small, border_value=1)
    labels, _ = ndimage.label(opened)
    hit = np.unique(labels[seed & opened])
    liver = ndimage.binary_dilation(np.isin(labels, hit[hit > 0]), structure=small) & near
    edge = room & (np.abs(ndimage.gaussian_filter(hu, 0.6) - level) < 45.0)
    liver = ndimage.binary_dilation(liver, iterations=2, mask=edge | liver)
    liver = ndimage.binary_closing(np.pad(liver, 3, mode="edge"), iterations=3)[3:-3, 3:-3, 3:-3] & room & (hu > -30)
    return np.stack([ndimage.binary_fill_holes(plane) for plane in liver])
