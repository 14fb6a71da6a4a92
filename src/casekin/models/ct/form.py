"""How regions of CT volumes become vectors, and how a region drawn on the frontal view does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.models.ct.normals import EVIDENCE, SLOPE, Normals, home_of
from casekin.models.ct.projection import pool_columns
from casekin.models.geometry import Array
from casekin.models.presence import logistic, logit
from casekin.models.region import Neighbour
from casekin.types import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CtForm:
    """The CT side of `RegionForm`: tokens `(grid, grid, CHANNELS)` are columns of the volume; none is a finding."""

    normals: Normals

    @property
    def findings(self) -> tuple[str, ...]:
        return ()

    @property
    def count(self) -> int:
        return 0

    @property
    def sharpness(self) -> Array:
        return np.zeros(0, dtype=np.float32)

    def drawn(
        self, tokens: NDArray[np.floating], weights: NDArray[np.floating], near: Mapping[Place, Neighbour]
    ) -> Array:
        """The vector of a drawn region: what the places under it say, changed by what its own columns show more.

        A region drawn just as a place lies has that place's vector.
        """
        own = pool_columns(tokens, weights)
        logits = np.zeros(EVIDENCE, dtype=np.float64)
        rest = np.zeros(len(next(iter(near.values())).vector) - EVIDENCE, dtype=np.float64)
        for place, one in near.items():
            home = home_of(place, self.normals.spreads)
            change = np.zeros(EVIDENCE) if home is None else (own - pool_columns(tokens, one.weights))
            spread = 1.0 if home is None else self.normals.spreads[home][:EVIDENCE]
            logits += one.share * (logit(one.vector[:EVIDENCE]) + SLOPE * change / spread)
            rest += one.share * one.vector[EVIDENCE:]
        return np.concatenate([logistic(logits), rest]).astype(np.float32)
