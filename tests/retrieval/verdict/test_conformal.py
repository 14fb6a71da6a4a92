"""Promises of p-values and bins, by counting, by their laws, and by drawing many archives."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation.measures.calibration import ConformalCoverage
from casekin.retrieval.verdict.conformal import fit_promises, least_strange, p_value, promises_of

errors = st.integers(2, 50).map(lambda hundredths: hundredths / 100)
scores = st.lists(st.floats(-5, 5), min_size=1, max_size=60).map(sorted).map(np.array)


@given(scores, st.floats(-6, 6))
def test_a_p_value_counts_the_new_one_and_those_at_least_as_strange(earlier: Any, value: float) -> None:
    assert p_value(earlier, value) == pytest.approx((1 + sum(earlier >= value)) / (len(earlier) + 1))


@given(scores, errors, st.floats(-6, 6))
def test_a_picture_is_strange_where_its_p_value_is_within_the_error(earlier: Any, error: float, value: float) -> None:
    assert (value >= least_strange(earlier, error)) == (p_value(earlier, value) <= error + 1e-9)


@given(scores, errors)
def test_the_bound_is_that_of_conformal_coverage(earlier: Any, error: float) -> None:
    inside, outside = ConformalCoverage(error=error).bound(earlier), least_strange(earlier, error)
    assert outside == np.nextafter(inside, np.inf) or (inside == outside == np.inf)


def test_a_bin_promises_its_successes_with_the_new_question_counted_as_a_failure() -> None:
    statistics = np.repeat([0.1, 0.5, 0.9], 10)
    succeeded = np.repeat([0, 1, 1], 10) * np.tile([1] * 8 + [0] * 2, 3) + np.repeat([0, 0, 1], 10)
    promises = fit_promises(statistics, succeeded > 0, smallest=10)
    assert promises.starts == (0.1, 0.5, 0.9)
    assert promises.promised == (0.0, 8 / 11, 10 / 11)
    assert [promises.read(value) for value in (-1.0, 0.49, 0.5, 2.0)] == [0.0, 0.0, 8 / 11, 10 / 11]
    assert (promises.least(0.7), promises.least(0.99), promises.total) == (0.5, np.inf, 30)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=8, max_size=80), st.integers(2, 8))
def test_promises_never_fall_and_every_question_is_in_one_bin(questions: list[tuple[int, bool]], smallest: int) -> None:
    statistics, succeeded = np.array([q[0] for q in questions]), np.array([q[1] for q in questions])
    promises = fit_promises(statistics, succeeded, smallest=smallest)
    rates = [p * (n + 1) / n for p, n in zip(promises.promised, promises.counts, strict=True)]
    assert rates == sorted(rates)
    assert promises.total == len(questions)
    assert min(promises.counts) >= smallest
    assert sum(p * (n + 1) for p, n in zip(promises.promised, promises.counts, strict=True)) == pytest.approx(
        succeeded.sum()
    )


def test_what_is_promised_is_kept_on_average_over_archives() -> None:
    rng = np.random.default_rng(0)
    kept, promised = [], []
    for _ in range(200):
        statistics = rng.uniform(size=400)
        promises = fit_promises(statistics, rng.uniform(size=400) < statistics, smallest=50)
        new = rng.uniform(size=50)
        promised += [promises.read(value) for value in new.tolist()]
        kept += (rng.uniform(size=50) < new).tolist()
    assert 0.0 < np.mean(kept) - np.mean(promised) < 0.02


def test_a_plain_form_reads_back_and_few_questions_promise_nothing() -> None:
    promises = fit_promises(np.arange(30.0), np.arange(30) > 12, smallest=10)
    assert promises_of(json.loads(json.dumps(promises.as_record()))) == promises
    with pytest.raises(InputError, match="at least 100"):
        fit_promises(np.arange(30.0), np.arange(30) > 12, smallest=100)
