"""What a case's report claims, in the form that drafts speak in: exact places, one side at a time, no doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from casekin.anatomy import anatomy, is_part_of, overlaps
from casekin.findings import FINDINGS, is_a
from casekin.index import CaseIndex
from casekin.index.records import StoredCase
from casekin.retrieval.compose.draft import NORMAL, Claim
from casekin.types import Fact, Place

_DIFFUSE = "lung"
"""What is in both lungs as a whole is one lesion; any other on both sides is two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """A stored case and what it claims, each claim with the first fact that says so (None for a normal place)."""

    case: StoredCase
    claims: Mapping[Claim, Fact | None]


class CaseReader:
    """Reads cases of an index for one draft or many; each is read once, so the index must not change meanwhile."""

    def __init__(self, index: CaseIndex) -> None:
        self._index = index
        self._read: dict[str, ReadCase] = {}

    def read(self, case_ids: Iterable[str]) -> list[ReadCase]:
        """The stored cases of these ids, by id."""
        wanted = sorted(case_ids)
        for name, case in self._index.cases(name for name in wanted if name not in self._read).items():
            self._read[name] = ReadCase(case=case, claims=claims_of(case))
        return [self._read[name] for name in wanted if name in self._read]


def claims_of(case: StoredCase) -> dict[Claim, Fact | None]:
    """What a case states, each with the first fact that says so (None for a normal place); doubt claims nothing."""
    claims: dict[Claim, Fact | None] = {}
    for fact in case.facts:
        for place in _apart(fact) if fact.finding in FINDINGS else ():
            claim = Claim(finding=fact.finding, anatomy=place.anatomy, side=place.side, polarity=fact.polarity)
            claims.setdefault(claim, fact)
    for place in case.normal_anatomies:
        claims.setdefault(Claim(finding=NORMAL, anatomy=place.anatomy, side=place.side, polarity="present"), None)
    return claims


def _apart(fact: Fact) -> tuple[Place, ...]:
    """A lesion on both sides is one on each; what fills both lungs, and a denial, is one statement."""
    if fact.polarity == "uncertain":
        return ()
    if (
        fact.polarity == "absent"
        or fact.side != "bilateral"
        or fact.anatomy == _DIFFUSE
        or not anatomy(fact.anatomy).paired
    ):
        return (fact.place,)
    return (Place(anatomy=fact.anatomy, side="left"), Place(anatomy=fact.anatomy, side="right"))


@lru_cache(maxsize=1 << 16)
def denies(denial: Claim, present: Claim) -> bool:
    """Whether a denial or a normal place and a present finding can't both be true.

    A denied finding denies its kinds at all places that meet its own; a normal place every finding in it, no device.
    """
    if not present.is_finding:
        return False
    if denial.finding == NORMAL:
        inside = is_part_of(present.place, denial.place) or is_part_of(denial.place, present.place)
        return FINDINGS[present.finding].kind == "finding" and inside
    return (
        denial.polarity == "absent" and is_a(present.finding, denial.finding) and overlaps(present.place, denial.place)
    )
