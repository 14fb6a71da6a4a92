"""The words that the pages offer while one types: places that a film shows, and findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from casekin.anatomy import ANATOMIES, LOCATIONS, on_radiograph, spellings
from casekin.errors import PlaceError
from casekin.findings import FINDINGS
from casekin.types import Place, Side

_SIDES: tuple[Side, ...] = ("left", "right")
_LONGEST_ABBREVIATION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A place's name, and what else it is called: `right lower lobe`, also `RLL`."""

    name: str
    others: tuple[str, ...]


@cache
def known_places() -> tuple[Offer, ...]:
    """Places that a frontal film shows, as people write them: the 29 locations first, then lobes and the rest."""
    places = list(LOCATIONS)
    for node in ANATOMIES.values():
        sides: tuple[Side | None, ...] = (node.only,) if node.only else _SIDES if node.paired else (None,)
        places += [Place(anatomy=node.id, side=side) for side in sides]
    return tuple(_offer(place) for place in dict.fromkeys(places) if _is_shown(place))


@cache
def known_findings() -> tuple[str, ...]:
    """Findings by their names."""
    return tuple(sorted(finding.name for finding in FINDINGS.values()))


def _offer(place: Place) -> Offer:
    """Other names that mean this place, alone or with its side before them."""
    name = str(place).replace("_", " ")
    node = ANATOMIES[place.anatomy]
    others = dict.fromkeys(other for other, side in spellings(node) if side in (None, place.side))
    return Offer(name=name, others=tuple(_shown(other) for other in others if other not in (name, node.name)))


def _shown(name: str) -> str:
    is_abbreviation = len(name) <= _LONGEST_ABBREVIATION and " " not in name
    return name.upper() if is_abbreviation else name


def _is_shown(place: Place) -> bool:
    try:
        return bool(on_radiograph(place))
    except PlaceError:
        return False
