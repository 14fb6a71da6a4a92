"""What a random ranking gets: each closed form is the mean over all orders of a small gallery, and over many draws."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.evaluation import Judgements, judge_run
from casekin.evaluation.measures import MEASURES, Measure, parse_measure
from casekin.evaluation.measures.chance import expected_jaccard, harmonic, miss_curve, miss_probability
from casekin.evaluation.measures.conditional import RegionAgreement
from casekin.evaluation.runs import JudgedRun
from made_runs import every_order, judged, laws, ranked

GRADES = {"a": 3.0, "b": 1.0, "c": 0.0, "d": 2.0, "e": 0.0, "f": 0.0}
BY_RANK = (
    "nDCG", "nDCG@3", "nDCG(dcg='exp-log2')@2", "AP", "AP@2", "AP(rel=2)@4", "P@1", "P@4", "P@9", "R@3", "R(rel=2)@9",
    "RR", "RR(rel=3)@2", "Success@2", "Success(rel=3)@9", "Rprec", "Rprec(rel=2)", "GradedR@3", "GradedR(rel=2)@2",
    "HitRate@2", "CorrectedHitRate@1", "CorrectedHitRate(rel=3)@3", "APWithin@2", "APWithin@9", "FirstRank",
    "FirstRank(rel=3)", "Coverage", "Judged@3",
)  # fmt: skip


def assert_mean_is_expected(measure: Measure, run: JudgedRun, *, rtol: float = 1e-10) -> None:
    """The mean of the values of all orders is what the measure expects."""
    values, expected = measure.value_per_query(run), measure.expected_by_chance(run)
    assert np.isnan(values).sum() == np.isnan(expected).sum()
    np.testing.assert_allclose(np.nanmean(values), np.nanmean(expected), rtol=rtol, atol=1e-12, err_msg=measure.name)


@pytest.mark.parametrize("depth", [1, 3, 6])
@pytest.mark.parametrize("name", BY_RANK)
def test_expected_by_chance_is_the_mean_over_every_order_of_the_gallery(name: str, depth: int) -> None:
    assert_mean_is_expected(parse_measure(name), orders_of_six(depth))


@cache
def orders_of_six(depth: int) -> JudgedRun:
    return every_order(GRADES, depth=depth)


@pytest.mark.parametrize("grades", [{"a": 1.0}, {"a": 0.0}, {"a": 0.0, "b": 0.0, "c": 0.0}, {"a": 2.0, "b": 2.0}])
@pytest.mark.parametrize("name", [name for name in BY_RANK if "Corrected" not in name])
def test_it_is_so_for_galleries_of_one_kind_and_of_one_document(name: str, grades: dict[str, float]) -> None:
    measure = parse_measure(name)
    run = every_order(grades, depth=3)
    values, expected = measure.value_per_query(run), measure.expected_by_chance(run)
    assert (np.isnan(values) == np.isnan(expected)).all()
    np.testing.assert_allclose(values, expected, rtol=1e-12)


@pytest.mark.parametrize("depth", [2, 6])
@pytest.mark.parametrize("name", ["GroupR@1", "GroupR@3", "GroupR(rel=3)@2"])
def test_groups_of_texts_are_found_by_chance_as_often_as_over_every_order(name: str, depth: int) -> None:
    assert_mean_is_expected(parse_measure(name), grouped_orders(depth))


@cache
def grouped_orders(depth: int) -> JudgedRun:
    run = orders_of_six(depth)
    pairs = [(query, doc, grade) for query in run.query_ids for doc, grade in GRADES.items()]
    orders = {query: order[:depth] for query, order in zip(run.query_ids, permutations(sorted(GRADES)), strict=True)}
    labels = Judgements.build(pairs, documents=GRADES)
    return judge_run(ranked(orders), labels, groups={"a": "x", "c": "x", "b": "y", "d": "y", "e": "z"})


@cache
def orders_at_a_place(depth: int) -> JudgedRun:
    """Every order of six judged documents of four patients, asked by a case of the first patient with one more."""
    documents = sorted(GRADES)
    orders = [order[:depth] for order in permutations(documents)]
    queries = [f"own{i}@left_lung" for i in range(len(orders))]
    cases = [query.partition("@")[0] for query in queries]
    everything = [*documents, "z", *cases]
    pairs = [(query, doc, grade) for query in queries for doc, grade in GRADES.items()]
    labels = Judgements.build(
        pairs,
        documents=everything,
        judged={"left_lung": [*documents, *cases, "z"]},
        patients={"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3", "z": "0"} | dict.fromkeys(cases, "0"),
    )
    mirrored = Judgements.build([(query, doc, 1) for query in queries for doc in "ce"], documents=everything)
    lists = ranked(dict(zip(queries, orders, strict=True)))
    return judge_run(lists, labels, relations={"mirrored": mirrored, "contradicting": mirrored})


@pytest.mark.parametrize("name", ["PatientDiversity@2", "PatientDiversity@4", "SideError@3", "Contradiction@1", "AP"])
def test_conditional_measures_expect_the_mean_over_every_order(name: str) -> None:
    run = orders_at_a_place(4)
    assert set(run.gallery_sizes.tolist()) == {6.0}
    assert_mean_is_expected(parse_measure(name), run)


def test_the_same_patient_is_expected_as_often_as_every_order_of_all_documents_shows_it() -> None:
    documents = ("a", "b", "c", "d")
    orders = list(permutations(documents))
    labels = Judgements.build(
        [(f"a@{i}", "b", 1) for i in range(24)], documents=documents, patients={"a": "1", "b": "2", "c": "1", "d": "3"}
    )
    run = judge_run(ranked({f"a@{i}": order for i, order in enumerate(orders)}), labels)
    assert_mean_is_expected(parse_measure("SamePatient@2"), run)


def pairs_of_orders(documents: Sequence[str], depth: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    orders = [order[:depth] for order in permutations(documents)]
    return [(a, b) for a in orders for b in orders]


def test_condition_sensitivity_expects_the_mean_over_every_pair_of_orders() -> None:
    pairs = pairs_of_orders("abcd", 2)
    lists = {f"q{i}@{place}": order for i, both in enumerate(pairs) for place, order in zip("xy", both, strict=True)}
    run = judged(lists, [(query, "a", 1) for query in lists], documents="abcd")
    assert_mean_is_expected(parse_measure("ConditionSensitivity@2"), run)


@pytest.mark.parametrize("depth", [1, 3])
def test_region_agreement_expects_the_mean_over_every_pair_of_orders(depth: int) -> None:
    pairs = pairs_of_orders("abcd", depth)
    qrels = [(f"q{i}", "a", 1) for i in range(len(pairs))]
    one, two = (
        judged({f"q{i}": both[which] for i, both in enumerate(pairs)}, qrels, documents="abcd") for which in (0, 1)
    )
    assert_mean_is_expected(RegionAgreement(reference=one, p=0.8), two)


def test_the_chance_of_the_median_rank_is_the_median_over_every_order() -> None:
    run = every_order({**GRADES, "b": 0.0, "d": 0.0}, depth=6)
    measure = parse_measure("MedianRank")
    assert measure.chance(run) == 3.0  # one relevant of six: P(first <= 3) = 1/2
    assert np.percentile(measure.value_per_query(run), 50, method="inverted_cdf") == 3.0


@pytest.mark.parametrize("name", [name for name in BY_RANK if name not in ("Judged@3", "Coverage")])
def test_expected_by_chance_is_the_mean_of_many_random_rankings(name: str) -> None:
    run = random_rankings()
    measure = parse_measure(name)
    values, expected = measure.value_per_query(run), measure.expected_by_chance(run)
    assert abs(values.mean() - expected.mean()) < 4.5 * values.std() / np.sqrt(len(values)) + 1e-9


@cache
def random_rankings() -> JudgedRun:
    """400 rankings of 120 documents, the first 50 of each."""
    random = np.random.default_rng(7)
    documents = [f"d{i:03d}" for i in range(120)]
    grades = dict(zip(documents, random.choice([0, 0, 0, 0, 1, 2, 3], 120).tolist(), strict=True))
    lists = {f"q{i:03d}": random.permutation(documents)[:50].tolist() for i in range(400)}
    return judged(lists, [(q, doc, grade) for q in lists for doc, grade in grades.items()], documents=documents)


@laws
@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 40))
def test_the_probability_of_missing_is_a_quotient_of_binomials(gallery: int, relevant: int, drawn: int) -> None:
    relevant, drawn = min(relevant, gallery), min(drawn, gallery)
    exact = comb(gallery - relevant, drawn) / comb(gallery, drawn)
    assert float(miss_probability(gallery, relevant, drawn)) == pytest.approx(exact, rel=1e-9, abs=1e-15)
    curve = miss_curve(np.array([float(gallery)]), np.array([float(relevant)]), drawn)
    assert curve[0, -1] == pytest.approx(exact, rel=1e-12, abs=1e-15)


@laws
@given(st.integers(1, 30), st.integers(1, 30))
def test_the_expected_jaccard_is_a_sum_over_overlaps(gallery: int, drawn: int) -> None:
    drawn = min(drawn, gallery)
    ways = [comb(drawn, o) * comb(gallery - drawn, drawn - o) for o in range(drawn + 1)]
    exact = sum(way * o / (2 * drawn - o) for o, way in enumerate(ways)) / sum(ways)
    assert expected_jaccard(gallery, drawn) == pytest.approx(exact, rel=1e-9)


def test_harmonic_numbers_are_sums_of_reciprocals() -> None:
    assert harmonic(np.array([3.0, 0.0, 1.0])).tolist() == pytest.approx([11 / 6, 0.0, 1.0])


def test_every_measure_of_the_catalogue_is_tested_here() -> None:
    tested = {parse_measure(name).label for name in BY_RANK} | {"GroupR", "PatientDiversity", "SideError"}
    tested |= {"Contradiction", "SamePatient", "ConditionSensitivity", "RegionAgreement", "MedianRank"}
    assert tested == set(MEASURES)
