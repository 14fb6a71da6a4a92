"""The text encoder as a torch module: a small transformer over word pieces."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from casekin.training.text.presets import TextPreset


class SentenceNetwork(nn.Module):
    """Ids and mask `(n, t)` int64 → sentence vectors `(n, d)` of length 1 and token vectors `(n, t, d)`.

    The sentence vector is the mean of its token vectors, scaled to length 1, so that words and sentences share a space.
    Normalisation stands before each part (pre-norm), which trains without a warm-up of its own.
    """

    def __init__(self, preset: TextPreset, *, vocabulary: int) -> None:
        super().__init__()
        self.preset = preset
        self.pieces = nn.Embedding(vocabulary, preset.width)
        self.positions = nn.Embedding(preset.max_tokens, preset.width)
        self.layers = nn.ModuleList(_Layer(preset) for _ in range(preset.layers))
        self.norm = nn.LayerNorm(preset.width)
        self.project = nn.Linear(preset.width, preset.dim, bias=False)
        self.dropout = nn.Dropout(preset.dropout)
        for table in (self.pieces, self.positions):
            nn.init.normal_(table.weight, std=0.05)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.dropout(self.pieces(ids) + self.positions(places))
        seen = mask[:, None, None, :].bool()
        for layer in self.layers:
            states = layer(states, seen)
        tokens = self.project(self.norm(states))
        counted = mask[:, :, None].to(tokens.dtype)
        means = (tokens * counted).sum(dim=1) / counted.sum(dim=1)
        return functional.normalize(means, dim=-1), tokens


class _Layer(nn.Module):
    def __init__(self, preset: TextPreset) -> None:
        super().__init__()
        self.heads = preset.heads
        self.norm_attention, self.norm_feed = nn.LayerNorm(preset.width), nn.LayerNorm(preset.width)
        self.queries_keys_values = nn.Linear(preset.width, 3 * preset.width)
        self.leave = nn.Linear(preset.width, preset.width)
        self.feed = nn.Sequential(
            nn.Linear(preset.width, 4 * preset.width), nn.GELU(), nn.Linear(4 * preset.width, preset.width)
        )

    def forward(self, states: Tensor, seen: Tensor) -> Tensor:
        states = states + self._attend(self.norm_attention(states), seen)
        fed: Tensor = self.feed(self.norm_feed(states))
        return states + fed

    def _attend(self, states: Tensor, seen: Tensor) -> Tensor:
        count, length, width = states.shape
        parts = self.queries_keys_values(states).reshape(count, length, 3, self.heads, width // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4).unbind(0)
        attended = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=seen)
        left: Tensor = self.leave(attended.transpose(1, 2).reshape(count, length, width))
        return left
