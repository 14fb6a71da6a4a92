"""Grades follow the contract's words, checked against a second implementation written from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from casekin.anatomy import mirror, overlaps
from casekin.relevance import CaseFindings, RelevanceTable, grade_at, is_normal_at, speaks_of
from casekin.types import Fact, Place
from made_cases import made_fact, place
from relevance.made_facts import asked, cases, laws, made, mirrored, stated
from relevance.naive_grades import naive_grade, naive_judged, naive_normal


@laws
@given(query=stated, case=stated, spot=asked)
def test_the_grade_is_what_the_contract_says(query: list[Fact], case: list[Fact], spot: Place | None) -> None:
    assert grade_at(query, case, spot) == naive_grade(query, case, spot)


@laws
@given(case=cases, spot=asked)
def test_judged_and_normal_are_what_the_contract_says(case: CaseFindings, spot: Place | None) -> None:
    assert speaks_of(case, spot) == naive_judged(case.facts, case.normal_anatomies, spot)
    assert is_normal_at(case, spot) == naive_normal(case.facts, case.normal_anatomies, spot)


@laws
@given(query=stated, case=stated, spot=asked)
def test_grades_are_symmetric_and_from_0_to_3(query: list[Fact], case: list[Fact], spot: Place | None) -> None:
    assert grade_at(query, case, spot) == grade_at(case, query, spot)
    assert grade_at(query, case, spot) in (0, 1, 2, 3)


@laws
@given(query=stated, case=stated, spot=asked)
def test_mirroring_both_cases_and_the_place_keeps_the_grade(
    query: list[Fact], case: list[Fact], spot: Place | None
) -> None:
    there = None if spot is None else mirror(spot)
    assert grade_at(mirrored(query), mirrored(case), there) == grade_at(query, case, spot)


@laws
@given(case=stated, more=stated, spot=asked, query=stated)
def test_a_case_that_states_more_is_never_graded_lower(
    query: list[Fact], case: list[Fact], more: list[Fact], spot: Place | None
) -> None:
    assert grade_at(query, [*case, *more], spot) >= grade_at(query, case, spot)


@laws
@given(query=stated, spot=asked)
def test_a_case_is_graded_3_for_itself_where_something_is_surely_present(query: list[Fact], spot: Place | None) -> None:
    there = [fact for fact in query if spot is None or overlaps(fact.place, spot)]
    sure = [fact for fact in there if fact.side is not None or spot is None or spot.side not in ("left", "right")]
    if any(fact.polarity == "present" for fact in sure):
        assert grade_at(query, query, spot) == 3


@laws
@given(query=cases, case=cases, spot=asked)
def test_what_is_graded_is_judged_and_normal_in_neither(
    query: CaseFindings, case: CaseFindings, spot: Place | None
) -> None:
    if grade_at(query.facts, case.facts, spot) > 0:
        for each in (query, case):
            assert speaks_of(each, spot)
            assert not is_normal_at(each, spot)


LLL = made_fact("consolidation", "lower_lobe", "left", severity="mild")
EFFUSION = made_fact("pleural_effusion", "pleural_space", "bilateral")


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
        (replace(LLL, anatomy="lower_lung_zone"), None, 2),
        (replace(LLL, side="bilateral"), place("lung", "left"), 3),
        (replace(LLL, side="bilateral"), place("lung"), 2),
        (replace(LLL, side=None), place("lung", "left"), 2),
        (replace(LLL, side="right"), place("lung", "left"), 0),
        (replace(LLL, side="right"), None, 0),
        (replace(LLL, side="right"), place("lung", "bilateral"), 0),
        (replace(LLL, side="right"), place("lung"), 0),
        (replace(LLL, finding="infiltrate", side="right"), place("lung"), 0),
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


def test_both_sides_at_once_are_each_side_and_an_unstated_side_is_neither_for_certain() -> None:
    left = replace(EFFUSION, side="left")
    assert grade_at([EFFUSION], [left], place("costophrenic_angle", "left")) == 3
    assert grade_at([EFFUSION], [left], place("costophrenic_angle", "right")) == 0
    unstated = replace(EFFUSION, side=None)
    assert grade_at([unstated], [unstated], place("costophrenic_angle", "left")) == 2
    assert grade_at([unstated], [unstated], place("pleural_space")) == 3


def test_normal_is_a_stratum_of_its_own_and_never_relevant_to_a_finding() -> None:
    left = place("lung", "left")
    clear = made([replace(LLL, anatomy="lung", polarity="absent")])
    assert is_normal_at(clear, left)
    assert not is_normal_at(made([LLL]), left)
    assert not is_normal_at(made([replace(LLL, polarity="uncertain")]), left)
    assert grade_at([LLL], clear.facts, left) == grade_at(clear.facts, [LLL], left) == 0


@pytest.mark.parametrize(
    ("case", "spot", "spoken"),
    [
        (made([]), place("lung", "left"), False),
        (made([]), None, False),
        (made([LLL]), None, True),
        (made([LLL]), place("lung", "left"), True),
        (made([LLL]), place("lung", "right"), False),
        (made([LLL]), place("upper_lobe", "left"), False),
        (made([replace(LLL, polarity="absent")]), place("lower_lobe", "left"), True),
        (made([replace(LLL, polarity="absent")]), place("lung", "left"), False),  # one lobe isn't the lung
        (made([replace(EFFUSION, side=None, polarity="absent")]), place("costophrenic_angle", "right"), True),
        (made([replace(EFFUSION, side=None, polarity="absent")]), place("lung", "right"), False),
        (made([], normal=[place("lung", "bilateral")]), place("lower_lobe", "left"), True),
        (made([], normal=[place("lung", "bilateral")]), place("mediastinum"), False),
        (made([], normal=[place("lung", "left"), place("lung", "right")]), place("lung"), True),
        (made([], normal=[place("lung", "left")]), place("lung"), False),
        (made([], normal=[place("mediastinum")]), place("cardiac_silhouette"), True),
    ],
)
def test_a_report_speaks_of_what_it_names_or_covers(case: CaseFindings, spot: Place | None, spoken: bool) -> None:
    assert speaks_of(case, spot) is spoken
    assert is_normal_at(case, spot) is (spoken and not any(fact.polarity == "present" for fact in case.facts))


def test_no_finding_is_a_way_to_call_a_place_normal() -> None:
    normal = made_fact("no_finding", "thorax")
    case = made([normal], case_id="a", patient="a")
    table = RelevanceTable.build(
        [case, made([normal], case_id="b", patient="b"), made([LLL], case_id="c", patient="c")]
    )
    for spot in (None, place("lung", "left"), place("mediastinum")):
        assert speaks_of(case, spot) and is_normal_at(case, spot)
        assert naive_judged(case.facts, (), spot) and naive_normal(case.facts, (), spot)
        assert grade_at(case.facts, case.facts, spot) == naive_grade(case.facts, case.facts, spot) == 0
        assert table.normal(spot).tolist() == [0, 1]
        assert table.relevant("a", spot)[0].tolist() == []
    assert not speaks_of(made([replace(normal, polarity="uncertain")]), None)
    assert not speaks_of(made([replace(normal, polarity="absent")]), None)
