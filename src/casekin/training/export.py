"""A trained decoder as files: weights for torch, a network for ONNX Runtime, and the card that says what they are."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from casekin.models.features import INPUT_SIZE, LEVEL_CHANNELS, LEVELS
from casekin.training.checkpoint import write_state
from casekin.training.evidence import EvidenceTraining
from casekin.training.feature_maps import STRIDES

_OPSET = 17


def export_evidence(training: EvidenceTraining, out: Path, *, encoder: str, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Write `weights.pt`, `evidence.onnx` and `model.json` into `out`, and return the card.

    The ONNX network takes the maps `stride8`, `stride16`, `stride32` of any number of images, as `FeatureNet` gives
    them, and gives `evidence` `(B, F, 48, 48)` logits, findings in the card's order. `encoder` is the version of what
    it was trained over; `notes` go into the card as they are.
    """
    network = training.network.to("cpu").eval()
    write_state(out / "weights.pt", {"stamp": encoder, "network": network.state_dict()})
    sizes = {name: INPUT_SIZE // STRIDES[name] for name in LEVELS}
    example = tuple(torch.zeros(1, LEVEL_CHANNELS[name], sizes[name], sizes[name]) for name in LEVELS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the older exporter, which needs no package beside onnx
        torch.onnx.export(
            network,
            example,
            str(out / "evidence.onnx"),
            input_names=list(LEVELS),
            output_names=["evidence"],
            dynamic_axes={name: {0: "images"} for name in (*LEVELS, "evidence")},
            opset_version=_OPSET,
            dynamo=False,
        )
    card = {
        "kind": "evidence",
        "purpose": "Evidence of findings by place, for retrieval; not a diagnostic device.",
        "encoder": encoder,
        "findings": list(training.findings),
        "sharpness": training.preset.numbers["sharpness"],
        "files": {role: _entry(out / name) for role, name in (("weights", "weights.pt"), ("onnx", "evidence.onnx"))},
        **notes,
    }
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def _entry(path: Path) -> dict[str, str]:
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
