"""The linear head over frozen features: what of a cell's features says how a region looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.geometry import Array
from casekin.types import Place

_ARRAYS = ("projection", "context", "bias", "centers", "global_center")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`token = cell @ projection + reference @ context + bias`.

    `reference` describes the image as a whole (mean cell of the lungs, mean cell of everything), so that brightness can
    be read relative to it; the term is the same for all cells, so pooling tokens equals projecting pooled cells.
    `projection` `(channels, dim)`, `context` `(2 * channels, dim)`, `bias` `(dim,)`; `centers`: place -> `(dim,)`.
    """

    projection: Array
    context: Array
    bias: Array
    centers: Mapping[Place, Array]
    global_center: Array

    @property
    def dim(self) -> int:
        return int(self.projection.shape[1])

    def tokens(self, cells: Array, reference: Array) -> Array:
        """Head-space tokens `(grid, grid, dim)` of cells `(grid, grid, channels)`; `reference` `(2 * channels,)`."""
        return np.asarray(cells @ self.projection + (reference @ self.context + self.bias), dtype=np.float32)


def load_head(path: Path, places: tuple[Place, ...]) -> Head:
    """Read a head written by `save_head` for these places; ModelError when arrays are missing or don't fit together."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, NDArray[np.float32]] = {name: file[name].astype(np.float32) for name in _ARRAYS}
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
    )
