"""An encoder that sees a consolidation in bright spots, fast enough to be asked a thousand times, and such films."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models import Geometry
from casekin.models.image_encoder import NO_REGIONS
from casekin.models.locator import mean_shape, region_weights
from casekin.models.presence import logistic
from casekin.types import Place

SIDE = 96
CELL = 2
CURVE = 8.0
GEOMETRY = Geometry(height=SIDE, width=SIDE, input_size=384, grid=24)


class SpotEncoder:
    """Evidence of a consolidation is a cell's brightness; it knows the lower zones alone.

    `order` says which cell's evidence a cell of the map shows: its own, but for an encoder whose maps are wrong though
    its vectors are right.
    """

    version = "spot-1"

    def __init__(self, order: NDArray[np.intp] | None = None, *, pair_maps: Mapping[str, Any] | None = None) -> None:
        self._order = np.arange(48 * 48) if order is None else order
        self.pair_maps = pair_maps
        self.form = SimpleNamespace(findings=("consolidation", "nodule"), count=2)

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Any] = NO_REGIONS) -> Any:
        assert view.shape == (SIDE, SIDE)
        weights, boxes = _zones()
        bright = view.reshape(48, CELL, 48, CELL).mean(axis=(1, 3))
        logits = np.stack([CURVE * (2 * bright - 1), np.full((48, 48), -CURVE)]).astype(np.float32)
        chances = logistic(logits)
        presence = {}
        for place, weight in weights.items():
            inside = (weight > 0.25 * weight.max()).repeat(2, axis=0).repeat(2, axis=1)
            mean = np.sort(chances[:, inside], axis=1)[:, -16:].mean(axis=1)  # of what shows it best
            presence[place] = mean.astype(np.float32)
        return SimpleNamespace(
            geometry=GEOMETRY,
            weights=weights,
            boxes=boxes,
            evidence_maps=logits.reshape(2, -1)[:, self._order].reshape(2, 48, 48),
            region_vectors=presence,
            tokens=np.zeros((24, 24, 2), dtype=np.float16),
            form=self.form,
        )


@cache
def _zones() -> tuple[dict[Place, Any], dict[Place, Any]]:
    """Weights and boxes of the lower zones as they lie in the mean shape."""
    located = mean_shape(GEOMETRY)
    places = [place for place in LOCATIONS if place.anatomy == "lower_lung_zone"]
    weights = {place: region_weights(located, place, located.boxes[place], GEOMETRY) for place in places}
    return weights, {place: located.boxes[place] for place in places}


def spotted_view(seed: int) -> NDArray[np.float32]:
    """A dark view `(SIDE, SIDE)` in [0, 1] with a bright spot somewhere in each lower lung."""
    rng = np.random.default_rng(seed)
    view = np.full((SIDE, SIDE), 0.3) + rng.normal(0.0, 0.01, (SIDE, SIDE))
    for left in (20, 62):
        row, column = 46 + int(rng.integers(12)), left + int(rng.integers(10))
        view[row : row + 8, column : column + 8] = 1.0
    return np.clip(view, 0.0, 1.0).astype(np.float32)
