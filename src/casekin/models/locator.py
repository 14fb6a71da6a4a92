"""Where the 29 thoracic locations lie in a frontal view that came without boxes, and soft masks of lungs and heart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from casekin.anatomy import LOCATIONS
from casekin.models.film import FilmState
from casekin.models.geometry import Array, Geometry, grid_weights
from casekin.types import Box, Place

RIGHT_LUNG, LEFT_LUNG = Place(anatomy="lung", side="right"), Place(anatomy="lung", side="left")
HEART = Place(anatomy="cardiac_silhouette")

# Mean positions as fractions of image width and height; the right side's, mirrored for the left.
_MEAN_SIDED = {
    "lung": (0.12, 0.10, 0.46, 0.78),
    "apical_zone": (0.20, 0.10, 0.43, 0.22),
    "upper_lung_zone": (0.17, 0.10, 0.46, 0.33),
    "mid_lung_zone": (0.13, 0.33, 0.46, 0.55),
    "lower_lung_zone": (0.12, 0.55, 0.44, 0.78),
    "hilar_structures": (0.34, 0.35, 0.47, 0.55),
    "costophrenic_angle": (0.10, 0.70, 0.24, 0.84),
    "hemidiaphragm": (0.12, 0.66, 0.45, 0.82),
    "clavicle": (0.14, 0.08, 0.47, 0.22),
}
_MEAN_UNSIDED = {
    "trachea": (0.46, 0.02, 0.54, 0.34),
    "carina": (0.46, 0.31, 0.56, 0.39),
    "spine": (0.44, 0.00, 0.56, 0.98),
    "mediastinum": (0.36, 0.08, 0.70, 0.80),
    "upper_mediastinum": (0.40, 0.08, 0.62, 0.36),
    "aortic_arch": (0.49, 0.25, 0.62, 0.38),
    "svc": (0.40, 0.20, 0.49, 0.46),
    "cardiac_silhouette": (0.36, 0.42, 0.74, 0.78),
    "cavoatrial_junction": (0.38, 0.42, 0.50, 0.52),
    "right_atrium": (0.36, 0.46, 0.50, 0.72),
    "abdomen": (0.08, 0.74, 0.92, 1.00),
}
_IN_LUNG = ("lung", "apical_zone", "upper_lung_zone", "mid_lung_zone", "lower_lung_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """`boxes` of the 29 locations in image pixels, and soft masks of right lung, left lung and heart.

    `outlines` `(3, 2 * grid, 2 * grid)` holds the masks at twice the token grid; `right_lung`, `left_lung` and `heart`
    are they on the grid itself. The lungs go on behind the heart and end at the diaphragm's dome. `film` says what is
    wrong with the film as stored; None where no locator looked.
    """

    boxes: Mapping[Place, Box]
    outlines: Array
    film: FilmState | None = None

    @property
    def right_lung(self) -> Array:
        return _on_grid(self.outlines[0])

    @property
    def left_lung(self) -> Array:
        return _on_grid(self.outlines[1])

    @property
    def heart(self) -> Array:
        return _on_grid(self.outlines[2])


def _on_grid(fine: Array) -> Array:
    """Mean of every two by two cells."""
    half = fine.shape[0] // 2
    return np.asarray(fine.reshape(half, 2, half, 2).mean(axis=(1, 3)), dtype=np.float32)


def mean_shape(geometry: Geometry) -> Located:
    """The average thorax laid over the image, whatever it shows: the floor of every locator and the fallback."""
    boxes = mean_boxes(geometry)
    fine = replace(geometry, grid=2 * geometry.grid)
    return Located(
        boxes=boxes, outlines=np.stack([grid_weights(fine, boxes[place]) for place in (RIGHT_LUNG, LEFT_LUNG, HEART)])
    )


def mean_boxes(geometry: Geometry) -> dict[Place, Box]:
    """The mean shape's boxes."""
    return {place: _mean_box(place, geometry) for place in LOCATIONS}


def _mean_box(place: Place, geometry: Geometry) -> Box:
    if place.side is None:
        x0, y0, x1, y1 = _MEAN_UNSIDED[place.anatomy]
    else:
        x0, y0, x1, y1 = _MEAN_SIDED[place.anatomy]
        if place.side == "left":
            x0, x1 = 1.0 - x1, 1.0 - x0
    width, height = geometry.width, geometry.height
    return Box(x0=x0 * width, y0=y0 * height, x1=x1 * width, y1=y1 * height)


def region_weights(located: Located, place: Place, box: Box, geometry: Geometry) -> Array:
    """Pooling weights of a location: its box, inside the lung's soft mask for parts of a lung, inside the heart's."""
    inside = grid_weights(geometry, box)
    organ = _organ(located, place)
    if organ is None:
        return inside
    weights = inside * organ
    # A lung that the locator did not see (white-out, tight crop) leaves nothing of the product: the box alone then.
    return weights if float(weights.sum()) > 0.1 * float(inside.sum()) else inside


def _organ(located: Located, place: Place) -> Array | None:
    lung = lung_of(place)
    if lung is not None:
        return located.right_lung if lung == RIGHT_LUNG else located.left_lung
    return located.heart if place == HEART else None


def lung_of(place: Place) -> Place | None:
    """The lung of which a location is the whole or a zone; None for other locations."""
    return Place(anatomy="lung", side=place.side) if place.anatomy in _IN_LUNG else None


def moved_with_lungs(boxes: Mapping[Place, Box], given: Mapping[Place, Box]) -> dict[Place, Box]:
    """`boxes` with the given ones in place, and the parts of a given lung moved and stretched along with it."""
    moved = dict(boxes)
    for place in LOCATIONS:
        lung = Place(anatomy="lung", side=place.side)
        if place.side is not None and place != lung and lung in given:
            moved[place] = _carried(boxes[place], boxes[lung], given[lung])
    moved.update(given)
    return moved


def _carried(box: Box, source: Box, target: Box) -> Box:
    """`box` under the map that takes `source` to `target`."""
    sx = (target.x1 - target.x0) / (source.x1 - source.x0)
    sy = (target.y1 - target.y0) / (source.y1 - source.y0)
    return Box(
        x0=target.x0 + (box.x0 - source.x0) * sx,
        y0=target.y0 + (box.y0 - source.y0) * sy,
        x1=target.x0 + (box.x1 - source.x0) * sx,
        y1=target.y0 + (box.y1 - source.y0) * sy,
    )


def mask_box(mask: np.ndarray) -> Box:
    """The smallest box around a mask's pixels; the mask must not be empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(x0=float(columns[0]), y0=float(rows[0]), x1=float(columns[-1] + 1), y1=float(rows[-1] + 1))
