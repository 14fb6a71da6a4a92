"""Somebody else's backbone as casekin's image encoder: its tokens, whitened on the archive's own images, in place of
the shipped network's cells; the shipped locator still says where the thoracic locations lie.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError, ModelError
from casekin.models.adapters.load import load_backbone
from casekin.models.adapters.protocol import Backbone
from casekin.models.features import GRID, FeatureNet, Features
from casekin.models.geometry import Array
from casekin.models.head import Head, load_head, save_head
from casekin.models.image_encoder import ImageEncoder, card_version, load_encoder, mean_cell, weights_and_boxes
from casekin.models.locator_net import Locator
from casekin.models.weights import FOLDER, checked_file, load_card

DIM = 64
"""Numbers a vector: what the index of the default encoder takes, within a few."""
FEWEST_VIEWS = 8
"""Fewer images say nothing about what varies between them."""
_SHRINKAGE = 0.1
"""Share of the mean variance added to each, so that directions of noise aren't blown up to the size of the rest."""
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
    head = fit_whitening(net, views, dim=dim)
    out.mkdir(parents=True, exist_ok=True)
    save_head(head, out / _HEAD_FILE, LOCATIONS)
    card = backbone.card
    record = {
        "name": f"{card.name} with whitened tokens",
        "short_name": card.name,
        "licence": card.licence,
        "licence_tier": card.licence_tier,
        "preprocessing": f"tokens of {backbone.version} on grid {GRID}, whole view shown, located by {_located_by()}",
        "backbone": {"path": str(source.resolve()), "version": backbone.version},
        "files": {"head": {"name": _HEAD_FILE, "sha256": hashlib.sha256((out / _HEAD_FILE).read_bytes()).hexdigest()}},
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
        head=load_head(checked_file(folder, entry["name"], entry["sha256"]), LOCATIONS),
        locator=Locator(_shipped_file("locator")),
        version=card_version(card),
    )


def fit_whitening(net: AdaptedNet, views: Iterable[NDArray[np.floating]], *, dim: int) -> Head:
    """The linear head that makes what varies between patients at one location equally large in every direction.

    Principal components of the locations' pooled cells around each location's mean, the `dim` largest, each divided by
    its spread (with shrinkage). Centers are the locations' means. InputError for fewer than `FEWEST_VIEWS` views.
    """
    locate = load_encoder().locate
    places = np.zeros((len(LOCATIONS), net.channels))
    whole, count = np.zeros(net.channels), 0
    products = np.zeros((net.channels, net.channels))
    for view in views:
        features = net(view)
        weights, _ = weights_and_boxes(locate(features), {}, features.geometry)
        pooled = np.stack([mean_cell(features.cells, weights[place]) for place in LOCATIONS]).astype(np.float64)
        places += pooled
        whole += mean_cell(features.cells, features.geometry.content())
        products += pooled.T @ pooled
        count += 1
    if count < FEWEST_VIEWS:
        raise InputError(f"got {count} views to fit on, expected at least {FEWEST_VIEWS}; give more images")
    means = places / count
    projection = _whitening(products / count - means.T @ means, len(LOCATIONS) * (count - 1), dim)
    centers = (means @ projection).astype(np.float32)
    return Head(
        projection=projection,
        context=np.zeros((2 * net.channels, projection.shape[1]), dtype=np.float32),
        bias=np.zeros(projection.shape[1], dtype=np.float32),
        centers=dict(zip(LOCATIONS, centers, strict=True)),
        global_center=(whole / count @ projection).astype(np.float32),
    )


def _whitening(covariance: NDArray[np.float64], rank: int, dim: int) -> Array:
    """Leading directions `(channels, dim)`, scaled by spread; fewer where there are not so many."""
    variances, directions = np.linalg.eigh(covariance)
    kept = min(dim, rank, len(variances))
    variances, directions = variances[::-1][:kept], directions[:, ::-1][:, :kept]
    # The sign of an eigenvector is arbitrary: the largest component is made positive, so that fits can be compared.
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(kept)])
    shrunk = np.maximum(variances, 0.0) + _SHRINKAGE * max(float(variances.mean()), 1e-12)
    return np.asarray(directions * signs / np.sqrt(shrunk), dtype=np.float32)


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
