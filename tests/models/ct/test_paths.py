"""The best path is the one that trying all paths finds."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from casekin.models.ct.paths import best_path


@pytest.mark.parametrize("seed", range(5))
def test_no_other_path_scores_higher(seed: int) -> None:
    score = np.random.default_rng(seed).normal(size=(4, 5)).astype(np.float32)
    path, values = best_path(score, reach=1)
    assert (np.abs(np.diff(path[:, 0])) <= 1).all()
    allowed = (p for p in product(range(5), repeat=4) if all(abs(a - b) <= 1 for a, b in pairwise(p)))
    best = max(sum(float(score[z, at]) for z, at in enumerate(p)) for p in allowed)
    assert float(values.sum()) == pytest.approx(best, abs=1e-5)


def test_two_axes_are_followed_together() -> None:
    score = np.zeros((3, 4, 4), dtype=np.float32)
    score[0, 0, 0] = score[1, 1, 1] = score[2, 2, 2] = 1.0
    path, values = best_path(score, reach=1)
    assert path.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert values.tolist() == [1.0, 1.0, 1.0]
