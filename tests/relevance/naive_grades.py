"""Grades 0..3 once more, written from the contract's paragraph alone: nothing here comes from `casekin.relevance`.

A second opinion for tests and benchmarks. It asks the ontologies what lies where and what is a kind of what, and
goes through all pairs of facts with plain sets, without tables or shortcuts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casekin.anatomy import ANATOMIES, is_part_of, overlaps
from casekin.findings import FINDINGS, ancestors
from casekin.types import Fact, Place

STEPS = ("minimal", "mild", "moderate", "severe")


def naive_grade(query: Sequence[Fact], case: Sequence[Fact], place: Place | None) -> int:
    """The contract's grade of two lists of facts at a place, or over the whole case at None."""
    return max([0, *(pair_grade(a, b, place) for a in query for b in case)])


def naive_judged(facts: Sequence[Fact], normal: Sequence[Place], place: Place | None) -> bool:
    """Whether the report speaks of the place."""
    return naive_abnormal(facts, place) or naive_cleared(facts, normal, place)


def naive_normal(facts: Sequence[Fact], normal: Sequence[Place], place: Place | None) -> bool:
    """Whether the report speaks of the place and finds nothing there."""
    return naive_cleared(facts, normal, place) and not naive_abnormal(facts, place)


def naive_abnormal(facts: Iterable[Fact], place: Place | None) -> bool:
    """Whether something is or may be there."""
    return any(is_found(fact) and is_there(fact, place) for fact in facts)


def naive_cleared(facts: Iterable[Fact], normal: Iterable[Place], place: Place | None) -> bool:
    """Whether an absence or a normal statement covers all of the place."""
    facts = list(facts)
    told = [fact.place for fact in facts if fact.polarity == "absent" and fact.finding != "no_finding"]
    told += [fact.place for fact in facts if fact.polarity == "present" and fact.finding == "no_finding"]
    told += normal
    if place is None:
        return len(told) > 0
    wanted = [place]
    if place.side in (None, "bilateral") and ANATOMIES[place.anatomy].paired:
        wanted = [Place(anatomy=place.anatomy, side="left"), Place(anatomy=place.anatomy, side="right")]
    piecewise = all(any(is_part_of(piece, whole) for whole in told) for piece in wanted)
    return piecewise or any(is_part_of(place, whole) for whole in told)


def pair_grade(a: Fact, b: Fact, place: Place | None) -> int:
    """The grade that one fact of each case gives the pair."""
    if not (is_found(a) and is_found(b) and is_there(a, place) and is_there(b, place)):
        return 0
    if not meet(a, b, place):
        return 0
    if a.finding == b.finding:
        grade = 3 if same_place(a, b, place) and abs(step(a, b)) <= 1 else 2
    elif a.finding in ancestors(b.finding) or b.finding in ancestors(a.finding) or share_a_parent(a, b):
        grade = 1
    else:
        grade = 0
    if a.polarity == "uncertain" or b.polarity == "uncertain":
        grade -= 1
    return max(grade, 0)


def share_a_parent(a: Fact, b: Fact) -> bool:
    """Whether the findings stand beside one another in the hierarchy."""
    return not set(FINDINGS[a.finding].parents).isdisjoint(FINDINGS[b.finding].parents)


def is_found(fact: Fact) -> bool:
    """Whether the fact says that something is or may be there; "no finding" is a way to call a place normal."""
    return fact.polarity in ("present", "uncertain") and fact.finding != "no_finding"


def is_there(fact: Fact, place: Place | None) -> bool:
    """Whether the fact's place meets the place asked for."""
    return True if place is None else overlaps(fact.place, place)


def meet(a: Fact, b: Fact, place: Place | None) -> bool:
    """Whether two facts that are there share a side; over the whole case, whether their places meet."""
    if place is None:
        return overlaps(a.place, b.place)
    if place.side == "left" or place.side == "right":
        return True
    return bool(possible_sides(a) & possible_sides(b))


def possible_sides(fact: Fact) -> set[str]:
    """Where the fact may be: an unstated side is either."""
    return {"left", "right"} if fact.side in ("bilateral", None) else {str(fact.side)}


def same_place(a: Fact, b: Fact, place: Place | None) -> bool:
    """Whether both are at one anatomy and one side; asked at one side, that both are on it for certain."""
    if a.anatomy != b.anatomy:
        return False
    if place is None or place.side in (None, "bilateral", "midline"):
        return a.side == b.side
    if not ANATOMIES[a.anatomy].paired:
        return True
    return all(fact.side in (place.side, "bilateral") for fact in (a, b))


def step(a: Fact, b: Fact) -> int:
    """Steps of severity from one to the other, none where one is silent."""
    return STEPS.index(a.severity) - STEPS.index(b.severity) if a.severity and b.severity else 0
