"""A loaded encoder: views prepared as its card says, run a few at a time, tokens brought to one order of axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.adapters.card import ModelCard
from casekin.models.adapters.preprocessing import Preprocessing
from casekin.models.adapters.protocol import BackboneFeatures
from casekin.models.geometry import Array

_BATCH = 8  # views or texts run together: bounds memory, changes nothing else

RunImages = Callable[[Array], tuple[Array, Array | None]]
RunTexts = Callable[[Sequence[str]], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What a family's loader hands on. `images` takes `(n, channels, size, size)` and gives vectors `(n, dim)` and
    tokens `(n, grid, grid, d)` or None; `texts` gives `(n, text_dim)`. `files` are the weight files that were read.
    """

    family: str
    images: RunImages
    texts: RunTexts | None
    preprocessing: Preprocessing
    grid: int | None
    dim: int
    text_dim: int | None
    files: tuple[Path, ...]


class NetworkBackbone:
    """A network with its card; implements `Backbone`. View vectors have length 1 where the model also reads texts."""

    def __init__(self, network: Network, card: ModelCard) -> None:
        self._network = network
        self.card = card

    @property
    def version(self) -> str:
        return self.card.version

    def encode_views(self, views: Sequence[NDArray[np.floating]]) -> BackboneFeatures:
        """See `Backbone.encode_views`; ModelError when the network gives other shapes than its card promises."""
        network = self._network
        vectors, tokens = np.zeros((0, network.dim), dtype=np.float32), None
        parts = [
            network.images(network.preprocessing.prepare(views[start : start + _BATCH]))
            for start in range(0, len(views), _BATCH)
        ]
        if parts:
            vectors = np.concatenate([part[0] for part in parts]).astype(np.float32)
            kept = [part[1] for part in parts if part[1] is not None]
            tokens = np.concatenate(kept).astype(np.float32) if kept else None
        self._check(len(views), vectors, tokens)
        grid = network.grid or 1
        return BackboneFeatures(
            vectors=vectors if network.texts is None else unit_rows(vectors),
            tokens=tokens,
            geometries=tuple(network.preprocessing.geometry((v.shape[0], v.shape[1]), grid) for v in views),
        )

    def encode_texts(self, texts: Sequence[str]) -> Array | None:
        """See `Backbone.encode_texts`."""
        run = self._network.texts
        if run is None or self._network.text_dim is None:
            return None
        parts = [run(list(texts[start : start + _BATCH])) for start in range(0, len(texts), _BATCH)]
        return unit_rows(np.concatenate(parts)) if parts else np.zeros((0, self._network.text_dim), dtype=np.float32)

    def _check(self, count: int, vectors: Array, tokens: Array | None) -> None:
        network = self._network
        expected = None if network.grid is None or not count else (count, network.grid, network.grid)
        if vectors.shape != (count, network.dim) or (None if tokens is None else tokens.shape[:3]) != expected:
            raise ModelError(
                f"{self.card.name}: got vectors {vectors.shape} and tokens {None if tokens is None else tokens.shape}, "
                f"expected ({count}, {network.dim}) and {expected}; the card and the network don't fit together"
            )


def unit_rows(rows: NDArray[np.floating]) -> Array:
    """Each row scaled to length 1; a row of zeros stays."""
    lengths = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
