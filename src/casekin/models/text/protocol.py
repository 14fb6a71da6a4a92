"""What every text encoder looks like: sentences in, vectors of sentences and of their words out, a card beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.models.adapters.card import ModelCard
from casekin.models.geometry import Array

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedText:
    """Features of n sentences: `vectors` `(n, dim)` of length 1; `words` `(n, w, d)`, zeros where `mask` `(n, w)` is
    False; float32.

    `word_spans[i]` are the `[start, end)` of sentence i's words, as many as its row of the mask has, so that what a
    word is aligned with can be shown beside it. `words` is None, the mask has no columns and there are no spans where
    an encoder gives sentence vectors alone. Words behind the encoder's longest input are left out.
    """

    vectors: Array
    words: Array | None
    mask: NDArray[np.bool_]
    word_spans: tuple[tuple[Span, ...], ...]


class TextEncoder(Protocol):
    """An encoder that was loaded: deterministic, without gradients, on the CPU."""

    @property
    def card(self) -> ModelCard:
        """Where it came from, on what terms, which bytes."""

    @property
    def version(self) -> str:
        """Changes whenever weights, tokenizer or the way text is given change."""

    def encode(self, sentences: Sequence[str]) -> EncodedText:
        """Features of sentences of any length, the empty one included."""


def vectors_alone(vectors: Array) -> EncodedText:
    """Encoded text of an encoder that gives no words; vectors are brought to length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return EncodedText(
        vectors=np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32),
        words=None,
        mask=np.zeros((len(vectors), 0), dtype=bool),
        word_spans=((),) * len(vectors),
    )
