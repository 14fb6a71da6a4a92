"""Views of a simulated archive with the truth painted on them: what the shipped encoder is trained on.

Each radiograph is shown once as it is and then under random frames and lights, every second time mirrored, with its
lesions' masks, its locations' weights and its labels moved along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d

from casekin.anatomy import LOCATIONS
from casekin.models.features import GRID, INPUT_SIZE, LEVELS
from casekin.models.image_encoder import CellNet
from casekin.training.augment import warp
from casekin.training.feature_maps import LEVEL_SHAPES
from casekin.training.mirror import MIRRORED_LOCATIONS
from casekin.training.views import as_bytes, flush, open_arrays

FINE = 96
"""Cells a side of the masks that are given: fine enough that a catheter fills some."""
MAP_SIZE = 48
_SHOWN = 0.25  # share of a fine cell that a lesion covers where it counts as shown there
_FLUSHED_AFTER = 16
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseSample:
    """One radiograph and its truth, over the letterboxed input.

    `image` `(384, 384)` uint8; `masks` finding -> `(96, 96)` uint8, share of each cell that the finding covers;
    `weights` `(29, 24, 24)` uint8 of each location; `labels` `(29, F)` uint8: 1 where a location shows a finding, 2
    where that is neither clear nor excluded, 0 elsewhere.
    """

    case_id: str
    split: str
    image: Bytes
    masks: dict[str, Bytes]
    weights: Bytes
    labels: Bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DenseViews:
    """V views of N radiographs, memory-mapped; view 0 is the radiograph as it is.

    `images` `(N, V, 384, 384)` uint8; `levels` by name `(N, V, channels, n, n)` float16; `masks` `(N, V, F, 48, 48)`
    uint8, 1 where a finding shows; `weights` `(N, V, 29, 24, 24)` uint8; `labels` `(N, V, 29, F)` as in `DenseSample`.
    `train` `(N,)` bool: not of validation.
    """

    images: Bytes
    levels: dict[str, NDArray[np.float16]]
    masks: Bytes
    weights: Bytes
    labels: Bytes
    train: NDArray[np.bool_]


def build_dense_views(
    samples: Iterable[DenseSample],
    size: int,
    findings: Sequence[str],
    folder: Path,
    net: CellNet,
    *,
    views: int,
    seed: int,
    stamp: str,
    progress: Callable[[int, int], None] | None = None,
) -> DenseViews:
    """Open the cache in `folder`, computing what isn't in it; `samples` yields `size` of them, in an order that stays.

    `stamp` names the archive and the settings: a cache of another stamp is begun anew.
    """
    arrays = open_arrays(folder, f"dense 1 {stamp} {views} {seed} {','.join(findings)}", _shapes(size, views, findings))
    state = arrays["state"]
    for row, sample in enumerate(() if state.all() else samples):
        if not state[row]:
            generator = torch.Generator().manual_seed(int(np.random.SeedSequence([seed, row]).generate_state(1)[0]))
            _fill(arrays, row, _shown(sample, findings, views, generator), net)
            arrays["train"][row], state[row] = sample.split != "validation", 1
            if row % _FLUSHED_AFTER == 0:
                flush(arrays)
        if progress is not None:
            progress(row + 1, size)
    flush(arrays)
    return DenseViews(
        images=arrays["images"],
        levels={name: arrays[name] for name in LEVELS},
        masks=arrays["masks"],
        weights=arrays["weights"],
        labels=arrays["labels"],
        train=np.array(arrays["train"], dtype=np.bool_),
    )


def _shapes(size: int, views: int, findings: Sequence[str]) -> dict[str, tuple[tuple[int, ...], Any]]:
    count = len(findings)
    levels = {name: ((size, views, *LEVEL_SHAPES[name]), np.float16) for name in LEVELS}
    return {
        **levels,
        "images": ((size, views, INPUT_SIZE, INPUT_SIZE), np.uint8),
        "masks": ((size, views, count, MAP_SIZE, MAP_SIZE), np.uint8),
        "weights": ((size, views, len(LOCATIONS), GRID, GRID), np.uint8),
        "labels": ((size, views, len(LOCATIONS), count), np.uint8),
        "train": ((size,), np.bool_),
        "state": ((size,), np.uint8),
    }


def _shown(sample: DenseSample, findings: Sequence[str], views: int, generator: torch.Generator) -> dict[str, Any]:
    """All views of one sample: images `(V, 384, 384)` float32, masks, weights and labels."""
    image = torch.from_numpy(sample.image.astype(np.float32) / 255.0).expand(views, 1, -1, -1)
    masks = torch.zeros(1, len(findings), FINE, FINE)
    for name, mask in sample.masks.items():
        masks[0, findings.index(name)] = torch.from_numpy(mask.astype(np.float32) / 255.0)
    weights = torch.from_numpy(sample.weights.astype(np.float32) / 255.0)[None]
    frames, flips = random_frames(views, generator)
    frames[0], flips[0] = torch.eye(2, 3), False
    moved = warp(weights.expand(views, -1, -1, -1), frames)
    moved[flips] = moved[flips][:, MIRRORED_LOCATIONS]
    labels = np.repeat(sample.labels[None], views, axis=0)
    labels[flips.numpy()] = sample.labels[MIRRORED_LOCATIONS]
    shown = warp(masks.expand(views, -1, -1, -1), frames) > _SHOWN
    pixels = torch.cat([image[:1], relit(warp(image[1:], frames[1:]), generator)]) if views > 1 else image
    return {
        "images": pixels[:, 0].numpy(),
        "masks": max_pool2d(shown.float(), FINE // MAP_SIZE).numpy().astype(np.uint8),
        "weights": as_bytes(moved.numpy()),
        "labels": labels,
    }


def _fill(arrays: dict[str, Any], row: int, shown: dict[str, Any], net: CellNet) -> None:
    for turn, pixels in enumerate(shown["images"]):
        features = net(pixels)
        arrays["images"][row, turn] = as_bytes(features.image)
        for name, level in features.maps.items():
            arrays[name][row, turn] = level
    for name in ("masks", "weights", "labels"):
        arrays[name][row] = shown[name]


def random_frames(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Matrices `(count, 2, 3)` from new to old coordinates in [-1, 1], and which mirror (every second on average)."""

    def normal(spread: float) -> Tensor:
        return torch.randn(count, generator=generator).clamp(-2.5, 2.5) * spread

    angle, zoom, stretch = normal(0.07), torch.exp(normal(0.12)), torch.exp(normal(0.05))
    flips = torch.rand(count, generator=generator) < 0.5
    side = torch.where(flips, -1.0, 1.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    x = torch.stack([side * cos * zoom * stretch, -sin * zoom, normal(0.07)], dim=1)
    y = torch.stack([side * sin * zoom, cos * zoom / stretch, normal(0.07)], dim=1)
    return torch.stack([x, y], dim=1), flips


def relit(x: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures `(B, 1, H, W)` in [0, 1] as other detectors, films, windows and exports might show them."""
    count, size = len(x), x.shape[-2:]

    def between(low: float, high: float) -> Tensor:
        return torch.rand(count, 1, 1, 1, generator=generator) * (high - low) + low

    def sometimes(share: float, changed: Tensor, same: Tensor) -> Tensor:
        return torch.where(between(0, 1) < share, changed, same)

    x = x.clamp(1e-4, 1) ** torch.exp(0.25 * torch.randn(count, 1, 1, 1, generator=generator))
    slope, middle = between(2, 6), between(0.4, 0.6)  # a film's curve
    low, high = torch.sigmoid(-slope * middle), torch.sigmoid(slope * (1 - middle))
    x = sometimes(0.5, (torch.sigmoid(slope * (x - middle)) - low) / (high - low), x)
    blurred = [interpolate(avg_pool2d(x, step), size=size, mode="bilinear", align_corners=False) for step in (4, 8, 32)]
    smooth = sometimes(0.33, blurred[0], sometimes(0.5, blurred[1], blurred[2]))
    x = x + sometimes(0.5, between(0.2, 1.2), torch.zeros(1)) * (x - smooth)  # unsharp masking of an unknown radius
    field = torch.randn(count, 1, 3, 3, generator=generator) * 0.1
    x = x + sometimes(0.4, torch.ones(1), torch.zeros(1)) * interpolate(
        field, size=size, mode="bilinear", align_corners=True
    )
    low, high = between(-0.05, 0.06), between(0.94, 1.1)
    x = (x - low) / (high - low)
    x = sometimes(0.4, avg_pool2d(x, 3, 1, 1), x)
    noise = torch.randn(x.shape, generator=generator)
    return (x + sometimes(0.5, between(0.005, 0.04), torch.zeros(1)) * noise).clamp(0, 1)
