"""Graded relevance 0..3 of two cases at a place, as the contract defines it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casekin.anatomy import is_part_of, overlaps
from casekin.findings import is_a, siblings
from casekin.types import SEVERITIES, Fact, Place


def grade_at(query: Sequence[Fact], case: Sequence[Fact], place: Place | None) -> int:
    """Grade of `case` for `query` at `place` (anywhere when None): the best over pairs of facts that stand there.

    3: same finding, same place and side, severity within one step (an unstated severity is within). 2: same finding on
    that side, with other severity or at a part or the whole of the place. 1: parent, child or sibling finding there.
    Uncertain in either lowers by one. 0: none of these. Two normals are not graded here, see `is_normal_at`.
    """
    theirs = list(_positive_at(case, place))
    return max((_pair_grade(a, b, place) for a in _positive_at(query, place) for b in theirs), default=0)


def is_normal_at(facts: Iterable[Fact], place: Place | None) -> bool:
    """Whether no finding is present or uncertain at the place."""
    return not any(True for _ in _positive_at(facts, place))


def _positive_at(facts: Iterable[Fact], place: Place | None) -> Iterable[Fact]:
    return (f for f in facts if f.polarity != "absent" and (place is None or overlaps(f.place, place)))


def _pair_grade(a: Fact, b: Fact, place: Place | None) -> int:
    if a.finding == b.finding and _same_side(a.place, b.place, place):
        same_place = a.place == b.place
        grade = 3 if same_place and _severity_steps(a, b) <= 1 else 2
        if place is None and not same_place and not (is_part_of(a.place, b.place) or is_part_of(b.place, a.place)):
            grade = 0
    elif a.finding != b.finding and _are_related(a.finding, b.finding):
        grade = 1 if place is not None or overlaps(a.place, b.place) else 0
    else:
        grade = 0
    uncertain = "uncertain" in (a.polarity, b.polarity)
    return max(grade - uncertain, 0)


def _same_side(a: Place, b: Place, place: Place | None) -> bool:
    """Whether two places meet on a side; at a sided place both already stand on that side."""
    one_sided = place is not None and place.side in ("left", "right")
    return one_sided or a.side == b.side or "bilateral" in (a.side, b.side) or None in (a.side, b.side)


def _are_related(a: str, b: str) -> bool:
    return is_a(a, b) or is_a(b, a) or b in siblings(a)


def _severity_steps(a: Fact, b: Fact) -> int:
    if a.severity is None or b.severity is None:
        return 0
    return abs(SEVERITIES.index(a.severity) - SEVERITIES.index(b.severity))
