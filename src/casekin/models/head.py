"""The linear head over frozen features: what of a cell says how a region looks, fitted without any label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError, ModelError
from casekin.models.geometry import Array
from casekin.types import Place

FEWEST_VIEWS = 8
"""Fewer images say nothing about what varies between them."""
_SHRINKAGE = 0.1
"""Share of the mean variance added to each, so that directions of noise aren't blown up to the size of the rest."""
_ARRAYS = ("projection", "centers", "global_center")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`look = cell @ projection`, linear, so that the mean of looks is the look of the mean cell.

    `projection` `(channels, dim)`; `centers`: place -> the look to expect there `(dim,)`; `global_center` that of a
    whole image.
    """

    projection: Array
    centers: Mapping[Place, Array]
    global_center: Array

    @property
    def dim(self) -> int:
        return int(self.projection.shape[1])

    def looks(self, cells: Array) -> Array:
        """Looks `(grid, grid, dim)` of cells `(grid, grid, channels)`."""
        return np.asarray(cells @ self.projection, dtype=np.float32)


def fit_head(shown: Iterable[tuple[Array, NDArray[np.floating], NDArray[np.floating]]], *, dim: int) -> Head:
    """The head that makes what varies between patients at one location equally large in every direction.

    `shown` gives of each image its cells `(grid, grid, channels)`, the locations' weights `(29, grid, grid)`, and the
    weights of what shows the image at all `(grid, grid)`. Principal components of the locations' mean cells around each
    location's mean, the `dim` largest, each divided by its spread (with shrinkage). No label is used.
    InputError for fewer than `FEWEST_VIEWS` images.
    """
    places, whole, products, count = np.zeros(1), np.zeros(1), np.zeros(1), 0
    for cells, weights, content in shown:
        pooled = np.stack([_mean_cell(cells, weight) for weight in weights]).astype(np.float64)
        places = places + pooled
        whole = whole + _mean_cell(cells, content)
        products = products + pooled.T @ pooled
        count += 1
    if count < FEWEST_VIEWS:
        raise InputError(f"got {count} views to fit on, expected at least {FEWEST_VIEWS}; give more images")
    means = places / count
    projection = _whitening(products / count - means.T @ means, len(LOCATIONS) * (count - 1), dim)
    return Head(
        projection=projection,
        centers=dict(zip(LOCATIONS, (means @ projection).astype(np.float32), strict=True)),
        global_center=(whole / count @ projection).astype(np.float32),
    )


def _mean_cell(cells: Array, weights: NDArray[np.floating]) -> Array:
    total = max(float(weights.sum(dtype=np.float64)), 1e-9)
    return np.asarray(np.tensordot(weights, cells, axes=([0, 1], [0, 1])) / total, dtype=np.float32)


def _whitening(covariance: NDArray[np.float64], rank: int, dim: int) -> Array:
    """Leading directions `(channels, dim)`, scaled by spread; fewer where there are not so many."""
    variances, directions = np.linalg.eigh(covariance)
    kept = min(dim, rank, len(variances))
    variances, directions = variances[::-1][:kept], directions[:, ::-1][:, :kept]
    # The sign of an eigenvector is arbitrary: the largest component is made positive, so that fits can be compared.
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(kept)])
    shrunk = np.maximum(variances, 0.0) + _SHRINKAGE * max(float(variances.mean()), 1e-12)
    return np.asarray(directions * signs / np.sqrt(shrunk), dtype=np.float32)


def load_head(path: Path) -> Head:
    """Read a head written by `save_head`; ModelError when arrays are missing or don't fit together."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, NDArray[np.float32]] = {name: file[name].astype(np.float32) for name in _ARRAYS}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} is no head file ({', '.join(_ARRAYS)}); install casekin again") from error
    dim = arrays["projection"].shape[-1]
    for name, shape in {"centers": (len(LOCATIONS), dim), "global_center": (dim,)}.items():
        if arrays[name].shape != shape:
            raise ModelError(f"head array {name} has shape {arrays[name].shape}, expected {shape}; train it again")
    return Head(
        projection=arrays["projection"],
        centers=dict(zip(LOCATIONS, arrays["centers"], strict=True)),
        global_center=arrays["global_center"],
    )


def save_head(head: Head, path: Path) -> None:
    """Write a head as an uncompressed `.npz`; the same head gives the same bytes."""
    centers = np.stack([head.centers[place] for place in LOCATIONS])
    np.savez(path, projection=head.projection, centers=centers, global_center=head.global_center)
