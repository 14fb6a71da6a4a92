"""Somebody else's backbone as casekin's image encoder: its tokens, whitened on the archive's own images, in place of
the shipped network's cells; the shipped locator still says where the thoracic locations lie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import ModelError
from casekin.models.adapters.load import load_backbone
from casekin.models.adapters.protocol import Backbone
from casekin.models.features import GRID, FeatureNet, Features
from casekin.models.geometry import Array
from casekin.models.head import fit_head, load_head, save_head
from casekin.models.image_encoder import ImageEncoder, card_version, load_encoder, weights_and_boxes
from casekin.models.locator_net import Locator
from casekin.models.weights import FOLDER, checked_file, file_entry, load_card

DIM = 64
"""Numbers a vector: what the index of the default encoder takes, within a few."""
_HEAD_FILE, _CARD_FILE = "whitening.npz", "encoder.json"


class AdaptedNet:
    """A backbone's tokens on the shipped network's grid, beside that network's maps, which the locator reads."""

    def __init__(self, backbone: Backbone, shipped: FeatureNet) -> None:
        grid, prepared = backbone.card.grid, backbone.card.preprocessing
        if grid is None or prepared is None:
            raise ModelError(f"{backbone.card.name} gives no tokens, expected some; regions can't be pooled without")
        self._backbone = backbone
        self._shipped = shipped
        self._prepared = prepared
        self._shares = area_shares(grid, GRID)
        probe = backbone.encode_views([np.zeros((8, 8))]).tokens
        assert probe is not None  # a card with a grid promises tokens
        self.channels = int(probe.shape[-1])

    def __call__(self, view: NDArray[np.floating]) -> Features:
        """`cells` `(GRID, GRID, channels)`; the whole view is shown, whatever the model's own crop would cut."""
        shipped = self._shipped(view)
        tokens = self._backbone.encode_views([self._prepared.whole_square(view)]).tokens
        assert tokens is not None
        cells = np.einsum("ar,rcd,bc->abd", self._shares, tokens[0], self._shares, optimize=True)
        return replace(shipped, cells=cells.astype(np.float32))


def adapt_backbone(source: Path, views: Iterable[NDArray[np.floating]], *, out: Path, dim: int = DIM) -> Path:
    """Fit the whitening of a local backbone on frontal views and write it with a card; `load_encoder` reads the card.

    `views` `(H, W)` in [0, 1] as `imaging.frontal_view` gives them, of the archive's own patients; no label is used.
    Raises InputError for fewer than 8 views, ModelError where the model can't be loaded or gives no tokens.
    """
    backbone = load_backbone(source)
    net = AdaptedNet(backbone, _shipped_net())
    head = fit_head(_shown(net, views), dim=dim)
    out.mkdir(parents=True, exist_ok=True)
    save_head(head, out / _HEAD_FILE)
    card = backbone.card
    record = {
        "name": f"{card.name} with whitened tokens",
        "short_name": card.name,
        "licence": card.licence,
        "licence_tier": card.licence_tier,
        "preprocessing": f"tokens of {backbone.version} on grid {GRID}, whole view shown, located by {_located_by()}",
        "backbone": {"path": str(source.resolve()), "version": backbone.version},
        "files": {"head": file_entry(out / _HEAD_FILE)},
    }
    (out / _CARD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return out / _CARD_FILE


def load_adapted(folder: Path, card: Mapping[str, Any]) -> ImageEncoder:
    """The encoder of a card that `adapt_backbone` wrote. Raises ModelError when backbone or head are other ones now."""
    backbone = load_backbone(card["backbone"]["path"])
    if backbone.version != card["backbone"]["version"]:
        raise ModelError(
            f"backbone at {folder.name} was {card['backbone']['version']}, got {backbone.version}; "
            "lay the same weights there, or adapt again"
        )
    entry = card["files"]["head"]
    return ImageEncoder(
        net=AdaptedNet(backbone, _shipped_net()),
        head=load_head(checked_file(folder, entry["name"], entry["sha256"])),
        locator=Locator(_shipped_file("locator")),
        version=card_version(card),
    )


def _shown(net: AdaptedNet, views: Iterable[NDArray[np.floating]]) -> Iterator[tuple[Array, Array, Array]]:
    """Cells, locations' weights and content of each view, where the shipped locator finds the locations."""
    locate = load_encoder().locate
    for view in views:
        features = net(view)
        weights, _ = weights_and_boxes(locate(features), {}, features.geometry)
        yield features.cells, np.stack([weights[place] for place in LOCATIONS]), features.geometry.content()


def area_shares(source: int, target: int) -> NDArray[np.float64]:
    """`(target, source)`: how much of each target cell lies on each source cell, rows summing to 1."""
    edges = np.arange(target + 1) * (source / target)
    cells = np.arange(source)
    low = np.maximum(edges[:-1, None], cells[None])
    high = np.minimum(edges[1:, None], cells[None] + 1)
    overlaps = np.clip(high - low, 0.0, None)
    return np.asarray(overlaps / overlaps.sum(axis=1, keepdims=True))


def _shipped_net() -> FeatureNet:
    return FeatureNet(_shipped_file("net"))


def _shipped_file(role: str) -> Path:
    entry = load_card()["files"][role]
    return checked_file(FOLDER, str(entry["name"]), str(entry["sha256"]))


def _located_by() -> str:
    return f"locator {load_card()['files']['locator']['sha256'][:12]}"
