"""Grades follow the contract's words, checked against a second implementation written from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.anatomy import is_part_of, mirror, overlaps
from casekin.findings import is_a, siblings
from casekin.relevance import grade_at, is_normal_at
from casekin.types import Fact, Place, Polarity, Severity, Side
from made_cases import made_fact, place

FINDINGS = ("consolidation", "airspace_opacity", "ground_glass_opacity", "nodule", "mass", "pleural_effusion")
SEVERITIES: tuple[Severity | None, ...] = (None, "minimal", "mild", "moderate", "severe")
SIDED = ("lung", "lower_lobe", "upper_lobe", "lower_lung_zone", "pleural_space", "costophrenic_angle")
SIDES: tuple[Side | None, ...] = ("left", "right", "bilateral", None)
POLARITIES: tuple[Polarity, ...] = ("present", "absent", "uncertain")

places = st.builds(place, st.sampled_from(SIDED), st.sampled_from(SIDES)) | st.sampled_from(
    [place("mediastinum"), place("cardiac_silhouette"), place("right_atrium"), place("middle_lobe", "right")]
)
facts = st.builds(
    lambda finding, where, polarity, severity: made_fact(
        finding, where.anatomy, where.side, polarity, severity=severity
    ),
    st.sampled_from(FINDINGS),
    places,
    st.sampled_from(POLARITIES),
    st.sampled_from(SEVERITIES),
)
cases = st.lists(facts, max_size=4)
asked = st.none() | places


def sides_of(side: Side | None) -> set[str]:
    """The sides that a side field speaks of; one that isn't stated may be either."""
    return {"left", "right"} if side in ("bilateral", None) else {str(side)}


def contract_grade(query: Sequence[Fact], case: Sequence[Fact], spot: Place | None) -> int:
    """The contract's paragraph on grades, sentence by sentence, without a shortcut."""
    grades = [0]
    for a in query:
        for b in case:
            if "absent" in (a.polarity, b.polarity):
                continue
            if spot is not None and not (overlaps(a.place, spot) and overlaps(b.place, spot)):
                continue
            grade = 0
            same_side = bool(sides_of(a.side) & sides_of(b.side))
            if spot is not None and spot.side in ("left", "right"):
                same_side = True  # both stand there
            if a.finding == b.finding:
                part_or_whole = spot is not None or is_part_of(a.place, b.place) or is_part_of(b.place, a.place)
                steps = 0
                if a.severity and b.severity:
                    order = ["minimal", "mild", "moderate", "severe"]
                    steps = abs(order.index(a.severity) - order.index(b.severity))
                if a.place == b.place and steps <= 1:
                    grade = 3
                elif same_side and part_or_whole:
                    grade = 2
            elif is_a(a.finding, b.finding) or is_a(b.finding, a.finding) or b.finding in siblings(a.finding):
                grade = 1 if spot is not None or overlaps(a.place, b.place) else 0
            if "uncertain" in (a.polarity, b.polarity):
                grade -= 1
            grades.append(grade)
    return max(grades)


@given(query=cases, case=cases, spot=asked)
def test_the_grade_is_what_the_contract_says(query: list[Fact], case: list[Fact], spot: Place | None) -> None:
    assert grade_at(query, case, spot) == contract_grade(query, case, spot)


@given(query=cases, case=cases, spot=asked)
def test_grades_are_symmetric_and_from_0_to_3(query: list[Fact], case: list[Fact], spot: Place | None) -> None:
    assert grade_at(query, case, spot) == grade_at(case, query, spot)
    assert grade_at(query, case, spot) in (0, 1, 2, 3)


def mirrored(stated: Sequence[Fact]) -> list[Fact]:
    moved = [mirror(fact.place) for fact in stated]
    return [replace(fact, anatomy=to.anatomy, side=to.side) for fact, to in zip(stated, moved, strict=True)]


@given(query=cases, case=cases, spot=asked)
def test_mirroring_both_cases_and_the_place_keeps_the_grade(
    query: list[Fact], case: list[Fact], spot: Place | None
) -> None:
    there = None if spot is None else mirror(spot)
    assert grade_at(mirrored(query), mirrored(case), there) == grade_at(query, case, spot)


@given(case=cases, more=cases, spot=asked, query=cases)
def test_a_case_that_states_more_is_never_graded_lower(
    query: list[Fact], case: list[Fact], more: list[Fact], spot: Place | None
) -> None:
    assert grade_at(query, [*case, *more], spot) >= grade_at(query, case, spot)


@given(query=cases, spot=asked)
def test_a_case_is_graded_3_for_itself_where_something_is_present(query: list[Fact], spot: Place | None) -> None:
    there = [fact for fact in query if spot is None or overlaps(fact.place, spot)]
    if any(fact.polarity == "present" for fact in there):
        assert grade_at(query, query, spot) == 3


LLL = made_fact("consolidation", "lower_lobe", "left", severity="mild")


@pytest.mark.parametrize(
    ("other", "spot", "grade"),
    [
        (LLL, place("lung", "left"), 3),
        (replace(LLL, severity=None), place("lung", "left"), 3),
        (replace(LLL, severity="moderate"), place("lung", "left"), 3),
        (replace(LLL, severity="severe"), place("lung", "left"), 2),
        (replace(LLL, anatomy="lung"), place("lung", "left"), 2),
        (replace(LLL, anatomy="upper_lobe"), place("lung", "left"), 2),
        (replace(LLL, anatomy="upper_lobe"), place("lower_lobe", "left"), 0),
        (replace(LLL, anatomy="upper_lobe"), None, 0),
        (replace(LLL, anatomy="lung"), None, 2),
        (replace(LLL, side="bilateral"), place("lung", "left"), 2),
        (replace(LLL, side="right"), place("lung", "left"), 0),
        (replace(LLL, side="right"), None, 0),
        (replace(LLL, side="right"), place("lung", "bilateral"), 0),
        (replace(LLL, side="right"), place("lung"), 0),
        (replace(LLL, finding="airspace_opacity"), place("lung", "left"), 1),
        (replace(LLL, finding="infiltrate"), place("lung", "left"), 1),
        (replace(LLL, finding="pleural_effusion", anatomy="pleural_space"), place("lung", "left"), 0),
        (replace(LLL, polarity="absent"), place("lung", "left"), 0),
        (replace(LLL, polarity="uncertain"), place("lung", "left"), 2),
        (replace(LLL, polarity="uncertain", severity="severe"), place("lung", "left"), 1),
        (replace(LLL, polarity="uncertain", finding="airspace_opacity"), place("lung", "left"), 0),
    ],
)
def test_examples_of_the_grades(other: Fact, spot: Place | None, grade: int) -> None:
    assert grade_at([LLL], [other], spot) == grade


def test_normal_is_a_stratum_of_its_own_and_never_relevant_to_a_finding() -> None:
    left = place("lung", "left")
    clear = [replace(LLL, polarity="absent")]
    assert is_normal_at(clear, left)
    assert not is_normal_at([LLL], left)
    assert not is_normal_at([replace(LLL, polarity="uncertain")], left)
    assert is_normal_at([LLL], place("lung", "right"))
    assert grade_at([LLL], clear, left) == grade_at(clear, [LLL], left) == 0
