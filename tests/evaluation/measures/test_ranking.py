"""What TREC lacks: values worked by hand, and laws that hold for every list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation import Judgements, judge_run
from casekin.evaluation.measures import parse_measure
from casekin.evaluation.runs import JudgedRun
from made_runs import graded, judged, laws, ranked

UPWARD = (
    "nDCG", "nDCG@3", "nDCG(dcg='exp-log2')@5", "AP", "AP@3", "P@3", "R@3", "R(rel=2)@3", "RR", "RR@2", "Success@2",
    "Rprec", "GradedR@3", "HitRate@2", "APWithin@3", "FirstRank", "MedianRank",
)  # fmt: skip
"""Measures that only get better when a relevant document moves up."""


def value(name: str, run: JudgedRun) -> float:
    return float(parse_measure(name).value_per_query(run)[0])


def test_a_list_worked_by_hand() -> None:
    run = graded([0, 3, 0, 1], gallery=10, unlisted=[2])
    assert value("GradedR@3", run) == pytest.approx(3 / 6)
    assert value("GradedR(rel=2)@4", run) == pytest.approx(3 / 5)
    assert value("APWithin@2", run) == pytest.approx((1 / 2) / 2)
    assert value("APWithin@4", run) == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert value("FirstRank", run) == 2.0
    assert value("HitRate@1", run) == 0.0
    assert value("Coverage", run) == 1.0
    assert value("Coverage(rel=4)", run) == 0.0


def test_a_perfect_list_of_k_gets_one_however_many_are_relevant() -> None:
    run = graded([1, 1, 1], gallery=50, unlisted=[1] * 40)
    assert value("APWithin@3", run) == pytest.approx(1.0)
    assert value("AP@3", run) < 0.1


def test_queries_without_an_answer_drop_out_of_the_hit_rate_and_count_in_success() -> None:
    run = judged({"q1": ["a", "b"], "q2": ["a", "b"]}, [("q1", "a", 1), ("q2", "a", 0)])
    hits, success = parse_measure("HitRate@1"), parse_measure("Success@1")
    assert np.isnan(hits.value_per_query(run)).tolist() == [False, True]
    assert hits.over_queries(hits.value_per_query(run)) == 1.0
    assert success.over_queries(success.value_per_query(run)) == 0.5


def test_the_mean_corrected_hit_rate_is_kappas_form_of_hit_rate_and_chance() -> None:
    lists = {f"q{i}": [f"d{(i + j) % 9}" for j in range(9)] for i in range(4)}
    pairs = [("q0", "d0", 1), ("q1", "d5", 1), ("q1", "d6", 1), ("q2", "d2", 2), ("q3", "d0", 0)]
    run = judged(lists, pairs, documents=[f"d{i}" for i in range(9)])
    plain, corrected = parse_measure("HitRate@2"), parse_measure("CorrectedHitRate@2")
    hit, chance = plain.over_queries(plain.value_per_query(run)), plain.chance(run)
    assert chance == pytest.approx((2 / 9 + (1 - 7 * 6 / (9 * 8)) + 2 / 9) / 3)
    assert corrected.over_queries(corrected.value_per_query(run)) == pytest.approx((hit - chance) / (1 - chance))


def test_where_every_document_is_relevant_a_corrected_hit_rate_says_nothing() -> None:
    assert np.isnan(value("CorrectedHitRate@2", graded([1, 1])))


def test_a_list_without_a_hit_goes_on_in_random_order() -> None:
    run = graded([0, 0], gallery=8, unlisted=[1, 1])
    assert value("FirstRank", run) == pytest.approx(2 + 7 / 3)
    assert parse_measure("FirstRank").expected_by_chance(run)[0] == pytest.approx(9 / 3)
    assert np.isnan(value("FirstRank", graded([0, 0])))


def test_the_median_rank_is_a_median_and_not_a_mean() -> None:
    lists = {f"q{i}": [f"d{j}" for j in range(9)] for i in range(3)}
    run = judged(lists, [("q0", "d0", 1), ("q1", "d1", 1), ("q2", "d8", 1)], documents=[f"d{j}" for j in range(9)])
    measure = parse_measure("MedianRank")
    assert measure.over_queries(measure.value_per_query(run)) == 2.0
    assert measure.chance(run) == 5.0


def test_identical_texts_count_as_hits_for_groups_and_not_strictly() -> None:
    labels = Judgements.build([("q", "own", 1)], documents=["own", "twin", "x", "y"])
    run = judge_run(ranked({"q": ["twin", "x", "own"]}), labels, groups={"own": "no finding", "twin": "no finding"})
    assert (value("R@1", run), value("GroupR@1", run)) == (0.0, 1.0)
    measure = parse_measure("GroupR@1")
    assert measure.expected_by_chance(run)[0] == pytest.approx(2 / 4)


def test_finding_a_group_twice_counts_once() -> None:
    labels = Judgements.build([("q", "a", 1), ("q", "b", 1), ("q", "c", 2)], documents="abcd")
    run = judge_run(ranked({"q": ["a", "b"]}), labels, groups={"a": "x", "b": "x"})
    assert (value("R@2", run), value("GroupR@2", run)) == (pytest.approx(2 / 3), 0.5)
    assert value("GroupR(rel=2)@2", run) == 0.0


def test_group_recall_without_groups_is_an_error() -> None:
    with pytest.raises(InputError, match="needs a run judged with groups"):
        value("GroupR@1", graded([1]))


@laws
@given(st.lists(st.integers(0, 3), min_size=2, max_size=8), st.data())
def test_moving_a_better_document_up_never_makes_a_measure_worse(grades: list[int], data: st.DataObject) -> None:
    lower = data.draw(st.integers(1, len(grades) - 1))
    upper = data.draw(st.integers(0, lower - 1))
    if grades[lower] <= grades[upper]:
        return
    moved = grades.copy()
    moved[upper], moved[lower] = moved[lower], moved[upper]
    before, after = graded(grades, gallery=10, unlisted=[1]), graded(moved, gallery=10, unlisted=[1])
    for name in UPWARD:
        gain = value(name, after) - value(name, before)
        assert (gain <= 1e-12) if parse_measure(name).better == "lower" else (gain >= -1e-12), name


@laws
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_no_list_beats_the_best_order_which_gets_one(grades: list[int]) -> None:
    best = graded(sorted(grades, reverse=True))
    if max(grades) > 0:
        for name in ("nDCG", "nDCG@3", "nDCG(dcg='exp-log2')@2", "AP", "RR", "Rprec", "APWithin@2", "Success@1"):
            assert value(name, best) == pytest.approx(1.0), name
            assert value(name, graded(grades)) <= 1.0 + 1e-12, name


@laws
@given(st.permutations("abcdef"), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), min_size=1))
def test_relevance_of_what_is_past_the_cutoff_in_which_order_ever_changes_nothing(
    order: list[str], grades: dict[str, int]
) -> None:
    pairs = [("q", doc, float(grade)) for doc, grade in grades.items()]
    one = judged({"q": order}, pairs, documents="abcdef")
    other = judged({"q": [*order[:3], *reversed(order[3:])]}, pairs, documents="abcdef")
    for name in ("nDCG@3", "AP@3", "P@3", "R@2", "RR@3", "Success@3", "GradedR@3", "HitRate@1", "APWithin@3"):
        np.testing.assert_array_equal(
            parse_measure(name).value_per_query(one), parse_measure(name).value_per_query(other), err_msg=name
        )
