"""Confidence: values worked by hand, chance over every shuffle, promises kept on exchangeable cases."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation.measures.calibration import (
    CONFIDENCE_MEASURES,
    AreaUnderROC,
    ConformalCoverage,
    ExpectedCalibrationError,
    FalsePositivesAt95,
    RiskCoverageArea,
    risk_coverage,
)
from made_runs import laws

CONFIDENCES = np.array([0.9, 0.8, 0.55, 0.3, 0.95, 0.1])
RIGHT = np.array([1, 1, 0, 0, 1, 1])


def test_calibration_error_by_hand() -> None:
    told = np.array([0.9, 0.95, 0.2, 1.0])
    came = np.array([1, 0, 0, 1])
    # two bins: 0.2 alone (right 0), and the other three (right 2, told 2.85)
    assert ExpectedCalibrationError(bins=2).value(told, came) == pytest.approx((0.2 + 0.85) / 4)


def test_a_perfectly_calibrated_sample_has_no_error() -> None:
    assert ExpectedCalibrationError(bins=4).value(np.full(4, 0.75), np.array([1, 1, 1, 0])) == 0.0


def test_the_area_under_risk_and_coverage_by_hand() -> None:
    coverage, risk = risk_coverage(np.array([0.9, 0.5, 0.7]), np.array([0.0, 1.0, 1.0]))
    assert coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert risk.tolist() == pytest.approx([0, 1 / 2, 2 / 3])
    assert RiskCoverageArea().value(np.array([0.9, 0.5, 0.7]), np.array([0, 1, 1])) == pytest.approx(7 / 18)


def test_equal_confidences_are_taken_in_random_order() -> None:
    told, lost = np.array([0.5, 0.5, 0.9, 0.5]), np.array([1.0, 0.0, 0.0, 0.5])
    orders = [np.cumsum([0.0, *order]) / np.arange(1, 5) for order in permutations([1.0, 0.0, 0.5])]
    np.testing.assert_allclose(risk_coverage(told, lost)[1], np.mean(orders, axis=0))


def test_auroc_counts_pairs() -> None:
    pairs = [(a > b) + (a == b) / 2 for a in CONFIDENCES[RIGHT == 1] for b in CONFIDENCES[RIGHT == 0]]
    assert AreaUnderROC().value(CONFIDENCES, RIGHT) == pytest.approx(np.mean(pairs))
    assert AreaUnderROC().value(np.ones(4), np.array([1, 0, 0, 1])) == 0.5


def test_false_positives_at_95_by_hand() -> None:
    told = np.array([*np.arange(20) + 1.0, 0.5, 1.5, 2.0, 30.0])
    came = np.array([1] * 20 + [0] * 4)
    assert FalsePositivesAt95().value(told, came) == 2 / 4  # 19 of 20 are kept from 2.0 on


@pytest.mark.parametrize("kind", [AreaUnderROC, FalsePositivesAt95])
def test_with_one_class_nothing_can_be_told_apart(kind: type) -> None:
    for outcome in (0, 1):
        assert np.isnan(kind().value(CONFIDENCES, np.full(6, outcome)))
        assert np.isnan(kind().expected_by_chance(CONFIDENCES, np.full(6, outcome)))


@pytest.mark.parametrize("measure", [kind() for kind in CONFIDENCE_MEASURES.values()], ids=lambda measure: measure.name)
def test_chance_is_the_mean_over_every_shuffle(measure: RiskCoverageArea) -> None:
    values = []
    for chosen in combinations(range(6), 4):
        came = np.zeros(6)
        came[list(chosen)] = 1
        values.append(measure.value(CONFIDENCES, came))
    assert np.mean(values) == pytest.approx(measure.expected_by_chance(CONFIDENCES, RIGHT), rel=1e-9)


def test_conformal_coverage_is_the_promise_over_every_choice_of_earlier_cases() -> None:
    scores = np.arange(8.0)
    measure = ConformalCoverage(error=0.3)
    values = []
    for earlier in combinations(range(8), 5):
        new = np.setdiff1d(np.arange(8), earlier)
        values.append(measure.value(scores[list(earlier)], scores[new]))
    assert measure.expected_by_chance(scores[:5]) == pytest.approx(5 / 6)
    assert np.mean(values) == pytest.approx(5 / 6)


def test_with_too_few_earlier_cases_the_bound_is_infinite() -> None:
    measure = ConformalCoverage(error=0.1)
    assert measure.bound(np.arange(8.0)) == float("inf")
    assert measure.bound(np.arange(9.0)) == 8.0
    assert measure.value(np.arange(8.0), np.array([1e9])) == 1.0
    assert np.isnan(measure.value(np.arange(9.0), np.array([])))


@pytest.mark.parametrize("error", [0.0, 1.0, -1.0])
def test_an_error_share_outside_its_range_is_refused(error: float) -> None:
    with pytest.raises(InputError, match="expected a share between 0 and 1"):
        ConformalCoverage(error=error)


@pytest.mark.parametrize(
    ("told", "came", "message"),
    [
        ([], [], "two equal, filled vectors"),
        ([0.5], [1, 0], "two equal, filled vectors"),
        ([float("nan")], [1], "expected finite numbers"),
        ([1.5], [1], "expected numbers from 0 to 1"),
        ([0.5], [0.5], "expected 0 or 1"),
    ],
)
def test_each_kind_of_bad_vector_is_one_error(told: list[float], came: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ExpectedCalibrationError().value(np.array(told), np.array(came))


@laws
@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=2, max_size=30), st.randoms())
def test_values_do_not_depend_on_the_order_of_the_cases(cases: list[tuple[int, bool]], shuffler: object) -> None:
    shuffled = cases.copy()
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    for kind in CONFIDENCE_MEASURES.values():
        one, other = (
            kind().value(np.array([told / 50 for told, _ in rows]), np.array([float(came) for _, came in rows]))
            for rows in (cases, shuffled)
        )
        assert one == pytest.approx(other, nan_ok=True)


@laws
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_turning_confidence_round_turns_the_auroc_round(cases: list[tuple[float, bool]]) -> None:
    told, came = np.array([t for t, _ in cases]), np.array([float(c) for _, c in cases])
    one, other = AreaUnderROC().value(told, came), AreaUnderROC().value(-told, came)
    assert one == pytest.approx(1 - other, nan_ok=True)
