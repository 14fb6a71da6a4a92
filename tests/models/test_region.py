"""Decoded evidence, presence curves and region vectors, against their definitions and naive sums."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import ModelError
from casekin.models import Neighbour, RegionForm
from casekin.models.decoder import coarsen, pool_evidence
from casekin.models.presence import Presence, load_presence, logistic, logit, save_presence
from casekin.types import Place

HEART = Place(anatomy="cardiac_silhouette")
LUNG = Place(anatomy="lung", side="left")
PLACES = len(LOCATIONS)


def curves(findings: int, **changes: float) -> Presence:
    """Presence that is the logistic of a location's own evidence, but for the changes."""
    numbers = {"own": 1.0, "other": 0.0, "anywhere": 0.0, "offset": 0.0} | changes
    arrays = {name: np.full((PLACES, findings), value, dtype=np.float32) for name, value in numbers.items()}
    source = np.tile(np.arange(PLACES)[:, None], (1, findings))
    return Presence(**arrays, source=source, sharpness=np.full(findings, 4.0, dtype=np.float32))


def pooled(cells: NDArray[np.floating], weights: NDArray[np.floating], sharpness: float) -> NDArray[np.float32]:
    return pool_evidence(cells, weights, sharpness=np.full(cells.shape[-2], sharpness, dtype=np.float32))


@given(seed=st.integers(0, 99), sharpness=st.sampled_from([0.5, 4.0]))
def test_pooled_evidence_is_the_log_of_the_mean_exponential(seed: int, sharpness: float) -> None:
    rng = np.random.default_rng(seed)
    cells, weights = rng.normal(0.0, 3.0, (2, 9)), rng.uniform(0.0, 1.0, 9)
    naive = np.log((np.exp(sharpness * cells) * weights).sum(axis=1) / weights.sum()) / sharpness
    np.testing.assert_allclose(pooled(cells, weights, sharpness), naive, atol=1e-4)


def test_evidence_of_one_cell_outlives_a_large_region_the_sharper_the_more() -> None:
    cells = np.full((1, 100), -6.0)
    cells[0, 3] = 6.0
    mild, sharp = (float(pooled(cells, np.ones(100), s)[0]) for s in (0.01, 20.0))
    assert -6.0 < mild < -5.0
    assert 5.5 < sharp <= 6.0


def test_no_exponential_overflows_and_an_empty_region_is_refused() -> None:
    assert pooled(np.array([[500.0, -500.0]]), np.ones(2), 4.0)[0] == pytest.approx(500.0, abs=0.2)
    with pytest.raises(ModelError, match="sum to 0"):
        pooled(np.zeros((1, 4)), np.zeros(4), 1.0)


def test_pooling_coarse_cells_gives_what_pooling_fine_ones_gives() -> None:
    maps = np.random.default_rng(0).normal(0.0, 4.0, (3, 48, 48)).astype(np.float32)
    sharpness = np.array([0.5, 1.0, 4.0], dtype=np.float32)
    coarse = coarsen(maps, 24, sharpness=sharpness)
    assert coarse.shape == (24, 24, 3)
    weights = np.zeros((24, 24))
    weights[3:9, 5:20] = 1.0
    fine = np.kron(weights, np.ones((2, 2)))
    np.testing.assert_allclose(
        pool_evidence(coarse.reshape(-1, 3).T, weights.ravel(), sharpness=sharpness),
        pool_evidence(maps.reshape(3, -1), fine.ravel(), sharpness=sharpness),
        atol=1e-4,
    )


def test_presence_weighs_own_evidence_the_sources_and_the_largest() -> None:
    evidence = np.random.default_rng(1).normal(0.0, 2.0, (PLACES, 2)).astype(np.float32)
    curve = curves(2, own=0.5, other=0.25, anywhere=0.125, offset=-1.0)
    curve.source[4, 1] = 7
    got = curve.read(evidence)
    expected = 0.5 * evidence[4, 1] + 0.25 * evidence[7, 1] + 0.125 * evidence[:, 1].max() - 1.0
    assert got[4, 1] == pytest.approx(1 / (1 + np.exp(-expected)), abs=1e-5)
    assert got.shape == (PLACES, 2)


