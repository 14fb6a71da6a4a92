"""Tokens lie where the picture's parts lie: a bright square moves the tokens under it and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from safetensors.torch import load_file, save_file

from casekin.models import grid_weights, pool_tokens
from casekin.models.adapters import load_backbone
from casekin.models.adapters.network import NetworkBackbone
from casekin.types import Box

from .published import biomedclip, medsiglip, rad_dino, timm_vit, write_json


def unmixed(path: Path, *, parts: tuple[str, ...]) -> None:
    """Silence the layers that let one patch look at another: then a token depends on its own pixels alone."""
    tensors = load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)
    changed = {
        name: torch.zeros_like(value) if any(part in name for part in parts) else value
        for name, value in tensors.items()
    }
    assert sum(any(part in name for part in parts) for name in tensors) >= 2
    if path.suffix == ".safetensors":
        save_file(changed, path, metadata={"format": "pt"})
    else:
        torch.save(changed, path)


def patches_as_onnx(folder: Path, *, fit: str) -> Path:
    """A network whose map holds the mean of each 8 × 8 patch, and a card."""
    weight = np.full((1, 1, 8, 8), 1 / 64, dtype=np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["pixels", "weight"], ["patches"], strides=[8, 8])],
        "patches",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 1, "h", "w"])],
        [helper.make_tensor_value_info("patches", TensorProto.FLOAT, ["n", 1, "r", "c"])],
        [helper.make_tensor("weight", TensorProto.FLOAT, weight.shape, weight.ravel())],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    write_json(
        folder / "card.json",
        {"name": "patches", "licence": "mit", "preprocessing": {"size": 64, "fit": fit, "mean": [0.0], "std": [1.0]}},
    )
    onnx.save(model, folder / "patches.onnx")
    return folder


def backbone_of(kind: str, folder: Path) -> NetworkBackbone:
    if kind == "rad-dino":
        unmixed(rad_dino(folder) / "model.safetensors", parts=("attention.output.dense",))
    elif kind == "medsiglip":
        unmixed(medsiglip(folder) / "model.safetensors", parts=("self_attn.out_proj",))
    elif kind == "biomedclip":
        unmixed(biomedclip(folder) / "open_clip_pytorch_model.bin", parts=("attn.proj",))
    elif kind == "timm-vit":
        unmixed(timm_vit(folder) / "model.safetensors", parts=("attn.proj",))
    else:
        patches_as_onnx(folder, fit=kind.removeprefix("onnx-"))
    return load_backbone(folder)


KINDS = ["rad-dino", "medsiglip", "biomedclip", "timm-vit", "onnx-letterbox", "onnx-stretch", "onnx-crop"]


@pytest.mark.parametrize("shape", [(112, 112), (150, 112), (112, 180)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_bright_square_moves_the_tokens_under_it_and_no_others(
    kind: str, shape: tuple[int, int], tmp_path: Path
) -> None:
    backbone = backbone_of(kind, tmp_path / kind)
    dark = np.full(shape, 0.3)
    square = Box(x0=shape[1] / 2 - 20, y0=shape[0] / 2 - 5, x1=shape[1] / 2 + 4, y1=shape[0] / 2 + 25)
    bright = dark.copy()
    bright[int(square.y0) : int(square.y1), int(square.x0) : int(square.x1)] = 0.9
    features = backbone.encode_views([dark, bright])
    assert features.tokens is not None
    moved = np.abs(features.tokens[1] - features.tokens[0]).max(axis=-1)
    geometry = features.geometries[1]
    # Resampling reaches a pixel or two over the edge, so cells that are barely touched may move or not.
    wide = Box(x0=square.x0 - 8, y0=square.y0 - 8, x1=square.x1 + 8, y1=square.y1 + 8)
    near, well_inside = grid_weights(geometry, wide) > 0, grid_weights(geometry, square) > 0.3
    assert well_inside.any()
    assert not near.all()
    assert moved[~near].max() <= 1e-5 * max(1.0, float(np.abs(features.tokens).max()))
    assert moved[well_inside].min() > 1e-3 * float(moved.max())


def test_a_region_vector_follows_the_pixels_under_its_box(tmp_path: Path) -> None:
    """The map of patch means pooled under a box is the mean of the picture there."""
    backbone = load_backbone(patches_as_onnx(tmp_path, fit="letterbox"))
    view: NDArray[np.float64] = np.linspace(0.1, 0.9, 128 * 96).reshape(128, 96)
    features = backbone.encode_views([view])
    assert features.tokens is not None
    box = Box(x0=16, y0=32, x1=64, y1=96)
    vector = pool_tokens(features.tokens[0], grid_weights(features.geometries[0], box), np.zeros(1, dtype=np.float32))
    assert vector[0] == pytest.approx(view[32:96, 16:64].mean(), abs=5e-3)
    assert features.vectors[0, 0] == pytest.approx(view.sum() / 128**2, abs=5e-3)
