"""CXR-CLIP as published: one training checkpoint (`.tar`) with a ResNet-50 or Swin-T, a BERT and two projections.

You et al., 2023, https://arxiv.org/abs/2310.13292. The checkpoint brings its own configuration, not its tokenizer:
`vocab.txt` of BioClinicalBERT must lie beside it, or no text is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from casekin.errors import ModelError
from casekin.models.adapters.checkpoint import (
    Tensors,
    fill,
    fill_pretrained,
    read_checkpoint,
    tensors_of,
    under,
)
from casekin.models.adapters.network import Network, RunTexts
from casekin.models.adapters.preprocessing import IMAGENET_MEAN, IMAGENET_STD, Preprocessing
from casekin.models.adapters.resnet import ResNet
from casekin.models.adapters.running import bert_of, load_tokenizer, map_tokens, row_tokens, run_images, run_texts

_SIZE, _LONGEST = 224, 256


def holds_cxr_clip(checkpoint: Mapping[str, Any]) -> bool:
    """Whether a checkpoint is one of CXR-CLIP's training."""
    model = checkpoint.get("model")
    return isinstance(model, Mapping) and "image_projection.projection.weight" in model and "config" in checkpoint


def load_cxr_clip(path: Path) -> Network:
    """Vectors of both towers in their joint space; tokens are the image tower's cells under the same projection.

    Raises ModelError for another architecture or another projection than the published ones.
    """
    checkpoint = read_checkpoint(path)
    if not holds_cxr_clip(checkpoint):
        raise ModelError(f"{path.name}: expected a checkpoint with model and config of CXR-CLIP; fetch it again")
    tensors, config = tensors_of(checkpoint, path.name), checkpoint["config"]
    settings = config.get("base", {})
    size = int(settings.get("image_size", _SIZE))
    resnet = "image_encoder.resnet.conv1.weight" in tensors
    image = _resnet(tensors, path.name) if resnet else _swin(tensors, path.name, size)
    project = _projection(under(tensors, "image_projection."), path.name)

    def forward(pixels: Tensor) -> tuple[Tensor, Tensor]:
        cells = image(pixels)
        # The published Swin model takes the first cell where a class token would be; the ResNet takes the mean.
        first = cells.mean(dim=(1, 2)) if resnet else cells[:, 0, 0]
        return project(first), project(cells)

    texts = _text_tower(path, tensors, config)
    dim = tensors["image_projection.projection.weight"].shape[0]
    return Network(
        family="cxr_clip",
        images=run_images(forward),
        texts=texts,
        preprocessing=Preprocessing(
            size=size,
            fit="crop",
            mean=IMAGENET_MEAN if resnet else (0.5,) * 3,
            std=IMAGENET_STD if resnet else (0.5,) * 3,
        ),
        grid=size // 32,
        dim=dim,
        text_dim=None if texts is None else dim,
        files=(path,),
    )


def _text_tower(path: Path, tensors: Tensors, config: Mapping[str, Any]) -> RunTexts | None:
    """BERT under its projection; None without a vocabulary beside the checkpoint."""
    tokenizer = load_tokenizer(path.parent)
    if tokenizer is None:
        return None
    bert = bert_of(under(tensors, "text_encoder.text_encoder."), what=f"{path.name} text tower")
    project = _projection(under(tensors, "text_projection."), path.name)
    pooling = str(config.get("model", {}).get("text_encoder", {}).get("pooling", "eos"))

    def read(given: Any) -> Tensor:
        states = bert(input_ids=given["input_ids"], attention_mask=given["attention_mask"]).last_hidden_state
        projected: Tensor = project(_pooled(states, given["attention_mask"], pooling))
        return projected

    return run_texts(read, tokenizer, longest=int(config.get("base", {}).get("text_max_length", _LONGEST)))


def _resnet(tensors: Tensors, what: str) -> Any:
    own = under(tensors, "image_encoder.resnet.")
    network = ResNet(own)
    fill(network, own, ignored=r"^fc\.", what=f"{what} image tower")
    return lambda pixels: map_tokens(network(pixels))


def _swin(tensors: Tensors, what: str, size: int) -> Any:
    own = under(tensors, "image_encoder.image_encoder.")
    table = r"encoder\.layers\.(\d+)\.blocks\.0\.attention\.self\.relative_position_bias_table"
    tables = {int(found[1]): own[name] for name in own if (found := re.fullmatch(table, name))}
    patch = own.get("embeddings.patch_embeddings.projection.weight")
    if patch is None or not tables:
        raise ModelError(f"{what}: image tower is neither a ResNet nor a Swin transformer; fetch the model again")
    stages = [tables[stage] for stage in sorted(tables)]
    blocks = [re.compile(rf"encoder\.layers\.{stage}\.blocks\.\d+\.layernorm_before\.weight") for stage in tables]
    config = transformers.SwinConfig(
        image_size=size,
        patch_size=patch.shape[2],
        embed_dim=patch.shape[0],
        depths=[sum(bool(block.fullmatch(name)) for name in own) for block in blocks],
        num_heads=[stage.shape[1] for stage in stages],
        window_size=(round(stages[0].shape[0] ** 0.5) + 1) // 2,
    )
    ignored = r"relative_position_index$|^pooler\."
    network = fill_pretrained(transformers.SwinModel, config, own, ignored=ignored, what=f"{what} image tower")
    return lambda pixels: row_tokens(network(pixel_values=pixels).last_hidden_state)


def _projection(tensors: Tensors, what: str) -> nn.Module:
    weight = tensors.get("projection.weight")
    if weight is None or set(tensors) != {"projection.weight", "projection.bias"}:
        raise ModelError(f"{what}: expected one linear projection a tower, as published, got {sorted(tensors)[:4]}")
    layer = nn.ModuleDict({"projection": nn.Linear(weight.shape[1], weight.shape[0])})
    fill(layer, tensors, what=f"{what} projection")
    return layer["projection"]


def _pooled(states: Tensor, mask: Tensor, pooling: str) -> Tensor:
    """One state a text: of its last word piece ("eos"), of its first ("bos") or their mean."""
    if pooling == "eos":
        return states[torch.arange(len(states)), mask.sum(dim=1) - 1]
    if pooling == "bos":
        return states[:, 0]
    if pooling != "mean":
        raise ModelError(f"text pooling {pooling!r} is not one of eos, bos, mean; fetch a published checkpoint")
    weights = mask[..., None].float()
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-9)
