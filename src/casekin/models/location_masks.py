"""Masks of the locations at image size: parts of a lung inside its outline, the heart, what lies between the lungs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import on_radiograph
from casekin.models.geometry import Array, Geometry, grid_weights
from casekin.models.locator import HEART, Located, lung_of
from casekin.types import Place

# A lung or heart that covers less than this share of the location's box was not seen there: the box stands for it.
_SEEN = 0.1
_BETWEEN_LUNGS = ("mediastinum", "upper_mediastinum")
_IN_HEART = ("cardiac_silhouette", "right_atrium")


def soft_mask(located: Located, place: Place, geometry: Geometry) -> Array:
    """How far each pixel belongs to a place, `(height, width)` float32 in [0, 1]; 1/2 is the outline.

    A location is its box, inside the lung or heart of which it is a part; the mediastinum is what its box leaves
    between the lungs, with the heart. A lobe or another place is the union of its locations, those that show less of it
    in proportion. Raises PlaceError for a place that no frontal radiograph shows.
    """
    weights = on_radiograph(place)
    most = max(weights.values())
    parts = [_location(located, one, geometry) * np.float32(weight / most) for one, weight in weights.items()]
    return _at_image_size(np.maximum.reduce(parts), geometry)


def location_mask(located: Located, place: Place, geometry: Geometry) -> NDArray[np.bool_]:
    """The pixels of a place, `(height, width)`: where `soft_mask` is over one half."""
    return soft_mask(located, place, geometry) > 0.5


def _location(located: Located, place: Place, geometry: Geometry) -> Array:
    """A location on the cells of the outlines, `(n, n)`."""
    right, left, heart = located.outlines
    inside = grid_weights(replace(geometry, grid=right.shape[0]), located.boxes[place])
    lung = lung_of(place)
    if lung is not None:
        organ = right if lung.side == "right" else left
        # A lung's own box may be drawn with a margin or cut; its outline is the better judge.
        part = organ if place == lung else np.minimum(inside, organ)
    elif place.anatomy in _IN_HEART:
        part = heart if place == HEART else np.minimum(inside, heart)
    elif place.anatomy in _BETWEEN_LUNGS:
        part = np.minimum(inside, np.maximum(heart, 1.0 - np.clip(right + left, 0.0, 1.0)))
    else:
        return inside
    return part if float(part.sum()) > _SEEN * float(inside.sum()) else inside


def _at_image_size(cells: Array, geometry: Geometry) -> Array:
    """Cells `(n, n)` over the model's input as pixels of the image: bilinear between cell centres, flat beyond them."""
    padded, per_pixel = np.pad(cells, 1, mode="edge"), cells.shape[0] / geometry.input_size
    rows, down = _taps(geometry.height, geometry.scale_y, geometry.offset_y, per_pixel, cells.shape[0])
    columns, across = _taps(geometry.width, geometry.scale_x, geometry.offset_x, per_pixel, cells.shape[0])
    between = padded[:, columns] * (1 - across) + padded[:, columns + 1] * across
    return np.asarray(between[rows] * (1 - down[:, None]) + between[rows + 1] * down[:, None], dtype=np.float32)


def _taps(size: int, scale: float, offset: float, per_pixel: float, cells: int) -> tuple[NDArray[np.int64], Array]:
    """For each pixel the padded cell before its centre, and how far on to the next one it lies."""
    position = np.clip(((np.arange(size) + 0.5) * scale + offset) * per_pixel + 0.5, 0.0, cells + 0.999)
    low = np.floor(position).astype(np.int64)
    return low, (position - low).astype(np.float32)
