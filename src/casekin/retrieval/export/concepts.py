"""What a claim is called where other systems read it: by SNOMED CT or RadLex where they have a code, else our own."""

from __future__ import annotations

from typing import NamedTuple

from casekin.anatomy import anatomy, anatomy_codes
from casekin.findings import FINDINGS
from casekin.retrieval.compose.draft import NORMAL, Claim

OWN = "99CASEKIN"
"""Designator of codes that are ours alone, identifiers of the ontologies (PS3.16, 8: private ones begin with 99)."""
_SCHEMES = ("SCT", "RADLEX")


class Concept(NamedTuple):
    """A code with its scheme as DICOM designates it, and its meaning in words, at most 64 characters."""

    code: str
    scheme: str
    meaning: str


PRESENT = Concept("52101004", "SCT", "Present")
ABSENT = Concept("272519000", "SCT", "Absent")
UNCERTAIN = Concept("82334004", "SCT", "Indeterminate")
WITHIN_NORMAL_LIMITS = Concept("125112009", "SCT", "Within normal limits")
LATERALITY = {
    "left": Concept("7771000", "SCT", "Left"),
    "right": Concept("24028007", "SCT", "Right"),
    "bilateral": Concept("51440002", "SCT", "Bilateral"),
}
"""CID 244; no side and midline have none."""
_POLARITY = {"present": PRESENT, "absent": ABSENT, "uncertain": UNCERTAIN}


def finding_concept(claim: Claim) -> Concept:
    """The finding; a place that is called normal is within normal limits."""
    if claim.finding == NORMAL:
        return WITHIN_NORMAL_LIMITS
    known = FINDINGS[claim.finding]
    return _first(dict(known.codes), claim.finding, known.name)


def site_concept(claim: Claim) -> Concept:
    """The anatomy, without its side."""
    return _first(dict(anatomy_codes(claim.anatomy)), claim.anatomy, anatomy(claim.anatomy).name)


def presence_concept(claim: Claim) -> Concept:
    """Present, absent or indeterminate."""
    return _POLARITY[claim.polarity]


def _first(codes: dict[str, str], own: str, name: str) -> Concept:
    scheme = next((scheme for scheme in _SCHEMES if scheme in codes), OWN)
    return Concept(codes.get(scheme, own), scheme, name[:64])
