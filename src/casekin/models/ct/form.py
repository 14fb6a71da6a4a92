"""The vector of a CT's region: what its projection shows, as a radiograph's, and what stands out in 3D."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekin.models.ct.normals import EVIDENCE, SLOPE, Normals, home_of
from casekin.models.ct.projection import CHANNELS, pool_columns
from casekin.models.geometry import Array
from casekin.models.presence import logistic, logit
from casekin.models.region import Neighbour, VectorForm
from casekin.types import Place

# What two regions score that stand out alike in 3D, beside findings shared in projection; more of it costs normal
# places, and less loses what a projection hides (docs/log.md, "Vectors of CT regions").
_DEPTH = 0.1**0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CtForm:
    """What makes vectors of tokens `(grid, grid, channels + CHANNELS)`: the projection's, then columns of the volume.

    `film` is the form of the projection's tokens, `normals` what is usual in 3D.
    """

    film: VectorForm
    normals: Normals

    @property
    def findings(self) -> tuple[str, ...]:
        return self.film.findings

    @property
    def count(self) -> int:
        return self.film.count

    @property
    def sharpness(self) -> Array:
        return self.film.sharpness

    def vector(self, shown: Array, evidence: Array) -> Array:
        """The vector `(..., D + EVIDENCE)` of a projected region's `(..., D)` and the evidence in 3D."""
        return np.concatenate([shown, _DEPTH * evidence], axis=-1).astype(np.float32)

    def drawn(
        self, tokens: NDArray[np.floating], weights: NDArray[np.floating], near: Mapping[Place, Neighbour]
    ) -> Array:
        """The vector of a region drawn on the frontal view: of the volume behind it.

        What the locations under it say, changed by what the region's own columns show more. A region drawn just as a
        location lies has that location's vector.
        """
        shown = {place: replace(one, vector=one.vector[..., :-EVIDENCE]) for place, one in near.items()}
        columns = tokens[..., -CHANNELS:]
        own = pool_columns(columns, weights)
        logits = np.zeros(own.shape)
        for place, one in near.items():
            home, share = home_of(place, self.normals.spreads), np.asarray(one.share)[..., None]
            logits += share * logit(one.vector[..., -EVIDENCE:] / _DEPTH)
            if home is not None:
                change = (own - pool_columns(columns, one.weights)) / self.normals.spreads[home][:EVIDENCE]
                logits += share * SLOPE * change
        return self.vector(self.film.drawn(tokens[..., :-CHANNELS], weights, shown), logistic(logits))
