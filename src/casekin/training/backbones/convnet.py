"""A small plain convolutional network from scratch: 3 × 3 kernels and batch normalisation, added to what came in."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import relu

from casekin.models.features import LEVELS
from casekin.training.backbones.backbone import Backbone, LevelHeads

_STEM = (24, 32)  # channels at strides 2 and 4, where a convolution costs most


class ConvNet(Backbone):
    """Two strided layers, then `blocks` residual blocks at each of strides 8, 16 and 32, `widths` channels wide."""

    def __init__(self, *, widths: tuple[int, int, int] = (64, 112, 160), blocks: int = 2) -> None:
        super().__init__()
        self.stem = nn.Sequential(_layer(1, _STEM[0], stride=2), _layer(_STEM[0], _STEM[1], stride=2))
        channels = (_STEM[1], *widths[:-1])
        self.levels = nn.ModuleList(
            nn.Sequential(_layer(before, width, stride=2), *(_Block(width) for _ in range(blocks)))
            for before, width in zip(channels, widths, strict=True)
        )
        self.heads = LevelHeads(dict(zip(LEVELS, widths, strict=True)))

    def forward(self, views: Tensor) -> dict[str, Tensor]:
        x = self.stem(views * 2.0 - 1.0)
        features = {}
        for name, level in zip(LEVELS, self.levels, strict=True):
            features[name] = x = level(x)
        maps: dict[str, Tensor] = self.heads(features)
        return maps


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        last = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.layers = nn.Sequential(_layer(width, width), *last)

    def forward(self, x: Tensor) -> Tensor:
        return relu(x + self.layers(x))


def _layer(channels_in: int, channels_out: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )
