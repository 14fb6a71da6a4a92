"""Residual networks under torchvision's names, which timm, BioViL and CXR-CLIP share: `layer4.2.conv3` and so on.

He et al., 2016, https://arxiv.org/abs/1512.03385; the stride of a bottleneck stands in its 3 × 3 convolution.
"""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn

from casekin.models.adapters.checkpoint import Tensors

_STRIDES = (1, 2, 2, 2)


class ResNet(nn.Module):
    """`(n, 3, size, size)` → the last feature map `(n, channels, size / 32, size / 32)`."""

    def __init__(self, tensors: Tensors) -> None:
        """The network, still empty, whose sizes these tensors have."""
        super().__init__()
        stem = tensors["conv1.weight"]
        self.conv1 = nn.Conv2d(stem.shape[1], stem.shape[0], stem.shape[2], 2, stem.shape[2] // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(stem.shape[0])
        self.layer1, self.layer2, self.layer3, self.layer4 = (
            _stage(tensors, f"layer{number}.", stride) for number, stride in enumerate(_STRIDES, start=1)
        )

    def forward(self, pixels: Tensor) -> Tensor:
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(pixels))), 3, 2, 1)
        mapped: Tensor = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return mapped


class _Block(nn.Module):
    """Two or three convolutions with their norms, added to the input or to its 1 × 1 projection."""

    def __init__(self, tensors: Tensors, prefix: str, stride: int) -> None:
        super().__init__()
        self.count = 3 if f"{prefix}conv3.weight" in tensors else 2
        strided = 2 if self.count == 3 else 1
        for number in range(1, self.count + 1):
            weight = tensors[f"{prefix}conv{number}.weight"]
            step = stride if number == strided else 1
            conv = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], step, weight.shape[2] // 2, bias=False)
            self.add_module(f"conv{number}", conv)
            self.add_module(f"bn{number}", nn.BatchNorm2d(weight.shape[0]))
        self.downsample: nn.Module | None = None
        if (side := tensors.get(f"{prefix}downsample.0.weight")) is not None:
            conv = nn.Conv2d(side.shape[1], side.shape[0], 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(side.shape[0]))

    def forward(self, x: Tensor) -> Tensor:
        out = x
        for number in range(1, self.count + 1):
            out = self.get_submodule(f"bn{number}")(self.get_submodule(f"conv{number}")(out))
            out = torch.relu(out) if number < self.count else out
        return torch.relu(out + (x if self.downsample is None else self.downsample(x)))


def _stage(tensors: Tensors, prefix: str, stride: int) -> nn.Sequential:
    depth = len({name for name in tensors if re.fullmatch(re.escape(prefix) + r"\d+\.conv1\.weight", name)})
    return nn.Sequential(*(_Block(tensors, f"{prefix}{i}.", stride if i == 0 else 1) for i in range(depth)))
