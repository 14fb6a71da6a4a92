"""BiomedCLIP as published for open_clip: a timm vision transformer and PubMedBERT in one checkpoint.

Zhang et al., 2023, https://arxiv.org/abs/2303.00915. open_clip itself needs timm and torchvision; the checkpoint is
read without them. The sizes of both towers follow from their tensors.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from casekin.errors import ModelError
from casekin.models.adapters.checkpoint import Tensors, fill, read_json, read_tensors, under
from casekin.models.adapters.network import Network
from casekin.models.adapters.preprocessing import OPENAI_MEAN, OPENAI_STD, Preprocessing
from casekin.models.adapters.running import bert_of, load_tokenizer, row_tokens, run_images, run_texts
from casekin.models.adapters.vit import vit_of

CONFIG = "open_clip_config.json"
_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")


def load_biomedclip(folder: Path) -> Network:
    """Vectors of both towers in their joint space; tokens are the patches under the image tower's linear projection.

    Raises ModelError when the folder holds another open_clip model than a timm transformer with BERT.
    """
    config = read_json(folder / CONFIG)
    settings = _settings(config, folder.name)
    file = next((folder / name for name in _WEIGHTS if (folder / name).exists()), folder / _WEIGHTS[-1])
    tensors = read_tensors([file])
    vit, head = _image_tower(tensors, folder.name)
    bert = bert_of(under(tensors, "text.transformer."), what=f"{folder.name} text tower")
    projection = _text_projection(under(tensors, "text.proj."), folder.name)
    tokenizer = load_tokenizer(folder)

    def forward(pixels: Tensor) -> tuple[Tensor, Tensor]:
        states = vit(pixels) @ head.T
        return states[:, 0], row_tokens(states[:, 1:])

    def read(given: Any) -> Tensor:
        first = bert(input_ids=given["input_ids"], attention_mask=given["attention_mask"]).last_hidden_state[:, 0]
        projected: Tensor = projection(first)
        return projected

    longest = int(settings["text_cfg"].get("context_length", 256))
    return Network(
        family="biomedclip",
        images=run_images(forward),
        texts=None if tokenizer is None else run_texts(read, tokenizer, longest=longest),
        preprocessing=_preprocessing(config, int(settings["vision_cfg"]["image_size"])),
        grid=vit.grid,
        dim=head.shape[0],
        text_dim=None if tokenizer is None else head.shape[0],
        files=(file,),
    )


def _settings(config: dict[str, Any], what: str) -> dict[str, Any]:
    settings = config.get("model_cfg", config)
    vision, text = settings.get("vision_cfg", {}), settings.get("text_cfg", {})
    name, pooler = str(vision.get("timm_model_name", "")), text.get("hf_pooler_type", text.get("pooler_type"))
    if not re.match(r"vit_(tiny|small|base|large)_patch\d+_\d+", name) or pooler != "cls_last_hidden_state_pooler":
        raise ModelError(
            f"{what}: {CONFIG} names vision tower {name or 'of open_clip'} and text pooler {pooler}, expected a timm "
            "vision transformer and cls_last_hidden_state_pooler, as BiomedCLIP has; export other models to ONNX"
        )
    return dict(settings)


def _image_tower(tensors: Tensors, what: str) -> tuple[Any, Tensor]:
    trunk = under(tensors, "visual.trunk.")
    head = tensors.get("visual.head.proj.weight")
    if head is None or "patch_embed.proj.weight" not in trunk or "blocks.0.mlp.fc1.weight" not in trunk:
        raise ModelError(f"{what}: expected visual.trunk.* and visual.head.proj.weight, found none; fetch it again")
    return fill(vit_of(trunk), trunk, what=f"{what} image tower"), head.float()


def _text_projection(tensors: Tensors, what: str) -> nn.Module:
    """The text tower's two linear layers without biases, GELU between them."""
    first, second = tensors.get("0.weight"), tensors.get("2.weight")
    if first is None or second is None:
        raise ModelError(f"{what}: expected text.proj.0.weight and text.proj.2.weight; fetch the model again")
    layers = nn.Sequential(
        nn.Linear(first.shape[1], first.shape[0], bias=False),
        nn.GELU(),
        nn.Linear(second.shape[1], second.shape[0], bias=False),
    )
    return fill(layers, tensors, what=f"{what} text projection")


def _preprocessing(config: dict[str, Any], size: int) -> Preprocessing:
    said = config.get("preprocess_cfg", {})
    stretched = said.get("resize_mode", "shortest") == "squash"
    return Preprocessing(
        size=size,
        fit="stretch" if stretched else "crop",
        resample="bilinear" if said.get("interpolation") == "bilinear" else "bicubic",
        mean=tuple(said.get("mean", OPENAI_MEAN)),
        std=tuple(said.get("std", OPENAI_STD)),
    )
