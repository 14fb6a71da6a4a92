"""CT volumes: organs located in 3D, and vectors of their regions. Needs no network and no model weights."""

from casekin.models.ct.encode import EncodedCT, Normals, encode_ct, fit_normals
from casekin.models.ct.grid import BoxMm
from casekin.models.ct.locator import LocatedCT, locate_ct

__all__ = ["BoxMm", "EncodedCT", "LocatedCT", "Normals", "encode_ct", "fit_normals", "locate_ct"]
