"""Training a backbone and a decoder together: from views that are augmented anew at every step, or over kept maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from casekin.errors import InputError
from casekin.models.features import LEVELS
from casekin.training.augment import AugmentSettings, augment_batch
from casekin.training.backbones import load_backbone
from casekin.training.backbones.backbone import Backbone
from casekin.training.backbones.lite0 import LaterStages, Lite0
from casekin.training.decoder import EvidenceDecoder
from casekin.training.evidence import EvidenceTraining, PlaceSums, sum_places
from casekin.training.feature_maps import MapCache
from casekin.training.mirror import MIRRORED_LOCATIONS
from casekin.training.views import ViewCache

TUNED_SHARE = 0.1
"""Of the learning rate, for parameters that began with learned values: the full rate forgets them within an epoch."""


class EvidenceNetwork(nn.Module):
    """A backbone and a decoder over its maps: views `(B, 1, 384, 384)` in, evidence logits `(B, F, 48, 48)` out."""

    def __init__(self, backbone: Backbone, decoder: nn.Module) -> None:
        super().__init__()
        self.backbone, self.decoder = backbone, decoder

    def forward(self, views: Tensor) -> Tensor:
        maps = self.backbone(views)
        logits: Tensor = self.decoder(*(maps[name] for name in LEVELS))
        return logits


class TunedDecoder(nn.Module):
    """A decoder behind stages that learn: kept maps in, evidence logits out, as of the decoder alone."""

    def __init__(self, stages: LaterStages, decoder: nn.Module) -> None:
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> Tensor:
        maps = self.stages(stride8, stride16, stride32)
        logits: Tensor = self.decoder(*(maps[name] for name in LEVELS))
        return logits


class EndToEndTraining(EvidenceTraining):
    """Evidence from reports, with a backbone that learns along: each step shows views in new frames and lights.

    `views` are rows of train and validation; `may_mirror` says which of them a mirrored report exists for. Half of the
    draws of such a row show it mirrored, with its places and its facts. `backbone` is a name of `load_backbone`.
    """

    def __init__(self, *, views: ViewCache, may_mirror: Sequence[bool], backbone: str, **evidence: Any) -> None:
        self._views, self._backbone = views, backbone
        mirrored = np.stack([np.zeros(len(may_mirror), dtype=np.bool_), np.array(may_mirror, dtype=np.bool_)], axis=1)
        maps = MapCache(levels={}, weights=views.weights[:, None], mirrored=mirrored, stamp=views.stamp)
        super().__init__(maps=maps, **evidence)
        self._augment = AugmentSettings(**self.preset.augment)

    def make_network(self) -> nn.Module:
        """The backbone, which draws from torch's generator where it is from scratch, and the preset's decoder."""
        decoder = EvidenceDecoder(len(self.findings), width=self.preset.width)
        return EvidenceNetwork(load_backbone(self._backbone), decoder)

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """Weights decay, biases and scales don't; what began with learned values learns at a tenth of the rate."""
        assert isinstance(self.network, EvidenceNetwork)
        return parameter_groups(
            self.network, self.network.backbone.pretrained(), learning_rate=learning_rate, weight_decay=weight_decay
        )

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """One view of each image, mirrored or not, under a new frame and light, with its targets."""
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

    def _places(self, batch: Mapping[str, Tensor]) -> PlaceSums:
        logits = self.network(batch["views"])
        return sum_places(logits, batch["weights"], sharpness=self.preset.numbers["sharpness"])


class TunedTraining(EvidenceTraining):
    """Evidence from reports over kept maps, where the stages of EfficientNet-Lite0 behind `level` learn along.

    `backbone` is a name of `load_backbone` that learns from such a stage; InputError for another.
    """

    def __init__(self, *, backbone: str, level: str, **evidence: Any) -> None:
        self._backbone, self._level = backbone, level
        super().__init__(**evidence)

    def make_network(self) -> nn.Module:
        """The stages with their learned values and the preset's decoder with new ones."""
        network = load_backbone(self._backbone)
        if not isinstance(network, Lite0):
            raise InputError(f"backbone: expected one with stages, such as lite0_tuned, got {self._backbone!r}")
        decoder = EvidenceDecoder(len(self.findings), width=self.preset.width)
        return TunedDecoder(network.after(self._level), decoder)

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """Weights decay, biases don't; the stages learn at a tenth of the rate."""
        assert isinstance(self.network, TunedDecoder)
        return parameter_groups(
            self.network, self.network.stages.parameters(), learning_rate=learning_rate, weight_decay=weight_decay
        )


def parameter_groups(
    network: nn.Module, pretrained: Iterable[nn.Parameter], *, learning_rate: float, weight_decay: float
) -> list[dict[str, Any]]:
    """What learns of the network, as torch's optimizers take it: by first values, and by whether it decays."""
    known = {id(parameter) for parameter in pretrained}
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for parameter in network.parameters():
        if parameter.requires_grad:
            groups.setdefault((id(parameter) in known, parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": learning_rate * (TUNED_SHARE if tuned else 1.0),
            "weight_decay": weight_decay if decays else 0.0,
        }
        for (tuned, decays), parameters in groups.items()
    ]
