"""A trained preset opened again, to encode views and reports that it was not trained on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from casekin.errors import ModelError
from casekin.models.features import LEVELS
from casekin.training.cases import TrainingCase
from casekin.training.checkpoint import read_state
from casekin.training.dual import DualNetwork
from casekin.training.dual_training import ImageVectors, encode_views, network_of
from casekin.training.evidence_targets import build_report_targets
from casekin.training.feature_maps import MapCache
from casekin.training.presets import Preset
from casekin.training.report_texts import cut_texts, name_place, pad_pieces, report_sentences

Floats = NDArray[np.float32]
_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedPreset:
    """What `train_model` left in a folder. `tokenizer` is JSON, None where the preset reads nothing."""

    network: DualNetwork
    preset: Preset
    findings: tuple[str, ...]
    encoder: str
    seed: int
    record: dict[str, Any]
    tokenizer: str | None

    def encode_images(
        self, maps: MapCache, rows: NDArray[np.int64], *, names: Sequence[str] | None = None, boxes: bool = False
    ) -> ImageVectors:
        """Vectors of the first view of rows of a map cache; `names` of the 29 locations, where others should look.

        `boxes`: locations are the boxes around their located weights, whole, as a reader would draw them.
        """
        named = self._name_inputs(names or [name_place(n) for n in range(maps.weights.shape[2])])
        batches = ({**_inputs(maps, part, boxes), **named} for part in np.array_split(rows, -(-len(rows) // _BATCH)))
        return encode_views(self.network, batches, self.preset)

    def encode_reports(self, cases: Iterable[TrainingCase]) -> Floats:
        """Reports' vectors `(N, D)` in the space of images: what they state to be there, then how they read.

        Rows of a preset that reads nothing hold only the former; a report without a sentence that states something is
        read as it is.
        """
        rows = [np.concatenate([self._stated(case), self._read(case)]) for case in cases]
        return np.stack(rows).astype(np.float32)

    def _stated(self, case: TrainingCase) -> Floats:
        """Findings that the report states, 1 each, in doubt less, and 1 less the most of them."""
        if not self.findings:
            return np.zeros(0, dtype=np.float32)
        stated = np.zeros(len(self.findings), dtype=np.float32)
        told = build_report_targets(case.facts, self.findings, elsewhere=0.0, silent=0.0)
        np.maximum.at(stated, told.bag_findings, told.bag_weights)
        return np.append(stated, 1.0 - stated.max()).astype(np.float32)

    def _read(self, case: TrainingCase) -> Floats:
        if self.tokenizer is None:
            return np.zeros(self.preset.count("look") if self.network.log_scale is not None else 0, dtype=np.float32)
        pieces, _, padding = cut_texts(
            self.tokenizer, report_sentences(case), max_tokens=self.preset.count("max_tokens")
        )
        ids, mask = pad_pieces(pieces, padding)
        with torch.no_grad():
            sentences = self.network.read(torch.from_numpy(ids), torch.from_numpy(mask))[0]
            report = self.network.whole_report(sentences, torch.zeros(len(sentences), dtype=torch.long), 1)
        length = self.preset.numbers["look_share"] ** 0.5 if self.findings else 1.0
        return np.asarray((length * normalize(report, dim=1)[0]).numpy(), dtype=np.float32)

    def _name_inputs(self, names: Sequence[str]) -> dict[str, torch.Tensor]:
        if self.tokenizer is None or self.network.query is None:
            return {}
        pieces, _, padding = cut_texts(self.tokenizer, names, max_tokens=self.preset.count("max_tokens"))
        ids, mask = pad_pieces(pieces, padding)
        return {"name_ids": torch.from_numpy(ids), "name_mask": torch.from_numpy(mask)}


def load_trained(folder: Path) -> TrainedPreset:
    """Open a folder of `train_model`. ModelError when a file is missing or the weights don't fit the record."""
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        preset = Preset(**record["preset"])
        state = read_state(folder / "weights.pt", stamp=card["encoder"])
        tokenizer = folder / "text" / "tokenizer.json"
        network = network_of(preset, findings=len(record["findings"]), vocabulary=card["vocabulary"])
        network.load_state_dict((state or {})["network"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"{folder.name}: expected a model of casekin train, got {type(error).__name__}; train it again"
        ) from error
    return TrainedPreset(
        network=network.eval(),
        preset=preset,
        findings=tuple(card["findings"]),
        encoder=card["encoder"],
        seed=int(record["options"]["seed"]),
        record=record,
        tokenizer=tokenizer.read_text(encoding="utf-8") if tokenizer.is_file() else None,
    )


def _inputs(maps: MapCache, rows: NDArray[np.int64], boxes: bool) -> dict[str, torch.Tensor]:
    weights = maps.weights[rows, 0].astype(np.float32) / 255.0
    levels = {name: torch.from_numpy(maps.levels[name][rows, 0].astype(np.float32)) for name in LEVELS}
    return {**levels, "weights": torch.from_numpy(_boxed(weights) if boxes else weights)}


def _boxed(weights: Floats) -> Floats:
    """1 inside the smallest box around the cells of half the largest weight and more `(N, 29, 24, 24)`."""
    inside = weights >= 0.5 * weights.max(axis=(2, 3), keepdims=True).clip(min=1e-6)
    rows, columns = inside.any(axis=3), inside.any(axis=2)
    within = [
        np.maximum.accumulate(line, axis=2) & np.maximum.accumulate(line[..., ::-1], axis=2)[..., ::-1]
        for line in (rows, columns)
    ]
    return (within[0][..., :, None] & within[1][..., None, :]).astype(np.float32)