def test_logit_undoes_logistic_within_its_limits() -> None:
    x = np.linspace(-7.5, 7.5, 31)
    np.testing.assert_allclose(logit(logistic(x)), x, atol=1e-2)
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


def test_presence_is_read_back_and_another_shape_refused(tmp_path: Path) -> None:
    curve = curves(2, offset=-3.0)
    save_presence(curve, tmp_path / "one.npz")
    save_presence(curve, tmp_path / "other.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    again = load_presence(tmp_path / "one.npz", (PLACES, 2))
    evidence = np.zeros((PLACES, 2), dtype=np.float32)
    np.testing.assert_array_equal(again.read(evidence), curve.read(evidence))
    with pytest.raises(ModelError, match="fit"):
        load_presence(tmp_path / "one.npz", (PLACES, 3))
    (tmp_path / "one.npz").write_bytes(b"PK")
    with pytest.raises(ModelError, match="presence file"):
        load_presence(tmp_path / "one.npz", (PLACES, 2))


def test_normal_regions_find_normal_ones_and_shared_findings_count_more() -> None:
    form = RegionForm(findings=("nodule", "mass"), presence=curves(2))
    look = np.zeros(3, dtype=np.float32)
    ill, normal = form.vector(np.array([0.9, 0.0]), look), form.vector(np.array([0.0, 0.01]), look)
    assert ill @ ill > normal @ normal > ill @ normal


def test_a_region_drawn_at_a_location_has_its_vector_and_more_evidence_raises_it() -> None:
    rng = np.random.default_rng(2)
    form = RegionForm(findings=("nodule", "mass"), presence=curves(2))
    tokens = rng.normal(0.0, 1.0, (6, 6, 5)).astype(np.float32)
    weights = np.zeros((6, 6), dtype=np.float32)
    weights[1:4, 2:5] = 1.0
    center = np.zeros(3, dtype=np.float32)
    own = form.vector(np.array([0.3, 0.6]), form.look(tokens, weights, center))
    near = {HEART: Neighbour(share=1.0, weights=weights, vector=own, center=center)}
    np.testing.assert_allclose(form.drawn(tokens, weights, near), own, atol=1e-5)
    more = tokens.copy()
    beside = np.zeros((6, 6), dtype=np.float32)
    beside[5, 0] = 1.0
    more[5, 0, 0] = 9.0
    assert form.drawn(more, beside, near)[0] > 0.9


def test_regions_drawn_in_many_images_at_once_have_the_vectors_that_each_has_alone() -> None:
    rng = np.random.default_rng(3)
    for form in (RegionForm(findings=("nodule", "mass"), presence=curves(2)), RegionForm(findings=(), presence=None)):
        tokens = rng.normal(0.0, 1.0, (7, 6, 6, 3 + form.count)).astype(np.float32)
        weights, there, beside = rng.uniform(0.0, 1.0, (3, 7, 6, 6)).astype(np.float32)
        vectors = rng.uniform(0.1, 0.9, (2, 7, 3 + form.count + bool(form.count))).astype(np.float32)
        centers = rng.normal(0.0, 0.1, (2, 3)).astype(np.float32)
        shares = np.array([[0.7] * 7, [0.0, 0.3] * 3 + [0.3]])  # the second is shown in every other image alone
        near = {
            HEART: Neighbour(share=shares[0], weights=there, vector=vectors[0], center=centers[0]),
            LUNG: Neighbour(share=shares[1], weights=beside, vector=vectors[1], center=centers[1]),
        }
        for number, together in enumerate(form.drawn(tokens, weights, near)):
            alone = {
                place: Neighbour(
                    share=float(one.share[number]),
                    weights=one.weights[number],
                    vector=one.vector[number],
                    center=one.center,
                )
                for place, one in near.items()
                if one.share[number] > 0
            }
            np.testing.assert_allclose(together, form.drawn(tokens[number], weights[number], alone), atol=1e-6)


def test_without_findings_a_vector_is_a_look_of_length_1() -> None:
    form = RegionForm(findings=(), presence=None)
    np.testing.assert_allclose(form.vector(np.zeros(0), np.array([3.0, 4.0], dtype=np.float32)), [0.6, 0.8])
    assert np.linalg.norm(form.vector(np.zeros(0), np.zeros(3, dtype=np.float32))) == pytest.approx(1.0)
