"""The trained locator: a small convolutional decoder over the encoder's own maps, run by ONNX Runtime.

It gives one soft map per location (1 inside its box) and per organ (right lung, left lung, heart); a box is where the
map's row and column profiles cross half of their height. A lung's box is that of its outline, which edges hold better
than a filled box, and the lung's parts are carried along with it. What the maps don't show keeps its place in the mean
shape.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.anatomy import LOCATIONS
from casekin.errors import ModelError
from casekin.models.features import INPUT_SIZE, LEVELS, Features, open_session
from casekin.models.film import FilmState
from casekin.models.geometry import Array, Geometry, inside_image
from casekin.models.locator import LEFT_LUNG, RIGHT_LUNG, Located, mean_shape, moved_with_lungs
from casekin.types import Box, Place

MAP_SIZE = 48
ORGANS = 3  # right lung, left lung, heart, after the locations' maps
# Peak of a map below which the location counts as not seen, and share of the peak at which its box ends.
SEEN = 0.3
EDGE = 0.5
# Radiologists draw a lung's box loosely: by this share of the lung's width and height beyond its outline. Between the
# 0 that fits one group's boxes best and the 0.04 of another's (docs/log.md, "The locator learns from real films").
LUNG_MARGIN = 0.02


class Locator:
    """Boxes of the 29 locations, soft organ masks and the film's state from the maps of `FeatureNet`."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._session = open_session(path, threads=threads)

    def run(self, features: Features) -> tuple[Array, FilmState | None]:
        """Soft maps `(29 + 3, MAP_SIZE, MAP_SIZE)` in [0, 1] over the letterboxed input, and the film's state.

        The file's outputs: maps, then orientation (8), inverted (2) and view (3) as `FilmState.from_shares` takes them,
        or maps alone: the state is None then.
        """
        given = {name: features.maps[name][None] for name in LEVELS}
        out, *shares = self._session.run(None, given)
        maps = np.asarray(out[0], dtype=np.float32)
        if maps.shape != (len(LOCATIONS) + ORGANS, MAP_SIZE, MAP_SIZE):
            raise ModelError(f"locator gives maps {maps.shape}, expected {len(LOCATIONS) + ORGANS} of {MAP_SIZE}²")
        return maps, FilmState.from_shares(*(share[0].tolist() for share in shares)) if shares else None

    def __call__(self, features: Features) -> Located:
        """Locate everything in one image; what is not seen comes from the mean shape."""
        (maps, film), geometry = self.run(features), features.geometry
        found = {
            place: box
            for place, one in zip(LOCATIONS, maps, strict=False)
            if (box := profile_box(one, geometry)) is not None
        }
        right, left, heart = (_without_specks(one) for one in maps[len(LOCATIONS) :])
        lungs = {
            place: box
            for place, one in ((RIGHT_LUNG, right), (LEFT_LUNG, left))
            if (box := outline_box(one, geometry)) is not None
        }
        carried = moved_with_lungs(mean_shape(geometry).boxes, lungs)
        boxes = moved_with_lungs({place: found.get(place, carried[place]) for place in LOCATIONS}, lungs)
        boxes |= {place: grown(box, LUNG_MARGIN) for place, box in lungs.items()}
        return Located(
            boxes={place: inside_image(geometry, box) for place, box in boxes.items()},
            outlines=np.stack([right, left, heart]),
            film=film,
        )


def profile_box(one: Array, geometry: Geometry) -> Box | None:
    """The box in image pixels of a soft map of a filled box; None where its peak is below SEEN."""
    peak = float(one.max())
    if peak < SEEN:
        return None
    inside = _largest_part(one > EDGE * peak)
    one = np.where(ndimage.binary_dilation(inside, iterations=1), one, 0.0).astype(np.float32)
    rows = one[:, inside.any(axis=0)].mean(axis=1)
    columns = one[inside.any(axis=1)].mean(axis=0)
    return _image_box(_crossings(rows, EDGE * rows.max()), _crossings(columns, EDGE * columns.max()), geometry)


def outline_box(one: Array, geometry: Geometry) -> Box | None:
    """The box in image pixels around a soft outline where it exceeds EDGE; None where nothing does."""
    if float(one.max()) <= EDGE:
        return None
    return _image_box(_crossings(one.max(axis=1), EDGE), _crossings(one.max(axis=0), EDGE), geometry)


def grown(box: Box, margin: float) -> Box:
    """The box with `margin` times its width and height added on every side."""
    wide, high = margin * (box.x1 - box.x0), margin * (box.y1 - box.y0)
    return Box(x0=box.x0 - wide, y0=box.y0 - high, x1=box.x1 + wide, y1=box.y1 + high)


def _image_box(rows: tuple[float, float], columns: tuple[float, float], geometry: Geometry) -> Box | None:
    """Cells of the map as pixels of the image, cut to it; None where nothing is left."""
    pixel = INPUT_SIZE / MAP_SIZE
    box = Box(
        x0=max((columns[0] * pixel - geometry.offset_x) / geometry.scale, 0.0),
        y0=max((rows[0] * pixel - geometry.offset_y) / geometry.scale, 0.0),
        x1=min((columns[1] * pixel - geometry.offset_x) / geometry.scale, float(geometry.width)),
        y1=min((rows[1] * pixel - geometry.offset_y) / geometry.scale, float(geometry.height)),
    )
    return box if box.x1 > box.x0 and box.y1 > box.y0 else None


def _without_specks(one: Array) -> Array:
    """A soft organ map without what is neither the largest part nor next to it."""
    near = ndimage.binary_dilation(_largest_part(one > EDGE), iterations=2)
    return np.where(near, one, 0.0).astype(np.float32)


def _largest_part(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest 4-connected part; ties go to the first in reading order; an empty mask stays empty."""
    labels, count = ndimage.label(inside)
    if count < 2:
        return inside
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(labels == int(sizes.argmax()), dtype=np.bool_)


def _crossings(profile: Array, level: float) -> tuple[float, float]:
    """Where a profile first rises above and last falls below a level that it reaches, in cells with fractions."""
    above = np.flatnonzero(profile >= level)
    first, last = int(above[0]), int(above[-1])
    # Values stand for cell centres; between a centre above and its neighbour below the crossing is interpolated.
    low = float(first)
    if first > 0:
        low = first + 0.5 - (profile[first] - level) / (profile[first] - profile[first - 1])
    high = float(last + 1)
    if last < len(profile) - 1:
        high = last + 0.5 + (profile[last] - level) / (profile[last] - profile[last + 1])
    return float(low), float(high)


def located_places(maps: Array) -> tuple[Place, ...]:
    """The locations whose maps reach SEEN: what the image shows by the locator's own judgement."""
    return tuple(place for place, one in zip(LOCATIONS, maps, strict=False) if float(one.max()) >= SEEN)
