"""The support curve: what it is fitted to, and what blindness means."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from casekin.retrieval.compose.curve import SHIPPED_CURVE, Evidence, curve_of, fit_curve


def logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def test_a_fit_finds_the_weights_that_made_the_examples() -> None:
    rng = np.random.default_rng(3)
    examples = []
    for _ in range(20_000):
        here, share, habit = rng.uniform(0.05, 0.95, 3)
        z = 0.8 * (logit(here) - logit(0.3)) + 0.5 * logit(share) + 0.2 * logit(habit) - 0.4
        examples.append(
            (Evidence(presence=(here, 0.3), share=share, habit=habit), bool(rng.random() < 1 / (1 + math.exp(-z))))
        )
    curve = fit_curve(examples, questions=7)
    assert curve.seen == pytest.approx((0.8, 0.5, 0.2, -0.4), abs=0.08)
    assert curve.questions == 7


def test_a_fit_is_stationary_its_residuals_are_the_penalty() -> None:
    told = ((0.2, 0.1, False), (0.7, 0.2, True), (0.5, 0.5, False), (0.9, 0.4, True), (0.4, 0.3, True))
    examples = [(Evidence(presence=None, share=share, habit=habit), stated) for share, habit, stated in told]
    weights = np.array(fit_curve(examples, questions=5).unseen)
    rows = np.array([[logit(e.share), logit(e.habit), 1.0] for e, _ in examples])
    residuals = np.array([float(y) for _, y in examples]) - 1 / (1 + np.exp(-rows @ weights))
    assert rows.T @ residuals == pytest.approx(weights, abs=1e-3)


def test_an_encoder_that_sees_a_finding_nowhere_says_nothing_of_it() -> None:
    blind = [SHIPPED_CURVE.read(Evidence(presence=(p, p), share=0.1, habit=0.1)) for p in (0.001, 0.4)]
    assert blind[0] == pytest.approx(blind[1])


def test_more_presence_or_a_larger_share_makes_a_finding_likelier() -> None:
    base = SHIPPED_CURVE.read(Evidence(presence=(0.2, 0.1), share=0.2, habit=0.1))
    assert SHIPPED_CURVE.read(Evidence(presence=(0.4, 0.1), share=0.2, habit=0.1)) > base
    assert SHIPPED_CURVE.read(Evidence(presence=(0.2, 0.1), share=0.4, habit=0.1)) > base


def test_a_curve_comes_back_from_its_plain_form() -> None:
    assert curve_of(json.loads(json.dumps(SHIPPED_CURVE.as_record()))) == SHIPPED_CURVE
