"""What a draft is held against: the truth of a picture, or what a report states; whether it bears a claim out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casekin.anatomy import is_part_of, overlaps
from casekin.evaluation.truth import TrueCase, by_side
from casekin.findings import FINDINGS, implied_absences, is_a
from casekin.relevance import CaseFindings, is_normal_at
from casekin.relevance.cases import sides_of, states_finding
from casekin.relevance.comparison import denials
from casekin.relevance.similarity import contradicts
from casekin.types import Fact, Place

NORMAL = "no_finding"
"""The finding of a claim that calls its place normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is known of a case.

    `present`: findings there or perhaps there, one for each side; what may be there is something to look at, so doubt
    counts as presence. `denied`: what its report denies in words. `told`: the case as relevance has it. `is_complete`:
    whether what isn't present is absent (a truth), or unknown (a report). `text`: its report, None where it has none.
    """

    case_id: str
    patient: str
    present: tuple[Fact, ...]
    denied: tuple[Fact, ...]
    told: CaseFindings
    is_complete: bool
    text: str | None = None

    @classmethod
    def of_truth(cls, true: TrueCase, *, patient: str, text: str | None = None) -> Reference:
        """What the picture of a simulated case shows, and what its report denies rightly."""
        told = CaseFindings(
            case_id=true.case_id, patient=patient, facts=true.facts, normal_anatomies=true.normal_anatomies
        )
        return cls._of(told, is_complete=True, text=text)

    @classmethod
    def of_report(cls, told: CaseFindings, *, text: str | None = None) -> Reference:
        """What a report states."""
        return cls._of(told, is_complete=False, text=text)

    @classmethod
    def _of(cls, told: CaseFindings, *, is_complete: bool, text: str | None) -> Reference:
        return cls(
            case_id=told.case_id,
            patient=told.patient,
            present=distinct(fact for fact in told.facts if states_finding(fact)),
            denied=distinct(fact for fact in told.facts if fact.polarity == "absent"),
            told=told,
            is_complete=is_complete,
            text=text,
        )

    def states(self, claim: Fact) -> bool:
        """Whether the claim's finding is there at just its place and side.

        Of an absence or a normal place: whether a truth bears it out (`holds`), or a report says so in words, whatever
        else it says: "the mediastinum is normal" stands beside a catheter.
        """
        if states_finding(claim):
            return any(is_same(claim, fact) for fact in self.present)
        if self.is_complete:
            return self.holds(claim)
        if claim.finding == NORMAL:
            return self._is_called_normal(claim.place)
        return any(covers(denial, claim) for denial in denials(self.told))

    def holds(self, claim: Fact) -> bool:
        """Whether the claim is true here.

        Present: its finding, a kind of it or what it is a kind of, at a place that meets its own. Absent: nothing of
        its kind is there; and where the reference is no truth, its absence or a normal place says so. Normal: nothing
        is there that rules out calling the place normal, and again something says so.
        """
        if states_finding(claim):
            return any(is_kin(claim, fact) for fact in self.present)
        if claim.finding == NORMAL:
            return self._is_normal(claim.place)
        if any(contradicts(claim, fact) for fact in self.present):
            return False
        return self.is_complete or any(covers(denial, claim) for denial in denials(self.told))

    def _is_called_normal(self, place: Place) -> bool:
        """Whether normal statements cover the place, or either side of it."""
        return all(
            any(is_part_of(part, whole) for whole in self.told.normal_anatomies) for part in sides_of(place) or (place,)
        )

    def _is_normal(self, place: Place) -> bool:
        if not self.is_complete:
            return self._is_called_normal(place) or is_normal_at(self.told, place)
        barring = implied_absences(place.anatomy)
        return not any(
            overlaps(fact.place, place) and (fact.finding in barring if barring else _is_finding(fact))
            for fact in self.present
        )


def is_same(a: Fact, b: Fact) -> bool:
    """Whether finding and place are the same; both sides at once are no side of their own."""
    ours, theirs = (None if fact.side in ("bilateral", "midline") else fact.side for fact in (a, b))
    return (a.finding, a.anatomy, ours) == (b.finding, b.anatomy, theirs)


def is_kin(a: Fact, b: Fact) -> bool:
    """Whether one finding is a kind of the other, at places that meet."""
    return (is_a(a.finding, b.finding) or is_a(b.finding, a.finding)) and overlaps(a.place, b.place)


def covers(denial: Fact, claim: Fact) -> bool:
    """Whether denying the first denies the second: a kind of its finding within its place."""
    return is_a(claim.finding, denial.finding) and is_part_of(claim.place, denial.place)


def distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """What the facts claim, one for each side, each once, in their order; doubt as presence, nothing else kept."""
    claims = (
        Fact(
            finding=one.finding,
            anatomy=one.anatomy,
            side=one.side,
            polarity="absent" if one.polarity == "absent" else "present",
        )
        for fact in facts
        for one in by_side(fact)
    )
    return tuple(dict.fromkeys(claims))


def _is_finding(fact: Fact) -> bool:
    return FINDINGS[fact.finding].kind == "finding"
