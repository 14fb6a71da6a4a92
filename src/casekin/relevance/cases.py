"""What relevance knows of a case: what its report states and what it calls normal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from casekin.anatomy import anatomy, is_part_of, overlaps
from casekin.findings import FINDINGS
from casekin.types import Fact, Place, Polarity


class ToldCase(Protocol):
    """A case with what its report states; see `CaseFindings`."""

    @property
    def case_id(self) -> str: ...

    @property
    def patient(self) -> str: ...

    @property
    def facts(self) -> tuple[Fact, ...]: ...

    @property
    def normal_anatomies(self) -> tuple[Place, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFindings:
    """A case as its report (or the simulated truth) tells it.

    `patient` is the patient for exclusion: the patient group where there is one. `normal_anatomies` are the places that
    the report calls normal.
    """

    case_id: str
    patient: str
    facts: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...] = ()

    @classmethod
    def of(cls, case: ToldCase) -> CaseFindings:
        """What is known of a case that more is known of: a stored one, one to train on."""
        return cls(case_id=case.case_id, patient=case.patient, facts=case.facts, normal_anatomies=case.normal_anatomies)


def states_finding(fact: Fact) -> bool:
    """Whether the fact says that something is or may be there: no absence, and no "no finding", which calls normal."""
    return fact.polarity != "absent" and not _calls_normal(fact)


def stands_at(fact: Fact, place: Place | None) -> bool:
    """Whether a present or uncertain finding stands at the place: in it, around it, or in the same image space.

    Anything stands at None, the whole case. An absent finding stands nowhere.
    """
    return states_finding(fact) and (place is None or overlaps(fact.place, place))


def speaks_of(case: CaseFindings, place: Place | None) -> bool:
    """Whether the report can be judged at the place: a finding stands there, or its absence or normality is stated.

    Absences and normal statements count where they cover the place ("no effusion" covers either costophrenic angle, a
    clear lower lobe tells nothing of the lung); both sides together cover what has sides. At None any statement does.
    """
    if any(stands_at(fact, place) for fact in case.facts):
        return True
    cleared = cleared_places(case)
    return bool(cleared) if place is None else _is_covered(place, cleared)


def is_normal_at(case: CaseFindings, place: Place | None) -> bool:
    """Whether the report speaks of the place and no finding, present or uncertain, stands there."""
    return speaks_of(case, place) and not any(stands_at(fact, place) for fact in case.facts)


def cleared_places(case: CaseFindings) -> tuple[Place, ...]:
    """Places of absent findings and of normal statements, each once, in their order."""
    cleared = [fact.place for fact in case.facts if fact.polarity == _clearing_polarity(fact)]
    return tuple(dict.fromkeys([*cleared, *case.normal_anatomies]))


def sides_of(place: Place) -> tuple[Place, ...]:
    """The left and the right of a paired place whose side is not one of them; nothing for any other place."""
    if place.side in ("left", "right", "midline") or not anatomy(place.anatomy).paired:
        return ()
    return Place(anatomy=place.anatomy, side="left"), Place(anatomy=place.anatomy, side="right")


def _calls_normal(fact: Fact) -> bool:
    """Whether the fact's finding is "no finding"."""
    known = FINDINGS.get(fact.finding)
    return known is not None and known.kind == "normal"


def _clearing_polarity(fact: Fact) -> Polarity:
    """The polarity with which a fact clears its place."""
    return "present" if _calls_normal(fact) else "absent"


def _is_covered(place: Place, cleared: Iterable[Place]) -> bool:
    cleared = tuple(cleared)
    if any(is_part_of(place, whole) for whole in cleared):
        return True
    halves = sides_of(place)
    return bool(halves) and all(any(is_part_of(half, whole) for whole in cleared) for half in halves)
