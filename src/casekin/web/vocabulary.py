"""The words that the pages offer while one types: places that a film shows, and findings."""

from __future__ import annotations

from functools import cache

from casekin.anatomy import ANATOMIES, LOCATIONS, on_radiograph
from casekin.errors import PlaceError
from casekin.findings import FINDINGS
from casekin.types import Place, Side

_SIDES: tuple[Side, ...] = ("left", "right")


@cache
def known_places() -> tuple[str, ...]:
    """Places that a frontal film shows, as people write them: the 29 locations first, then lobes and the rest."""
    places = list(LOCATIONS)
    for node in ANATOMIES.values():
        sides: tuple[Side | None, ...] = (node.only,) if node.only else _SIDES if node.paired else (None,)
        places += [Place(anatomy=node.id, side=side) for side in sides]
    return tuple(str(place).replace("_", " ") for place in dict.fromkeys(places) if _is_shown(place))


@cache
def known_findings() -> tuple[str, ...]:
    """Findings by their names."""
    return tuple(sorted(finding.name for finding in FINDINGS.values()))


def _is_shown(place: Place) -> bool:
    try:
        return bool(on_radiograph(place))
    except PlaceError:
        return False
