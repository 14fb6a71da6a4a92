"""Evidence of findings, cell by cell: a small decoder over a frozen network's maps, taught by reports alone.

A report says that a place shows a finding, not where in it: the place is a bag of cells of which some show it
(multiple-instance learning), and a place that the report clears is one of which none does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate, softplus

from casekin.models.features import GRID, LEVELS
from casekin.training.decoder import MAP_SIZE, EvidenceDecoder
from casekin.training.evidence_targets import ReportTargets
from casekin.training.feature_maps import MapCache
from casekin.training.loop import decaying_groups
from casekin.training.presets import Preset
from casekin.training.samplers import Batches, abnormal_weights, weighted_batches

_LEAST = 1e-12
_MOST_BALANCE = 20.0  # times that a finding's presence may count at most
Scorer = Callable[[NDArray[np.float32]], Mapping[str, float]]
"""Figures of evidence `(N, 29, F)` on the questions of validation."""


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


class EvidenceTraining:
    """What the loop trains: images of `train` with their reports' targets, judged on `validation` by a scorer.

    `targets` and `mirrored_targets` by row of `maps`; the latter None where no view of the row is mirrored. Rows that
    can't be read are in neither of the two sets of row numbers.
    """

    metric = "nDCG@10"

    def __init__(
        self,
        *,
        findings: Sequence[str],
        maps: MapCache,
        targets: Sequence[ReportTargets],
        mirrored_targets: Sequence[ReportTargets | None],
        patients: Sequence[str],
        train: NDArray[np.int64],
        validation: NDArray[np.int64],
        score: Scorer,
        preset: Preset,
        seed: int,
    ) -> None:
        self.findings, self.maps, self.preset, self.seed = tuple(findings), maps, preset, seed
        self._targets, self._mirrored_targets, self._score = targets, mirrored_targets, score
        self._train, self._validation = train, validation
        self._patients = [patients[row] for row in train.tolist()]
        self._abnormal = [len(targets[row].bag_weights) > 0 for row in train.tolist()]
        self._balance = torch.from_numpy(balance_findings([targets[row] for row in train.tolist()], preset))
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.network: nn.Module = self.make_network()
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def make_network(self) -> nn.Module:
        """The network with its first weights, which torch's generator draws."""
        return EvidenceDecoder(len(self.findings), width=self.preset.width)

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """All weights, trained alike."""
        return decaying_groups(self.network.parameters(), learning_rate, weight_decay)

    def draw_epoch(self, epoch: int) -> Batches:
        share = self.preset.numbers["abnormal_share"]
        return self._train[
            weighted_batches(
                self._patients,
                abnormal_weights(self._abnormal, share=share),
                batch_size=min(self.preset.count("batch_size"), len(set(self._patients))),
                seed=self.seed,
                epoch=epoch,
            )
        ]

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """One random view of each image, its targets, and which image each bag is of."""
        turns = self.draw_turns(len(numbers), generator)
        told = [self._targets_of(row, turn) for row, turn in zip(numbers.tolist(), turns.tolist(), strict=True)]
        owners = np.repeat(np.arange(len(told)), [len(one.bag_weights) for one in told])
        return {
            **self.inputs(numbers, turns),
            "owners": torch.from_numpy(owners),
            "bag_findings": torch.from_numpy(np.concatenate([one.bag_findings for one in told])),
            "bag_regions": torch.from_numpy(np.concatenate([one.bag_regions for one in told])),
            "bag_weights": torch.from_numpy(np.concatenate([one.bag_weights for one in told])),
            "absent": torch.from_numpy(np.stack([one.absent for one in told])),
            "balance": self._balance,
        }

    def draw_turns(self, count: int, generator: torch.Generator) -> NDArray[np.int64]:
        """Which view of each image a batch shows."""
        return torch.randint(self.maps.mirrored.shape[1], (count,), generator=generator).numpy()

    def _targets_of(self, row: int, turn: int) -> ReportTargets:
        swapped = self._mirrored_targets[row] if self.maps.mirrored[row, turn] else self._targets[row]
        assert swapped is not None  # only such rows have mirrored views
        return swapped

    def inputs(self, rows: NDArray[np.int64], turns: NDArray[np.int64]) -> dict[str, Tensor]:
        """The maps of these views, by level, and the `weights` of their locations `(B, 29, 24, 24)`."""
        levels = {name: torch.from_numpy(self.maps.levels[name][rows, turns].astype(np.float32)) for name in LEVELS}
        levels = {name: level.contiguous(memory_format=torch.channels_last) for name, level in levels.items()}
        weights = torch.from_numpy(self.maps.weights[rows, turns].astype(np.float32) / 255.0)
        return {**levels, "weights": weights}

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Two terms, each a mean over images: what shows findings by the report, and what doesn't."""
        return evidence_terms(self._places(batch), batch, self.preset)

    def validate(self) -> dict[str, float]:
        """Figures of the scorer on validation's images as they are."""
        return dict(self._score(self.evidence(self._validation)))

    def evidence(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """How strongly each image shows each finding at each location, `(N, 29, F)` in [0, 1]."""
        device = next(self.network.parameters()).device
        found = []
        for start in range(0, len(rows), 32):
            part = rows[start : start + 32]
            batch = {name: value.to(device) for name, value in self.inputs(part, np.zeros_like(part)).items()}
            at_places = self._places(batch).at_locations()
            found.append(torch.sigmoid(at_places).transpose(1, 2).cpu().numpy())
        return np.concatenate(found)

    def _places(self, batch: Mapping[str, Tensor]) -> PlaceSums:
        logits = self.network(*(batch[name] for name in LEVELS))
        return sum_places(logits, batch["weights"], sharpness=self.preset.numbers["sharpness"])


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
