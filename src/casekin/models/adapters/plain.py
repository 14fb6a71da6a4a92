"""Backbones as torchvision and timm publish them: bare state dicts of ResNets, DenseNets and vision transformers.

Neither package is needed. Other architectures are read as ONNX files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from casekin.errors import ModelError
from casekin.models.adapters.card import recorded_card
from casekin.models.adapters.checkpoint import Tensors, fill, read_json, read_tensors, weight_files
from casekin.models.adapters.densenet import DenseNet, present_names
from casekin.models.adapters.network import Network
from casekin.models.adapters.preprocessing import Preprocessing, preprocessing_of_record
from casekin.models.adapters.resnet import ResNet
from casekin.models.adapters.running import map_tokens, row_tokens, run_images
from casekin.models.adapters.vit import VisionTransformer, vit_of

_CLASSIFIERS = r"^(fc|classifier|head)\."
_TORCHVISION = Preprocessing(size=224, fit="crop", shortest=256)
"""What torchvision's first ImageNet weights were made with; a card beside the file may say otherwise."""


def load_timm(folder: Path) -> Network:
    """A folder with timm's `config.json`: `architecture`, `pretrained_cfg` and `model.safetensors`.

    Raises ModelError for architectures that are neither ResNet, DenseNet nor a plain vision transformer.
    """
    config = read_json(folder / "config.json")
    files = weight_files(folder)
    prepared = _timm_preprocessing(config.get("pretrained_cfg", {}))
    return _network(read_tensors(files), files, prepared, family="timm", what=str(config["architecture"]))


def load_state_dict(path: Path) -> Network:
    """A bare weight file; `preprocessing` of a `card.json` beside it replaces torchvision's usual one."""
    record = recorded_card(path.parent).get("preprocessing")
    prepared = _TORCHVISION if record is None else preprocessing_of_record(record)
    return _network(read_tensors([path]), (path,), prepared, family="torchvision", what=path.name)


def _network(tensors: Tensors, files: tuple[Path, ...], prepared: Preprocessing, *, family: str, what: str) -> Network:
    module, stride, dim = _module(present_names(tensors), what)
    if prepared.size % stride:
        raise ModelError(f"{what}: input of {prepared.size} pixels, expected a multiple of {stride}; correct the card")

    def forward(pixels: Tensor) -> tuple[Tensor, Tensor]:
        out = module(pixels)
        if isinstance(module, VisionTransformer):
            return out[:, 0], row_tokens(out[:, 1:])
        return out.mean(dim=(2, 3)), map_tokens(out)

    return Network(
        family=family,
        images=run_images(forward),
        texts=None,
        preprocessing=prepared,
        grid=prepared.size // stride,
        dim=dim,
        text_dim=None,
        files=files,
    )


def _module(tensors: Tensors, what: str) -> tuple[nn.Module, int, int]:
    """The filled network, input pixels a cell, and channels."""
    empty: nn.Module
    try:
        if "layer4.0.conv1.weight" in tensors:
            empty, stride = ResNet(tensors), 32
        elif "features.denseblock1.denselayer1.conv1.weight" in tensors:
            dense = DenseNet(tensors)
            empty, stride = dense, dense.stride
        elif "blocks.0.attn.qkv.weight" in tensors and "cls_token" in tensors:
            empty, stride = vit_of(tensors), tensors["patch_embed.proj.weight"].shape[2]
        else:
            raise ModelError(f"{what} is no ResNet, DenseNet or plain vision transformer; export the model to ONNX")
    except KeyError as error:
        raise ModelError(f"{what}: tensor {error} is missing; fetch the model again") from error
    dim = _channels(tensors)
    return fill(empty, tensors, ignored=_CLASSIFIERS, what=what), stride, dim


def _channels(tensors: Tensors) -> int:
    for name in ("norm.weight", "features.norm5.weight"):
        if name in tensors:
            return int(tensors[name].shape[0])
    last = max(int(name.split(".")[1]) for name in tensors if name.startswith("layer4."))
    norm = "bn3" if f"layer4.{last}.bn3.weight" in tensors else "bn2"
    return int(tensors[f"layer4.{last}.{norm}.weight"].shape[0])


def _timm_preprocessing(config: Mapping[str, Any]) -> Preprocessing:
    size = int(config.get("input_size", (3, 224, 224))[-1])
    share = float(config.get("crop_pct", 1.0))
    return Preprocessing(
        size=size,
        fit="stretch" if config.get("crop_mode") == "squash" else "crop",
        shortest=int(size / share),
        resample="bilinear" if config.get("interpolation") == "bilinear" else "bicubic",
        mean=tuple(config.get("mean", _TORCHVISION.mean)),
        std=tuple(config.get("std", _TORCHVISION.std)),
    )
