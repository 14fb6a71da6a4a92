"""EfficientNet-Lite0 as a torch network with the weights of the shipped ONNX file, to tune from any stage on.

Tan and Le, 2019, https://arxiv.org/abs/1905.11946, the lite variant: no squeeze-excitation, ReLU6. Batch normalisation
is folded into the convolutions in the file, and stays so: tuning never meets statistics of small batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn.functional import pad

from casekin.errors import InputError, ModelError
from casekin.models.features import LEVELS
from casekin.models.weights import FOLDER, checked_file
from casekin.training.backbones.backbone import Backbone

WEIGHTS = "efficientnet_lite0.onnx"
WEIGHTS_SHA256 = "cbec21dbed6fb51e500d296682494525ef501ad5fe9e663e7f5241f6717f8386"
STAGES = 8
"""The stem is stage 0; stages 3, 5 and 7 end with the maps at strides 8, 16 and 32."""
KEPT_STAGE = 5
"""It ends with the map at stride 16, the last that later stages need."""
_STEM = 32


class _Stage(NamedTuple):
    blocks: int
    kernel: int
    stride: int
    expand: int
    channels: int


_LAYOUT = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)
_ENDS = {3: "stride8", 5: "stride16", 7: "stride32"}


class Lite0(Backbone):
    """The shipped network. Stages before `learns_from` (0 to 8) are frozen; at 8 all are, at 0 everything learns.

    `weights`: an ONNX file of the same layout, None for the shipped one, whose SHA-256 is compared. Raises InputError
    for another stage, ModelError for a file that is missing, damaged or of another layout.
    """

    def __init__(self, *, learns_from: int = STAGES, weights: Path | None = None) -> None:
        super().__init__()
        if not 0 <= learns_from <= STAGES:
            raise InputError(f"learns_from: expected a stage from 0 to {STAGES}, got {learns_from}")
        self.learns_from = learns_from
        stem: list[nn.Module] = [_SameConv(3, _STEM, 3, stride=2), nn.ReLU6()]
        self.stages = nn.ModuleList([nn.Sequential(*stem), *_make_stages()])
        _fill(self, checked_file(FOLDER, WEIGHTS, WEIGHTS_SHA256) if weights is None else weights)
        for stage in self.stages[:learns_from]:
            stage.requires_grad_(False)

    def forward(self, views: Tensor) -> dict[str, Tensor]:
        return _run(self.stages, views.expand(-1, 3, -1, -1) * 2.0 - 1.0, first=0, learns_from=self.learns_from)

    def after(self, level: str) -> LaterStages:
        """The stages behind a level's map, to be tuned over maps that are kept on disk."""
        return LaterStages(self, level)

    def pretrained(self) -> Iterable[nn.Parameter]:
        return self.parameters()


class LaterStages(nn.Module):
    """Kept maps at strides 8, 16 and 32 in, the same three out, those behind `level` computed anew from its map.

    In front of a decoder it makes tuning a matter of the last stages alone: the earlier ones ran once. It shares its
    stages with `network`, which is whole again once they are trained. InputError where `network` learns from a stage
    that ran before the map was kept, or where no stage follows.
    """

    takes = LEVELS

    def __init__(self, network: Lite0, level: str) -> None:
        super().__init__()
        ends = {name: number for number, name in _ENDS.items()}
        if level not in LEVELS[:-1]:
            raise InputError(f"level: expected stride8 or stride16, which stages follow, got {level!r}")
        self.level, self.first, self.learns_from = level, ends[level] + 1, network.learns_from
        if self.learns_from < self.first:
            raise InputError(
                f"learns_from: expected {self.first} or later, since maps at {level} are kept, got {self.learns_from}"
            )
        self.stages = network.stages[self.first :]

    def forward(self, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> dict[str, Tensor]:
        kept = dict(zip(LEVELS, (stride8, stride16, stride32), strict=True))
        return kept | _run(self.stages, kept[self.level], first=self.first, learns_from=self.learns_from)

    def pretrained(self) -> Iterable[nn.Parameter]:
        return self.parameters()


def _run(stages: Iterable[nn.Module], x: Tensor, *, first: int, learns_from: int) -> dict[str, Tensor]:
    """Maps of the levels that these stages end, the first being number `first`; frozen ones keep nothing in memory."""
    maps = {}
    for number, stage in enumerate(stages, start=first):
        with torch.set_grad_enabled(torch.is_grad_enabled() and number >= learns_from):
            x = stage(x)
        if number in _ENDS:
            maps[_ENDS[number]] = x
    return maps


def _make_stages() -> list[nn.Sequential]:
    stages, channels = [], _STEM
    for stage in _LAYOUT:
        blocks = []
        for number in range(stage.blocks):
            stride = stage.stride if number == 0 else 1
            blocks.append(_Block(channels, stage.channels, stage.kernel, stride=stride, expand=stage.expand))
            channels = stage.channels
        stages.append(nn.Sequential(*blocks))
    return stages


class _Block(nn.Module):
    """Widen, filter each channel by itself, narrow; added to what came in where the shape stays."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, *, stride: int, expand: int) -> None:
        super().__init__()
        inner = channels_in * expand
        widen = [nn.Conv2d(channels_in, inner, 1), nn.ReLU6()] if expand > 1 else []
        depthwise = _SameConv(inner, inner, kernel, stride=stride, groups=inner)
        self.layers = nn.Sequential(*widen, depthwise, nn.ReLU6(), nn.Conv2d(inner, channels_out, 1))
        self.keeps_shape = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x)
        return x + out if self.keeps_shape else out


class _SameConv(nn.Conv2d):
    """TensorFlow's SAME padding of sizes that the stride divides: what is odd is added below and to the right."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, *, stride: int, groups: int = 1) -> None:
        surplus = kernel - stride
        even = surplus % 2 == 0
        padding = surplus // 2 if even else 0
        super().__init__(channels_in, channels_out, kernel, stride=stride, groups=groups, padding=padding)
        self._pads = (surplus // 2, surplus - surplus // 2) * 2

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x if self.padding != (0, 0) else pad(x, self._pads))


def _fill(network: Lite0, path: Path) -> None:
    """Give the network's convolutions the weights of the file's, in the order in which both run them."""
    try:
        graph = onnx.load(path).graph
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        found = [[arrays[name] for name in node.input[1:3]] for node in graph.node if node.op_type == "Conv"]
    except Exception as error:  # protobuf's and onnx's errors have no common root
        raise ModelError(f"{path.name} is no network with its weights inside: {type(error).__name__}") from error
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    shapes = [[tuple(each.weight.shape), (each.out_channels,)] for each in convolutions]
    if [[array.shape for array in pair] for pair in found] != shapes:
        raise ModelError(f"{path.name} is no EfficientNet-Lite0: {len(found)} convolutions of other shapes")
    with torch.no_grad():
        for convolution, (weight, bias) in zip(convolutions, found, strict=True):
            assert convolution.bias is not None
            convolution.weight.copy_(torch.from_numpy(weight.copy()))
            convolution.bias.copy_(torch.from_numpy(bias.copy()))
