"""What reports state at a region: the polarity of each finding there, in one case or over the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import is_part_of, overlaps
from casekin.findings import finding_names, is_a
from casekin.index import CaseIndex, StoredCase
from casekin.relevance.cases import states_finding
from casekin.types import Fact, Place, Polarity

FEWEST = 5
"""Smaller counts aren't told: they say more of single patients than of a finding."""
_STRENGTH: dict[Polarity, int] = {"absent": 0, "uncertain": 1, "present": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a summary looks: a finding counts there where it overlaps any of the places; anywhere without places."""

    places: tuple[Place, ...]

    def holds(self, fact: Fact) -> bool:
        """Whether the fact speaks of the spot."""
        return not self.places or any(overlaps(fact.place, place) for place in self.places)

    def facts(self, facts: Iterable[Fact]) -> list[Fact]:
        """Those of the facts that speak of the spot."""
        return [fact for fact in facts if self.holds(fact)]


def reads_normal(case: StoredCase, spot: Spot) -> bool:
    """Whether the report calls the whole spot normal."""
    return bool(spot.places) and all(is_cleared(place, case.normal_anatomies) for place in spot.places)


def polarities(facts: Iterable[Fact], spot: Spot) -> dict[str, Polarity]:
    """The strongest polarity stated of each finding at the spot: present before uncertain before absent.

    What says that nothing is there ("no finding") is no finding.
    """
    found: dict[str, Polarity] = {}
    for fact in spot.facts(facts):
        if fact.polarity == "absent" or states_finding(fact):
            known = found.get(fact.finding)
            if known is None or _STRENGTH[fact.polarity] > _STRENGTH[known]:
                found[fact.finding] = fact.polarity
    return found


def is_cleared(place: Place, normal: Iterable[Place]) -> bool:
    """Whether a place lies within one that a report calls normal."""
    return any(is_part_of(place, whole) for whole in normal)


def stating(index: CaseIndex, findings: Iterable[str], spot: Spot, *, polarity: Polarity) -> NDArray[np.bool_]:
    """Mask over case numbers of the cases whose report states any of these findings at the spot in this way."""
    mask = np.zeros(index.catalog().size, dtype=bool)
    for name in findings:
        stated = index.statements(name)
        holds = np.array([_holds(fact, spot, polarity) for fact in stated.kinds], dtype=bool)
        if holds.any():
            mask[stated.case_numbers[holds[stated.codes]]] = True
    return mask


def related(findings: Sequence[str]) -> tuple[str, ...]:
    """These findings with all that are a kind of them or that they are a kind of."""
    return tuple(name for name in finding_names() if any(is_a(name, one) or is_a(one, name) for one in findings))


def told(count: int) -> int | str:
    """A count as it is told: "<5" where it is small."""
    return count if count == 0 or count >= FEWEST else f"<{FEWEST}"


def _holds(fact: Fact, spot: Spot, polarity: Polarity) -> bool:
    return fact.polarity == polarity and (polarity == "absent" or states_finding(fact)) and spot.holds(fact)
