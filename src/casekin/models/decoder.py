"""The trained decoder: from a network's maps to the evidence of each finding, cell by cell, run by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.features import Features, open_session
from casekin.models.geometry import Array

MAP_SIZE = 48
_LEAST = 1e-30  # below any sum of exponentials that means something


class Decoder:
    """Evidence maps `(F, 48, 48)` of one image: logits that a cell of the letterboxed input shows a finding."""

    def __init__(self, path: Path, findings: tuple[str, ...], *, threads: int = 1) -> None:
        self._session = open_session(path, threads=threads)
        self._inputs = tuple(one.name for one in self._session.get_inputs())
        self.findings = findings

    def __call__(self, features: Features) -> Array:
        """Evidence of one image; ModelError when the network takes or gives something else."""
        known = {"image": features.image[None], **features.maps}
        if missing := set(self._inputs) - known.keys():
            raise ModelError(f"decoder asks for {', '.join(sorted(missing))}, expected some of {', '.join(known)}")
        (out,) = self._session.run(["evidence"], {name: known[name][None] for name in self._inputs})
        if out.shape[1:] != (len(self.findings), MAP_SIZE, MAP_SIZE):
            raise ModelError(f"decoder gives {out.shape[1:]}, expected {len(self.findings)} maps of {MAP_SIZE}²")
        return np.asarray(out[0], dtype=np.float32)


def coarsen(evidence: NDArray[np.floating], grid: int, *, sharpness: Array) -> Array:
    """Evidence `(F, n, n)` on a coarser grid `(grid, grid, F)`: pooled, so that pooling either gives the same."""
    step = evidence.shape[1] // grid
    inside = [evidence[:, row::step, column::step] for row in range(step) for column in range(step)]
    cells = np.stack(inside).astype(np.float32)
    top = cells.max(axis=0)
    s = sharpness[:, None, None]
    mean = np.exp(s * (cells - top)).mean(axis=0)
    return np.asarray((top + np.log(mean) / s).transpose(1, 2, 0), dtype=np.float32)


def pool_evidence(cells: NDArray[np.floating], weights: NDArray[np.floating], *, sharpness: Array) -> Array:
    """Evidence `(..., F)` of regions from cells `(F, n)` under weights `(..., n)`: log of the mean of exp(s x), over s.

    Of many images at once: `(B, R, F)` from cells `(B, F, n)` under weights `(B, R, n)`.

    Between the mean of the cells (s → 0), which suits haze, and the largest of them (s → ∞), so that a small nodule in
    a large region still counts; `sharpness` `(F,)` is each finding's s. ModelError when weights sum to 0.
    """
    total = weights.sum(axis=-1, keepdims=True, dtype=np.float64)
    if not (total > 0.0).all():
        raise ModelError("weights of the region sum to 0, expected a region that covers part of the image")
    x = np.asarray(cells, dtype=np.float32)
    top = x.max(axis=-1, keepdims=True)
    shares = (weights / total).astype(np.float32)
    mean = shares @ np.exp(sharpness[:, None] * (x - top)).swapaxes(-1, -2)
    top = top[:, 0] if x.ndim == 2 else top.swapaxes(-1, -2)
    return np.asarray(top + np.log(np.maximum(mean, _LEAST)) / sharpness, dtype=np.float32)
