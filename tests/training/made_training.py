"""A training small enough to be computed by hand: a line through points, in double precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from casekin.training.loop import LoopSettings
from casekin.training.samplers import Batches, patient_batches

POINTS = 48
SETTINGS = LoopSettings(epochs=4, learning_rate=0.05, weight_decay=0.01, average=0.9, clip=10.0)


class InterruptedRunError(Exception):
    """What stops a made training in the middle, as a killed process would."""


class LineTraining:
    """Fits two layers to a noisy plane; `stop_at` raises at a call of `batch`, `poison_at` makes it NaN."""

    metric = "closeness"

    def __init__(
        self, *, stop_at: int | None = None, poison_at: int | None = None, figures: list[float] | None = None,
        dropout: float = 0.3, noise: float = 0.1, dtype: torch.dtype = torch.float64,
    ) -> None:  # fmt: skip
        generator = torch.Generator().manual_seed(5)
        self.x = torch.randn(POINTS, 3, generator=generator, dtype=torch.float64).to(dtype)
        self.y = self.x @ torch.tensor([[1.0], [-2.0], [0.5]], dtype=dtype)
        self.network: nn.Module = nn.Sequential(
            nn.Linear(3, 6, dtype=dtype), nn.Dropout(dropout), nn.Linear(6, 1, dtype=dtype)
        )
        with torch.no_grad():
            for parameter in self.network.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
        self.stop_at, self.poison_at, self.figures, self.calls = stop_at, poison_at, figures, 0
        self.noise, self.seen = noise, list[list[int]]()

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        return [{"params": list(self.network.parameters()), "lr": learning_rate, "weight_decay": weight_decay}]

    def draw_epoch(self, epoch: int) -> Batches:
        return patient_batches([str(n) for n in range(POINTS)], batch_size=8, seed=3, epoch=epoch)

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        self.calls += 1
        if self.calls == self.stop_at:
            raise InterruptedRunError
        self.seen.append(numbers.tolist())
        x = self.x[numbers] + self.noise * torch.randn(len(numbers), 3, generator=generator)
        return {"x": x * (float("nan") if self.calls == self.poison_at else 1.0), "y": self.y[numbers]}

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        out = self.network(batch["x"])
        return {"square": ((out - batch["y"]) ** 2).mean(), "size": 0.01 * out.abs().mean()}

    def validate(self) -> dict[str, float]:
        assert not self.network.training
        if self.figures is not None:
            return {"closeness": self.figures.pop(0)}
        return {"closeness": -float(((self.network(self.x) - self.y) ** 2).mean())}


def weights_of(training: LineTraining) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in training.network.parameters()]
