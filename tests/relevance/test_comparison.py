"""Similarity of two cases keeps its axioms; what matches, what doesn't and what contradicts is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casekin.anatomy import mirror
from casekin.relevance import CaseFindings, compare_cases, fact_similarity, is_normal_at, speaks_of
from casekin.types import Fact, Place
from made_cases import made_fact, place
from relevance.made_facts import asked, cases, facts, laws, made, mirrored

LLL = made_fact("consolidation", "lower_lobe", "left", severity="mild")
LEFT = place("lung", "left")


def value(a: CaseFindings, b: CaseFindings, spot: Place | None = None) -> float | None:
    """The number alone."""
    compared = compare_cases(a, b, spot)
    return None if compared is None else compared.value


def mirrored_case(case: CaseFindings) -> CaseFindings:
    """The patient seen in a mirror."""
    return made(mirrored(case.facts), normal=[mirror(where) for where in case.normal_anatomies])


@laws
@given(a=cases, b=cases, spot=asked)
def test_similarity_is_symmetric_and_from_0_to_1(a: CaseFindings, b: CaseFindings, spot: Place | None) -> None:
    one, other = compare_cases(a, b, spot), compare_cases(b, a, spot)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.value == other.value
        assert 0.0 <= one.value <= 1.0
        assert one.both_normal == other.both_normal
        assert {(y, x) for x, y in one.contradicted} == set(other.contradicted)


@laws
@given(a=cases, b=cases, spot=asked)
def test_silence_is_unknown_and_never_a_number(a: CaseFindings, b: CaseFindings, spot: Place | None) -> None:
    assert (compare_cases(a, b, spot) is None) == (not (speaks_of(a, spot) and speaks_of(b, spot)))
    assert compare_cases(a, made([]), spot) is None


@laws
@given(a=cases, spot=asked)
def test_a_case_is_its_own_likeness(a: CaseFindings, spot: Place | None) -> None:
    assert value(a, a, spot) in (None, 1.0)


@laws
@given(a=cases, b=cases, spot=asked)
def test_normal_with_normal_is_apart_and_normal_is_nothing_like_a_finding(
    a: CaseFindings, b: CaseFindings, spot: Place | None
) -> None:
    compared = compare_cases(a, b, spot)
    if compared is not None:
        normal = is_normal_at(a, spot), is_normal_at(b, spot)
        assert compared.both_normal == all(normal)
        if any(normal) and not all(normal):
            assert compared.value == 0.0


@laws
@given(fact=facts, spot=asked)
def test_the_opposite_is_at_most_a_fifth(fact: Fact, spot: Place | None) -> None:
    assume(fact.polarity == "present")
    opposite = made([replace(fact, polarity="absent")])
    compared = compare_cases(made([fact]), opposite, spot)
    if compared is not None:
        assert compared.value <= 0.2
        assert compared.contradicted == ((fact, opposite.facts[0]),)


@laws
@given(a=cases, b=cases, spot=asked)
def test_mirroring_everything_changes_nothing(a: CaseFindings, b: CaseFindings, spot: Place | None) -> None:
    there = None if spot is None else mirror(spot)
    assert value(mirrored_case(a), mirrored_case(b), there) == pytest.approx(value(a, b, spot))


@laws
@given(a=cases)
def test_mirroring_one_case_alone_lowers_the_likeness_unless_it_is_its_own_mirror_image(a: CaseFindings) -> None:
    there = [fact for fact in a.facts if fact.polarity != "absent"]
    image = value(a, mirrored_case(a))
    if there and sorted(map(repr, there)) != sorted(map(repr, mirrored(there))):
        assert image is not None and image < 1.0
    else:
        assert image in (None, 1.0)


@laws
@given(a=cases, b=cases, more=facts)
def test_a_finding_without_counterpart_never_raises_the_likeness(a: CaseFindings, b: CaseFindings, more: Fact) -> None:
    assume(more.polarity != "absent")
    assume(all(fact_similarity(fact, more) == 0.0 for fact in a.facts))
    before, after = value(a, b), value(a, made([*b.facts, more], normal=b.normal_anatomies))
    if before is not None:
        assert after is not None and after <= before


def best_share(ours: list[Fact], theirs: list[Fact]) -> float:
    """The largest share over every way of pairing off, by trying them all."""
    weight = {"present": 1.0, "uncertain": 0.5}
    total = sum(weight[fact.polarity] for fact in [*ours, *theirs])
    ways = permutations([*theirs, *[None] * len(ours)], len(ours))
    sums = (
        sum(
            (weight[a.polarity] + weight[b.polarity]) * fact_similarity(a, b)
            for a, b in zip(ours, way, strict=True)
            if b is not None
        )
        for way in ways
    )
    return max(sums) / total


@laws
@given(a=st.lists(facts, min_size=1, max_size=3), b=st.lists(facts, max_size=3))
def test_without_denials_the_value_is_the_best_of_all_one_to_one_matchings(a: list[Fact], b: list[Fact]) -> None:
    ours, theirs = ([fact for fact in each if fact.polarity != "absent"] for each in (a, b))
    assume(ours and theirs)
    compared = compare_cases(made(ours), made(theirs))
    assert compared is not None
    assert compared.value == pytest.approx(best_share(ours, theirs))
    assert len({id(x) for x, _ in compared.matched}) == len({id(y) for _, y in compared.matched})
    assert len(compared.matched) + len(compared.only_first) == len(ours)
    assert len(compared.matched) + len(compared.only_second) == len(theirs)


def test_left_is_not_right() -> None:
    right = made([replace(LLL, side="right")])
    assert value(made([LLL]), right) == pytest.approx(0.2)
    assert value(made([LLL]), right, LEFT) is None
    assert value(made([LLL]), made([replace(LLL, side="right")], normal=[LEFT]), LEFT) == 0.0


def test_a_bilateral_finding_is_the_same_on_either_side() -> None:
    left, both = (made([made_fact("pleural_effusion", "pleural_space", side)]) for side in ("left", "bilateral"))
    assert value(left, both, place("costophrenic_angle", "left")) == 1.0
    assert value(left, both) == pytest.approx(0.85)


def test_calling_a_place_normal_denies_what_would_be_seen_there_and_no_more() -> None:
    clear = made([], normal=[place("lung", "bilateral")])
    compared = compare_cases(made([LLL]), clear, LEFT)
    assert compared is not None and compared.value == 0.0
    [(stated, denial)] = compared.contradicted
    assert (stated, denial.finding, denial.polarity, denial.sentence) == (LLL, "consolidation", "absent", None)
    device = compare_cases(made([made_fact("pacemaker", "chest_wall", "left")]), clear)
    assert device is not None and device.contradicted == ()


def test_what_is_denied_matches_nothing_else_and_what_is_also_affirmed_is_not_denied() -> None:
    effusion = made_fact("pleural_effusion", "pleural_space", "left")
    thickening = made_fact("pleural_thickening", "pleural_space", "left")
    denied = made([thickening, replace(effusion, polarity="absent")])
    compared = compare_cases(made([effusion]), denied)
    assert compared is not None and compared.value == 0.0 and len(compared.contradicted) == 1
    undecided = made([effusion, replace(effusion, side=None, polarity="absent")])
    again = compare_cases(made([effusion]), undecided)
    assert again is not None and again.value == 1.0 and again.contradicted == ()


def test_uncertain_findings_count_half() -> None:
    doubtful = made([LLL, made_fact("nodule", "upper_lobe", "right", "uncertain")])
    certain = made([LLL, made_fact("nodule", "upper_lobe", "right")])
    assert value(made([LLL]), doubtful) == pytest.approx(2 / 2.5)
    assert value(made([LLL]), certain) == pytest.approx(2 / 3)
