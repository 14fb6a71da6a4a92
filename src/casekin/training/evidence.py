"""Evidence of findings, cell by cell, taught by reports alone: how it is pooled, and what reports say of it.

A report says that a place shows a finding, not where in it: the place is a bag of cells of which some show it
(multiple-instance learning), and a place that the report clears is one of which none does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate, softplus

from casekin.models.features import GRID
from casekin.training.decoder import MAP_SIZE
from casekin.training.evidence_targets import ReportTargets
from casekin.training.presets import Preset

_LEAST = 1e-12
_MOST_BALANCE = 20.0  # times that a finding's presence may count at most


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSums:
    """Sums over cells, from which the evidence of any region made of locations follows.

    `sums` `(B, F, 29)` of `w exp(s (x - top))` for cells' logits x, their weights w in each location and the sharpness
    s; `mass` `(B, 29)` of w; `top` `(B, F, 1)` the largest x.
    """

    top: Tensor
    sums: Tensor
    mass: Tensor
    sharpness: float

    def at_locations(self) -> Tensor:
        """Evidence at the 29 locations `(B, F, 29)`: the log of the weighted mean of `exp(s x)`, over s.

        It lies between the mean of a location's cells (s → 0) and its largest (s → ∞).
        """
        return self.top + torch.log((self.sums / self.mass[:, None]).clamp(min=_LEAST)) / self.sharpness

    def at_regions(self, images: Tensor, findings: Tensor, regions: Tensor) -> Tensor:
        """The same `(n,)` at regions `(n, 29)`, the share each has of each location, of one image and finding each."""
        mean = (self.sums[images, findings] * regions).sum(dim=1) / (self.mass[images] * regions).sum(dim=1)
        return self.top[images, findings, 0] + torch.log(mean.clamp(min=_LEAST)) / self.sharpness


def sum_places(logits: Tensor, weights: Tensor, *, sharpness: float) -> PlaceSums:
    """Sums of logits `(B, F, 48, 48)` over locations with weights `(B, 29, 24, 24)`."""
    x = logits.flatten(2).float()
    cells = interpolate(weights.float(), scale_factor=MAP_SIZE // GRID, mode="nearest").flatten(2)
    top = x.detach().amax(dim=2, keepdim=True)
    sums = torch.exp(sharpness * (x - top)) @ cells.transpose(1, 2)
    return PlaceSums(top=top, sums=sums, mass=cells.sum(dim=2).clamp(min=_LEAST), sharpness=sharpness)


def evidence_terms(places: PlaceSums, batch: Mapping[str, Tensor], preset: Preset) -> dict[str, Tensor]:
    """What the reports say of a batch's evidence: bags that show a finding, and locations that don't."""
    absent = batch["absent"].transpose(1, 2) * softplus(places.at_locations())
    bags = places.at_regions(batch["owners"], batch["bag_findings"], batch["bag_regions"])
    present = batch["bag_weights"] * batch["balance"][batch["bag_findings"]] * softplus(-bags)
    return {
        "present": preset.numbers["present"] * present.sum() / len(absent),
        "absent": preset.numbers["absent"] * absent.sum() / len(absent),
    }


def balance_findings(targets: Sequence[ReportTargets], preset: Preset) -> NDArray[np.float32]:
    """How much more each finding's presence counts `(F,)`: absences over presences, to the power of `balance`."""
    numbers = preset.numbers
    absent = np.sum([one.absent.sum(axis=0) for one in targets], axis=0) * numbers["absent"]
    present = np.zeros_like(absent)
    for one in targets:
        np.add.at(present, one.bag_findings, one.bag_weights)
    ratio = absent / np.maximum(present * numbers["present"], 1.0)
    return np.asarray(np.clip(ratio ** numbers["balance"], 1.0, _MOST_BALANCE), dtype=np.float32)
