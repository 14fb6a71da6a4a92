"""What a thresholded lung leaves out: consolidated lung, and fluid beside it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from casekin.models.ct.air import AirSpaces
from casekin.models.ct.bones import Spine
from casekin.models.ct.chest import diaphragm, hull_slices
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.geometry import Array

# Half widths of the mediastinum from the spinal canal, in mm: right; left in front (the heart) and behind.
_RIGHT_MM, _LEFT_FRONT_MM, _LEFT_BACK_MM = 50.0, 95.0, 52.0
_BEHIND_HEART_MM = -45.0
# Fluid is even and near water; consolidated lung has air in its bronchi and the density of blood.
_FLUID_HU, _EVEN_HU = (-15.0, 32.0), 24.0


def dense_pockets(hu: Array, air: AirSpaces, spine: Spine) -> tuple[Mask, Mask]:
    """Consolidated lung and pleural fluid: soft tissue in the lungs' hull, off the mediastinum, above the diaphragm."""
    lungs = air.right_lung | air.left_lung
    if not lungs.any():
        return np.zeros(hu.shape, dtype=bool), np.zeros(hu.shape, dtype=bool)
    y = (np.arange(hu.shape[1])[None, :, None] - spine.canal[:, 0][:, None, None]) * STEP_MM
    x = (np.arange(hu.shape[2])[None, None, :] - spine.canal[:, 1][:, None, None]) * STEP_MM
    left_edge = np.where(y > _BEHIND_HEART_MM, _LEFT_BACK_MM, _LEFT_FRONT_MM)
    beside = (x < -_RIGHT_MM) | (x > left_edge)
    above = np.arange(hu.shape[0])[:, None, None] > diaphragm(air)[None] + 1.0
    pocket = hull_slices(lungs) & ~lungs & beside & above & air.body & ~air.trachea & (hu < 150.0)
    pocket = ndimage.binary_opening(pocket, iterations=2)
    mean = ndimage.uniform_filter(hu, 5)
    spread = np.sqrt(np.maximum(ndimage.uniform_filter(hu * hu, 5) - mean * mean, 0.0))
    fluid = pocket & (mean > _FLUID_HU[0]) & (mean < _FLUID_HU[1]) & (spread < _EVEN_HU)
    fluid = ndimage.binary_opening(fluid, iterations=1)
    return np.asarray(pocket & ~fluid), np.asarray(fluid)
