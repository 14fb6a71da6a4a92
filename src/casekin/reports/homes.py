"""Where a finding can be: a stated place as the finding's own, or its home on the stated side."""

from __future__ import annotations

from casekin.anatomy import ANATOMIES, is_part_of, overlaps
from casekin.findings import FINDINGS
from casekin.types import Place, Side

_GENERIC = frozenset({"lung", "hemithorax", "thorax"})
_WITHIN_CHEST = frozenset({"lung", "pleura", "pleural_space"})
# A lung or pleural finding "overlying the right ninth rib" is somewhere on the right.
_PROJECTED = frozenset({"rib", "clavicle", "scapula", "chest_wall", "breast", "hemidiaphragm", "axilla", "pleura"})


def fit_place(name: str, place: Place) -> Place | None:
    """The place as the finding's own: kept where the finding can be there, the sided home where it is near, else None.

    "effusion at the left base" is an effusion of the left pleural space; "cardiomegaly in the left lung" doesn't fit.
    """
    homes = FINDINGS[name].homes
    bare = Place(anatomy=place.anatomy)
    for home in homes:
        if is_part_of(bare, Place(anatomy=_anatomy(home))):
            return place
    home_place = FINDINGS[name].home
    near = place.anatomy in _GENERIC or (place.anatomy in _PROJECTED and home_place.anatomy in _WITHIN_CHEST)
    near = near or overlaps(bare, Place(anatomy=home_place.anatomy))
    near = (
        near
        or is_part_of(Place(anatomy=home_place.anatomy), bare)
        or ("pleural" in home_place.anatomy and _in_lung(bare))
    )
    if near and ANATOMIES[home_place.anatomy].paired:
        return with_side(home_place, place.side)
    if near:
        return home_place
    other = next((_anatomy(h) for h in homes[1:] if overlaps(bare, Place(anatomy=_anatomy(h)))), None)
    return None if other is None else with_side(Place(anatomy=other, side=ANATOMIES[other].only), place.side)


def _anatomy(home: str) -> str:
    return home if home in ANATOMIES else home.partition("_")[2]


def _in_lung(bare: Place) -> bool:
    return is_part_of(bare, Place(anatomy="lung"))


def with_side(place: Place, side: Side | None) -> Place:
    """The place on the side, where its anatomy has sides."""
    node = ANATOMIES[place.anatomy]
    return Place(anatomy=place.anatomy, side=side) if side and node.paired and node.only is None else place
