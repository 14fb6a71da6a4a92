"""Small pieces that several families share: running a torch module on arrays, BERT as a text tower, feature maps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from torch import Tensor, nn

from casekin.errors import ModelError
from casekin.models.adapters.checkpoint import Tensors, fill_pretrained
from casekin.models.adapters.network import RunImages, RunTexts
from casekin.models.geometry import Array

Tokenizer = Callable[..., Any]
BERT_LEFT_OVER = r"position_ids$|^pooler\.|^cls\."
_BERT_HEAD_DIM = 64
"""Channels of one attention head in BERT of every size; the weights don't tell."""

transformers.utils.logging.disable_progress_bar()


def run_images(forward: Callable[[Tensor], tuple[Tensor, Tensor | None]]) -> RunImages:
    """A torch function of pixels as a function of arrays; tokens come as `(n, grid, grid, d)`."""

    def run(pixels: Array) -> tuple[Array, Array | None]:
        with torch.inference_mode():
            vectors, tokens = forward(torch.from_numpy(pixels))
        return vectors.numpy(), None if tokens is None else tokens.numpy()

    return run


def run_texts(
    forward: Callable[[Any], Tensor], tokenizer: Tokenizer, *, longest: int, padding: str = "longest"
) -> RunTexts:
    """A torch function of tokenized text as a function of strings, cut at `longest` word pieces."""

    def run(texts: Sequence[str]) -> Array:
        given = tokenizer(list(texts), padding=padding, truncation=True, max_length=longest, return_tensors="pt")
        with torch.inference_mode():
            return np.asarray(forward(given).numpy(), dtype=np.float32)

    return run


def load_tokenizer(folder: Path) -> Tokenizer | None:
    """The tokenizer whose files lie in a folder; None where there are none. ModelError when they can't be read."""
    if not any((folder / name).exists() for name in ("tokenizer.json", "vocab.txt", "spiece.model")):
        return None
    # CXR-BERT's tokenizer_config.json names a class in its repository's code, which is BERT's under another name.
    kind = transformers.BertTokenizer if (folder / "vocab.txt").exists() else transformers.AutoTokenizer
    try:
        made: Tokenizer = kind.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        return made
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"tokenizer files of {folder.name}/ can't be read; fetch the model again") from error


def bert_of(tensors: Tensors, *, what: str) -> nn.Module:
    """A BERT filled with tensors named `embeddings…` and `encoder…`, its sizes read from them; no pooler."""
    try:
        words, depth = tensors["embeddings.word_embeddings.weight"], _layers(tensors)
        config = transformers.BertConfig(
            vocab_size=words.shape[0],
            hidden_size=words.shape[1],
            num_hidden_layers=depth,
            num_attention_heads=max(1, words.shape[1] // _BERT_HEAD_DIM),
            intermediate_size=tensors["encoder.layer.0.intermediate.dense.weight"].shape[0],
            max_position_embeddings=tensors["embeddings.position_embeddings.weight"].shape[0],
            type_vocab_size=tensors["embeddings.token_type_embeddings.weight"].shape[0],
        )
    except KeyError as error:
        raise ModelError(f"{what}: expected a BERT text tower, found no {error}; fetch the model again") from error
    return fill_pretrained(
        transformers.BertModel, config, tensors, ignored=BERT_LEFT_OVER, what=what, add_pooling_layer=False
    )


def map_tokens(feature_map: Tensor) -> Tensor:
    """A feature map `(n, d, rows, columns)` as tokens `(n, rows, columns, d)`."""
    return feature_map.permute(0, 2, 3, 1)


def row_tokens(patches: Tensor) -> Tensor:
    """Patches row by row `(n, grid * grid, d)` as tokens `(n, grid, grid, d)`."""
    grid = round(patches.shape[1] ** 0.5)
    return patches.reshape(len(patches), grid, grid, patches.shape[2])


def _layers(tensors: Tensors) -> int:
    return len({found[1] for name in tensors if (found := re.match(r"encoder\.layer\.(\d+)\.", name))})
