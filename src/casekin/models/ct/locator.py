"""Where organs lie in a CT volume: masks and boxes of lungs, lobes, heart, aorta, trachea, spine and liver.

Everything follows from Hounsfield units, shapes and neighbours (air inside the body, the bone around the spinal canal,
round slices along the spine, what lies between the lungs), in patient coordinates: no network and nothing trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import ndimage

from casekin.errors import InputError
from casekin.imaging.image import MedicalImage
from casekin.models.ct.air import AirSpaces, find_air
from casekin.models.ct.aorta import find_aorta
from casekin.models.ct.bones import Spine, find_spine
from casekin.models.ct.chest import diaphragm, find_heart, find_liver, hull_slices
from casekin.models.ct.grid import STEP_MM, BoxMm, Mask, WorkGrid, box_of, on_grid, to_volume, work_grid
from casekin.models.ct.lobes import find_lobes
from casekin.models.ct.pleura import dense_pockets
from casekin.models.ct.zones import find_base, find_wall, find_zones
from casekin.models.geometry import Array
from casekin.types import Place

_LEAST_CELLS = 20
# Area of lung in the last slice from which the scan counts as cutting the lung.
_CUT_MM2 = 400.0
_HILUM_MM = (20.0, 55.0, 40.0)  # from the midline, to the side, and above or below the carina's height


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocatedCT:
    """What was found in one volume; places that weren't are absent.

    `masks` are boolean on the working grid `(z, y, x)` of 3 mm cells; `mask` gives one in the volume's own array.
    `boxes` are in patient coordinates (LPS, mm). Masks of parts lie inside their wholes; places may overlap (the
    mediastinum holds the heart).
    """

    grid: WorkGrid
    masks: Mapping[Place, Mask]
    boxes: Mapping[Place, BoxMm]

    def mask(self, place: Place) -> Mask:
        """The place's mask in the volume's own array; InputError where it wasn't found."""
        if place not in self.masks:
            found = ", ".join(sorted(str(other) for other in self.masks))
            raise InputError(f"{place} was not found in the volume; found: {found or 'nothing'}")
        return to_volume(self.masks[place], self.grid)


def locate_ct(image: MedicalImage) -> LocatedCT:
    """Locate organs in a CT volume of the trunk. Deterministic.

    Sides and heights come from the volume's orientation alone. Raises ImageError for what is no CT volume in Hounsfield
    units, has no orientation, or is too thin.
    """
    grid = work_grid(image)
    return locate_on_grid(on_grid(image, grid), grid)


def locate_on_grid(hu: Array, grid: WorkGrid) -> LocatedCT:
    """As `locate_ct`, for Hounsfield units that are on the working grid already."""
    masks = {place: mask for place, mask in _masks(hu) if int(mask.sum()) >= _LEAST_CELLS}
    masks = dict(sorted(masks.items(), key=lambda item: str(item[0])))
    return LocatedCT(grid=grid, masks=masks, boxes={place: box_of(mask, grid) for place, mask in masks.items()})


def _masks(hu: Array) -> Iterator[tuple[Place, Mask]]:
    air = find_air(hu)
    spine = find_spine(hu, air.body)
    aorta = find_aorta(hu, air, spine)
    consolidated, fluid = dense_pockets(hu, air, spine)
    heart = find_heart(hu, air, spine, aorta, consolidated | fluid)
    liver = find_liver(hu, air, spine, heart, aorta)
    yield Place(anatomy="trachea"), air.trachea
    yield Place(anatomy="spine"), spine.mask & ~aorta
    yield Place(anatomy="aorta"), aorta
    yield Place(anatomy="cardiac_silhouette"), heart
    yield Place(anatomy="liver"), liver
    yield from _chest_sides(hu, air, spine, consolidated, fluid)
    yield from _middle(air, spine)


def _chest_sides(
    hu: Array, air: AirSpaces, spine: Spine, consolidated: Mask, fluid: Mask
) -> Iterator[tuple[Place, Mask]]:
    """Lungs with their consolidated parts, lobes, and the pleural space: a rim around each lung and its fluid."""
    is_left = np.broadcast_to(np.arange(hu.shape[2])[None, None, :] > spine.canal[:, 1][:, None, None], hu.shape)
    lungs = air.right_lung | air.left_lung | consolidated
    sides: tuple[tuple[Literal["right", "left"], Mask, Mask], ...] = (
        ("right", air.right_lung, ~is_left),
        ("left", air.left_lung, is_left),
    )
    for side, aerated, half in sides:
        lung = aerated | (consolidated & half)
        yield Place(anatomy="lung", side=side), lung
        cut_above = float(aerated[-1].sum()) * STEP_MM**2 > _CUT_MM2
        yield from find_lobes(lung, side=side, cut_above=cut_above).items()
        if lung.any():
            around = ndimage.binary_dilation(lung, iterations=2) & air.body & half
            core = ndimage.binary_erosion(lung, iterations=2, border_value=1)
            pleura = (around & ~core) | (fluid & half)
            yield Place(anatomy="pleural_space", side=side), pleura
            yield from find_zones(lung, pleura, side=side, cut_above=cut_above)
            yield find_base(lung, air.body, side=side)
            yield find_wall(lungs, air.body, half, side=side)


def _middle(air: AirSpaces, spine: Spine) -> Iterator[tuple[Place, Mask]]:
    """The mediastinum, its part above the carina, both hila, and the abdomen below the diaphragm."""
    lungs = air.right_lung | air.left_lung
    if not lungs.any():
        return
    heights = np.arange(lungs.shape[0])[:, None, None]
    above = heights > diaphragm(air)[None]
    x = (np.arange(lungs.shape[2])[None, None, :] - spine.canal[:, 1][:, None, None]) * STEP_MM
    y = (np.arange(lungs.shape[1])[None, :, None] - spine.canal[:, 0][:, None, None]) * STEP_MM
    between = hull_slices(lungs) & ~lungs & above & (y < -10.0) & (x > -60.0) & (x < 100.0)
    yield Place(anatomy="mediastinum"), between
    yield Place(anatomy="abdomen"), air.body & ~above & ~lungs
    if air.carina is not None:
        yield Place(anatomy="upper_mediastinum"), between & (heights > air.carina)
        near, far, high = _HILUM_MM
        level = (np.abs(heights - air.carina + 8.0) * STEP_MM < high) & (y < -15.0) & (y > -85.0) & air.body
        yield Place(anatomy="hilar_structures", side="right"), level & (x < -near) & (x > -far)
        yield Place(anatomy="hilar_structures", side="left"), level & (x > near) & (x < far)
