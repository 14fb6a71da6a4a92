"""Anatomy as words: the whole body's places, names, part-of, mirror, codes, and what shows them.

Data: `anatomy.json` and `foreign_names.json` (see README.md beside them). Ids are unsided; the side is an attribute of
`Place`.
"""

from casekin.anatomy.codes import anatomy_codes
from casekin.anatomy.foreign import foreign_names, foreign_place, foreign_schemes
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
from casekin.anatomy.visibility import is_lateral, visible_in

__all__ = [
    "ANATOMIES",
    "LOCATIONS",
    "SIDE_WORDS",
    "Anatomy",
    "anatomy",
    "anatomy_codes",
    "anatomy_names",
    "foreign_names",
    "foreign_place",
    "foreign_schemes",
    "is_lateral",
    "is_part_of",
    "mirror",
    "nearest_places",
    "on_radiograph",
    "overlaps",
    "parents",
    "parse_place",
    "sided",
    "spellings",
    "visible_in",
]
