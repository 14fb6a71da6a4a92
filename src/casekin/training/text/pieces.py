"""Texts as ids of word pieces, cut and padded for a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import DependencyError
from casekin.training.text.tokenizer import PAD


def cut_texts(tokenizer: str, texts: Iterable[str], *, max_tokens: int) -> tuple[list[tuple[int, ...]], int, int]:
    """Ids of each text, the size of the vocabulary, and the id that pads. DependencyError without the `text` extra."""
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError as error:
        raise DependencyError("text is cut into word pieces by a package; pip install 'casekin[text]'") from error
    made: Any = Tokenizer.from_str(tokenizer)
    made.enable_truncation(max_tokens)
    pieces = [tuple(encoded.ids) for encoded in made.encode_batch(list(texts))]
    return pieces, int(made.get_vocab_size()), int(made.get_vocab()[PAD])


def pad_pieces(pieces: Sequence[Sequence[int]], padding: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and mask `(n, t)` of texts cut into pieces."""
    width = max(len(ids) for ids in pieces)
    ids = np.full((len(pieces), width), padding, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, one in enumerate(pieces):
        ids[row, : len(one)], mask[row, : len(one)] = one, 1
    return ids, mask
