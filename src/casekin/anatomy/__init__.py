"""Anatomy as words: the 29 thoracic locations, names, part-of, mirror, and where a place shows on a radiograph.

Data: `anatomy.json` (see README.md beside it). Ids are unsided; the side is an attribute of `Place`.
"""

from casekin.anatomy.names import SIDE_WORDS, nearest_places, parse_place, sided, spellings
from casekin.anatomy.radiograph import on_radiograph
from casekin.anatomy.tree import (
    ANATOMIES,
    LOCATIONS,
    Anatomy,
    anatomy,
    anatomy_names,
    is_part_of,
    mirror,
    overlaps,
    parents,
)

__all__ = [
    "ANATOMIES",
    "LOCATIONS",
    "SIDE_WORDS",
    "Anatomy",
    "anatomy",
    "anatomy_names",
    "is_part_of",
    "mirror",
    "nearest_places",
    "on_radiograph",
    "overlaps",
    "parents",
    "parse_place",
    "sided",
    "spellings",
]
