"""A trained preset as files: weights for torch, networks for ONNX Runtime, and the card that says what they are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from casekin.models.features import INPUT_SIZE, LEVELS
from casekin.models.presence import save_presence
from casekin.models.weights import checked_file, file_entry, find_card
from casekin.training.checkpoint import write_state
from casekin.training.dual import DualNetwork
from casekin.training.dual_training import DualTraining
from casekin.training.feature_maps import LEVEL_SHAPES
from casekin.training.onnx_file import write_onnx
from casekin.training.text.export import export_text_encoder

_OUTPUTS = ("evidence", "look")
_IMAGE = {"image": (1, INPUT_SIZE, INPUT_SIZE)}


def export_model(training: DualTraining, out: Path, *, encoder: str, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Write `weights.pt`, `decoder.onnx`, `model.json`, `presence.npz` where evidence was learnt and `text/` where
    sentences are read; returns the card.

    The ONNX network takes the maps `stride8`, `stride16`, `stride32` of any number of images, as `FeatureNet` gives
    them, and gives `evidence` `(B, F, 48, 48)` logits, findings in the card's order, and `look` `(B, D, 24, 24)` tokens
    of the joint space, whichever the preset has; behind a backbone of views it takes `image` `(B, 1, 384, 384)` in
    [0, 1] instead. `text/` is what `load_text_encoder` reads; its vectors are of the same space. `encoder` is the
    version of what it was trained over; `notes` go into the card as they are.
    """
    network = training.network.to("cpu").eval()
    write_state(out / "weights.pt", {"stamp": encoder, "network": network.state_dict()})
    outputs = _export_decoder(network, out / "decoder.onnx")
    files = {"weights": "weights.pt", "decoder": "decoder.onnx"}
    if training.presence is not None:
        save_presence(training.presence, out / "presence.npz")
        files["presence"] = "presence.npz"
    if network.text is not None:
        assert training.texts is not None
        export_text_encoder(
            network.text,
            training.texts.tokenizer,
            out=out / "text",
            name=f"text of {training.preset.name}",
            licence="that of the reports it was trained on",
            notes="Trained together with the images of model.json, in one space with them.",
        )
    card = {
        "kind": "decoder",
        "purpose": "Evidence of findings by place and a joint space of images and reports, for retrieval; not a "
        "diagnostic device.",
        "encoder": encoder,
        "outputs": outputs,
        "findings": list(training.findings) if "evidence" in outputs else [],
        "look": training.preset.count("look") if "look" in outputs else 0,
        "sharpness": training.preset.numbers["sharpness"],
        "vocabulary": 0 if training.texts is None else training.texts.vocabulary,
        "files": {role: file_entry(out / name) for role, name in files.items()},
        **notes,
    }
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def export_encoder(out: Path, card: Mapping[str, Any], *, base: str) -> Path | None:
    """Write `encoder.json`, an encoder that `load_encoder` reads, with copies of the files it shares with `base`.

    It is the encoder that was trained over, by name or card, with the decoder and the presence of `card` for its own.
    None where the preset learnt no evidence.
    """
    if "presence" not in card["files"]:
        return None
    folder, known = find_card(base)
    shared = {role: known["files"][role] for role in ("net", "head", "locator") if role in known["files"]}
    for entry in shared.values():
        shutil.copyfile(checked_file(folder, entry["name"], entry["sha256"]), out / entry["name"])
    trained = {role: card["files"][role] for role in ("decoder", "presence")}
    encoder = {
        **known,
        "files": {**shared, **trained},
        "findings": card["findings"],
        "name": "trained",
        "short_name": "trained",
    }
    (out / "encoder.json").write_text(json.dumps(encoder, indent=1) + "\n", encoding="utf-8")
    return out / "encoder.json"


class _Present(nn.Module):
    """A decoder behind its stem that gives only the outputs it has, as ONNX wants them."""

    def __init__(self, network: DualNetwork) -> None:
        super().__init__()
        self.stem, self.decoder = network.stem, network.decoder

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        maps = dict(zip(LEVELS, inputs, strict=True)) if self.stem is None else self.stem(*inputs)
        return tuple(output for output in self.decoder(*(maps[name] for name in LEVELS)) if output is not None)


def _export_decoder(network: DualNetwork, path: Path) -> list[str]:
    """Write decoder and stem; the names of the outputs."""
    outputs = [name for name in _OUTPUTS if getattr(network.decoder, name) is not None]
    from_views = network.stem is not None and network.stem.takes == ("views",)
    write_onnx(_Present(network).eval(), path, _IMAGE if from_views else LEVEL_SHAPES, outputs=outputs)
    return outputs
