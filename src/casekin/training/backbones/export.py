"""A backbone as files: weights for torch, a network for ONNX Runtime of the shipped one's form, and its card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from casekin.models.features import INPUT_SIZE, LEVELS
from casekin.models.weights import file_entry
from casekin.training.backbones.backbone import Backbone
from casekin.training.checkpoint import write_state
from casekin.training.feature_maps import LEVEL_SHAPES
from casekin.training.onnx_file import write_onnx

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
    write_onnx(
        _ShippedForm(network).eval(),
        out / "backbone.onnx",
        {"image": (3, INPUT_SIZE, INPUT_SIZE)},
        outputs=LEVELS,
        axis="n",
    )
    files = {"weights": "weights.pt", "net": "backbone.onnx"}
    if decoder is not None:
        write_onnx(decoder.to("cpu").eval(), out / "decoder.onnx", LEVEL_SHAPES, outputs=("evidence",))
        files["decoder"] = "decoder.onnx"
    card = {
        "name": name,
        "short_name": name,
        "purpose": "Maps of frontal radiographs for retrieval; not a diagnostic device.",
        "licence": licence,
        "preprocessing": PREPROCESSING,
        "findings": list(findings),
        "files": {role: file_entry(out / file) for role, file in files.items()},
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
