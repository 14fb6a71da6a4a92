"""Models that transformers knows by their `config.json`: DINOv2 (RAD-DINO) and SigLIP (MedSigLIP)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import transformers
from torch import Tensor

from casekin.errors import ModelError
from casekin.models.adapters.checkpoint import fill_pretrained, read_json, read_tensors, weight_files
from casekin.models.adapters.network import Network
from casekin.models.adapters.preprocessing import Preprocessing, preprocessing_of_processor
from casekin.models.adapters.running import load_tokenizer, row_tokens, run_images, run_texts


def load_dinov2(folder: Path) -> Network:
    """DINOv2 as RAD-DINO is published: class token and patches after the last norm, no text.

    Oquab et al., 2023, https://arxiv.org/abs/2304.07193; Pérez-García et al., 2024, https://arxiv.org/abs/2401.10815.
    """
    record, prepared = read_json(folder / "config.json"), _preprocessing(folder)
    files = weight_files(folder)
    config = transformers.Dinov2Config(**_arguments(record))
    model = fill_pretrained(transformers.Dinov2Model, config, read_tensors(files), what=folder.name)

    def forward(pixels: Tensor) -> tuple[Tensor, Tensor]:
        states: Tensor = model(pixel_values=pixels).last_hidden_state
        return states[:, 0], row_tokens(states[:, 1:])

    return Network(
        family="dinov2",
        images=run_images(forward),
        texts=None,
        preprocessing=prepared,
        grid=_grid(prepared, config),
        dim=config.hidden_size,
        text_dim=None,
        files=files,
    )


def load_siglip(folder: Path) -> Network:
    """SigLIP as MedSigLIP is published: attention-pooled vectors of views and texts; tokens are the last patches.

    Zhai et al., 2023, https://arxiv.org/abs/2303.15343. Texts are padded to the full length, as in training: the model
    has no mask for padding. Without tokenizer files it reads no text.
    """
    record, prepared = read_json(folder / "config.json"), _preprocessing(folder)
    files = weight_files(folder)
    config = transformers.SiglipConfig(**_arguments(record))
    ignored = r"position_ids$"
    model: Any = fill_pretrained(
        transformers.SiglipModel, config, read_tensors(files), ignored=ignored, what=folder.name
    )
    tokenizer = load_tokenizer(folder)

    def forward(pixels: Tensor) -> tuple[Tensor, Tensor]:
        out = model.vision_model(pixel_values=pixels)
        return out.pooler_output, row_tokens(out.last_hidden_state)

    def read(given: Any) -> Tensor:
        pooled: Tensor = model.text_model(input_ids=given["input_ids"]).pooler_output
        return pooled

    longest = config.text_config.max_position_embeddings
    return Network(
        family="siglip",
        images=run_images(forward),
        texts=None if tokenizer is None else run_texts(read, tokenizer, longest=longest, padding="max_length"),
        preprocessing=prepared,
        grid=_grid(prepared, config.vision_config),
        dim=config.vision_config.hidden_size,
        text_dim=None if tokenizer is None else config.vision_config.hidden_size,
        files=files,
    )


def _preprocessing(folder: Path) -> Preprocessing:
    return preprocessing_of_processor(read_json(folder / "preprocessor_config.json"))


def _arguments(record: dict[str, Any]) -> dict[str, Any]:
    """The settings of a `config.json` that describe the network, not the program that wrote it."""
    aside = {"architectures", "auto_map", "dtype", "model_type", "torch_dtype", "transformers_version"}
    return {name: value for name, value in record.items() if name not in aside}


def _grid(prepared: Preprocessing, config: Any) -> int:
    if prepared.size % config.patch_size or len(prepared.mean) != config.num_channels:
        raise ModelError(
            f"pictures of {prepared.size} pixels and {len(prepared.mean)} channels don't fit patches of "
            f"{config.patch_size} and {config.num_channels} channels; preprocessor_config.json and config.json are of "
            "different models, fetch both again"
        )
    return int(prepared.size // config.patch_size)
