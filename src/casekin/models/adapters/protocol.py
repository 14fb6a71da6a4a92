"""What every encoder of others looks like from here: views and texts in, vectors and tokens out, a card beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.models.adapters.card import ModelCard
from casekin.models.geometry import Array, Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneFeatures:
    """Features of n views: `vectors` `(n, dim)` and `tokens` `(n, grid, grid, d)`, None where there are none; float32.

    `geometries` lay each view on the tokens: `pool_tokens(tokens[i], grid_weights(geometries[i], box), center)` is the
    vector of a region. Tokens and vectors share a space where the model's own projection is linear.
    """

    vectors: Array
    tokens: Array | None
    geometries: tuple[Geometry, ...]


class Backbone(Protocol):
    """An encoder that was loaded: deterministic, without gradients, on the CPU."""

    @property
    def card(self) -> ModelCard:
        """Where it came from, on what terms, which bytes, how views are prepared."""

    @property
    def version(self) -> str:
        """Changes whenever weights or preprocessing change."""

    def encode_views(self, views: Sequence[NDArray[np.floating]]) -> BackboneFeatures:
        """Features of views `(H, W)` in [0, 1], bright = dense, of any sizes; ImageError for other shapes."""

    def encode_texts(self, texts: Sequence[str]) -> Array | None:
        """Vectors `(n, text_dim)` of length 1 in the space of the view vectors; None for a model that reads no text."""
