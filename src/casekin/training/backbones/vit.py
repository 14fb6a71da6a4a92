"""A small vision transformer from scratch: patches of 16 pixels, positions by sines and cosines, three levels of maps.

Dosovitskiy et al., 2021, https://arxiv.org/abs/2010.11929; levels as Li et al., 2022, https://arxiv.org/abs/2203.16527:
the last layer's tokens, twice as fine by a transposed convolution and half as fine by a strided one.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from casekin.errors import InputError
from casekin.models.features import GRID, INPUT_SIZE
from casekin.training.backbones.backbone import Backbone, LevelHeads

_PATCH = INPUT_SIZE // GRID
_WAVELENGTH = 100.0  # longest, in patches: some four times the grid's side, so that no two positions look alike


class ViT(Backbone):
    """`depth` layers of `width` channels with `heads` of attention over 24 × 24 tokens. InputError for odd shares."""

    def __init__(self, *, width: int = 128, depth: int = 6, heads: int = 4) -> None:
        super().__init__()
        if width % (4 * heads):
            raise InputError(f"width: expected a multiple of {4 * heads}, four times the heads, got {width}")
        self.patches = nn.Conv2d(1, width, _PATCH, stride=_PATCH)
        self.register_buffer("position", sine_positions(GRID, width), persistent=False)
        self.position: Tensor
        self.layers = nn.Sequential(*(_Layer(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.finer = nn.ConvTranspose2d(width, width // 2, 2, stride=2)
        self.coarser = nn.Conv2d(width, width, 2, stride=2)
        self.heads = LevelHeads({"stride8": width // 2, "stride16": width, "stride32": width})

    def forward(self, views: Tensor) -> dict[str, Tensor]:
        tokens = self.patches(views * 2.0 - 1.0).flatten(2).transpose(1, 2) + self.position
        tokens = self.norm(self.layers(tokens))
        grid = tokens.transpose(1, 2).unflatten(2, (GRID, GRID))
        maps: dict[str, Tensor] = self.heads(
            {"stride8": self.finer(grid), "stride16": grid, "stride32": self.coarser(grid)}
        )
        return maps


class _Layer(nn.Module):
    """Attention and two linear layers, each normalised before and added to what came in."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_mixing = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mix = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = (
            self.query_key_value(self.before_attention(x))
            .reshape(batch, length, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        seen = scaled_dot_product_attention(parts[0], parts[1], parts[2])
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        out: Tensor = x + self.mix(self.before_mixing(x))
        return out


def sine_positions(side: int, width: int) -> Tensor:
    """Positions of a square grid's cells in reading order, `(side * side, width)`: a quarter each of sines and cosines

    of the row and of the column, at wavelengths from 2π to `_WAVELENGTH` · 2π cells.
    """
    rates = torch.exp(-math.log(_WAVELENGTH) * torch.arange(width // 4) / (width // 4))
    angles = torch.arange(side)[:, None] * rates
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)
    rows = waves[:, None].expand(-1, side, -1)
    columns = waves[None].expand(side, -1, -1)
    return torch.cat([rows, columns], dim=2).reshape(side * side, width)
