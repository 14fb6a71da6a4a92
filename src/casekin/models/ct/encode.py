"""What a CT volume shows, measured: organs located, and statistics of every region, named, drawn or masked alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casekin.errors import InputError
from casekin.imaging.image import MedicalImage
from casekin.models.ct.evidence import evidence_maps, region_statistics
from casekin.models.ct.grid import Mask, on_grid, work_grid
from casekin.models.ct.locator import LocatedCT, locate_on_grid
from casekin.models.geometry import Array
from casekin.types import Place


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
