"""A backbone as files: weights for torch, a network for ONNX Runtime of the shipped one's form, and its card."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from casekin.models.features import INPUT_SIZE, LEVEL_CHANNELS, LEVELS
from casekin.training.backbones.backbone import Backbone
from casekin.training.checkpoint import write_state
from casekin.training.feature_maps import STRIDES

_OPSET = 17
PREPROCESSING = "letterbox 384, percentile 1-99 to [0,1], bars 0, network input 2v-1, grid 24"


def export_backbone(
    backbone: Backbone,
    out: Path,
    *,
    name: str,
    licence: str,
    decoder: nn.Module | None = None,
    findings: Sequence[str] = (),
    notes: Mapping[str, Any],
) -> dict[str, Any]:
    """Write `weights.pt`, `backbone.onnx`, `decoder.onnx` where there is a decoder, and `backbone.json`, the card.

    `backbone.onnx` is what `FeatureNet` runs: `image` `(n, 3, 384, 384)` in [-1, 1], three equal channels, to
    `stride8`, `stride16`, `stride32`. `decoder.onnx` takes these of any number of `images` and gives `evidence`
    `(images, F, 48, 48)` logits of the `findings`. `load_backbone(name, out / "weights.pt")` gives the backbone again.
    """
    network = backbone.to("cpu").eval()
    out.mkdir(parents=True, exist_ok=True)
    write_state(out / "weights.pt", {"stamp": name, "network": network.state_dict()})
    # eval() of the wrapper, too: torch's exporter gives its mode back to all inside, and batch norm would then differ
    _export(
        _ShippedForm(network).eval(),
        out / "backbone.onnx",
        {"image": (3, INPUT_SIZE, INPUT_SIZE)},
        outputs=LEVELS,
        axis="n",
    )
    files = {"weights": "weights.pt", "net": "backbone.onnx"}
    if decoder is not None:
        shapes = {level: (LEVEL_CHANNELS[level], *(INPUT_SIZE // STRIDES[level],) * 2) for level in LEVELS}
        _export(decoder.to("cpu").eval(), out / "decoder.onnx", shapes, outputs=("evidence",), axis="images")
        files["decoder"] = "decoder.onnx"
    card = {
        "name": name,
        "short_name": name,
        "purpose": "Maps of frontal radiographs for retrieval; not a diagnostic device.",
        "licence": licence,
        "preprocessing": PREPROCESSING,
        "findings": list(findings),
        "files": {role: {"name": file, "sha256": _sha256(out / file)} for role, file in files.items()},
        **notes,
    }
    (out / "backbone.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


class _ShippedForm(nn.Module):
    """A backbone with the input of the shipped network, and its outputs in their order."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        maps = self.backbone(image[:, :1] * 0.5 + 0.5)
        return tuple(maps[name] for name in LEVELS)


def _export(
    network: nn.Module, path: Path, inputs: Mapping[str, Sequence[int]], *, outputs: Sequence[str], axis: str
) -> None:
    """Write an ONNX file whose inputs and outputs have a leading axis of any length, named `axis`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the older exporter, which needs no package beside onnx
        torch.onnx.export(
            network,
            tuple(torch.zeros(1, *shape) for shape in inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {0: axis} for name in (*inputs, *outputs)},
            opset_version=_OPSET,
            dynamo=False,
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
