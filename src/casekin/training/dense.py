"""The shipped decoder: evidence of findings, cell by cell, taught by the painted truth of simulated archives.

Beside the frozen maps the decoder sees the image itself through a small stem of its own, which is trained: nodules,
fractures, lines and tubes are finer than what a network of photographs keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from casekin.models.features import INPUT_SIZE, LEVEL_CHANNELS, LEVEL_SPREAD, LEVELS
from casekin.training.decoder import evidence_head, twice
from casekin.training.dense_views import DenseViews
from casekin.training.evidence import sum_places
from casekin.training.feature_maps import LEVEL_SHAPES
from casekin.training.loop import decaying_groups
from casekin.training.onnx_file import write_onnx
from casekin.training.samplers import Batches, weighted_batches

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
        self.leave = evidence_head(fine, findings)
        ramp = torch.linspace(-1, 1, 12)
        self.register_buffer("position", torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])
        self.position: Tensor

    def forward(self, image: Tensor, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> Tensor:
        seen = self.stem(image * 2 - 1)
        eight = self.enter8(stride8 / LEVEL_SPREAD["stride8"])
        sixteen = self.enter16(stride16 / LEVEL_SPREAD["stride16"])
        x = self.enter32(stride32 / LEVEL_SPREAD["stride32"])
        x = self.coarse(torch.cat([x, self.position.expand(x.shape[0], -1, -1, -1)], dim=1))
        x = x + self.wide(x)
        x = self.middle(torch.cat([twice(x), sixteen, self.down(seen)], dim=1))
        x = self.fine(torch.cat([twice(self.narrow(x)), eight, seen], dim=1))
        logits: Tensor = self.leave(x)
        return logits


def _layer(channels_in: int, channels_out: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> list[nn.Module]:
    padding = dilation * (kernel // 2)
    return [
        nn.Conv2d(channels_in, channels_out, kernel, stride=stride, padding=padding, dilation=dilation, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ]


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
    """What the loop trains: views of `train` of one or more caches, judged on `validation`.

    `patients` by row of each cache. Films whose findings are rare are shown more often.
    """

    metric = "mAP"

    def __init__(
        self,
        *,
        findings: Sequence[str],
        caches: Sequence[DenseViews],
        patients: Sequence[Sequence[str]],
        settings: Mapping[str, float],
        seed: int,
    ) -> None:
        self.findings, self._caches, self.seed = tuple(findings), caches, seed
        self._settings = settings
        self._rows = np.array([(c, row) for c, cache in enumerate(caches) for row in np.flatnonzero(cache.train)])
        self._patients = [f"{c} {patients[c][row]}" for c, row in self._rows.tolist()]
        self._weights = rarity_weights(
            np.stack([(caches[c].labels[row, 0] == 1).any(axis=0) for c, row in self._rows.tolist()])
        )
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.network: nn.Module = DenseDecoder(len(findings), width=int(settings["width"]))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """All weights, trained alike."""
        return decaying_groups(self.network.parameters(), learning_rate, weight_decay)

    def draw_epoch(self, epoch: int) -> Batches:
        size = int(self._settings["batch_size"])
        return weighted_batches(self._patients, self._weights, batch_size=size, seed=self.seed, epoch=epoch)

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """One random view of each film and its truth."""
        views = self._caches[0].images.shape[1]
        turns = torch.randint(views, (len(numbers),), generator=generator).tolist()
        rows = self._rows[numbers].tolist()
        return _gather([(self._caches[c], row, turn) for (c, row), turn in zip(rows, turns, strict=True)])

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The terms of `dense_loss`."""
        logits = self.network(*(batch[name] for name in INPUTS))
        sharpness = self._settings["sharpness"]
        return dense_loss(logits, batch["masks"], batch["weights"], batch["labels"], sharpness=sharpness)

    def validate(self) -> dict[str, float]:
        """How well pooled evidence ranks the places of validation's radiographs that show a finding."""
        sharpness = self._settings["sharpness"]
        found = np.concatenate([self.evidence(one, ~one.train, (sharpness,))[sharpness] for one in self._caches])
        truth = np.concatenate([one.labels[~one.train, 0] for one in self._caches])
        return {self.metric: mean_average_precision(found, truth)}

    def evidence(
        self, cache: DenseViews, rows: NDArray[np.bool_], sharpness: Sequence[float]
    ) -> dict[float, NDArray[np.float32]]:
        """Evidence of each finding at each true location of some radiographs as they are, `(N, 29, F)` by sharpness."""
        device = next(self.network.parameters()).device
        found: dict[float, list[NDArray[np.float32]]] = {one: [] for one in sharpness}
        numbers = np.flatnonzero(rows)
        for start in range(0, len(numbers), 16):
            part = [(cache, row, 0) for row in numbers[start : start + 16].tolist()]
            batch = {name: value.to(device) for name, value in _gather(part).items()}
            logits = self.network(*(batch[name] for name in INPUTS))
            for one, pooled in found.items():
                at_places = sum_places(logits, batch["weights"], sharpness=one).at_locations()
                pooled.append(at_places.transpose(1, 2).cpu().numpy())
        return {one: np.concatenate(pooled) for one, pooled in found.items()}


def _gather(shown: Sequence[tuple[DenseViews, int, int]]) -> dict[str, Tensor]:
    """Network inputs and truth of some views, each of a cache, a row and a turn."""

    def stack(name: str) -> NDArray[Any]:
        return np.stack([getattr(cache, name)[row, turn] for cache, row, turn in shown])

    maps = {"image": stack("images")[:, None].astype(np.float32) / 255.0}
    for name in LEVELS:
        maps[name] = np.stack([cache.levels[name][row, turn] for cache, row, turn in shown]).astype(np.float32)
    inputs = {name: torch.from_numpy(one).contiguous(memory_format=torch.channels_last) for name, one in maps.items()}
    return {
        **inputs,
        "masks": torch.from_numpy(stack("masks")),
        "weights": torch.from_numpy(stack("weights").astype(np.float32) / 255.0),
        "labels": torch.from_numpy(stack("labels")),
    }


def mean_average_precision(evidence: NDArray[np.floating], labels: NDArray[np.uint8]) -> float:
    """Mean over findings of AP of evidence `(N, 29, F)` by labels 0 or 1; places of label 2 and absent findings left
    out.
    """
    values = []
    for finding in range(evidence.shape[2]):
        known = labels[..., finding] < 2
        there = labels[..., finding][known] == 1
        if there.any():
            hits = there[np.argsort(-evidence[..., finding][known], kind="stable")]
            values.append(float(np.mean(np.arange(1, hits.sum() + 1) / (np.flatnonzero(hits) + 1))))
    return float(np.mean(values))


def rarity_weights(there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How often each film `(N,)` is shown, by its rarest finding of `(N, F)`: root of the inverse frequency, 1 to 4."""
    share = np.maximum(there.mean(axis=0), 1 / len(there))
    rarest = np.where(there, share, 1.0).min(axis=1)
    weights = np.clip((0.1 / rarest) ** 0.5, 1.0, 4.0) * np.where(there.any(axis=1), 1.0, 0.5)
    return np.asarray(weights, dtype=np.float64)


def export_decoder(network: nn.Module, path: Path) -> None:
    """Write the decoder as ONNX: inputs `image` and the levels of B images, output `evidence` `(B, F, 48, 48)`."""
    inputs = {"image": (1, INPUT_SIZE, INPUT_SIZE), **LEVEL_SHAPES}
    write_onnx(network.to("cpu").eval(), path, inputs, outputs=("evidence",))
