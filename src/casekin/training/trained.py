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

from casekin.anatomy import LOCATIONS
from casekin.errors import ModelError
from casekin.models.features import LEVELS
from casekin.models.presence import Presence, load_presence
from casekin.training.cases import TrainingCase
from casekin.training.checkpoint import read_state
from casekin.training.dual import DualNetwork
from casekin.training.feature_maps import MapCache
from casekin.training.presets import Preset
from casekin.training.recipes import network_of
from casekin.training.report_texts import name_place, report_sentences
from casekin.training.text.pieces import cut_texts, pad_pieces
from casekin.training.vectors import ImageVectors, describe_report, encode_views

Floats = NDArray[np.float32]
_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedPreset:
    """What `train_model` left in a folder. `tokenizer` is JSON, None where the preset reads nothing; `presence` is how
    its evidence reads, None where it has none.
    """

    network: DualNetwork
    preset: Preset
    findings: tuple[str, ...]
    encoder: str
    seed: int
    record: dict[str, Any]
    tokenizer: str | None
    presence: Presence | None

    def encode_images(
        self, maps: MapCache, rows: NDArray[np.int64], *, names: Sequence[str] | None = None, boxes: bool = False
    ) -> ImageVectors:
        """Vectors of the first view of rows of a map cache; `names` of the 29 locations, where others should look.

        `boxes`: locations are the boxes around their located weights, whole, as a reader would draw them.
        """
        named = self._name_inputs(names or [name_place(n) for n in range(len(LOCATIONS))])
        batches = ({**_inputs(maps, part, boxes), **named} for part in np.array_split(rows, -(-len(rows) // _BATCH)))
        return encode_views(self.network, batches, self.preset, self.presence)

    def encode_reports(self, cases: Iterable[TrainingCase]) -> Floats:
        """Reports' vectors `(N, E)` in the space of whole images: what they state at each location, how they read.

        Rows of a preset that reads nothing hold only the former; a report without a sentence that states something is
        read as it is.
        """
        return np.stack([describe_report(case, self._read(case), self.findings) for case in cases])

    def _read(self, case: TrainingCase) -> Floats:
        """What the report's sentences read like, of length 1; zeros where the preset reads nothing."""
        if self.tokenizer is None:
            return np.zeros(self.preset.count("look") if self.network.log_scale is not None else 0, dtype=np.float32)
        pieces, _, padding = cut_texts(
            self.tokenizer, report_sentences(case), max_tokens=self.preset.count("max_tokens")
        )
        ids, mask = pad_pieces(pieces, padding)
        with torch.no_grad():
            sentences = self.network.read(torch.from_numpy(ids), torch.from_numpy(mask))[0]
            report = self.network.whole_report(sentences, torch.zeros(len(sentences), dtype=torch.long), 1)
        return np.asarray(normalize(report, dim=1)[0].numpy(), dtype=np.float32)

    def _name_inputs(self, names: Sequence[str]) -> dict[str, torch.Tensor]:
        if self.tokenizer is None or self.network.query is None:
            return {}
        pieces, _, padding = cut_texts(self.tokenizer, names, max_tokens=self.preset.count("max_tokens"))
        ids, mask = pad_pieces(pieces, padding)
        return {"name_ids": torch.from_numpy(ids), "name_mask": torch.from_numpy(mask)}


def load_trained(folder: Path) -> TrainedPreset:
    """Open a folder of `train_model`.

    ModelError when a file is missing, the weights don't fit the record, or a backbone learnt along.
    """
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if card.get("backbone"):
            raise ModelError(f"{folder.name}: its own backbone makes its maps; open encoder.json with load_encoder")
        preset = Preset(**record["preset"])
        state = read_state(folder / "weights.pt", stamp=card["encoder"])
        tokenizer = folder / "text" / "tokenizer.json"
        network = network_of(preset, findings=len(record["findings"]), vocabulary=card["vocabulary"])
        network.load_state_dict((state or {})["network"])
        findings = tuple(str(name) for name in card["findings"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"{folder.name}: expected a model of casekin train, got {type(error).__name__}; train it again"
        ) from error
    return TrainedPreset(
        network=network.eval(),
        preset=preset,
        findings=findings,
        encoder=card["encoder"],
        seed=int(record["options"]["seed"]),
        record=record,
        tokenizer=tokenizer.read_text(encoding="utf-8") if tokenizer.is_file() else None,
        presence=load_presence(folder / "presence.npz", (len(LOCATIONS), len(findings))) if findings else None,
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
