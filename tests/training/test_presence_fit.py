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
    curves = fit_presence(*fluid(300))
    assert curves.source[APEX, 0] == LUNG
    evidence, stands = fluid(200, seed=1)
    read = np.stack([curves.read(one) for one in evidence])
    assert ((read[:, APEX, 0] > 0.5) == stands[:, APEX, 0]).mean() > 0.95
    heart = LOCATIONS.index(Place(anatomy="cardiac_silhouette"))
    assert read[:, heart].max() < 0.01


def test_both_sides_read_alike() -> None:
    curves = fit_presence(*fluid(300))
    mirrored = [LOCATIONS.index(mirror(place)) for place in LOCATIONS]
    for name in ("own", "other", "anywhere", "offset"):
        np.testing.assert_allclose(getattr(curves, name)[mirrored], getattr(curves, name), atol=1e-6)


def test_presence_is_calibrated_and_no_evidence_speaks_against_its_finding() -> None:
    rng = np.random.default_rng(3)
    evidence = rng.normal(0.0, 2.0, (4000, len(LOCATIONS), 1)).astype(np.float32)
    stands = np.zeros(evidence.shape, dtype=np.bool_)
    stands[:, LUNG, 0] = rng.random(4000) < 1 / (1 + np.exp(-(evidence[:, LUNG, 0] - 1)))
    curves = fit_presence(evidence, stands | stands[:, [LOCATIONS.index(mirror(p)) for p in LOCATIONS]] & False)
    for weights in (curves.own, curves.other, curves.anywhere):
        assert weights.min() >= 0.0
