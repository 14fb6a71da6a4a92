"""The shipped decoder: evidence of findings, cell by cell, taught by the painted truth of simulated archives.

Beside the frozen maps the decoder sees the image itself through a small stem of its own, which is trained: nodules,
fractures, lines and tubes are finer than what a network of photographs keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, interpolate

from casekin.models.features import LEVEL_CHANNELS, LEVELS
from casekin.training.dense_views import DenseViews
from casekin.training.evidence import Scorer, sum_places
from casekin.training.samplers import Batches, weighted_batches

_SCALE = {"stride8": 8.0, "stride16": 4.0, "stride32": 3.0}  # about one standard deviation of each level
_RARE = -3.0  # logit that a cell starts from
INPUTS = ("image", *LEVELS)


class DenseDecoder(nn.Module):
    """`image` `(B, 1, 384, 384)` in [0, 1] and maps at strides 8, 16, 32 in, evidence logits `(B, F, 48, 48)` out."""

    def __init__(self, findings: int, *, width: int = 96, fine: int = 64) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            *_layer(1, 16, 5, stride=2),
            *_layer(16, 32, 3, stride=2),
            *_layer(32, 32, 3),
            *_layer(32, fine, 3, stride=2),
        )
        self.enter8 = nn.Conv2d(LEVEL_CHANNELS["stride8"], fine, 1)
        self.enter16 = nn.Conv2d(LEVEL_CHANNELS["stride16"], width, 1)
        self.enter32 = nn.Conv2d(LEVEL_CHANNELS["stride32"], width, 1)
        self.down = nn.Sequential(*_layer(fine, width, 3, stride=2))
        self.coarse = nn.Sequential(*_layer(width + 2, width, 3), *_layer(width, width, 3))
        self.wide = nn.Sequential(*_layer(width, width, 3, dilation=3), *_layer(width, width, 3))
        self.middle = nn.Sequential(*_layer(3 * width, width, 3), *_layer(width, width, 3))
        self.narrow = nn.Conv2d(width, fine, 1)
        self.fine = nn.Sequential(*_layer(3 * fine, fine, 3), *_layer(fine, fine, 3))
        self.leave = nn.Sequential(nn.Dropout2d(0.1), nn.Conv2d(fine, findings, 1))
        ramp = torch.linspace(-1, 1, 12)
        self.register_buffer("position", torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])
        self.position: Tensor
        last = self.leave[1]
        assert isinstance(last, nn.Conv2d) and last.bias is not None
        nn.init.constant_(last.bias, _RARE)

    def forward(self, image: Tensor, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> Tensor:
        seen = self.stem(image * 2 - 1)
        eight = self.enter8(stride8 / _SCALE["stride8"])
        sixteen = self.enter16(stride16 / _SCALE["stride16"])
        x = self.enter32(stride32 / _SCALE["stride32"])
        x = self.coarse(torch.cat([x, self.position.expand(x.shape[0], -1, -1, -1)], dim=1))
        x = x + self.wide(x)
        x = self.middle(torch.cat([_twice(x), sixteen, self.down(seen)], dim=1))
        x = self.fine(torch.cat([_twice(self.narrow(x)), eight, seen], dim=1))
        logits: Tensor = self.leave(x)
        return logits


def _layer(channels_in: int, channels_out: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> list[nn.Module]:
    padding = dilation * (kernel // 2)
    return [
        nn.Conv2d(channels_in, channels_out, kernel, stride=stride, padding=padding, dilation=dilation, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ]


def _twice(x: Tensor) -> Tensor:
    return interpolate(x, scale_factor=2, mode="nearest")


def dense_loss(
    logits: Tensor, masks: Tensor, weights: Tensor, labels: Tensor, *, sharpness: float
) -> dict[str, Tensor]:
    """Terms of the loss, each a mean over images.

    `logits`, `masks` `(B, F, 48, 48)`; `weights` `(B, 29, 24, 24)`, `labels` `(B, 29, F)` (2: not counted).
    `cells`: cross entropy, easy cells counting little. `overlap`: one minus Dice of the findings that are there.
    `places`: cross entropy of the evidence pooled as a search pools it. `image`: whether a finding is there at all.
    """
    x, y = logits.float(), masks.float()
    p = torch.sigmoid(x)
    cells = binary_cross_entropy_with_logits(x, y, reduction="none") * (p - y).abs() ** 1.5
    there = y.amax(dim=(2, 3))
    dice = (2 * (p * y).sum(dim=(2, 3)) + 1) / (p.sum(dim=(2, 3)) + y.sum(dim=(2, 3)) + 1)
    pooled = sum_places(x, weights, sharpness=sharpness).at_locations().transpose(1, 2)
    known = (labels < 2) & (weights.amax(dim=(2, 3)) > 0)[:, :, None]
    truth = (labels == 1).float()
    places = binary_cross_entropy_with_logits(pooled, truth, reduction="none") * (1 + 4 * truth) * known
    peak = torch.logsumexp(x.flatten(2), dim=2) - np.log(8.0)
    return {
        "cells": cells.sum(dim=(2, 3)).mean() / 20,
        "overlap": ((1 - dice) * there).sum() / there.sum().clamp(min=1),
        "places": places.sum(dim=(1, 2)).mean() / 10,
        "image": 2 * binary_cross_entropy_with_logits(peak.clamp(-12, 12), there),
    }


class DenseTraining:
    """What the loop trains: views of `train` of one or more caches, judged on `validation` by a scorer.

    `patients` by row of each cache. Films whose findings are rare are shown more often.
    """

    metric = "nDCG@10"

    def __init__(
        self,
        *,
        findings: Sequence[str],
        caches: Sequence[DenseViews],
        patients: Sequence[Sequence[str]],
        score: Scorer,
        settings: Mapping[str, float],
        seed: int,
    ) -> None:
        self.findings, self._caches, self._score, self.seed = tuple(findings), caches, score, seed
        self._settings = settings
        self._rows = np.array([(c, row) for c, cache in enumerate(caches) for row in np.flatnonzero(cache.train)])
        self._held = np.array([(c, row) for c, cache in enumerate(caches) for row in np.flatnonzero(~cache.train)])
        self._patients = [f"{c} {patients[c][row]}" for c, row in self._rows.tolist()]
        self._weights = rarity_weights(
            np.stack([(caches[c].labels[row, 0] == 1).any(axis=0) for c, row in self._rows.tolist()])
        )
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.network: nn.Module = DenseDecoder(len(findings), width=int(settings["width"]))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """Weights decay; biases and the scales of normalisation don't."""
        parameters = list(self.network.parameters())
        return [
            {"params": [p for p in parameters if p.ndim > 1], "lr": learning_rate, "weight_decay": weight_decay},
            {"params": [p for p in parameters if p.ndim == 1], "lr": learning_rate, "weight_decay": 0.0},
        ]

    def draw_epoch(self, epoch: int) -> Batches:
        size = int(self._settings["batch_size"])
        return weighted_batches(self._patients, self._weights, batch_size=size, seed=self.seed, epoch=epoch)

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """One random view of each film and its truth."""
        views = self._caches[0].images.shape[1]
        turns = torch.randint(views, (len(numbers),), generator=generator).tolist()
        return self._gather(self._rows[numbers].tolist(), turns)

    def _gather(self, rows: Sequence[Sequence[int]], turns: Sequence[int]) -> dict[str, Tensor]:
        def stack(name: str) -> NDArray[Any]:
            found = [getattr(self._caches[c], name)[row, turn] for (c, row), turn in zip(rows, turns, strict=True)]
            return np.stack(found)

        def level(name: str) -> NDArray[np.float32]:
            found = [self._caches[c].levels[name][row, turn] for (c, row), turn in zip(rows, turns, strict=True)]
            return np.stack(found).astype(np.float32)

        maps = {"image": stack("images")[:, None].astype(np.float32) / 255.0} | {name: level(name) for name in LEVELS}
        shown = {n: torch.from_numpy(m).contiguous(memory_format=torch.channels_last) for n, m in maps.items()}
        return {
            **shown,
            "masks": torch.from_numpy(stack("masks")),
            "weights": torch.from_numpy(stack("weights").astype(np.float32) / 255.0),
            "labels": torch.from_numpy(stack("labels")),
        }

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The terms of `dense_loss`."""
        logits = self.network(*(batch[name] for name in INPUTS))
        sharpness = self._settings["sharpness"]
        return dense_loss(logits, batch["masks"], batch["weights"], batch["labels"], sharpness=sharpness)

    def validate(self) -> dict[str, float]:
        """Figures of the scorer on validation's radiographs as they are."""
        return dict(self._score(self.evidence()))

    def evidence(self) -> NDArray[np.float32]:
        """Evidence of each finding at each location of validation's radiographs `(N, 29, F)` in [0, 1]."""
        device = next(self.network.parameters()).device
        found = []
        for start in range(0, len(self._held), 16):
            rows = self._held[start : start + 16].tolist()
            batch = {name: value.to(device) for name, value in self._gather(rows, [0] * len(rows)).items()}
            logits = self.network(*(batch[name] for name in INPUTS))
            pooled = sum_places(logits, batch["weights"], sharpness=self._settings["sharpness"]).at_locations()
            found.append(torch.sigmoid(pooled).transpose(1, 2).cpu().numpy())
        return np.concatenate(found)


def rarity_weights(there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How often each film `(N,)` is shown, by its rarest finding of `(N, F)`: root of the inverse frequency, 1 to 4."""
    share = np.maximum(there.mean(axis=0), 1 / len(there))
    rarest = np.where(there, share, 1.0).min(axis=1)
    return np.clip((0.1 / rarest) ** 0.5, 1.0, 4.0) * np.where(there.any(axis=1), 1.0, 0.5)
