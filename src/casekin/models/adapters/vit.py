"""The plain vision transformer under timm's names: `blocks.0.attn.qkv` and so on, as BiomedCLIP's image tower has them.

Dosovitskiy et al., 2021, https://arxiv.org/abs/2010.11929. One class token, learned positions, norm before each part.
"""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn

from casekin.models.adapters.checkpoint import Tensors

_HEAD_DIM = 64
"""Channels of one attention head in every published ViT-Ti/S/B/L; the weights don't tell."""


class VisionTransformer(nn.Module):
    """`(n, 3, size, size)` → `(n, 1 + grid * grid, dim)`: the class token, then patches row by row, normalized."""

    def __init__(self, *, dim: int, depth: int, hidden: int, patch: int, grid: int) -> None:
        super().__init__()
        self.grid = grid
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + grid * grid, dim))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, dim, patch, stride=patch)})
        self.blocks = nn.ModuleList(_Block(dim, hidden) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embed["proj"](pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(patches), -1, -1), patches], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        normed: Tensor = self.norm(x)
        return normed


class _Block(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = _Attention(dim)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(dim, hidden), "fc2": nn.Linear(hidden, dim)})

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        added: Tensor = self.mlp["fc2"](nn.functional.gelu(self.mlp["fc1"](self.norm2(x))))
        return x + added


class _Attention(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.heads = max(1, dim // _HEAD_DIM)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        n, count, dim = x.shape
        q, k, v = self.qkv(x).reshape(n, count, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        out: Tensor = self.proj(mixed.transpose(1, 2).reshape(n, count, dim))
        return out


def vit_of(tensors: Tensors) -> VisionTransformer:
    """The network, still empty, whose sizes these tensors have; KeyError when they are of no such network."""
    dim, _, patch, _ = tensors["patch_embed.proj.weight"].shape
    depth = len({name for name in tensors if re.fullmatch(r"blocks\.\d+\.norm1\.weight", name)})
    return VisionTransformer(
        dim=dim,
        depth=depth,
        hidden=tensors["blocks.0.mlp.fc1.weight"].shape[0],
        patch=patch,
        grid=round((tensors["pos_embed"].shape[1] - 1) ** 0.5),
    )
