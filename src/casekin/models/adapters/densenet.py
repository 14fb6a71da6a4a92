"""Densely connected networks under torchvision's names: `features.denseblock1.denselayer1.conv2` and so on.

Huang et al., 2017, https://arxiv.org/abs/1608.06993. Checkpoints of before 2018 write `norm.1` for `norm1`.
"""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn

from casekin.models.adapters.checkpoint import Tensors


class DenseNet(nn.Module):
    """`(n, channels, size, size)` → the last feature map `(n, d, size / stride, size / stride)`, after ReLU.

    `stride` is 32 in every published one.
    """

    def __init__(self, tensors: Tensors) -> None:
        """The network, still empty, whose sizes these tensors have."""
        super().__init__()
        stem = tensors["features.conv0.weight"]
        self.features = nn.ModuleDict(
            {"conv0": nn.Conv2d(stem.shape[1], stem.shape[0], 7, 2, 3, bias=False), "norm0": _norm(stem.shape[0])}
        )
        for name in sorted({name.split(".")[1] for name in tensors if name.startswith("features.")}):
            if name.startswith("denseblock"):
                self.features[name] = _block(tensors, f"features.{name}.")
            elif name.startswith("transition"):
                conv = tensors[f"features.{name}.conv.weight"]
                self.features[name] = nn.ModuleDict(
                    {"norm": _norm(conv.shape[1]), "conv": nn.Conv2d(conv.shape[1], conv.shape[0], 1, bias=False)}
                )
        self.stride = 4 * 2 ** sum(name.startswith("transition") for name in self.features)
        self.features["norm5"] = _norm(tensors["features.norm5.weight"].shape[0])

    def forward(self, pixels: Tensor) -> Tensor:
        x = torch.relu(self.features["norm0"](self.features["conv0"](pixels)))
        x = nn.functional.max_pool2d(x, 3, 2, 1)
        for number in range(1, 1 + sum(name.startswith("denseblock") for name in self.features)):
            for layer in self.features[f"denseblock{number}"].children():
                x = torch.cat([x, layer(x)], dim=1)
            if f"transition{number}" in self.features:
                step = self.features[f"transition{number}"]
                x = nn.functional.avg_pool2d(step.get_submodule("conv")(torch.relu(step.get_submodule("norm")(x))), 2)
        return torch.relu(self.features["norm5"](x))


class _Layer(nn.Module):
    def __init__(self, first: Tensor, second: Tensor) -> None:
        super().__init__()
        self.norm1 = _norm(first.shape[1])
        self.conv1 = nn.Conv2d(first.shape[1], first.shape[0], 1, bias=False)
        self.norm2 = _norm(second.shape[1])
        self.conv2 = nn.Conv2d(second.shape[1], second.shape[0], 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv2(torch.relu(self.norm2(self.conv1(torch.relu(self.norm1(x))))))
        return out


def present_names(tensors: Tensors) -> Tensors:
    """The tensors under today's names: `denselayer1.norm1.weight` for `denselayer1.norm.1.weight`."""
    return {re.sub(r"(denselayer\d+\.(?:norm|conv))\.(\d)", r"\1\2", name): value for name, value in tensors.items()}


def _block(tensors: Tensors, prefix: str) -> nn.ModuleDict:
    depth = len({name for name in tensors if re.fullmatch(re.escape(prefix) + r"denselayer\d+\.conv1\.weight", name)})
    names = [f"denselayer{number}" for number in range(1, depth + 1)]
    return nn.ModuleDict(
        {n: _Layer(tensors[f"{prefix}{n}.conv1.weight"], tensors[f"{prefix}{n}.conv2.weight"]) for n in names}
    )


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels)
