"""Changes of frame and of light for a whole batch at once; pixels and places move together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentSettings:
    """Spread of each change: `turn` in degrees, `zoom` and `stretch` as shares, `shift` as a share of the side.

    `light` is the spread of the logarithm of gamma; `noise` the largest standard deviation, pixels being in [0, 1].
    """

    turn: float
    zoom: float
    stretch: float
    shift: float
    light: float
    noise: float


def augment_batch(
    views: Tensor, weights: Tensor, settings: AugmentSettings, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Views `(B, H, W)` in [0, 1] and weights `(B, places, h, w)` under one random frame each; views relit besides.

    What comes into the frame from outside is 0 in both. All randomness is the generator's, on the CPU, so that a device
    changes nothing. No sample is mirrored: `mirror_sample` does that, with its sides.
    """
    frame = _random_frames(len(views), settings, generator).to(views.device)
    return _relit(warp(views[:, None], frame)[:, 0], settings, generator), warp(weights, frame)


def _random_frames(count: int, settings: AugmentSettings, generator: torch.Generator) -> Tensor:
    """Matrices `(count, 2, 3)` from a pixel of the new frame to one of the old, in coordinates from -1 to 1."""
    normal = torch.randn(count, 5, generator=generator).clamp(-2.5, 2.5)
    angle = normal[:, 0] * math.radians(settings.turn)
    zoom, stretch = torch.exp(normal[:, 1] * settings.zoom), torch.exp(normal[:, 2] * settings.stretch)
    cos, sin = torch.cos(angle), torch.sin(angle)
    shift = normal[:, 3:] * 2 * settings.shift
    x = torch.stack([cos * zoom * stretch, -sin * zoom, shift[:, 0]], dim=1)
    y = torch.stack([sin * zoom, cos * zoom / stretch, shift[:, 1]], dim=1)
    return torch.stack([x, y], dim=1)


def warp(pictures: Tensor, frame: Tensor) -> Tensor:
    """Pictures `(B, C, H, W)` under frames `(B, 2, 3)`, matrices from new to old coordinates in [-1, 1]; 0 outside."""
    grid = affine_grid(frame, [*pictures.shape], align_corners=False)
    return grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _relit(views: Tensor, settings: AugmentSettings, generator: torch.Generator) -> Tensor:
    count = len(views)
    gamma = torch.exp(torch.randn(count, 1, 1, generator=generator) * settings.light).to(views.device)
    low = (torch.rand(count, 1, 1, generator=generator) * 0.15 - 0.05).to(views.device)
    high = (torch.rand(count, 1, 1, generator=generator) * 0.25 + 0.85).to(views.device)
    spread = (torch.rand(count, 1, 1, generator=generator) * settings.noise).to(views.device)
    noise = torch.randn(views.shape, generator=generator).to(views.device)
    shown = views > 0  # bars and what lies outside the frame stay black
    lit = ((views.clamp(0, 1) ** gamma - low) / (high - low) + spread * noise).clamp(0, 1)
    return torch.where(shown, lit, torch.zeros_like(lit))
