"""CT volumes: organs located in 3D, and vectors of their regions."""

from casekin.models.ct.encode import EncodedCT, encode_ct
from casekin.models.ct.encoder import CtEncoder, load_ct_encoder, places_in_ct
from casekin.models.ct.grid import BoxMm
from casekin.models.ct.locator import LocatedCT, locate_ct
from casekin.models.ct.normals import Normals, fit_normals

__all__ = [
    "BoxMm",
    "CtEncoder",
    "EncodedCT",
    "LocatedCT",
    "Normals",
    "encode_ct",
    "fit_normals",
    "load_ct_encoder",
    "locate_ct",
    "places_in_ct",
]
