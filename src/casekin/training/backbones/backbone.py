"""What every trainable image network is: views in, the three maps of the shipped network's form out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from torch import Tensor, nn

from casekin.models.features import LEVEL_CHANNELS, LEVEL_SPREAD, LEVELS


class Backbone(nn.Module, ABC):
    """Views `(B, 1, 384, 384)` in [0, 1], letterboxed, bright = dense, to maps that any decoder takes.

    `forward` gives `stride8` `(B, 40, 48, 48)`, `stride16` `(B, 112, 24, 24)` and `stride32` `(B, 320, 12, 12)`, in
    this order. `pretrained` holds the parameters that began with learned values; they learn at a lower rate. `takes`:
    what `forward` is given of a batch.
    """

    takes: tuple[str, ...] = ("views",)

    @abstractmethod
    def forward(self, views: Tensor) -> dict[str, Tensor]:
        """The maps of a batch of views."""

    def pretrained(self) -> Iterable[nn.Parameter]:
        """Parameters that began with learned values; none in a network from scratch."""
        return ()


class LevelHeads(nn.Module):
    """Feature maps of other widths as the three levels: one 1 × 1 convolution each, with the shipped maps' spread."""

    def __init__(self, channels: dict[str, int]) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({name: _head(channels[name], name) for name in LEVELS})

    def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: self.heads[name](features[name]) for name in LEVELS}


def _head(channels: int, level: str) -> nn.Sequential:
    norm = nn.BatchNorm2d(LEVEL_CHANNELS[level])
    nn.init.constant_(norm.weight, LEVEL_SPREAD[level])
    return nn.Sequential(nn.Conv2d(channels, LEVEL_CHANNELS[level], 1, bias=False), norm)
