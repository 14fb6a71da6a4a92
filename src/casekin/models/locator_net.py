"""The trained locator: a small convolutional decoder over the encoder's own maps, run by ONNX Runtime.

It gives one soft map per location (1 inside its box) and per organ (right lung, left lung, heart); a box is where the
map's row and column profiles cross half of their height. A lung's box is that of its outline, which edges hold better
than a filled box, and the lung's parts are carried along with it. What the maps don't show keeps its place in the mean
shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.anatomy import LOCATIONS
from casekin.errors import ModelError
from casekin.models.features import INPUT_SIZE, LEVELS, Features, open_session
from casekin.models.film import FilmState
from casekin.models.geometry import Array, Geometry, inside_image
from casekin.models.locator import LEFT_LUNG, RIGHT_LUNG, Located, mean_boxes, moved_with_lungs
from casekin.types import Box, Place

MAP_SIZE = 48
ORGANS = 3  # right lung, left lung, heart, after the locations' maps
# Peak of a map below which the location counts as not seen, and share of the peak at which its box ends.
SEEN = 0.3
EDGE = 0.5
# Radiologists draw a lung's box loosely: by this share of the lung's width and height beyond its outline. Between the
# 0 that fits one group's boxes best and the 0.04 of another's (docs/log.md, "The locator learns from real films").
LUNG_MARGIN = 0.02
# Cells of one map touch by their sides, cells of different maps never.
_WITHIN_A_MAP = np.array([[[0, 0, 0]] * 3, [[0, 1, 0], [1, 1, 1], [0, 1, 0]], [[0, 0, 0]] * 3])


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
        found = _known(LOCATIONS, filled_boxes(maps[: len(LOCATIONS)], geometry))
        organs = _without_specks(maps[len(LOCATIONS) :])
        lungs = _known((RIGHT_LUNG, LEFT_LUNG), outline_boxes(organs[:2], geometry))
        carried = moved_with_lungs(mean_boxes(geometry), lungs)
        boxes = moved_with_lungs({place: found.get(place, carried[place]) for place in LOCATIONS}, lungs)
        boxes |= {place: grown(box, LUNG_MARGIN) for place, box in lungs.items()}
        return Located(
            boxes={place: inside_image(geometry, box) for place, box in boxes.items()},
            outlines=organs,
            film=film,
        )


def _known(places: Sequence[Place], boxes: Sequence[Box | None]) -> dict[Place, Box]:
    return {place: box for place, box in zip(places, boxes, strict=True) if box is not None}


def filled_boxes(maps: Array, geometry: Geometry) -> list[Box | None]:
    """The boxes in image pixels of soft maps `(n, MAP_SIZE, MAP_SIZE)` of filled boxes; None for a peak below SEEN."""
    peaks = maps.max(axis=(1, 2))
    inside = _largest_parts(maps > EDGE * peaks[:, None, None])
    near = np.where(_widened(inside), maps, np.float32(0.0))
    rows = _row_means(near, np.asarray(inside.any(axis=1)))
    columns = _row_means(near.transpose(0, 2, 1), np.asarray(inside.any(axis=2)))
    edges = _crossings(rows, EDGE * rows.max(axis=1)), _crossings(columns, EDGE * columns.max(axis=1))
    return _image_boxes(*edges, seen=peaks >= SEEN, geometry=geometry)


def _row_means(maps: Array, kept: NDArray[np.bool_]) -> Array:
    """Mean of each map's rows over its kept columns; 0 where it keeps none."""
    weights = (kept / np.maximum(kept.sum(axis=1, keepdims=True), 1)).astype(np.float32)
    means = np.asarray(maps @ weights[:, :, None], dtype=np.float32)
    return means[:, :, 0]


def outline_boxes(maps: Array, geometry: Geometry) -> list[Box | None]:
    """The boxes in image pixels around soft outlines where they exceed EDGE; None where nothing does."""
    rows, columns = maps.max(axis=2), maps.max(axis=1)
    level = np.full(len(maps), EDGE, dtype=np.float32)
    edges = _crossings(rows, level), _crossings(columns, level)
    return _image_boxes(*edges, seen=rows.max(axis=1) > EDGE, geometry=geometry)


def grown(box: Box, margin: float) -> Box:
    """The box with `margin` times its width and height added on every side."""
    wide, high = margin * (box.x1 - box.x0), margin * (box.y1 - box.y0)
    return Box(x0=box.x0 - wide, y0=box.y0 - high, x1=box.x1 + wide, y1=box.y1 + high)


def _image_boxes(rows: Array, columns: Array, *, seen: NDArray[np.bool_], geometry: Geometry) -> list[Box | None]:
    """First and last cells `(n, 2)` of the maps as pixels of the image, cut to it; None where nothing is left."""
    pixel = INPUT_SIZE / MAP_SIZE
    y = np.clip((rows * pixel - geometry.offset_y) / geometry.scale, 0.0, geometry.height)
    x = np.clip((columns * pixel - geometry.offset_x) / geometry.scale, 0.0, geometry.width)
    left = seen & (x[:, 1] > x[:, 0]) & (y[:, 1] > y[:, 0])
    return [
        Box(x0=x0, y0=y0, x1=x1, y1=y1) if is_left else None
        for (x0, x1), (y0, y1), is_left in zip(x.tolist(), y.tolist(), left.tolist(), strict=True)
    ]


def _without_specks(maps: Array) -> Array:
    """Soft organ maps without what is neither the largest part nor next to it."""
    near = _widened(_widened(_largest_parts(maps > EDGE)))
    return np.where(near, maps, np.float32(0.0))


def _largest_parts(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest 4-connected part of each mask; ties go to the first in reading order; an empty mask stays empty."""
    labels, count = ndimage.label(inside, structure=_WITHIN_A_MAP)
    if count == 0:
        return inside
    cells = np.flatnonzero(labels)
    numbers = labels.ravel()[cells]
    sizes = np.bincount(numbers)[1:]
    owner = np.zeros(count, dtype=np.int64)  # the mask in which a part lies
    owner[numbers - 1] = cells // inside[0].size
    order = np.argsort(-sizes, kind="stable")
    owners, first = np.unique(owner[order], return_index=True)
    largest = np.full(len(inside), -1, dtype=np.int64)
    largest[owners] = order[first] + 1
    return np.asarray(labels == largest[:, None, None], dtype=np.bool_)


def _widened(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Masks with all cells that share a side with theirs."""
    wide = inside.copy()
    wide[:, 1:] |= inside[:, :-1]
    wide[:, :-1] |= inside[:, 1:]
    wide[:, :, 1:] |= inside[:, :, :-1]
    wide[:, :, :-1] |= inside[:, :, 1:]
    return wide


def _crossings(profiles: Array, levels: Array) -> Array:
    """Where each profile first rises above and last falls below its level, in cells with fractions, `(n, 2)`.

    A profile that does not reach its level gives numbers that mean nothing.
    """
    above = profiles >= levels[:, None]
    return np.stack(
        [_rise(profiles, above, levels), profiles.shape[1] - _rise(profiles[:, ::-1], above[:, ::-1], levels)], axis=1
    )


def _rise(profiles: Array, above: NDArray[np.bool_], levels: Array) -> Array:
    """Where each profile first rises above its level."""
    first, rows = above.argmax(axis=1), np.arange(len(profiles))
    value, before = profiles[rows, first], profiles[rows, np.maximum(first - 1, 0)]
    # Values stand for cell centres; between a centre above and its neighbour below the crossing is interpolated.
    step = np.where(value > before, value - before, np.float32(1.0))
    return np.where(first > 0, first + 0.5 - (value - levels) / step, 0.0)
