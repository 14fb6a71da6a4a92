"""The shipped network gives what torch gave, and the plain channels keep their laws."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.errors import ImageError
from casekin.models.features import (
    CELLS,
    GRID,
    INPUT_SIZE,
    LEVEL_CHANNELS,
    LEVELS,
    letterbox,
    open_session,
)
from casekin.models.image_encoder import ImageEncoder
from casekin.models.weights import FOLDER

# Printed by tools/convert_efficientnet_lite0.py: torch's own values for its 64 px synthetic waves.
TORCH = {
    "stride8": (1.5149157047271729, (3.1182868480682373, -4.858508110046387, 17.55567741394043), -16.19175910949707),
    "stride16": (-0.06465137004852295, (-3.3741843700408936, -2.42238450050354, 1.3466373682022095), 2.732628345489502),
    "stride32": (-0.04955042153596878, (2.959463119506836, -4.041340351104736, -2.106781005859375), -4.489995002746582),
}


def waves(size: int) -> NDArray[np.float32]:
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    wave = np.sin(9.0 * x + 4.0 * y) * np.cos(7.0 * y) * 0.6 + 0.4 * (2.0 * x - 1.0)
    return np.repeat(wave[None, None].astype(np.float32), 3, axis=1)


def test_the_network_gives_the_numbers_torch_gave() -> None:
    outputs = open_session(FOLDER / "efficientnet_lite0.onnx").run(list(LEVELS), {"image": waves(64)})
    for name, out in zip(LEVELS, outputs, strict=True):
        mean, first, last = TORCH[name]
        assert out.shape[1] == LEVEL_CHANNELS[name]
        assert float(out.mean()) == pytest.approx(mean, abs=1e-4)
        np.testing.assert_allclose(out[0, :3, 0, 0], first, atol=2e-4)
        assert float(out[0, -1, -1, -1]) == pytest.approx(last, abs=2e-4)


@pytest.mark.parametrize("shape", [(32, 32), (1, 1), (9, 300), (700, 123)])
def test_any_size_gives_the_same_grid(encoder: ImageEncoder, shape: tuple[int, int]) -> None:
    view = np.random.default_rng(0).random(shape).astype(np.float32)
    features = encoder.features(view)
    assert features.cells.shape == (GRID, GRID, LEVEL_CHANNELS[CELLS])
    assert np.isfinite(features.cells).all()


def test_volumes_and_empty_images_are_refused() -> None:
    for shape in ((3, 4, 5), (0, 5)):
        with pytest.raises(ImageError, match="expected"):
            letterbox(np.zeros(shape, dtype=np.float32))


def test_scale_and_offset_of_brightness_do_not_matter(phantom: NDArray[np.float32]) -> None:
    one, _ = letterbox(phantom)
    other, _ = letterbox(phantom * 3000.0 - 500.0)
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_the_letterbox_centres_the_image_between_black_bars() -> None:
    image, geometry = letterbox(np.tile(np.linspace(0, 1, 200, dtype=np.float32), (100, 1)))
    assert image.shape == (INPUT_SIZE, INPUT_SIZE)
    assert geometry.offset_y == INPUT_SIZE / 4
    assert not image[: INPUT_SIZE // 4].any()
    assert image[INPUT_SIZE // 2, -10] > 0.9
