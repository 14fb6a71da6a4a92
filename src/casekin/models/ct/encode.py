"""Region vectors of a CT volume: each region's statistics beside those of other patients' same region.

A vector is [how far each statistic lies above the usual, as a logistic in [0, 1] | all statistics, clipped, of fixed
small length]. So two regions are near where the same things stand out in both. Named places, boxes and masks are pooled
alike: everything becomes a mask on the working grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from casekin.anatomy import overlaps, parents
from casekin.errors import InputError
from casekin.imaging.image import MedicalImage
from casekin.models.ct.evidence import MAPS, evidence_maps, region_statistics
from casekin.models.ct.grid import Mask, on_grid, work_grid
from casekin.models.ct.locator import LocatedCT, locate_on_grid
from casekin.models.geometry import Array, unit
from casekin.types import Place

# As of a radiograph's regions: 2 standard deviations above the usual is even odds, and look weighs a tenth at most.
_SLOPE, _THRESHOLD, _LOOK_LENGTH = 1.5, 2.0, 0.1**0.5
_CLIP = 3.0
_EVIDENCE = 2 * len(MAPS)
# A statistic that never varied in a small archive may vary a little in the next volume.
_LEAST_SPREAD = 0.01
_LEAST_VOLUMES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EncodedCT:
    """What was located, and the statistics `(len(STATISTICS),)` of each place; `maps` `(len(MAPS), z, y, x)`."""

    located: LocatedCT
    statistics: Mapping[Place, Array]
    maps: Array

    def pool(self, mask: Mask) -> Array:
        """The statistics of any mask on the working grid; InputError for an empty one or one of another shape."""
        if mask.shape != self.maps.shape[1:] or not mask.any():
            raise InputError(f"mask has shape {mask.shape}, expected cells set in one of {self.maps.shape[1:]}")
        return region_statistics(self.maps, mask)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normals:
    """Median and spread of every statistic at each place, `(len(STATISTICS),)`, over an archive's volumes."""

    medians: Mapping[Place, Array]
    spreads: Mapping[Place, Array]

    def describe(self, statistics: Array, place: Place) -> Array:
        """The vector of a region at a place, float32 `(2 * len(MAPS) + len(STATISTICS),)`.

        A place without usual values is compared with its nearest whole, or with what shares its space. Raises
        InputError where there is none.
        """
        home = home_of(place, self.medians)
        if home is None:
            raise InputError(f"{place} has no usual values; expected a place of the trunk, such as a lung or an organ")
        away = (statistics - self.medians[home]) / self.spreads[home]
        above = 1.0 / (1.0 + np.exp(-_SLOPE * (np.clip(away[:_EVIDENCE], -20.0, 20.0) - _THRESHOLD)))
        look = unit(np.clip(away, -_CLIP, _CLIP).astype(np.float32)) * np.float32(_LOOK_LENGTH)
        return np.concatenate([above, look]).astype(np.float32)


def encode_ct(image: MedicalImage) -> EncodedCT:
    """Locate organs in a CT volume and measure each. Deterministic; needs no network.

    Raises ImageError as `locate_ct` does.
    """
    grid = work_grid(image)
    hu = on_grid(image, grid)
    located = locate_on_grid(hu, grid)
    maps = evidence_maps(hu)
    statistics = {place: region_statistics(maps, mask) for place, mask in located.masks.items()}
    return EncodedCT(located=located, statistics=statistics, maps=maps)


def fit_normals(volumes: Iterable[Mapping[Place, Array]]) -> Normals:
    """What is usual at each place over many volumes' `statistics`: medians, and half the 16th to 84th percentile.

    No label is read: findings are rare enough at any one place for the median not to see them. Places of fewer than
    three volumes are left out; InputError where that leaves none.
    """
    found: dict[Place, list[Array]] = {}
    for statistics in volumes:
        for place, values in statistics.items():
            found.setdefault(place, []).append(values)
    known = {place: np.stack(rows) for place, rows in found.items() if len(rows) >= _LEAST_VOLUMES}
    if not known:
        raise InputError(f"no place was located in {_LEAST_VOLUMES} volumes; give more chest CT volumes")
    spreads = {place: np.subtract(*np.percentile(rows, (84, 16), axis=0)) / 2 for place, rows in known.items()}
    return Normals(
        medians={place: np.median(rows, axis=0).astype(np.float32) for place, rows in known.items()},
        spreads={place: np.maximum(spread, _LEAST_SPREAD).astype(np.float32) for place, spread in spreads.items()},
    )


def home_of(place: Place, places: Mapping[Place, object]) -> Place | None:
    """The place itself, its nearest whole among `places`, or the first of them that shares image space with it."""
    for candidate in (place, *parents(place)):
        if candidate in places:
            return candidate
    return next((other for other in sorted(places, key=str) if overlaps(other, place)), None)
