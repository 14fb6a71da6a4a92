"""BioViL and BioViL-T as published: a ResNet image model in a `.pt` file beside the folder of a CXR-BERT.

Boecking et al., 2022, https://arxiv.org/abs/2204.09817; Bannur et al., 2023, https://arxiv.org/abs/2301.04558. BioViL-T
compares with a prior film; here, as its authors do for a single film, the learned stand-in for a missing one is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from casekin.errors import ModelError
from casekin.models.adapters.checkpoint import Tensors, fill, read_tensors, under, weight_files
from casekin.models.adapters.network import Network, RunTexts
from casekin.models.adapters.preprocessing import Preprocessing
from casekin.models.adapters.resnet import ResNet
from casekin.models.adapters.running import bert_of, load_tokenizer, map_tokens, run_images, run_texts

_RESIZE, _CROP, _CROP_T = 512, 480, 448
_LONGEST = 512
_STRIDE = 32
_UNUSED = r"^classifier\.|vit_pooler\."
"""A task head some checkpoints carry, and the transformer over a prior film, which has no part in encoding one."""


def image_model_of(folder: Path) -> Path | None:
    """The image model's file in a folder: `biovil_t_image_model_proj_size_128.pt` and the like; None without one."""
    return next(iter(sorted(folder.glob("biovil*image_model*.pt"))), None)


def holds_biovil(tensors: Tensors) -> bool:
    """Whether tensors are those of a BioViL image model."""
    return "encoder.encoder.conv1.weight" in tensors and "projector.model.0.weight" in tensors


def load_biovil(path: Path) -> Network:
    """Vectors in the joint space (mean of the projected patches) and the projected patches as tokens.

    `path` is the folder, or the image model's file alone; text is read where weights and vocabulary of the CXR-BERT lie
    beside it. Raises ModelError when the file is of another architecture.
    """
    folder = path if path.is_dir() else path.parent
    file = image_model_of(folder) if path.is_dir() else path
    if file is None:
        raise ModelError(
            f"no image model in {folder.name}/, expected biovil*_image_model*.pt; fetch it beside CXR-BERT"
        )
    tensors = read_tensors([file])
    if not holds_biovil(tensors):
        raise ModelError(f"{file.name}: expected encoder.encoder.* and projector.model.*; fetch the model again")
    model = _ImageModel(tensors)
    fill(model, tensors, ignored=_UNUSED, what=file.name)
    texts, files = _text_tower(folder)
    size = _CROP_T if model.compares else _CROP
    dim = tensors["projector.model.3.weight"].shape[0]
    return Network(
        family="biovil",
        images=run_images(model),
        texts=texts,
        preprocessing=Preprocessing(
            size=size, fit="crop", shortest=_RESIZE, mean=(0.0,) * 3, std=(1.0,) * 3, grey="min_max"
        ),
        grid=size // _STRIDE,
        dim=dim,
        text_dim=None if texts is None else dim,
        files=(file, *files),
    )


class _ImageModel(nn.Module):
    def __init__(self, tensors: Tensors) -> None:
        super().__init__()
        self.encoder = nn.ModuleDict({"encoder": ResNet(under(tensors, "encoder.encoder."))})
        self.compares = "encoder.missing_previous_emb" in tensors
        if self.compares:
            weight = tensors["encoder.backbone_to_vit.weight"]
            self.encoder["backbone_to_vit"] = nn.Conv2d(weight.shape[1], weight.shape[0], 1, bias=False)
            stand_in = nn.Parameter(torch.zeros_like(tensors["encoder.missing_previous_emb"]))
            self.encoder.register_parameter("missing_previous_emb", stand_in)
        first, last = tensors["projector.model.0.weight"], tensors["projector.model.3.weight"]
        hidden = first.shape[0]
        self.projector = nn.ModuleDict(
            {
                "model": nn.Sequential(
                    nn.Conv2d(first.shape[1], hidden, 1, bias=False),
                    nn.BatchNorm2d(hidden),
                    nn.ReLU(),
                    nn.Conv2d(hidden, last.shape[0], 1),
                )
            }
        )

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        patches = self.encoder["encoder"](pixels)
        if self.compares:
            now = self.encoder["backbone_to_vit"](patches)
            before = self.encoder.get_parameter("missing_previous_emb").expand(len(now), -1, *now.shape[2:])
            patches = torch.cat([now, before], dim=1)
        projected = self.projector["model"](patches)
        return projected.mean(dim=(2, 3)), map_tokens(projected)


def _text_tower(folder: Path) -> tuple[RunTexts | None, tuple[Path, ...]]:
    """CXR-BERT with its projection of the class token; None where its weights or vocabulary are absent."""
    tokenizer = load_tokenizer(folder)
    if tokenizer is None or not (folder / "config.json").exists():
        return None, ()
    files = weight_files(folder)
    tensors = read_tensors(files)
    what = f"{folder.name} text tower"
    bert = bert_of(under(tensors, "bert."), what=what)
    head = _projection_head(under(tensors, "cls_projection_head."), what)

    def read(given: Any) -> Tensor:
        states = bert(input_ids=given["input_ids"], attention_mask=given["attention_mask"]).last_hidden_state
        projected: Tensor = head["dense_to_output"](
            head["LayerNorm"](nn.functional.gelu(head["dense_to_hidden"](states[:, 0])))
        )
        return projected

    return run_texts(read, tokenizer, longest=_LONGEST), files


def _projection_head(tensors: Tensors, what: str) -> nn.ModuleDict:
    weight = tensors.get("dense_to_hidden.weight")
    if weight is None:
        raise ModelError(f"{what}: expected cls_projection_head.*, found none; fetch CXR-BERT specialized or BioViL-T")
    size, hidden = weight.shape
    head = nn.ModuleDict(
        {
            "dense_to_hidden": nn.Linear(hidden, size),
            "LayerNorm": nn.LayerNorm(size, eps=1e-12),
            "dense_to_output": nn.Linear(size, size),
        }
    )
    fill(head, tensors, what=what)
    return head
