"""Where a finding can be: a stated place as the finding's own, or its home on the stated side."""

from __future__ import annotations

from functools import lru_cache

from casekin.anatomy import ANATOMIES, is_part_of, overlaps
from casekin.findings import FINDINGS
from casekin.types import Place, Side

_GENERIC = frozenset({"lung", "hemithorax", "thorax"})
_WITHIN_CHEST = frozenset({"lung", "pleura", "pleural_space"})
# A lung or pleural finding "overlying the right ninth rib" is somewhere on the right.
_PROJECTED = ("rib", "clavicle", "scapula", "chest_wall", "breast", "hemidiaphragm", "axilla", "pleura")
# Adjectives and neighbours that mean another place with some findings: "thoracic spondylosis" is of the spine,
# "biapical pleural thickening" of the apical pleura, "hilar nodes" are in the hilum.
_RENAMED = {
    ("thorax", "spine"): "thoracic_spine",
    ("thorax", "vertebra"): "thoracic_spine",
    ("apical_zone", "pleura"): "apical_pleura",
    ("hilar_lymph_node", "mediastinum"): "hilar_structures",
    ("mediastinal_lymph_node", "mediastinum"): "mediastinum",
}


@lru_cache(maxsize=16384)
def fit_place(name: str, place: Place) -> Place | None:
    """The place as the finding's own: kept where the finding can be there, the sided home where it is near, else None.

    "effusion at the left base" is an effusion of the left pleural space; "cardiomegaly in the left lung" doesn't fit.
    """
    homes = FINDINGS[name].homes
    home_place = FINDINGS[name].home
    renamed = _RENAMED.get((place.anatomy, home_place.anatomy))
    if renamed is not None:
        return with_side(Place(anatomy=renamed), place.side)
    bare = Place(anatomy=place.anatomy)
    if any(is_part_of(bare, Place(anatomy=_anatomy(home))) for home in homes):
        return place
    if _is_near(bare, home_place):
        return with_side(home_place, place.side)
    other = next((_anatomy(h) for h in homes[1:] if overlaps(bare, Place(anatomy=_anatomy(h)))), None)
    return None if other is None else with_side(Place(anatomy=other, side=ANATOMIES[other].only), place.side)


def _is_near(bare: Place, home: Place) -> bool:
    """Whether a statement at the place is one about the home: the whole of it, over it, or the lung for the pleura."""
    home_bare = Place(anatomy=home.anatomy)
    if bare.anatomy in _GENERIC or overlaps(bare, home_bare) or is_part_of(home_bare, bare):
        return True
    if home.anatomy in _WITHIN_CHEST and any(is_part_of(bare, Place(anatomy=over)) for over in _PROJECTED):
        return True
    return "pleural" in home.anatomy and is_part_of(bare, Place(anatomy="lung"))


def _anatomy(home: str) -> str:
    return home if home in ANATOMIES else home.partition("_")[2]


def with_side(place: Place, side: Side | None) -> Place:
    """The place on the side, where its anatomy has sides."""
    node = ANATOMIES[place.anatomy]
    return Place(anatomy=place.anatomy, side=side) if side and node.paired and node.only is None else place
