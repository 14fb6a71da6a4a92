"""The shipped encoder, loaded once, a phantom that needs no file, and one simulated radiograph with its truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.models import ImageEncoder, load_encoder
from casekin.types import Box, Place
from casekin.world.body import sample_body
from casekin.world.radiograph import SITES, render_radiograph, sample_acquisition


@pytest.fixture(scope="session")
def encoder() -> ImageEncoder:
    return load_encoder()


@pytest.fixture(scope="session")
def phantom() -> NDArray[np.float32]:
    """A crude chest, `(410, 500)`: dark lungs, a bright middle, the heart's bulge to the picture's right."""
    y, x = np.mgrid[0:410, 0:500] / np.array([410, 500])[:, None, None]

    def ellipse(cx: float, cy: float, rx: float, ry: float) -> NDArray[np.float64]:
        return 1.0 / (1.0 + np.exp(25.0 * (np.hypot((x - cx) / rx, (y - cy) / ry) - 1.0)))

    lungs = np.maximum(ellipse(0.30, 0.45, 0.16, 0.33), ellipse(0.70, 0.45, 0.16, 0.33))
    heart = ellipse(0.56, 0.62, 0.15, 0.16)
    ribs = 0.05 * np.sin(45.0 * (y + 0.5 * (x - 0.5) ** 2))
    body = ellipse(0.5, 0.6, 0.47, 0.62)
    return np.clip(0.75 * body - 0.55 * lungs * (1 - heart) + ribs * body, 0, 1).astype(np.float32)


@pytest.fixture(scope="session")
def simulated() -> tuple[NDArray[np.float32], dict[Place, Box]]:
    """A healthy simulated chest of no training seed, `(H, W)` in [0, 1], and the true boxes of its locations."""
    rng = np.random.default_rng(77)
    body = sample_body(rng, sex="F", age=50.0)
    shot = render_radiograph(body, [], acquisition=sample_acquisition(rng, site=SITES[0]), rng=rng)
    return (shot.pixels / (2.0**shot.bits - 1)).astype(np.float32), dict(shot.boxes)
