"""Pairs of regions: what was pointed at in the question's image, and the same place in a hit's, with their map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.index import StoredImage
from casekin.models import ImageEncoder, grid_weights
from casekin.models.geometry import Array
from casekin.retrieval.encode import EncodedFile, mask_in_view, turn_of
from casekin.retrieval.explain.check import why_no_maps
from casekin.retrieval.explain.pair_map import RegionCells, SeenFinding, map_pair, region_cells
from casekin.retrieval.explain.seen import SeenImage, SideMap, lay_on_stored, see_file, see_stored
from casekin.retrieval.hit import Hit, ResolvedRegion, Source
from casekin.types import Box, Place

MOST_PAIRS = 3
"""Places of a question that a card shows."""
SCALE: Mapping[str, Any] = {
    "from": 0,
    "to": 1,
    "means": "chance that this cell and its best partner in the other region show the same finding",
}
NOT_CARRIED = "no finding is surely shown by both pictures"
_DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionPair:
    """A place in both images; boxes in stored pixels, None where it wasn't found.

    `query_map` and `hit_map` are None where there is no map, and `reason` says why. `both`, `only_query`, `only_hit`
    are findings by the pictures alone. `source` is None where nothing was pointed at: the place is then the one that
    brings most to the likeness of the whole images.
    """

    place: Place
    source: Source | None
    relaxed_from: Place | None
    query_box: Box | None
    hit_box: Box | None
    reason: str | None = None
    query_map: SideMap | None = None
    hit_map: SideMap | None = None
    both: tuple[SeenFinding, ...] = ()
    only_query: tuple[SeenFinding, ...] = ()
    only_hit: tuple[SeenFinding, ...] = ()

    def as_record(self) -> dict[str, Any]:
        where = {"anatomy": self.place.anatomy, "side": self.place.side}
        relaxed = {} if self.relaxed_from is None else {"relaxed_from": str(self.relaxed_from)}
        shown = None
        if self.query_map is not None and self.hit_map is not None:
            shown = {"scale": dict(SCALE), "query": _side_record(self.query_map), "hit": _side_record(self.hit_map)}
        return {
            "query_region": {**where, "box": _corners(self.query_box), "source": self.source, **relaxed},
            "hit_region": {**where, "box": _corners(self.hit_box)},
            "map": shown,
            "map_reason": self.reason,
            "both_show": [_finding_record(one) for one in self.both],
            "only_query_shows": [_finding_record(one) for one in self.only_query],
            "only_hit_shows": [_finding_record(one) for one in self.only_hit],
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pointed:
    """A question's image with what was pointed at in it: resolved `regions`, and the `mask` where one was drawn.

    `encoder` makes the hits' side of a map; None where no maps are wanted.
    """

    file: EncodedFile
    regions: Sequence[ResolvedRegion]
    mask: NDArray[np.bool_] | None
    encoder: ImageEncoder | None

    def why_no_map(self, image: StoredImage | None) -> str | None:
        """Why this image has no map with the question's; None where it has one."""
        if image is None:
            return "this case has no image"
        if self.file.kind != "radiograph" or image.kind != "radiograph":
            return "maps have not been checked for CT volumes"
        return "none was made for this hit" if self.encoder is None else why_no_maps(self.encoder)

    def cells(self, region: ResolvedRegion) -> RegionCells:
        """What a region of the question shows."""
        encoded, turn = self.file.encoded, self.file.turn
        if region.source not in ("box", "mask"):
            return _located(see_file(self.file), region.place)
        assert region.box is not None  # what was drawn has its bounds
        drawn = turn.to_frontal(region.box) if self.mask is None else mask_in_view(self.mask, turn)
        return _drawn(see_file(self.file), grid_weights(encoded.geometry, drawn))


def pair_regions(pointed: Pointed, hit: Hit, image: StoredImage | None) -> tuple[RegionPair, ...]:
    """The pairs of a hit: one for each place asked for, at most `MOST_PAIRS`; of whole images the most alike place."""
    regions = _asked(pointed.regions, hit)
    reason = pointed.why_no_map(image)
    pairs = [_pair(pointed, region, hit, image, reason) for region in regions]
    if reason is not None or image is None or pointed.encoder is None:
        return tuple(pairs)
    seen = see_stored(image, pointed.encoder)
    if not regions:
        place = _most_alike(see_file(pointed.file), seen)
        if place is None:
            return ()
        regions = [ResolvedRegion(place=place, weight=1.0, source="name", box=_query_box(pointed, place))]
        pairs = [replace(_pair(pointed, regions[0], hit, image, None), source=None)]
    return tuple(_mapped(pair, pointed, region, seen) for pair, region in zip(pairs, regions, strict=True))


def _asked(regions: Sequence[ResolvedRegion], hit: Hit) -> list[ResolvedRegion]:
    """The heaviest location of each place asked for; where the hit was found at a wider place, that one.

    A phrase or a drawn region asks for one thing, however many locations stand for it.
    """
    if hit.step and hit.region_place is not None:
        return [ResolvedRegion(place=hit.region_place, weight=1.0, source="name")]
    by_place: dict[Place, ResolvedRegion] = {}
    for region in sorted(regions, key=lambda one: -one.weight):
        by_place.setdefault(region.relaxed_from or region.place, region)
    named = all(region.source == "name" for region in regions)
    return list(by_place.values())[: MOST_PAIRS if named else 1]


def _pair(
    pointed: Pointed, region: ResolvedRegion, hit: Hit, image: StoredImage | None, reason: str | None
) -> RegionPair:
    box = hit.region_box
    if image is not None and region.place != hit.region_place:
        located = image.boxes.get(str(region.place))
        box = None if located is None else turn_of(image.turn).to_stored(located)
    return RegionPair(
        place=region.place,
        source=region.source,
        relaxed_from=region.relaxed_from,
        query_box=region.box or _query_box(pointed, region.place),
        hit_box=box,
        reason=reason,
    )


def _query_box(pointed: Pointed, place: Place) -> Box | None:
    found = pointed.file.encoded.boxes.get(place)
    return None if found is None else pointed.file.turn.to_stored(found)


def _mapped(pair: RegionPair, pointed: Pointed, region: ResolvedRegion, seen: SeenImage) -> RegionPair:
    if pair.hit_box is None:
        return replace(pair, reason="the place was not found in this case's image")
    query = pointed.cells(region)
    if region.source in ("box", "mask"):
        hit = _drawn(seen, grid_weights(seen.encoded.geometry, seen.turn.to_frontal(pair.hit_box)))
    else:
        hit = _located(seen, pair.place)
    found = map_pair(query, hit)
    return replace(
        pair,
        reason=None if found.shared else NOT_CARRIED,
        query_map=lay_on_stored(found.query, query.inside, see_file(pointed.file)),
        hit_map=lay_on_stored(found.hit, hit.inside, seen),
        both=found.shared,
        only_query=found.only_query,
        only_hit=found.only_hit,
    )


def _located(seen: SeenImage, place: Place) -> RegionCells:
    encoded = seen.encoded
    return region_cells(encoded, encoded.weights[place], encoded.region_vectors[place][: encoded.form.count])


def _drawn(seen: SeenImage, weights: Array) -> RegionCells:
    return region_cells(seen.encoded, weights, seen.encoded.pool(weights)[: seen.encoded.form.count])


def _most_alike(query: SeenImage, hit: SeenImage) -> Place | None:
    """The location, whole lungs apart, where two images most surely show a finding that carries it; None: nowhere."""
    alike: dict[Place, float] = {}
    for place in LOCATIONS:
        if place.anatomy != "lung":
            shared = map_pair(_located(query, place), _located(hit, place)).shared
            alike[place] = max((one.product * one.match for one in shared), default=0.0)
    best = max(alike, key=lambda place: alike[place])  # ties by the places' order
    return best if alike[best] > 0.0 else None


def _side_record(side: SideMap) -> dict[str, Any]:
    rows, columns = side.cells.shape
    cells = np.round(side.cells.astype(np.float64), _DECIMALS).tolist()
    return {"box": _corners(side.box), "rows": rows, "columns": columns, "cells": cells}


def _finding_record(one: SeenFinding) -> dict[str, Any]:
    return {
        "finding": one.finding,
        "query": round(one.query, _DECIMALS),
        "hit": round(one.hit, _DECIMALS),
        "product": round(one.product, _DECIMALS),
        "match": round(one.match, _DECIMALS),
    }


def _corners(box: Box | None) -> list[float] | None:
    return None if box is None else [round(value, 1) for value in box.as_list()]
