"""Vectors for benchmarks of search: clustered as embeddings are, not uniform noise, which would flatter nobody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CLUSTERS, _SUPERS, _RANK = 2000, 50, 24


def clustered(count: int, dim: int, *, seed: int, family: int) -> NDArray[np.float32]:
    """Unit vectors `(count, dim)` of Zipf-sized clusters in super-clusters, low-rank within.

    The clusters depend on `family` and `dim` alone, so that queries (another seed) share them and are unseen all the
    same.
    """
    world, rng = np.random.default_rng((family, dim)), np.random.default_rng((family, dim, seed))
    supers = world.standard_normal((_SUPERS, dim), dtype=np.float32)
    centers = supers[world.integers(0, _SUPERS, _CLUSTERS)] + 0.7 * world.standard_normal((_CLUSTERS, dim), np.float32)
    scales = 0.5 + np.abs(world.standard_normal((_CLUSTERS, _RANK), dtype=np.float32))
    basis = 0.6 * world.standard_normal((_RANK, dim), dtype=np.float32) / np.sqrt(_RANK)
    shares = 1 / np.arange(1, _CLUSTERS + 1)
    chosen = rng.choice(_CLUSTERS, count, p=shares / shares.sum())
    rows = centers[chosen] + (rng.standard_normal((count, _RANK), dtype=np.float32) * scales[chosen]) @ basis
    rows += 0.25 * rng.standard_normal((count, dim), dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
