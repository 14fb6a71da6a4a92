"""How far a picture lies from an archive's: the textbook's formula, kept in few numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.retrieval.verdict.distance import distance_of, fit_distance, mean_look


def looks(count: int, dim: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim)


def test_few_directions_give_the_mahalanobis_distance_with_a_shrunken_covariance() -> None:
    known, new = looks(300, 6), looks(20, 6, seed=1)
    covariance = np.cov(known.T)
    covariance += 0.05 * np.trace(covariance) / 6 * np.eye(6)
    moved = new - known.mean(axis=0)
    expected = np.einsum("nd,de,ne->n", moved, np.linalg.inv(covariance), moved)
    assert fit_distance(known).of(new) == pytest.approx(expected, rel=1e-3)


def test_of_many_directions_the_leading_ones_count_apart_and_the_rest_as_one_variance() -> None:
    known = looks(400, 80)
    distance = fit_distance(known)
    assert distance.directions.shape == (64, 80)
    variances = np.sort(np.linalg.eigvalsh(np.cov(known.T)))[::-1]
    assert distance.rest == pytest.approx(variances[64:].mean() + 0.05 * variances.mean(), rel=1e-4)
    # Of pictures like the known ones, a direction adds about its own variance over the shrunken one.
    expected = (variances[:64] / distance.variances).sum() + variances[64:].sum() / distance.rest
    assert distance.of(known).mean() == pytest.approx(expected, rel=0.02)


def test_a_plain_form_gives_the_same_distances() -> None:
    distance, new = fit_distance(looks(150, 70)), looks(5, 70, seed=2)
    again = distance_of(json.loads(json.dumps(distance.as_record())))
    assert again.of(new).tolist() == distance.of(new).tolist()


def test_few_pictures_and_looks_of_another_encoder_are_refused() -> None:
    with pytest.raises(InputError, match="at least 100"):
        fit_distance(looks(99, 4))
    with pytest.raises(InputError, match="expected 4 numbers, got 5"):
        fit_distance(looks(100, 4)).of(looks(1, 5))


def test_a_mean_look_leaves_the_evidence_out() -> None:
    tokens = np.zeros((2, 2, 3), dtype=np.float16)
    tokens[..., 0] = 7.0
    tokens[0, 0, 1:] = (4.0, 8.0)
    assert mean_look(tokens, 1).tolist() == [1.0, 2.0]
