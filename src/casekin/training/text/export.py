"""A trained text encoder as a folder that runs without torch: network, tokenizer, card."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from casekin.training.text.network import SentenceNetwork

_OPSET = 17


def export_text_encoder(
    network: SentenceNetwork, tokenizer: str, *, out: Path, name: str, licence: str, notes: str
) -> Path:
    """Write `model.onnx`, `tokenizer.json` and `card.json` with their hashes; `load_text_encoder` reads the folder."""
    out.mkdir(parents=True, exist_ok=True)
    example = (torch.ones(2, 5, dtype=torch.long), torch.ones(2, 5, dtype=torch.long))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter announces its successor, which needs a package more
        torch.onnx.export(
            network.eval(),
            example,
            str(out / "model.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors", "tokens"],
            dynamic_axes={
                "input_ids": {0: "n", 1: "t"},
                "attention_mask": {0: "n", 1: "t"},
                "vectors": {0: "n"},
                "tokens": {0: "n", 1: "t"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
    (out / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    files = {file: _sha256(out / file) for file in ("model.onnx", "tokenizer.json")}
    card: Mapping[str, Any] = {
        "name": name,
        "licence": licence,
        "notes": notes,
        "text": {"max_tokens": network.preset.max_tokens, "prefix": "", "vectors": "vectors", "tokens": "tokens"},
        "files": files,
    }
    (out / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return out


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
