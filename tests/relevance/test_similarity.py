"""Similarity of findings keeps its axioms; the assignment is one to one and the best that exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.anatomy import mirror
from casekin.relevance import fact_similarity
from casekin.relevance.similarity import assign, contradicts, similarity_table
from casekin.types import Fact, Polarity, Severity, Side
from made_cases import made_fact

SIDES: tuple[Side | None, ...] = ("left", "right", "bilateral", None)
POLARITIES: tuple[Polarity, ...] = ("present", "absent", "uncertain")
SEVERITIES: tuple[Severity | None, ...] = (None, "minimal", "severe")

facts = st.builds(
    lambda finding, anatomy, side, polarity, severity: made_fact(finding, anatomy, side, polarity, severity=severity),
    st.sampled_from(["consolidation", "airspace_opacity", "nodule", "mass", "pleural_effusion", "hydropneumothorax"]),
    st.sampled_from(["lung", "lower_lobe", "lower_lung_zone", "pleural_space"]),
    st.sampled_from(SIDES),
    st.sampled_from(POLARITIES),
    st.sampled_from(SEVERITIES),
)
LLL = made_fact("consolidation", "lower_lobe", "left", severity="mild")


def mirrored(fact: Fact) -> Fact:
    to = mirror(fact.place)
    return replace(fact, anatomy=to.anatomy, side=to.side)


@given(a=facts, b=facts)
def test_similarity_is_symmetric_and_from_0_to_1(a: Fact, b: Fact) -> None:
    assert fact_similarity(a, b) == fact_similarity(b, a)
    assert 0.0 <= fact_similarity(a, b) <= 1.0


@given(a=facts, b=facts)
def test_a_finding_is_most_similar_to_itself(a: Fact, b: Fact) -> None:
    assert fact_similarity(a, a) == 1.0
    assert fact_similarity(a, b) <= fact_similarity(a, a)


@given(a=facts, b=facts)
def test_opposite_polarity_is_at_most_a_fifth(a: Fact, b: Fact) -> None:
    if {a.polarity, b.polarity} == {"present", "absent"}:
        assert fact_similarity(a, b) <= 0.2


@given(a=facts, b=facts)
def test_mirroring_both_keeps_the_similarity_and_mirroring_one_side_lowers_it(a: Fact, b: Fact) -> None:
    assert fact_similarity(mirrored(a), mirrored(b)) == fact_similarity(a, b)
    if a.side in ("left", "right"):
        assert fact_similarity(a, mirrored(a)) <= 0.2


def test_what_is_nearer_is_more_similar() -> None:
    nearer = [
        LLL,
        replace(LLL, severity="moderate"),
        replace(LLL, anatomy="lung"),
        replace(LLL, anatomy="lung", side="bilateral"),
        replace(LLL, finding="infiltrate"),
        replace(LLL, side="right", finding="infiltrate"),
        replace(LLL, polarity="absent"),
    ]
    values = [fact_similarity(LLL, other) for other in nearer]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def best_total(ours: Sequence[Fact], theirs: Sequence[Fact]) -> float:
    """The largest sum over every way of giving each finding at most one partner."""
    free = [None] * len(ours)
    ways = permutations([*theirs, *free], len(ours))
    return max(sum(0.0 if b is None else fact_similarity(a, b) for a, b in zip(ours, way, strict=True)) for way in ways)


@settings(max_examples=60, deadline=None)
@given(ours=st.lists(facts, min_size=1, max_size=3), theirs=st.lists(facts, max_size=4))
def test_the_assignment_is_one_to_one_and_as_good_as_the_best_of_all(ours: list[Fact], theirs: list[Fact]) -> None:
    table = similarity_table(ours, theirs)
    pairs = assign(table)
    assert sum(table[i, j] for i, j in pairs.items()) == pytest.approx(best_total(ours, theirs))
    assert len(set(pairs.values())) == len(pairs)
    assert all(table[i, j] > 0 for i, j in pairs.items())


@given(a=facts, b=facts)
def test_a_contradiction_is_symmetric_and_between_present_and_absent_only(a: Fact, b: Fact) -> None:
    assert contradicts(a, b) == contradicts(b, a)
    if contradicts(a, b):
        assert {a.polarity, b.polarity} == {"present", "absent"}
        assert fact_similarity(a, b) == 0.0


@pytest.mark.parametrize(
    ("denied", "contradicted"),
    [
        (replace(LLL, polarity="absent"), True),
        (made_fact("airspace_opacity", "lung", "left", "absent"), True),  # no opacity: no consolidation either
        (made_fact("consolidation", "lung", None, "absent"), True),
        (made_fact("consolidation", "lower_lobe", "right", "absent"), False),
        (made_fact("ground_glass_opacity", "lower_lobe", "left", "absent"), False),
    ],
)
def test_denying_the_whole_contradicts_and_denying_something_else_does_not(denied: Fact, contradicted: bool) -> None:
    assert contradicts(LLL, denied) is contradicted


def test_denying_a_kind_does_not_contradict_the_whole() -> None:
    opacity = made_fact("airspace_opacity", "lower_lobe", "left")
    assert not contradicts(opacity, replace(LLL, polarity="absent"))
