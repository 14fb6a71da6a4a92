"""A region's vector: how likely it shows each finding, how likely it shows none, and how it looks.

The inner product of two such vectors is the expected number of findings that both show. Where neither shows any, their
normality counts, so that a normal region finds normal ones; the look, kept small, only orders what is equal otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.decoder import pool_evidence
from casekin.models.geometry import Array, pool_tokens, unit
from casekin.models.presence import Presence, logistic, logit
from casekin.types import Place

NORMAL_SHARE = 0.06
"""What two normal regions score, beside 1 for a finding that both surely show: chosen on simulated patients that
trained nothing (docs/log.md, "Presence at a place"). More costs findings that are hardly seen, less normal places."""
LOOK_SHARE = 0.02
"""What two looks in the same direction add."""


class VectorForm(Protocol):
    """What makes region vectors of stored tokens `(grid, grid, channels)`: of radiographs, or of CT volumes."""

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings whose evidence the first channels hold; empty where they hold none."""

    @property
    def count(self) -> int:
        """How many those are."""

    @property
    def sharpness(self) -> Array:
        """How sharply each finding's evidence is pooled `(count,)`."""

    def drawn(
        self, tokens: NDArray[np.floating], weights: NDArray[np.floating], near: Mapping[Place, Neighbour]
    ) -> Array:
        """The vector of a free region under these weights `(grid, grid)`, with the places that it is like.

        Of many images at once, `(B, dim)`, where tokens, weights and what is near have a first axis for them.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionForm:
    """What makes vectors of tokens `(grid, grid, F + D)`: F channels of evidence, then D of look.

    `presence` is None where the encoder has no decoder: F is 0 then, and a vector is a look alone.
    """

    findings: tuple[str, ...]
    presence: Presence | None

    @property
    def count(self) -> int:
        return len(self.findings)

    def evidence(self, tokens: NDArray[np.floating], weights: NDArray[np.floating]) -> Array:
        """Evidence `(..., F)` of the regions with these weights `(..., grid, grid)`.

        Of many images `(B, grid, grid, F + D)`: `(B, R, F)` under weights `(B, R, grid, grid)`.
        """
        cells = tokens[..., : self.count].reshape(*tokens.shape[:-3], -1, self.count).swapaxes(-1, -2)
        return pool_evidence(cells, weights.reshape(*weights.shape[:-2], -1), sharpness=self.sharpness)

    @property
    def sharpness(self) -> Array:
        """How sharply each finding's evidence is pooled `(F,)`."""
        return np.zeros(0, dtype=np.float32) if self.presence is None else self.presence.sharpness

    def look(self, tokens: NDArray[np.floating], weights: NDArray[np.floating], center: Array) -> Array:
        """Mean look under the weights minus the look to expect there, `(..., D)`."""
        return pool_tokens(tokens[..., self.count :], weights, center)

    def vector(self, presence: Array, look: Array) -> Array:
        """The vector `(..., F + 1 + D)` of a presence `(..., F)` in [0, 1] and a look `(..., D)`.

        Without findings it is a look alone.
        """
        if not self.count:
            return unit(look)
        normal = NORMAL_SHARE**0.5 * np.prod(1.0 - presence, axis=-1, keepdims=True)
        return np.concatenate([presence, normal, LOOK_SHARE**0.5 * unit(look)], axis=-1).astype(np.float32)

    def drawn(
        self,
        tokens: NDArray[np.floating],
        weights: NDArray[np.floating],
        near: Mapping[Place, Neighbour],
    ) -> Array:
        """The vector of a free region: what the locations under it say, changed by what the region itself shows more.

        A region drawn just as a location lies has that location's vector.
        """
        share = {place: np.asarray(one.share)[..., None] for place, one in near.items()}
        center = np.sum([share[place] * one.center for place, one in near.items()], axis=0).astype(np.float32)
        look = self.look(tokens, weights, center)
        if self.presence is None:
            return self.vector(np.zeros(0, dtype=np.float32), look)
        regions = np.stack([weights, *(one.weights for one in near.values())], axis=-3)
        own, *theirs = np.moveaxis(self.evidence(tokens, regions), -2, 0)
        logits = np.zeros(own.shape)
        for (place, one), there in zip(near.items(), theirs, strict=True):
            change = self.presence.own[LOCATIONS.index(place)] * (own - there)
            logits += share[place] * (logit(one.vector[..., : self.count]) + change)
        return self.vector(logistic(logits), look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A location under a free region: its share of it, its weights `(grid, grid)`, its vector, its expected look.

    Of many images at once: shares `(B,)`, 0 where an image doesn't show it, weights `(B, grid, grid)`, vectors
    `(B, dim)`.
    """

    share: float | Array
    weights: Array
    vector: Array
    center: Array
