"""What a question points at: a drawn box or mask, named places, or those of a phrase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.errors import InputError
from casekin.models.phrase import read_phrase
from casekin.retrieval.encode import EncodedFile, mask_in_view
from casekin.retrieval.hit import ResolvedRegion
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.resolve import FreeRegion, Shown, resolve_drawn, resolve_places, resolve_weights, with_boxes
from casekin.retrieval.text import TextQuestion
from casekin.types import Box, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """Places asked, locations that stand for them, and a drawn region's own vector; nothing where all is asked."""

    places: tuple[Place, ...]
    regions: tuple[ResolvedRegion, ...]
    free: FreeRegion | None = None


def point(query: SearchQuery, image: EncodedFile | None, asked: TextQuestion | None, *, shown: Shown) -> Pointing:
    """Resolve every way of pointing to locations. A drawn region wins over names; a phrase's places count as named.

    Raises `InputError` for a region outside the image or a phrase that names nothing known, and `PlaceError` for a
    place that images of the kind can't show.
    """
    names = tuple(parse_place(name) for name in query.at)
    if image is not None and (query.box is not None or query.mask is not None):
        regions, free = resolve_drawn(image.encoded, _drawn(query, image))
        return Pointing(places=names or tuple(region.place for region in regions[:1]), regions=regions, free=free)
    if names:
        regions = resolve_places(names, source="name", shown=shown)
    elif query.phrase and image is not None:
        weights = read_phrase(query.phrase).places
        if not weights:
            raise InputError("phrase: expected a finding or a place in it, got none that is known; say it otherwise")
        names = tuple(weights)
        regions = resolve_weights(weights, source="phrase")
    elif query.phrase and asked is not None and asked.facts:
        names = tuple(dict.fromkeys(fact.place for fact in asked.facts))
        regions = resolve_places(names, source="phrase", shown=shown)
    else:
        return Pointing(places=(), regions=())
    return Pointing(places=names, regions=regions if image is None else with_boxes(regions, image.encoded.boxes))


def _drawn(query: SearchQuery, image: EncodedFile) -> Box | NDArray[np.bool_]:
    """The drawn box or mask in pixels of the frontal view."""
    rows, columns = image.turn.stored
    if query.box is not None:
        inside = query.box.clipped(width=columns, height=rows)
        if inside is None:
            raise InputError(f"box: expected a rectangle inside the image of {columns} x {rows} pixels; draw it again")
        return image.turn.to_frontal(inside)
    assert query.mask is not None
    if query.mask.shape != (rows, columns):
        height, width = query.mask.shape
        raise InputError(f"mask: expected the image's {columns} x {rows} pixels, got {width} x {height}; draw it again")
    return mask_in_view(query.mask, image.turn)
