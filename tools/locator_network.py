"""The locator's network, what it loses by, and its ONNX file. Needs torch; the product runs the file without it."""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, cross_entropy, interpolate

from casekin.models.features import LEVEL_CHANNELS, LEVEL_SPREAD, LEVELS
from casekin.training.onnx_file import write_onnx
from locator_samples import FULL, MAPS, UNKNOWN

SIZES = dict(zip(LEVELS, (48, 24, 12), strict=True))
WIDTH = 64
FINE_WIDTH = 40  # at 48 x 48 cells most of the time is spent, and least has to be decided
MARK_WIDTH = 32
FAULTS = {"orientation": 8, "inverted": 2, "view": 3}
FAULT_SHARE = 0.5  # of the loss of faults beside that of maps


class LocatorNetwork(torch.nn.Module):
    """Three levels in; maps `(N, MAPS, 48, 48)` and faults `(N, 8 + 2 + 3)` out, all logits.

    Maps are decided coarse to fine, with position as two extra channels. Faults are judged from the coarse stage and
    from what looks like letters on the finest level, pooled over nine parts of the picture so that left and right,
    above and below stay apart; and from how large each map is and where its middle lies, since a heart or an aortic
    arch on the picture's other side says most of a mirrored film.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = dict(zip(LEVELS, (FINE_WIDTH, WIDTH, WIDTH), strict=True))
        self.enter = torch.nn.ModuleDict(
            {name: torch.nn.Conv2d(LEVEL_CHANNELS[name], widths[name], 1) for name in LEVELS}
        )
        self.coarse = _block(WIDTH + 2, WIDTH)
        self.wide = _block(WIDTH, WIDTH, dilation=3)
        self.middle = _block(2 * WIDTH, WIDTH)
        self.narrow = torch.nn.Conv2d(WIDTH, FINE_WIDTH, 1)
        self.fine = _block(2 * FINE_WIDTH, FINE_WIDTH)
        self.leave = torch.nn.Conv2d(FINE_WIDTH, MAPS, 1)
        self.marks = torch.nn.Sequential(_block(FINE_WIDTH, MARK_WIDTH, stride=2), torch.nn.MaxPool2d(2))
        self.judge = _block(2 * WIDTH + MARK_WIDTH, WIDTH)
        self.parts = torch.nn.Sequential(torch.nn.AvgPool2d(4), torch.nn.Flatten(), torch.nn.Dropout(0.2))
        self.moments = torch.nn.BatchNorm1d(3 * MAPS)
        self.faults = torch.nn.Sequential(
            torch.nn.Linear(9 * WIDTH + 3 * MAPS, WIDTH),
            torch.nn.ReLU(),
            torch.nn.Linear(WIDTH, sum(FAULTS.values())),
        )
        for name, size in (("position", SIZES["stride32"]), ("fine_position", SIZES["stride8"])):
            ramp = torch.linspace(-1, 1, size)
            self.register_buffer(name, torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])

    def forward(
        self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        inputs = {"stride8": stride8, "stride16": stride16, "stride32": stride32}
        fine, middle, coarse = (self.enter[name](inputs[name] / LEVEL_SPREAD[name]) for name in LEVELS)
        position = self.position.expand(coarse.shape[0], -1, -1, -1)
        x = self.coarse(torch.cat([coarse, position], dim=1))
        x = x + self.wide(x)
        judged = self.parts(self.judge(torch.cat([x, avg_pool2d(middle, 2), self.marks(fine)], dim=1)))
        x = self.middle(torch.cat([_twice(x), middle], dim=1))
        maps = self.leave(self.fine(torch.cat([_twice(self.narrow(x)), fine], dim=1)))
        # What is right of a map is for the map's own truth to say, not for the film's state.
        moments = self.moments(self._sizes_and_middles(maps.detach().float()))
        return maps, self.faults(torch.cat([judged, moments.to(judged.dtype)], dim=1))

    def _sizes_and_middles(self, maps: torch.Tensor) -> torch.Tensor:
        """Of each map's probabilities their mean and their middle in rows and columns, `(N, 3 * MAPS)`."""
        p = torch.sigmoid(maps)
        total = p.sum((2, 3))
        middles = [(p * self.fine_position[:, i : i + 1]).sum((2, 3)) / (total + 1.0) for i in range(2)]
        return torch.cat([total / SIZES["stride8"] ** 2, *middles], dim=1)


def _block(channels_in: int, channels_out: int, *, dilation: int = 1, stride: int = 1) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Conv2d(channels_in, channels_out, 3, padding=dilation, dilation=dilation, stride=stride),
        torch.nn.BatchNorm2d(channels_out),
        torch.nn.ReLU(),
        torch.nn.Conv2d(channels_out, channels_out, 3, padding=1),
        torch.nn.BatchNorm2d(channels_out),
        torch.nn.ReLU(),
    )


def _twice(x: torch.Tensor) -> torch.Tensor:
    return interpolate(x, scale_factor=2, mode="nearest")


def map_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against soft targets plus soft Dice of every known map, by the number of known maps."""
    known = (targets[:, :, 0, 0] != UNKNOWN).float()
    soft = (targets.float() / FULL).clamp(max=1.0)
    entropy = binary_cross_entropy_with_logits(logits, soft, reduction="none").mean((2, 3))
    p = torch.sigmoid(logits)
    dice = 1 - (2 * (p * soft).sum((2, 3)) + 1.0) / (p.sum((2, 3)) + soft.sum((2, 3)) + 1.0)
    return ((4 * entropy + dice) * known).sum() / known.sum().clamp(min=1.0)


def fault_loss(logits: torch.Tensor, faults: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each fault where it is known, summed."""
    total = logits.new_zeros(())
    for column, part in enumerate(torch.split(logits, list(FAULTS.values()), dim=1)):
        known = faults[:, column] != UNKNOWN
        if known.any():
            total = total + cross_entropy(part[known], faults[known, column].long(), label_smoothing=0.02)
    return total


class Exported(torch.nn.Module):
    """The network with its sigmoid and softmaxes, as the product runs it."""

    def __init__(self, network: LocatorNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        maps, faults = self.network(stride8, stride16, stride32)
        parts = torch.split(faults, list(FAULTS.values()), dim=1)
        return torch.sigmoid(maps), *(torch.softmax(part, dim=1) for part in parts)


def export(network: LocatorNetwork, out: Path) -> None:
    """Write the network as ONNX."""
    write_onnx(
        Exported(network.to(memory_format=torch.contiguous_format)).eval(),
        out,
        {name: (LEVEL_CHANNELS[name], size, size) for name, size in SIZES.items()},
        outputs=("maps", *FAULTS),
    )
