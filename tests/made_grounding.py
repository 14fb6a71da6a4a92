"""A film with one white spot and an encoder that sees a consolidation wherever a film is white."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.models import Geometry
from casekin.models.image_encoder import NO_REGIONS
from casekin.models.locator import mean_shape, region_weights
from casekin.types import Place

ROWS, COLUMNS = 300, 240
SPOT = (210, 170)  # row and column in the stored film: the left lung's base


class SpottingEncoder:
    """Sees a consolidation wherever the film is white, through a letterbox like the real one's."""

    version = "spots-1"

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Any] = NO_REGIONS) -> Any:
        geometry = Geometry(height=view.shape[0], width=view.shape[1], input_size=384, grid=24)
        located = mean_shape(geometry)
        logits = np.full((2, 48, 48), -6.0, dtype=np.float32)
        cell = 8.0
        for row, column in np.argwhere(view > 0.95):
            y = (row + 0.5) * geometry.scale_y + geometry.offset_y
            x = (column + 0.5) * geometry.scale_x + geometry.offset_x
            logits[0, int(y // cell), int(x // cell)] = 5.0
        weights = {place: region_weights(located, place, located.boxes[place], geometry) for place in LOCATIONS}
        return SimpleNamespace(
            geometry=geometry,
            weights=weights,
            evidence_maps=logits,
            form=SimpleNamespace(findings=("consolidation", "nodule")),
        )


def write_film(path: Path) -> Path:
    """A dark film with one white spot, and a grey strip so that it isn't flat."""
    pixels = np.full((ROWS, COLUMNS), 40, dtype=np.uint8)
    pixels[:8] = 90
    pixels[SPOT[0] - 9 : SPOT[0] + 9, SPOT[1] - 9 : SPOT[1] + 9] = 255
    Image.fromarray(pixels).save(path)
    return path
