"""What happened next: what later reports of the hits' patients say of the findings that the hits had at the region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from casekin.index import StoredCase
from casekin.relevance.cases import states_finding
from casekin.retrieval.steer.stated import FEWEST, Spot, is_cleared, polarities, told
from casekin.types import SEVERITIES, Change, Fact

Outcome = Literal["resolved", "improved", "stable", "progressed", "uncertain", "new"]
OUTCOMES: tuple[Outcome, ...] = ("resolved", "improved", "stable", "progressed", "uncertain", "new")
_BY_CHANGE: dict[Change, Outcome] = {
    "resolved": "resolved",
    "decreased": "improved",
    "stable": "stable",
    "increased": "progressed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRow:
    """A finding at the region: of how many patients a later report tells what became of it, and what.

    Outcomes but `new` are of patients whose hit states the finding; `new` are patients whose hit doesn't, and whose
    next report does. `days`: the median from the hit to that later examination.
    """

    finding: str
    patients: int
    outcomes: dict[Outcome, int]
    days: float

    def as_record(self) -> dict[str, Any]:
        """Small counts as "<5", and with a single one the largest other left out, from which it would follow."""
        shown: dict[str, Any] = {name: told(count) for name, count in self.outcomes.items()}
        small = [name for name, count in self.outcomes.items() if 0 < count < FEWEST]
        if len(small) == 1 and (others := [name for name in OUTCOMES if name not in small and self.outcomes[name]]):
            shown[max(others, key=lambda name: self.outcomes[name])] = None
        days = self.days if self.patients >= FEWEST else None
        return {"finding": self.finding, "patients": told(self.patients), **shown, "median_days": days}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Over `hits` first cases: of how many patients (`followed`) later reports are stored, and what they tell."""

    at: tuple[str, ...]
    hits: int
    followed: int
    rows: tuple[NextRow, ...]

    def as_record(self) -> dict[str, Any]:
        rows = [row.as_record() for row in self.rows]
        return {"at": list(self.at), "hits": self.hits, "followed": told(self.followed), "rows": rows}


def follow_patients(courses: Sequence[tuple[StoredCase, Sequence[StoredCase]]], spot: Spot) -> FollowUp:
    """Sum up over hits and the later examinations of each one's patient, in the order of time.

    A patient counts once for a finding: by the first later report that speaks of it at the spot. New is what the first
    later report states that the hit's doesn't. Rows by falling number of patients where it is told, then by name.
    """
    told_of: dict[str, list[tuple[Outcome, float]]] = {}
    followed = 0
    for case, later in courses:
        read = [exam for exam in later if exam.report]
        followed += bool(case.report and read)
        if case.report and read:
            for name, outcome, days in _course(case, read, spot):
                told_of.setdefault(name, []).append((outcome, days))
    rows = [
        NextRow(
            finding=name,
            patients=len(courses_of),
            outcomes={outcome: sum(o == outcome for o, _ in courses_of) for outcome in OUTCOMES},
            days=float(median(days for _, days in courses_of)),
        )
        for name, courses_of in told_of.items()
    ]
    rows.sort(key=lambda row: (-row.patients if row.patients >= FEWEST else 0, row.finding))
    return FollowUp(at=tuple(map(str, spot.places)), hits=len(courses), followed=followed, rows=tuple(rows))


def _course(case: StoredCase, later: Sequence[StoredCase], spot: Spot) -> Iterable[tuple[str, Outcome, float]]:
    """What became of each finding of the case, and what came new: finding, outcome, days until then."""
    before, after = polarities(case.facts, spot), polarities(later[0].facts, spot)
    for name in sorted(name for name, way in before.items() if way == "present"):
        for exam in later:
            outcome = _outcome(_strongest(case.facts, name, spot), exam, spot)
            if outcome is not None:
                yield name, outcome, _days(case, exam)
                break
    for name in sorted(name for name, way in after.items() if way == "present"):
        if before.get(name, "absent") == "absent":
            yield name, "new", _days(case, later[0])


def _outcome(before: Fact | None, exam: StoredCase, spot: Spot) -> Outcome | None:
    """What a later report tells of a finding; None where it is silent. Its words of change come before severities."""
    if before is None:
        return None
    after = _strongest(exam.facts, before.finding, spot)
    if after is None:
        return "resolved" if is_cleared(before.place, exam.normal_anatomies) else None
    if after.polarity == "absent":
        return "resolved"
    if after.polarity == "uncertain":
        return "uncertain"
    if after.change in _BY_CHANGE:
        return _BY_CHANGE[after.change]
    if before.severity is None or after.severity is None or before.severity == after.severity:
        return "stable"
    return "progressed" if SEVERITIES.index(after.severity) > SEVERITIES.index(before.severity) else "improved"


def _strongest(facts: Sequence[Fact], name: str, spot: Spot) -> Fact | None:
    """The fact that speaks loudest of a finding at the spot: present, severe first."""
    there = [f for f in spot.facts(facts) if f.finding == name and (f.polarity == "absent" or states_finding(f))]
    order = ("absent", "uncertain", "present")
    return max(
        there,
        key=lambda fact: (order.index(fact.polarity), -1 if fact.severity is None else SEVERITIES.index(fact.severity)),
        default=None,
    )


def _days(case: StoredCase, exam: StoredCase) -> float:
    assert case.day_offset is not None and exam.day_offset is not None  # who has later exams has days
    return float(exam.day_offset - case.day_offset)


def later_exams(case: StoredCase, others: Iterable[StoredCase]) -> tuple[StoredCase, ...]:
    """A patient's examinations after a case, in the order of time; none where days aren't known."""
    if case.day_offset is None:
        return ()
    after = [one for one in others if one.day_offset is not None and one.day_offset > case.day_offset]
    return tuple(sorted(after, key=lambda one: (one.day_offset, one.case_id)))
