"""From pointing to places: a name, phrase, box or mask becomes weighted locations; box and mask also a free region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, on_radiograph, parse_place
from casekin.errors import InputError
from casekin.models import EncodedImage, grid_weights
from casekin.models.geometry import Array
from casekin.retrieval.answer import ResolvedRegion, Source
from casekin.types import Box, Place

_FEWEST_OVERLAP = 0.05
"""Locations whose box meets the drawn region by less (intersection over union) don't describe it."""
_MOST_LOCATIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeRegion:
    """A drawn region: its pooled vector, the mean that was subtracted, where it lies relative to a location."""

    vector: Array
    center: Array
    evidence: int
    box: Box
    anchor: Place
    anchor_box: Box


def resolve_names(names: Sequence[str], *, source: Source = "name") -> tuple[ResolvedRegion, ...]:
    """Locations for places named by the user, shares summing to 1. Raises `PlaceError` with the nearest names."""
    return resolve_places([parse_place(name) for name in names], source=source)


def resolve_places(places: Sequence[Place], *, source: Source) -> tuple[ResolvedRegion, ...]:
    """Locations for canonical places, the largest share first, shares summing to 1.

    Raises `PlaceError` when a frontal film can't show one.
    """
    regions = []
    for place in places:
        for location, share in on_radiograph(place).items():
            relaxed = None if location == place else place
            weight = share / len(places)
            regions.append(ResolvedRegion(place=location, weight=weight, source=source, relaxed_from=relaxed))
    return tuple(sorted(regions, key=lambda region: -region.weight))


def with_boxes(regions: Sequence[ResolvedRegion], boxes: Mapping[Place, Box]) -> tuple[ResolvedRegion, ...]:
    """The same regions with where each was found in the query image."""
    return tuple(
        ResolvedRegion(
            place=region.place,
            weight=region.weight,
            source=region.source,
            box=boxes.get(region.place),
            relaxed_from=region.relaxed_from,
        )
        for region in regions
    )


def resolve_drawn(
    encoded: EncodedImage, region: Box | NDArray[np.bool_]
) -> tuple[tuple[ResolvedRegion, ...], FreeRegion]:
    """Locations that a drawn box or mask covers, and its own vector. Raises `InputError` when it lies off the image."""
    source: Source = "box" if isinstance(region, Box) else "mask"
    weights = grid_weights(encoded.geometry, region)
    box = region if isinstance(region, Box) else _bounds(region)
    overlaps = {
        place: _intersection_over_union(box, encoded.boxes[place]) for place in LOCATIONS if place in encoded.boxes
    }
    order = sorted(overlaps, key=lambda place: (-overlaps[place], LOCATIONS.index(place)))
    chosen = [place for place in order[:_MOST_LOCATIONS] if overlaps[place] >= _FEWEST_OVERLAP] or order[:1]
    total = sum(overlaps[place] for place in chosen) or float(len(chosen))
    regions = tuple(
        ResolvedRegion(place=place, weight=(overlaps[place] or 1.0) / total, source=source, box=box) for place in chosen
    )
    center = encoded.free_center(weights)
    free = FreeRegion(
        vector=encoded.pool(weights),
        center=center,
        evidence=encoded.evidence,
        box=box,
        anchor=chosen[0],
        anchor_box=encoded.boxes[chosen[0]],
    )
    return regions, free


def transfer_box(free: FreeRegion, anchor_box: Box) -> Box:
    """Where the drawn region lies in another image: the same place relative to the same location's box."""
    scale_x = (anchor_box.x1 - anchor_box.x0) / (free.anchor_box.x1 - free.anchor_box.x0)
    scale_y = (anchor_box.y1 - anchor_box.y0) / (free.anchor_box.y1 - free.anchor_box.y0)
    return Box(
        x0=anchor_box.x0 + (free.box.x0 - free.anchor_box.x0) * scale_x,
        y0=anchor_box.y0 + (free.box.y0 - free.anchor_box.y0) * scale_y,
        x1=anchor_box.x0 + (free.box.x1 - free.anchor_box.x0) * scale_x,
        y1=anchor_box.y0 + (free.box.y1 - free.anchor_box.y0) * scale_y,
    )


def _bounds(mask: NDArray[np.bool_]) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        raise InputError("mask: expected at least one pixel inside, got none; draw the region again")
    return Box(x0=float(columns[0]), y0=float(rows[0]), x1=float(columns[-1] + 1), y1=float(rows[-1] + 1))


def _intersection_over_union(a: Box, b: Box) -> float:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a.area + b.area - width * height)
