"""Presence curves are fitted so that they say what the radiographs said."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.training.presence_fit import fit_presence
from casekin.types import Place

LEFT_LUNG, LEFT_APEX = Place(anatomy="lung", side="left"), Place(anatomy="apical_zone", side="left")
LUNG, APEX = LOCATIONS.index(LEFT_LUNG), LOCATIONS.index(LEFT_APEX)


def fluid(count: int, *, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Evidence of one finding that is seen in the left lung alone and stands at lung and apex."""
    rng = np.random.default_rng(seed)
    there = rng.random(count) < 0.3
    evidence = rng.normal(-4.0, 1.0, (count, len(LOCATIONS), 1)).astype(np.float32)
    evidence[there, LUNG, 0] += 6.0
    stands = np.zeros((count, len(LOCATIONS), 1), dtype=np.bool_)
    stands[there, LUNG] = stands[there, APEX] = True
    return evidence, stands


def test_a_place_reads_the_location_that_tells_most_and_never_what_never_stood_there() -> None:
    evidence, stands = fluid(300)
    curves = fit_presence({1.0: evidence}, stands)
    assert curves.source[APEX, 0] == LUNG
    evidence, stands = fluid(200, seed=1)
    read = np.stack([curves.read(one) for one in evidence])
    assert ((read[:, APEX, 0] > 0.5) == stands[:, APEX, 0]).mean() > 0.95
    heart = LOCATIONS.index(Place(anatomy="cardiac_silhouette"))
    assert read[:, heart].max() < 0.01


def test_both_sides_read_alike() -> None:
    evidence, stands = fluid(300)
    curves = fit_presence({1.0: evidence}, stands)
    mirrored = [LOCATIONS.index(mirror(place)) for place in LOCATIONS]
    for name in ("own", "other", "anywhere", "offset"):
        np.testing.assert_allclose(getattr(curves, name)[mirrored], getattr(curves, name), atol=1e-6)


def test_the_sharpness_whose_evidence_tells_more_is_taken_and_none_speaks_against_its_finding() -> None:
    evidence, stands = fluid(400)
    noise = np.random.default_rng(5).normal(0.0, 1.0, evidence.shape).astype(np.float32)
    curves = fit_presence({0.5: noise, 4.0: evidence}, stands)
    assert curves.sharpness.tolist() == [4.0]
    assert fit_presence({0.5: evidence, 4.0: noise}, stands).sharpness.tolist() == [0.5]
    for weights in (curves.own, curves.other, curves.anywhere):
        assert weights.min() >= 0.0


def test_presence_is_calibrated() -> None:
    """Where truth is drawn by a logistic curve of the evidence, mean presence in each tenth is the share there."""
    rng = np.random.default_rng(3)
    evidence = rng.normal(0.0, 2.0, (4000, len(LOCATIONS), 1)).astype(np.float32)
    heart = LOCATIONS.index(Place(anatomy="cardiac_silhouette"))
    stands = np.zeros(evidence.shape, dtype=np.bool_)
    stands[:, heart, 0] = rng.random(4000) < 1 / (1 + np.exp(-(evidence[:, heart, 0] - 1)))
    curves = fit_presence({1.0: evidence}, stands)
    read = np.stack([curves.read(one) for one in evidence])[:, heart, 0]
    for tenth in np.array_split(np.argsort(read), 10):
        assert abs(float(read[tenth].mean() - stands[tenth, heart, 0].mean())) < 0.07
