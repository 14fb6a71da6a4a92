"""The head over frozen features: cells → tokens (linear), pooled tokens → a region's evidence and appearance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.geometry import Array, unit
from casekin.types import Place

_ARRAYS = ("projection", "context", "bias", "centers", "global_center", "evidence")
# Logistic over a finding's score in units of its spread over a training archive: half at two spreads above normal.
# The three were chosen on simulated patients that trained nothing (docs/log.md, "Evidence in region vectors").
_SLOPE, _HALF_AT = 1.5, 2.0
_APPEARANCE = 0.1**0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`token = cell @ projection + reference @ context + bias`; the first `evidence` columns score one finding each.

    `reference` describes the image as a whole (mean cell of the lungs, mean cell of everything), so that brightness can
    be read relative to it; the term is the same for all cells, so pooling tokens equals projecting pooled cells.
    `projection` `(channels, dim)`, `context` `(2 * channels, dim)`, `bias` `(dim,)`; `centers`: place -> `(dim,)`.
    """

    projection: Array
    context: Array
    bias: Array
    centers: Mapping[Place, Array]
    global_center: Array
    evidence: int

    @property
    def dim(self) -> int:
        return int(self.projection.shape[1])

    def tokens(self, cells: Array, reference: Array) -> Array:
        """Head-space tokens `(grid, grid, dim)` of cells `(grid, grid, channels)`; `reference` `(2 * channels,)`."""
        return np.asarray(cells @ self.projection + (reference @ self.context + self.bias), dtype=np.float32)


def describe(difference: Array, evidence: int) -> Array:
    """A region's vector from its mean token minus the location's mean, both `(dim,)`; float32.

    The first `evidence` numbers say, each in [0, 1], how strongly the region shows one finding, so that the inner
    product of two vectors counts the findings that both show. The rest is how the region looks, of length 0.1 ** 0.5:
    it ranks where nothing is found. An inner product with a normal region is small, whatever it looks like.
    """
    findings = 1.0 / (1.0 + np.exp(-_SLOPE * (difference[:evidence] - _HALF_AT)))
    return np.concatenate([findings, _APPEARANCE * unit(difference[evidence:])]).astype(np.float32)


def load_head(path: Path, places: tuple[Place, ...]) -> Head:
    """Read a head written by `save_head` for these places; ModelError when arrays are missing or don't fit together."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, NDArray[np.float32]] = {name: file[name].astype(np.float32) for name in _ARRAYS}
            evidence = int(file["evidence"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} is no head file ({', '.join(_ARRAYS)}); install casekin again") from error
    channels, dim = arrays["projection"].shape
    expected = {
        "context": (2 * channels, dim),
        "bias": (dim,),
        "centers": (len(places), dim),
        "global_center": (dim,),
    }
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise ModelError(f"head array {name} has shape {arrays[name].shape}, expected {shape}; train it again")
    return Head(
        projection=arrays["projection"],
        context=arrays["context"],
        bias=arrays["bias"],
        centers=dict(zip(places, arrays["centers"], strict=True)),
        global_center=arrays["global_center"],
        evidence=evidence,
    )


def save_head(head: Head, path: Path, places: tuple[Place, ...]) -> None:
    """Write a head as an uncompressed `.npz`; the same head gives the same bytes."""
    np.savez(
        path,
        projection=head.projection,
        context=head.context,
        bias=head.bias,
        centers=np.stack([head.centers[place] for place in places]),
        global_center=head.global_center,
        evidence=np.int64(head.evidence),
    )
