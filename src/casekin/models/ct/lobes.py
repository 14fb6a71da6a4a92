"""Lobes from where fissures usually lie, set by each lung's own shape."""

from __future__ import annotations

from typing import Literal

import numpy as np

from casekin.models.ct.grid import STEP_MM, Mask
from casekin.types import Place

# Shares of a lung's volume below the major fissure, and of the right middle lobe (CT volumetry of healthy adults).
_LOWER_SHARE = {"right": 0.49, "left": 0.48}
_MIDDLE_SHARE = 0.155
# Rise of the major fissure towards the back: some 50 degrees to the horizontal, steeper on the left.
_RISE = {"right": 1.1, "left": 1.25}
# The minor fissure falls a little to the front and to the side.
_MINOR_FALL = 0.15
_LINGULA_SHARE = 0.4  # of the left upper lobe
# Height of an adult's lung, for lungs that the scan cuts; the lower lobe's part of it at the very back and front.
LUNG_HEIGHT_MM = 220.0
_BACK_SHARE, _FRONT_SHARE = 0.74, -0.12


def find_lobes(lung: Mask, *, side: Literal["right", "left"], cut_above: bool) -> dict[Place, Mask]:
    """Lobes of one lung, which together are the lung; `cut_above` where the scan ends below its apex.

    Major fissures are planes that rise towards the back; their height is that which gives the usual shares of volume.
    In a lung that the scan cuts, it follows from the height of the base.
    """
    if not lung.any():
        return {}
    z, y, _ = (axis.astype(np.float32) * np.float32(STEP_MM) for axis in np.nonzero(lung))
    if cut_above:
        front, back = float(y.min()), float(y.max())
        share = _FRONT_SHARE + (_BACK_SHARE - _FRONT_SHARE) * (y - front) / max(back - front, 1.0)
        below_major = (z - float(z.min())) / LUNG_HEIGHT_MM < share
    else:
        height = z - _RISE[side] * y
        below_major = height < np.quantile(height, _LOWER_SHARE[side])
    upper = ~below_major
    level = z - _MINOR_FALL * y
    share_below = _MIDDLE_SHARE / (1 - _LOWER_SHARE["right"]) if side == "right" else _LINGULA_SHARE
    middle = upper & (level < np.quantile(level[upper], share_below)) if upper.any() else upper
    if side == "right":
        parts = {"upper_lobe": upper & ~middle, "middle_lobe": middle, "lower_lobe": below_major}
    else:
        parts = {"upper_lobe": upper, "lingula": middle, "lower_lobe": below_major}
    lobes = {}
    for anatomy, inside in parts.items():
        mask = np.zeros(lung.shape, dtype=bool)
        mask[lung] = inside
        lobes[Place(anatomy=anatomy, side=side)] = mask
    return lobes
