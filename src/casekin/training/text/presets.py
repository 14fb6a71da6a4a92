"""Sizes of the text encoder, and how each is trained."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPreset:
    """`width` a multiple of `heads`; `dim` numbers a vector; `meanings` different meanings and `composed` composed
    phrases in a batch, each meaning by two sentences and their hard negatives; `max_tokens` cuts longer sentences;
    `hidden` is the share of pieces that a batch doesn't show.
    """

    name: str
    vocabulary: int
    layers: int
    width: int
    heads: int
    dim: int
    max_tokens: int = 96
    dropout: float = 0.1
    meanings: int = 16
    composed: int = 16
    negatives: int = 44
    steps: int = 1400
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    hidden: float = 0.1


TEXT_PRESETS = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            TextPreset(
                name="tiny", vocabulary=600, layers=1, width=32, heads=2, dim=16, meanings=8, composed=8, negatives=8,
                steps=20,
            ),
            TextPreset(name="small", vocabulary=4000, layers=2, width=128, heads=4, dim=128),
            TextPreset(name="base", vocabulary=8000, layers=4, width=256, heads=4, dim=256, learning_rate=5e-4),
        )
    }
)  # fmt: skip
"""tiny: for tests. small: five minutes of one core, 4 MB. base: some hours on one core, for archives with much text."""
