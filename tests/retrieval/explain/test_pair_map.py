"""Pair maps: their values by a second, naive way, their scale, their symmetry, and what they call shared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import ModelError
from casekin.models import load_encoder
from casekin.retrieval.explain.pair_map import LEAST_ALONE, LEAST_CARRIED, RegionCells, map_pair, region_cells
from made_cases import chest_picture, place

FINDINGS = ("consolidation", "nodule", "mass")
SIZE = 6


def made_cells(seed: int) -> RegionCells:
    rng = np.random.default_rng(seed)
    inside = rng.random((SIZE, SIZE)) < 0.5
    inside[2, 3] = True
    return RegionCells(
        findings=FINDINGS,
        chances=rng.random((3, SIZE, SIZE)).astype(np.float32),
        inside=inside,
        presence=rng.random(3).astype(np.float32) ** 2,
    )


@given(seed=st.integers(0, 10_000))
def test_a_cell_is_worth_the_best_product_of_its_chance_and_a_partners_over_carrying_findings(seed: int) -> None:
    query, hit = made_cells(seed), made_cells(seed + 1)
    found = map_pair(query, hit).hit
    for row in range(SIZE):
        for column in range(SIZE):
            worth = 0.0
            for number in range(3):
                if query.presence[number] * hit.presence[number] < LEAST_CARRIED or not hit.inside[row, column]:
                    continue
                for partner in zip(*np.nonzero(query.inside), strict=True):
                    product = float(hit.chances[number, row, column]) * float(query.chances[number][partner])
                    worth = max(worth, product)
            assert found[row, column] == pytest.approx(worth, abs=1e-6)


@given(seed=st.integers(0, 10_000))
def test_values_lie_between_0_and_1_and_are_0_outside_the_region(seed: int) -> None:
    query, hit = made_cells(seed), made_cells(seed + 1)
    found = map_pair(query, hit)
    for cells, region in ((found.query, query), (found.hit, hit)):
        assert cells.min() >= 0.0 and cells.max() <= 1.0
        assert not cells[~region.inside].any()


@given(seed=st.integers(0, 10_000))
def test_asking_the_other_way_round_swaps_the_sides(seed: int) -> None:
    query, hit = made_cells(seed), made_cells(seed + 1)
    there, back = map_pair(query, hit), map_pair(hit, query)
    np.testing.assert_array_equal(there.query, back.hit)
    np.testing.assert_array_equal(there.hit, back.query)
    assert [one.finding for one in there.only_query] == [one.finding for one in back.only_hit]
    assert [one.product for one in there.shared] == [one.product for one in back.shared]


@given(seed=st.integers(0, 10_000))
def test_what_is_shared_or_alone_is_so_by_presence_the_most_first(seed: int) -> None:
    query, hit = made_cells(seed), made_cells(seed + 1)
    found = map_pair(query, hit)
    chances = {name: (float(query.presence[i]), float(hit.presence[i])) for i, name in enumerate(FINDINGS)}
    assert {one.finding for one in found.shared} == {n for n, (a, b) in chances.items() if a * b >= LEAST_CARRIED}
    alone = {name for name, (a, b) in chances.items() if a * b < LEAST_CARRIED and a * (1 - b) >= LEAST_ALONE}
    assert {one.finding for one in found.only_query} == alone
    assert [one.product for one in found.shared] == sorted((one.product for one in found.shared), reverse=True)


def test_two_regions_that_no_finding_carries_have_a_dark_map() -> None:
    query, hit = made_cells(1), made_cells(2)
    free = RegionCells(
        findings=FINDINGS, chances=hit.chances, inside=hit.inside, presence=np.zeros(3, dtype=np.float32)
    )
    found = map_pair(query, free)
    assert not found.query.any() and not found.hit.any() and found.shared == ()


def test_the_shipped_encoders_region_is_its_weights_cells_and_its_vectors_presence() -> None:
    encoded = load_encoder("default").encode(chest_picture(1, size=128).astype(np.float32) / 255)
    zone = place("lower_lung_zone", "left")
    weights, presence = encoded.weights[zone], encoded.region_vectors[zone][: encoded.form.count]
    cells = region_cells(encoded, weights, presence)
    assert cells.chances.shape == (23, 48, 48) and 0.0 <= cells.chances.min() <= cells.chances.max() <= 1.0
    doubled = np.kron(weights > weights.max() / 4, np.ones((2, 2), dtype=bool))
    np.testing.assert_array_equal(cells.inside, doubled)


def test_a_model_without_evidence_of_findings_is_refused() -> None:
    class Looks:
        class form:  # noqa: N801
            count = 0

    with pytest.raises(ModelError, match="keeps no evidence"):
        region_cells(Looks(), np.ones((2, 2), dtype=np.float32), np.zeros(0, dtype=np.float32))  # type: ignore[arg-type]
