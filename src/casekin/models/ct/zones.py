"""Parts that a radiograph's words name, in a CT: a lung's zones from apex to base, its base, the chest wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.ct.lobes import LUNG_HEIGHT_MM
from casekin.types import Place

# Heights of the zones' borders, as shares of the lung's height from its apex: clavicle, upper and lower end of the
# hilum on a frontal radiograph.
_BORDERS = (0.0, 0.14, 0.42, 0.66, 1.0)
_ZONES = ("apical_zone", "upper_lung_zone", "mid_lung_zone", "lower_lung_zone")
_RECESS_SHARE, _RECESS_ABOVE = 0.2, 5  # of the lung's height; cells of the pleural space from the lung's outer border
_BASE_CELLS = 3  # lung and diaphragm on either side of the lung's lower surface


def find_zones(
    lung: Mask, pleura: Mask, *, side: Literal["right", "left"], cut_above: bool
) -> Iterator[tuple[Place, Mask]]:
    """The four zones of one lung, and the costophrenic angle of its pleural space; nothing where there is no lung.

    In a lung that the scan cuts, zones follow from the height of its base.
    """
    used = np.flatnonzero(lung.any(axis=(1, 2)))
    if used.size == 0:
        return
    base, top = float(used[0]), float(used[-1] + 1)
    height = max(top - base, LUNG_HEIGHT_MM / STEP_MM) if cut_above else top - base
    from_apex = (base + height - np.arange(lung.shape[0]) - 0.5) / height
    for name, above, below in zip(_ZONES, _BORDERS[:-1], _BORDERS[1:], strict=True):
        level = (from_apex >= above) & (from_apex < below)
        yield Place(anatomy=name, side=side), lung & level[:, None, None]
    columns = np.flatnonzero(lung.any(axis=(0, 1)))
    width = columns[-1] + 1 - columns[0]
    outer = np.arange(lung.shape[2])
    beside = outer < columns[0] + 0.4 * width if side == "right" else outer >= columns[-1] + 1 - 0.4 * width
    low = from_apex > 1.0 - _RECESS_SHARE
    yield Place(anatomy="costophrenic_angle", side=side), pleura & low[:, None, None] & beside[None, None, :]


def find_base(lung: Mask, body: Mask, *, side: Literal["right", "left"]) -> tuple[Place, Mask]:
    """The hemidiaphragm as a layer around the lung's lower surface."""
    under = lung.any(axis=0)
    bottom = lung.argmax(axis=0)
    heights = np.arange(lung.shape[0])[:, None, None]
    layer = under & (heights >= bottom - _BASE_CELLS) & (heights < bottom + _BASE_CELLS) & body
    return Place(anatomy="hemidiaphragm", side=side), np.asarray(layer)


def find_wall(lungs: Mask, body: Mask, half: Mask, *, side: Literal["right", "left"]) -> tuple[Place, Mask]:
    """The chest wall of one side: the body around the lungs, over the lungs' height, without what lies between them."""
    used = np.flatnonzero(lungs.any(axis=(1, 2)))
    wall = np.zeros(lungs.shape, dtype=bool)
    if used.size:
        inside = ndimage.binary_dilation(lungs, iterations=1)
        rows = np.arange(lungs.shape[1])[None, :, None]
        columns = np.arange(lungs.shape[2])[None, None, :]
        around = ~(_spanned(lungs, rows, axis=1) | _spanned(lungs, columns, axis=2))
        wall = body & half & around & ~inside
        wall[: used[0]] = wall[used[-1] + 1 :] = False
    return Place(anatomy="chest_wall", side=side), wall


def _spanned(mask: Mask, index: NDArray[np.int64], *, axis: int) -> Mask:
    """Cells between the first and the last cell of the mask along an axis."""
    size = mask.shape[axis]
    first = mask.argmax(axis=axis)
    last = size - 1 - np.flip(mask, axis=axis).argmax(axis=axis)
    some = mask.any(axis=axis)
    first, last, some = (np.expand_dims(v, axis) for v in (first, last, some))
    return np.asarray(some & (index >= first) & (index <= last))
