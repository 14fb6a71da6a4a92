"""Regions of a CT measured: what stands out in a region shows in its statistics, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.anatomy import parse_place
from casekin.errors import InputError
from casekin.models.ct import EncodedCT
from casekin.models.ct.evidence import MAPS, STATISTICS, region_statistics

RIGHT, LEFT = parse_place("right lower lobe"), parse_place("left lower lobe")
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
