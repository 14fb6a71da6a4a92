"""Graded relevance 0..3 of two cases at a place, as the contract defines it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from casekin.anatomy import anatomy, overlaps
from casekin.findings import is_a, siblings
from casekin.relevance.cases import stands_at
from casekin.types import SEVERITIES, Fact, Place, Severity, Side

GRADES_VERSION = "2"
"""Of the rules below: it changes whenever a pair of reports may get another grade from the same ontologies."""


class Kinship(IntEnum):
    """How two concepts are related: RELATED is an ancestor, a descendant or a sibling."""

    NONE = 0
    RELATED = 1
    SAME = 2


class Nearness(IntEnum):
    """How two places meet at a third one: SAME there, or TOGETHER on a side (part, whole, shared space)."""

    APART = 0
    TOGETHER = 1
    SAME = 2


def grade_at(query: Sequence[Fact], case: Sequence[Fact], place: Place | None) -> int:
    """Grade of `case` for `query` at `place` (anywhere when None): the best over pairs of findings that stand there.

    3: same finding, same place and side, severity within one step (an unstated severity is within). 2: same finding on
    that side, with other severity or at a part or the whole of the place. 1: a finding above, below or beside it in the
    ontology, on that side. Uncertain in either lowers by one. 0: none of these. Two normals are a stratum of their own,
    see `is_normal_at`; whether a 0 was judged tells `speaks_of`.
    """
    theirs = [fact for fact in case if stands_at(fact, place)]
    ours = [fact for fact in query if stands_at(fact, place)]
    return max((_pair_grade(a, b, place) for a in ours for b in theirs), default=0)


@lru_cache(maxsize=1 << 17)
def kinship(a: str, b: str) -> Kinship:
    """How two findings (ids) are related. Symmetric."""
    if a == b:
        return Kinship.SAME
    return Kinship.RELATED if is_a(a, b) or is_a(b, a) or b in siblings(a) else Kinship.NONE


def nearness(a: Place, b: Place, place: Place | None) -> Nearness:
    """How places `a` and `b`, both overlapping `place`, meet there; at None they have to overlap each other.

    At a sided place a bilateral finding counts as one of that side; one whose side isn't stated may be on the other, so
    it is never SAME. At a place without a side, left and right are APART. Symmetric.
    """
    if place is None:
        return Nearness.SAME if a == b else Nearness.TOGETHER if overlaps(a, b) else Nearness.APART
    if place.side in ("left", "right"):
        a, b = _on_side(a, place.side), _on_side(b, place.side)
        return Nearness.SAME if a == b and not _lacks_side(a) else Nearness.TOGETHER
    if a == b:
        return Nearness.SAME
    both = {a.side, b.side}
    return Nearness.TOGETHER if len(both) == 1 or both & {"bilateral", None} else Nearness.APART


def severity_steps(a: Severity | None, b: Severity | None) -> int:
    """Steps between two severities; 0 where one isn't stated."""
    if a is None or b is None:
        return 0
    return abs(SEVERITIES.index(a) - SEVERITIES.index(b))


def _pair_grade(a: Fact, b: Fact, place: Place | None) -> int:
    related, near = kinship(a.finding, b.finding), nearness(a.place, b.place, place)
    if not (related and near):
        return 0
    same = near is Nearness.SAME and severity_steps(a.severity, b.severity) <= 1
    grade = 1 if related is Kinship.RELATED else 3 if same else 2
    return grade - ("uncertain" in (a.polarity, b.polarity))


def _on_side(place: Place, side: Side) -> Place:
    return Place(anatomy=place.anatomy, side=side) if place.side == "bilateral" else place


def _lacks_side(place: Place) -> bool:
    return place.side is None and anatomy(place.anatomy).paired
