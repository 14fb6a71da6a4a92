"""The decoder over a frozen network's maps: one trunk of plain convolutions, evidence and a look read off its cells."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from casekin.models.features import GRID, LEVEL_CHANNELS, LEVEL_SPREAD, LEVELS

MAP_SIZE = 48
_RARE = -3.0  # logit that a cell starts from: most cells show nothing


class Trunk(nn.Module):
    """Maps at strides 8, 16, 32 of B images in, `(B, width, 48, 48)` out; it knows where on the image a cell is."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.enter = nn.ModuleDict({name: nn.Conv2d(LEVEL_CHANNELS[name], width, 1) for name in LEVELS})
        self.coarse = _block(width + 2, width)
        self.middle = _block(width, width)
        self.fine = _block(width, width)
        ramp = torch.linspace(-1, 1, MAP_SIZE // 4)
        self.register_buffer("position", torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])
        self.position: Tensor

    def forward(self, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> Tensor:
        inputs = {"stride8": stride8, "stride16": stride16, "stride32": stride32}
        fine, middle, coarse = (self.enter[name](inputs[name] / LEVEL_SPREAD[name]) for name in LEVELS)
        x = self.coarse(torch.cat([coarse, self.position.expand(coarse.shape[0], -1, -1, -1)], dim=1))
        x = self.middle(twice(x) + middle)
        cells: Tensor = self.fine(twice(x) + fine)
        return cells


class Decoder(nn.Module):
    """A trunk with one or two readings of its cells: evidence logits of findings, tokens of a joint space, or both.

    Maps of B images in; out `(evidence, look)`: `(B, findings, 48, 48)` logits and `(B, look, 24, 24)` tokens, either
    of them None where its number is 0.
    """

    def __init__(self, *, findings: int, look: int, width: int) -> None:
        super().__init__()
        self.trunk = Trunk(width)
        self.evidence = evidence_head(width, findings) if findings else None
        self.look = nn.Conv2d(width, look, 1) if look else None

    def forward(self, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> tuple[Tensor | None, Tensor | None]:
        cells = self.trunk(stride8, stride16, stride32)
        evidence = None if self.evidence is None else self.evidence(cells)
        look = None if self.look is None else self.look(avg_pool2d(cells, MAP_SIZE // GRID))
        return evidence, look


def evidence_head(width: int, findings: int) -> nn.Sequential:
    """Cells to a logit for each finding, which starts low."""
    last = nn.Conv2d(width, findings, 1)
    assert last.bias is not None
    nn.init.constant_(last.bias, _RARE)
    return nn.Sequential(nn.Dropout2d(0.1), last)


def _block(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


def twice(x: Tensor) -> Tensor:
    """Maps on a grid of twice the cells a side."""
    return interpolate(x, scale_factor=2, mode="nearest")
