"""Where a place shows on a frontal chest radiograph: weights over the 29 locations."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from casekin.anatomy.tree import ANATOMIES, LOCATIONS, anatomy, split_place
from casekin.errors import PlaceError
from casekin.types import Place, Side

_LOCATION_SET = frozenset(LOCATIONS)


def on_radiograph(place: Place) -> dict[Place, float]:
    """Weights over `LOCATIONS` that sum to 1: a location is itself, a lobe its zones, both sides half each.

    The weights tell roughly how a place's projection spreads over the locations; they are set by hand in
    `anatomy.json`. Raises PlaceError when a frontal chest radiograph doesn't show the place ('brain').
    """
    return dict(_weights(place))


@lru_cache(maxsize=1024)
def _weights(place: Place) -> MappingProxyType[Place, float]:
    node = anatomy(place.anatomy)
    if place in _LOCATION_SET:
        return MappingProxyType({place: 1.0})
    if node.radiograph is None:
        raise PlaceError(
            f"place: {node.name!r} is not visible on a frontal chest radiograph; use one of its 29 locations"
        )
    sides: list[Side] = [place.side] if place.side in ("left", "right") else ["left", "right"]
    if node.only is not None:
        sides = [node.only]
    summed: dict[Place, float] = {}
    for side in sides:
        for name, weight in node.radiograph.items():
            target = split_place(name)
            if target.side is None and ANATOMIES[target.anatomy].paired:
                target = Place(anatomy=target.anatomy, side=side)
            summed[target] = summed.get(target, 0.0) + weight / len(sides)
    return MappingProxyType({where: summed[where] for where in LOCATIONS if where in summed})
