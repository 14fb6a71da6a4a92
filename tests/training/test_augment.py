"""Changes of frame and light: pixels and places move together, and a generator decides all."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from casekin.training.augment import AugmentSettings, augment_batch

STILL = AugmentSettings(turn=0.0, zoom=0.0, stretch=0.0, shift=0.0, light=0.0, noise=0.0)
MOVING = AugmentSettings(turn=8.0, zoom=0.15, stretch=0.05, shift=0.08, light=0.3, noise=0.02)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def blobs(size: int) -> torch.Tensor:
    """Four soft spots off the middle, one a picture, `(4, size, size)`."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, size), torch.linspace(-1, 1, size), indexing="ij")
    spots = [(-0.4, -0.3), (0.3, -0.2), (0.1, 0.4), (-0.2, 0.2)]
    return torch.stack([torch.exp(-((y - a) ** 2 + (x - b) ** 2) / 0.02) for a, b in spots])


def centers(pictures: torch.Tensor) -> torch.Tensor:
    """Centres of mass in coordinates from -1 to 1, `(N, 2)`."""
    ramp = torch.linspace(-1, 1, pictures.shape[-1])
    mass = pictures.sum(dim=(1, 2))
    return torch.stack([(pictures.sum(dim=2) @ ramp) / mass, (pictures.sum(dim=1) @ ramp) / mass], dim=1)


def test_without_spread_the_frame_stays_where_it_is() -> None:
    weights = blobs(24)[:, None]
    views, moved = augment_batch(blobs(96), weights, STILL, seeded(0))
    assert torch.allclose(moved, weights, atol=1e-5)
    bright = centers((views - 0.5).clamp(min=0))  # light lifts what lies around the spots
    assert torch.allclose(bright, centers(blobs(96)), atol=0.02)


def test_pixels_and_weights_of_any_resolution_move_together() -> None:
    generator, same = seeded(4), seeded(4)
    fine = augment_batch(blobs(96), blobs(96)[:, None], MOVING, generator)[1][:, 0]
    coarse = augment_batch(blobs(96), blobs(24)[:, None], MOVING, same)[1][:, 0]
    assert torch.allclose(centers(fine), centers(coarse), atol=0.03)
    assert (centers(fine) - centers(blobs(96))).abs().max() > 0.03


def test_the_generator_decides_all() -> None:
    one, two, other = (augment_batch(blobs(48), blobs(24)[:, None], MOVING, seeded(seed))[0] for seed in (7, 7, 8))
    assert torch.equal(one, two) and not torch.equal(one, other)


@pytest.mark.parametrize("light", [0.0, 0.5])
def test_light_keeps_pixels_in_range_and_bars_black(light: float) -> None:
    views = blobs(48).clamp(min=0.05)
    views[:, :, :8] = 0.0
    lit, _ = augment_batch(views, blobs(24)[:, None], replace(STILL, light=light, noise=0.1), seeded(1))
    assert float(lit.min()) >= 0.0 and float(lit.max()) <= 1.0
    assert float(lit[:, :, :7].max()) == 0.0
