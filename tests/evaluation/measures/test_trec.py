"""The measures of TREC agree with ir-measures and with a second, naive implementation on every kind of list."""

from __future__ import annotations

import math
from collections.abc import Sequence

import ir_measures
import numpy as np
import pytest

from casekin.evaluation import Judgements, Run, judge_run
from casekin.evaluation.measures import parse_measure
from made_runs import graded, judged, random_lists

NAMES = (
    "nDCG", "nDCG@1", "nDCG@5", "nDCG@10", "nDCG@100", "AP", "AP@5", "AP@100", "AP(rel=2)", "AP(rel=3)@10", "P@1",
    "P@5", "P@100", "P(rel=2)@10", "R@5", "R@10", "R(rel=2)@10", "R@100", "RR", "RR(rel=3)", "RR@5", "Success@1",
    "Success@10", "Success(rel=3)@5", "Rprec", "Rprec(rel=2)",
)  # fmt: skip
EXPONENTIAL = ("nDCG(dcg='exp-log2')@10", "nDCG(dcg='exp-log2')")


def library_values(name: str, run: Run, pairs: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """ir-measures' value of each query; scores are handed over as ranks, since it breaks ties the other way round."""
    qrels = [ir_measures.Qrel(query, doc, int(grade)) for query, doc, grade in pairs]
    docs = [ir_measures.ScoredDoc(q, doc, -float(i)) for q, ids in run.lists.items() for i, doc in enumerate(ids)]
    found = ir_measures.iter_calc([ir_measures.parse_measure(name)], qrels, docs)
    return {metric.query_id: metric.value for metric in found}


@pytest.mark.parametrize("seed", range(6))
def test_every_value_is_that_of_ir_measures(seed: int) -> None:
    rows, pairs = random_lists(seed)
    run = Run.build("random", rows)
    ours = judge_run(run, Judgements.build(pairs))
    for name in NAMES:
        theirs = library_values(name, run, pairs)
        expected = [theirs[query] for query in ours.query_ids]
        assert sorted(theirs) == list(ours.query_ids)
        np.testing.assert_allclose(
            parse_measure(name).value_per_query(ours), expected, rtol=0, atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("name", (*NAMES, *EXPONENTIAL, "Judged@10"))
def test_names_are_those_of_ir_measures(name: str) -> None:
    assert parse_measure(name).name == str(ir_measures.parse_measure(name)) == name


@pytest.mark.parametrize("seed", range(3))
def test_under_the_rules_of_trec_judged_documents_are_those_of_the_qrels(seed: int) -> None:
    rows, pairs = random_lists(seed)
    run = Run.build("random", rows)
    ours = judge_run(run, Judgements.build(pairs))
    theirs = library_values("Judged@10", run, pairs)
    values = dict(zip(ours.query_ids, parse_measure("Judged@10").value_per_query(ours).tolist(), strict=True))
    assert values == pytest.approx(theirs)


def naive_value(name: str, listed: Sequence[float], held: Sequence[float]) -> float:
    """One query's value, by loops; `listed` are grades by rank, `held` those of the whole gallery."""
    measure = parse_measure(name)
    k, rel = measure.cutoff or len(listed), measure.rel
    top, relevant = listed[:k], sum(grade >= rel for grade in held)
    hits = [grade >= rel for grade in top]
    gain = (lambda g: 2**g - 1) if "exp" in name else (lambda g: g)

    def dcg(grades: Sequence[float]) -> float:
        return sum(gain(grade) / math.log2(i + 2) for i, grade in enumerate(grades))

    if measure.label == "nDCG":
        best = dcg(sorted(held, reverse=True)[: measure.cutoff])
        return dcg(top) / best if best else 0.0
    if measure.label == "P":
        return sum(hits) / k
    if measure.label == "R":
        return sum(hits) / relevant if relevant else 0.0
    if measure.label == "Success":
        return float(any(hits))
    if measure.label == "RR":
        return next((1 / (i + 1) for i, hit in enumerate(hits) if hit), 0.0)
    if measure.label == "Rprec":
        return sum(grade >= rel for grade in listed[:relevant]) / relevant if relevant else 0.0
    return sum(sum(hits[: i + 1]) / (i + 1) for i, hit in enumerate(hits) if hit) / relevant if relevant else 0.0


@pytest.mark.parametrize("seed", range(6, 10))
def test_every_value_is_that_of_plain_loops(seed: int) -> None:
    rows, pairs = random_lists(seed)
    run = Run.build("random", rows)
    ours = judge_run(run, Judgements.build(pairs))
    grades = {query: {doc: grade for q, doc, grade in pairs if q == query} for query in ours.query_ids}
    for name in (*NAMES, *EXPONENTIAL):
        expected = [
            naive_value(name, [grades[q].get(doc, 0.0) for doc in run.lists.get(q, ())], list(grades[q].values()))
            for q in ours.query_ids
        ]
        np.testing.assert_allclose(
            parse_measure(name).value_per_query(ours), expected, rtol=0, atol=1e-12, err_msg=name
        )


def test_a_list_worked_by_hand_has_the_textbook_values() -> None:
    run = graded([3, 0, 2, 0, 1], gallery=9, unlisted=[2])
    expected = {
        "P@5": 3 / 5,
        "R@5": 3 / 4,
        "RR(rel=2)": 1.0,
        "AP": (1 + 2 / 3 + 3 / 5) / 4,
        "Rprec": 2 / 4,
        "nDCG@3": (3 + 2 / 2) / (3 + 2 / math.log2(3) + 2 / 2),
        "nDCG(dcg='exp-log2')@3": (7 + 3 / 2) / (7 + 3 / math.log2(3) + 3 / 2),
    }
    assert {name: parse_measure(name).value_per_query(run)[0] for name in expected} == pytest.approx(expected)


def test_where_pairs_are_unjudged_values_are_those_of_ir_measures_on_judged_documents_only() -> None:
    rows, pairs = random_lists(11)
    queries = sorted({query for query, _, _ in pairs})
    judged_here = {f"p{query}": [doc for q, doc, _ in pairs if q == query] for query in queries}
    documents = {f"d{i}" for i in range(60)}
    asked = {query: f"x{query}@p{query}" for query in queries}
    ours = judge_run(
        Run.build("random", [(asked[query], doc, score) for query, doc, score in rows]),
        Judgements.build([(asked[q], doc, g) for q, doc, g in pairs], documents=documents, judged=judged_here),
    )
    run = Run.build("random", rows)
    for name in ("nDCG(judged_only=True)@10", "AP(judged_only=True)", "P(judged_only=True)@5", "Judged@10"):
        theirs = library_values(name, run, pairs)
        values = parse_measure(name.replace("(judged_only=True)", "")).value_per_query(ours)
        for query, value in zip(ours.query_ids, values.tolist(), strict=True):
            if name != "Judged@10" or query.partition("@")[2][1:] in run.lists:
                assert value == pytest.approx(theirs[query.partition("@")[2][1:]], abs=1e-12), (name, query)


def test_ties_are_broken_by_document_id_whatever_the_order_of_the_rows() -> None:
    rows = [("q", doc, score) for doc, score in zip("cabd", (1.0, 1.0, 2.0, 1.0), strict=True)]
    assert Run.build("one", rows).lists == Run.build("two", rows[::-1]).lists == {"q": ("b", "a", "c", "d")}


@pytest.mark.parametrize("name", NAMES)
def test_a_single_class_gives_the_ends_of_the_scale(name: str) -> None:
    measure = parse_measure(name)
    docs = [f"d{i}" for i in range(100)]
    everything = judged({"q": docs}, [("q", doc, 3.0) for doc in docs])
    nothing = judged({"q": docs}, [("q", doc, 0.0) for doc in docs])
    best = 1.0 if measure.label != "R" and name not in ("AP@5", "AP(rel=3)@10") else (measure.cutoff or 100) / 100
    assert measure.value_per_query(everything)[0] == pytest.approx(best)
    assert measure.expected_by_chance(everything)[0] == pytest.approx(best)
    assert measure.value_per_query(nothing)[0] == measure.expected_by_chance(nothing)[0] == 0.0
