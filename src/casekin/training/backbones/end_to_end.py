"""Training a backbone with what is behind it: from views that are augmented anew at every step, or over kept maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from casekin.errors import InputError
from casekin.training.augment import AugmentSettings, augment_batch
from casekin.training.backbones import load_backbone
from casekin.training.backbones.lite0 import Lite0
from casekin.training.dual import Stem
from casekin.training.dual_training import DualTraining
from casekin.training.feature_maps import MapCache
from casekin.training.mirror import MIRRORED_LOCATIONS
from casekin.training.views import ViewCache


class EndToEndTraining(DualTraining):
    """A preset with a backbone that learns along: each step shows views in new frames and lights.

    `views` are rows of train and validation; `may_mirror` says which of them a mirrored report exists for. Half of the
    batches show such rows mirrored, with their places and facts. `backbone` is a name of `load_backbone`.
    """

    def __init__(self, *, views: ViewCache, may_mirror: Sequence[bool], backbone: str, **preset: Any) -> None:
        self._views, self._backbone = views, backbone
        mirrored = np.stack([np.zeros(len(may_mirror), dtype=np.bool_), np.array(may_mirror, dtype=np.bool_)], axis=1)
        maps = MapCache(levels={}, weights=views.weights[:, None], mirrored=mirrored, stamp=views.stamp)
        super().__init__(maps=maps, **preset)
        self._augment = AugmentSettings(**self.preset.augment)

    def make_stem(self) -> Stem:
        """The backbone, which draws from torch's generator where it is from scratch."""
        return load_backbone(self._backbone)

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """As of the preset, each image mirrored or not, under a new frame and light."""
        drawn = super().batch(numbers, generator)
        views, weights = augment_batch(drawn["views"][:, 0], drawn["weights"], self._augment, generator)
        return {**drawn, "views": views[:, None], "weights": weights}

    def inputs(self, rows: NDArray[np.int64], turns: NDArray[np.int64]) -> dict[str, Tensor]:
        """`views` `(B, 1, 384, 384)` in [0, 1] as they are, or mirrored at turn 1, and their locations' `weights`."""
        views, weights = self._views.views[rows], self._views.weights[rows]
        flips = self.maps.mirrored[rows, turns]
        views[flips], weights[flips] = views[flips][..., ::-1], weights[flips][:, MIRRORED_LOCATIONS, :, ::-1]
        return {
            "views": torch.from_numpy(views[:, None].astype(np.float32) / 255.0),
            "weights": torch.from_numpy(weights.astype(np.float32) / 255.0),
        }


class TunedTraining(DualTraining):
    """A preset over kept maps, where the stages of EfficientNet-Lite0 behind `level` learn along.

    `backbone` is a name of `load_backbone` that learns from such a stage; InputError for another.
    """

    def __init__(self, *, backbone: str, level: str, **preset: Any) -> None:
        self._backbone, self._level = backbone, level
        super().__init__(**preset)

    def make_stem(self) -> Stem:
        """The stages with their learned values."""
        network = load_backbone(self._backbone)
        if not isinstance(network, Lite0):
            raise InputError(f"backbone: expected one with stages, such as lite0_tuned, got {self._backbone!r}")
        return network.after(self._level)
