"""Region vectors of a CT: what stands out in a region stands out in its vector, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.anatomy import parse_place
from casekin.errors import InputError
from casekin.models.ct import EncodedCT, Normals, fit_normals
from casekin.models.ct.evidence import MAPS, STATISTICS, region_statistics
from casekin.models.ct.normals import home_of
from casekin.types import Place

RIGHT, LEFT = parse_place("right lower lobe"), parse_place("left lower lobe")
SPINE = Place(anatomy="spine")
DENSE = MAPS.index("dense")
EVIDENCE = 2 * len(MAPS)


def test_statistics_are_means_and_means_of_the_highest_cells() -> None:
    maps = np.random.default_rng(3).random((len(MAPS), 10, 20, 30)).astype(np.float32)
    mask = np.zeros((10, 20, 30), dtype=bool)
    mask[2:8, 3:13, 5:25] = True
    found = region_statistics(maps, mask)
    cells = maps[:, 2:8, 3:13, 5:25].reshape(len(MAPS), -1)
    assert np.allclose(found[: len(MAPS)], cells.mean(axis=1), atol=1e-6)
    assert np.allclose(found[len(MAPS) : EVIDENCE], np.sort(cells, axis=1)[:, -8:].mean(axis=1), atol=1e-6)
    assert np.allclose(np.exp(found[EVIDENCE:]), [1200 * 0.027, 60.0, 30.0, 18.0], rtol=1e-5)
    assert len(STATISTICS) == len(found)


def test_consolidation_shows_on_its_own_side(encoded: EncodedCT) -> None:
    assert encoded.statistics[RIGHT][DENSE] > encoded.statistics[LEFT][DENSE] + 0.02


def test_a_mask_is_pooled_as_the_place_is(encoded: EncodedCT) -> None:
    assert np.array_equal(encoded.pool(encoded.located.masks[RIGHT]), encoded.statistics[RIGHT])


def test_an_empty_mask_is_refused(encoded: EncodedCT) -> None:
    with pytest.raises(InputError, match="expected cells set"):
        encoded.pool(np.zeros(encoded.maps.shape[1:], dtype=bool))


def test_places_without_values_take_those_of_their_whole(encoded: EncodedCT) -> None:
    assert home_of(parse_place("superior segment of the right lower lobe"), encoded.statistics) == RIGHT
    assert home_of(Place(anatomy="knee", side="left"), encoded.statistics) is None


def test_normals_are_the_values_in_the_middle() -> None:
    rows = [np.full(len(STATISTICS), float(value), np.float32) for value in range(101)]
    normals = fit_normals({SPINE: row} for row in rows)
    assert np.allclose(normals.medians[SPINE], 50.0)
    assert np.allclose(normals.spreads[SPINE], 34.0)
    with pytest.raises(InputError, match="more chest CT volumes"):
        fit_normals({SPINE: row} for row in rows[:2])


def test_what_is_usual_has_no_evidence_and_two_spreads_above_are_even_odds() -> None:
    normals = Normals(medians={SPINE: np.zeros(len(STATISTICS))}, spreads={SPINE: np.ones(len(STATISTICS))})
    usual = normals.describe(np.zeros(len(STATISTICS), np.float32), SPINE)
    above = normals.describe(np.full(len(STATISTICS), 2.0, np.float32), SPINE)
    assert np.allclose(usual[:EVIDENCE], 1 / (1 + np.exp(3.0)), atol=1e-6)
    assert np.allclose(above[:EVIDENCE], 0.5, atol=1e-6)
    assert float(np.linalg.norm(above[EVIDENCE:])) ** 2 == pytest.approx(0.1, abs=1e-6)
    with pytest.raises(InputError, match="no usual values"):
        normals.describe(np.zeros(len(STATISTICS), np.float32), Place(anatomy="knee", side="left"))
