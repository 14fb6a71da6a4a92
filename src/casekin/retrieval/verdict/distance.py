"""How far a picture lies from those of an archive: Mahalanobis distance of its mean look.

The directions in which an archive's pictures hardly vary tell strange ones best, so every direction is kept as long as
there are few; of the looks of larger encoders the leading ones, and one variance for all the rest (as probabilistic
PCA has it: Tipping and Bishop, JRSS B 61 (1999) 611).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError

FEWEST_PICTURES = 100
"""Fewer don't say how pictures vary in 64 directions."""
_MOST_DIRECTIONS = 64
_SHRINKAGE = 0.05
"""Share of the mean variance added to each: what hardly varies in a small sample isn't taken for a law."""

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distance:
    """Mean look `(dim,)`, orthonormal directions `(k, dim)`, their variances `(k,)`, and the variance of the rest.

    `rest` is 0 where no direction is left over.
    """

    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    variances: NDArray[np.float32]
    rest: float

    def of(self, looks: NDArray[np.floating]) -> Rows:
        """Squared distances `(...,)` of mean looks `(..., dim)`. InputError for looks of another encoder."""
        if looks.shape[-1] != len(self.mean):
            raise InputError(
                f"look: expected {len(self.mean)} numbers, got {looks.shape[-1]}; calibrate the index again"
            )
        moved = np.asarray(looks, dtype=np.float64) - self.mean
        along = np.square(moved @ self.directions.T.astype(np.float64))
        far = (along / self.variances).sum(axis=-1)
        if self.rest > 0.0:
            far = far + np.maximum(np.square(moved).sum(axis=-1) - along.sum(axis=-1), 0.0) / self.rest
        return np.asarray(far, dtype=np.float64)

    def as_record(self) -> dict[str, Any]:
        """A plain form for JSON; `distance_of` reads it."""
        arrays = {"mean": self.mean, "directions": self.directions, "variances": self.variances}
        return {name: pack_numbers(array) for name, array in arrays.items()} | {"rest": self.rest}


def mean_look(tokens: NDArray[np.floating], evidence: int) -> Rows:
    """Mean over all cells of an image's tokens `(grid, grid, evidence + dim)`, of what isn't evidence: `(dim,)`."""
    return np.asarray(tokens[..., evidence:].astype(np.float64).mean(axis=(0, 1)))


def fit_distance(looks: Rows) -> Distance:
    """The distance from these pictures' mean looks `(n, dim)`. InputError for fewer than `FEWEST_PICTURES`."""
    count, dim = looks.shape
    if count < FEWEST_PICTURES:
        raise InputError(f"pictures: expected at least {FEWEST_PICTURES} to measure distances from, got {count}")
    mean = looks.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(looks.T).reshape(dim, dim))
    variances = np.maximum(variances, 0.0)[::-1] + _SHRINKAGE * max(float(variances.mean()), 1e-12)
    kept = min(dim, _MOST_DIRECTIONS)
    return Distance(
        mean=mean.astype(np.float32),
        directions=np.ascontiguousarray(directions[:, ::-1].T[:kept], dtype=np.float32),
        variances=variances[:kept].astype(np.float32),
        rest=float(variances[kept:].mean()) if kept < dim else 0.0,
    )


def distance_of(record: Mapping[str, Any]) -> Distance:
    """The distance of its plain form."""
    mean, variances = unpack_numbers(record["mean"]), unpack_numbers(record["variances"])
    directions = unpack_numbers(record["directions"]).reshape(len(variances), len(mean))
    return Distance(mean=mean, directions=directions, variances=variances, rest=float(record["rest"]))


def pack_numbers(numbers: NDArray[np.floating]) -> str:
    """Numbers as base64 of little-endian float32."""
    return base64.b64encode(numbers.astype("<f4").tobytes()).decode()


def unpack_numbers(packed: str) -> NDArray[np.float32]:
    """What `pack_numbers` packed, flat."""
    return np.frombuffer(base64.b64decode(packed), dtype="<f4").astype(np.float32)
