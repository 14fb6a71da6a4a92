"""From evidence to presence: how likely a finding is stated at each location, by what the picture shows there.

A report says where a finding is in words that reach further than its pixels: fluid in the pleural space is there at
every zone beside it, also where none is seen. So a location reads three numbers of each finding: the evidence inside
it, the evidence in the location that tells most about it, and the strongest anywhere; a logistic curve weighs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.geometry import Array

_ARRAYS = ("own", "other", "anywhere", "offset")
_FARTHEST = 8.0  # logit beyond which a probability isn't told apart from 0 or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Weights of the curve for each location and finding, all `(29, F)`; `source` names the location to read beside.

    Presence = logistic(own * evidence there + other * evidence at source + anywhere * largest evidence + offset), where
    evidence is pooled with the finding's `sharpness` `(F,)` (see `pool_evidence`).
    """

    own: Array
    other: Array
    anywhere: Array
    offset: Array
    source: NDArray[np.int64]
    sharpness: Array

    def read(self, evidence: Array) -> Array:
        """Presence `(29, F)` in [0, 1] from the locations' pooled evidence `(29, F)`."""
        beside = np.take_along_axis(evidence, self.source, axis=0)
        logits = self.own * evidence + self.other * beside + self.anywhere * evidence.max(axis=0) + self.offset
        return logistic(logits)


def logistic(x: NDArray[np.floating]) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -_FARTHEST, _FARTHEST))), dtype=np.float32)


def logit(p: NDArray[np.floating]) -> Array:
    """The inverse of `logistic`, within ± 8."""
    least = 1.0 / (1.0 + np.exp(_FARTHEST))
    inside = np.clip(np.asarray(p, dtype=np.float64), least, 1.0 - least)
    return np.asarray(np.log(inside / (1.0 - inside)), dtype=np.float32)


def load_presence(path: Path, shape: tuple[int, int]) -> Presence:
    """Read what `save_presence` wrote, for so many locations and findings; ModelError when it doesn't fit."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name].astype(np.float32) for name in _ARRAYS}
            source, sharpness = file["source"].astype(np.int64), file["sharpness"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} is no presence file, expected curves; install casekin again") from error
    fits = all(array.shape == shape for array in (*arrays.values(), source)) and sharpness.shape == shape[1:]
    if not fits or source.min() < 0 or source.max() >= shape[0]:
        raise ModelError(f"{path.name} doesn't fit {shape[0]} locations and {shape[1]} findings; train it again")
    return Presence(**arrays, source=source, sharpness=sharpness)


def save_presence(presence: Presence, path: Path) -> None:
    """Write the curves as an uncompressed `.npz`; the same curves give the same bytes."""
    curves = {name: getattr(presence, name) for name in _ARRAYS}
    np.savez(path, **curves, source=presence.source, sharpness=presence.sharpness)
