"""From pointing to places: a name, phrase, box or mask becomes weighted locations; box and mask also a free region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import on_radiograph, parse_place
from casekin.errors import InputError
from casekin.index.records import GLOBAL, Kind
from casekin.models import EncodedImage, VectorForm, grid_weights
from casekin.models.ct import places_in_ct
from casekin.models.geometry import Array
from casekin.retrieval.hit import ResolvedRegion, Source
from casekin.types import Box, Place

Shown = Callable[[Place], Mapping[Place, float]]
"""The regions of an image that show a place, and their shares, which sum to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeRegion:
    """A drawn region: its vector, the locations it is like and their shares, where it lies relative to the first.

    `centers` are those locations' expected looks, `form` what made the vector: both make a candidate's own vector.
    """

    vector: Array
    shares: Mapping[Place, float]
    centers: Mapping[Place, Array]
    form: VectorForm
    box: Box
    anchor: Place
    anchor_box: Box


def resolve_places(
    places: Sequence[Place], *, source: Source, shown: Shown = on_radiograph
) -> tuple[ResolvedRegion, ...]:
    """Regions for canonical places, the largest share first, shares summing to 1.

    `shown` tells where images of the kind show a place: a radiograph in its 29 locations, a CT where `places_in_ct`
    found it. Raises `PlaceError` when they can't show one.
    """
    regions = []
    for place in places:
        for location, share in shown(place).items():
            relaxed = None if location == place else place
            weight = share / len(places)
            regions.append(ResolvedRegion(place=location, weight=weight, source=source, relaxed_from=relaxed))
    return tuple(sorted(regions, key=lambda region: -region.weight))


def shown_in(vectors: Mapping[str, object], kind: Kind) -> Shown:
    """Where images of a kind show a place; in a CT by the regions that it has vectors of."""
    if kind == "radiograph":
        return on_radiograph
    located = {parse_place(name): name for name in vectors if name != GLOBAL}
    return lambda place: places_in_ct(place, located)


def resolve_weights(weights: Mapping[Place, float], *, source: Source) -> tuple[ResolvedRegion, ...]:
    """Locations with given shares, the largest first."""
    regions = (ResolvedRegion(place=place, weight=weight, source=source) for place, weight in weights.items())
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
    shares = encoded.shares(weights)
    regions = tuple(
        ResolvedRegion(place=place, weight=share, source=source, box=box) for place, share in shares.items()
    )
    free = FreeRegion(
        vector=encoded.pool(weights),
        shares=shares,
        centers={place: encoded.centers[place] for place in shares},
        form=encoded.form,
        box=box,
        anchor=regions[0].place,
        anchor_box=encoded.boxes[regions[0].place],
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
