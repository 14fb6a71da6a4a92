"""The default image encoder: one global vector, one vector for each thoracic location, and the tokens behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError, ModelError
from casekin.models.features import GRID, FeatureNet, Features
from casekin.models.geometry import Array, Geometry, grid_weights, inside_image, pool_tokens, unit
from casekin.models.head import Head, describe, load_head
from casekin.models.locator import Located, mask_box, mean_shape, moved_with_lungs, region_weights
from casekin.models.locator_net import Locator
from casekin.models.weights import FOLDER, checked_file, load_card, read_card
from casekin.types import Box, Place

Region = Box | NDArray[np.generic]
NO_REGIONS: Mapping[Place, Region] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """What the encoder knows of one frontal view; vectors are compared by inner product (see `describe`).

    `region_vectors` and `boxes` hold all 29 locations (boxes in pixels of the view, located or as given); `tokens`
    `(grid, grid, dim)` float16, whose weighted mean minus a location's mean gives that location's vector by `describe`.
    `weights` are each location's pooling weights `(grid, grid)`, `centers` each location's mean in training.
    """

    global_vector: Array
    region_vectors: Mapping[Place, Array]
    boxes: Mapping[Place, Box]
    tokens: NDArray[np.float16]
    geometry: Geometry
    weights: Mapping[Place, Array]
    centers: Mapping[Place, Array]
    global_center: Array
    evidence: int

    def pool(self, weights: NDArray[np.floating]) -> Array:
        """Vector of a free region given as `(grid, grid)` weights (see `grid_weights`).

        The mean subtracted is that of the locations under the region, in proportion to how much of it each explains.
        Raises ModelError when the weights sum to 0 or have another shape.
        """
        return describe(pool_tokens(self.tokens, weights, self.free_center(weights)), self.evidence)

    def free_center(self, weights: NDArray[np.floating]) -> Array:
        """The vector to expect under free weights: the covered locations' means, by cosine of the weights."""
        norm = float(np.sqrt(np.square(weights, dtype=np.float64).sum()))
        shares = np.zeros(len(self.weights))
        for i, own in enumerate(self.weights.values()):
            size = float(np.sqrt(np.square(own, dtype=np.float64).sum()))
            if norm > 0 and size > 0:
                shares[i] = (float(np.vdot(own, weights)) / (norm * size)) ** 4
        if shares.sum() <= 0:
            return self.global_center
        stacked = np.stack([self.centers[place] for place in self.weights])
        return np.asarray(shares / shares.sum() @ stacked, dtype=np.float32)


class CellNet(Protocol):
    """From a view to `(GRID, GRID, channels)` cells: the shipped network, or an adapted backbone."""

    channels: int

    def __call__(self, view: NDArray[np.floating]) -> Features:
        """Features of `view` `(H, W)`; ImageError for other shapes."""


class ImageEncoder:
    """Features of a network, a locator and a linear head; the shipped ones run on ONNX Runtime alone. Deterministic.

    `version` changes whenever weights, preprocessing, head or locator change; `tokens` are `(grid, grid, dim)`.
    """

    def __init__(self, *, net: CellNet, head: Head, version: str, locator: Locator | None = None) -> None:
        if head.projection.shape[0] != net.channels:
            raise ModelError(f"head takes {head.projection.shape[0]} channels, expected {net.channels}; train it again")
        self._net = net
        self._head = head
        self._locator = locator
        self.version = version
        self.dim = head.dim
        self.grid = GRID

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Region] = NO_REGIONS) -> EncodedImage:
        """Encode one view `(H, W)` in [0, 1], bright = dense, as `imaging.frontal_view` gives it.

        `regions` (boxes or masks in pixels of the view) replace the located ones; parts of a given lung move with it.
        Raises ImageError for other shapes and InputError for a region that is unknown or outside the image.
        """
        features = self.features(view)
        located = self.locate(features)
        weights, boxes = weights_and_boxes(located, regions, features.geometry)
        tokens = self._head.tokens(features.cells, reference_cells(features, located))
        content = features.geometry.content()
        evidence = self._head.evidence
        vectors = {
            place: describe(pool_tokens(tokens, weights[place], self._head.centers[place]), evidence)
            for place in LOCATIONS
        }
        return EncodedImage(
            global_vector=_whole(pool_tokens(tokens, content, self._head.global_center), evidence),
            region_vectors=vectors,
            boxes=boxes,
            tokens=tokens.astype(np.float16),
            geometry=features.geometry,
            weights=weights,
            centers=self._head.centers,
            global_center=self._head.global_center,
            evidence=evidence,
        )

    def features(self, view: NDArray[np.floating]) -> Features:
        """The frozen features behind everything, before head and locator; ImageError for other shapes."""
        return self._net(view)

    def locate(self, features: Features) -> Located:
        """The 29 boxes and the soft masks of lungs and heart; the mean shape where a model has no locator."""
        return mean_shape(features.geometry) if self._locator is None else self._locator(features)


def _whole(difference: Array, evidence: int) -> Array:
    """The whole image's vector, of length 1: its look alone, since findings are scored against a location's normal."""
    return np.concatenate([np.zeros(evidence, dtype=np.float32), unit(difference[evidence:])])


def load_encoder(name_or_path: str | Path = "default") -> ImageEncoder:
    """The encoder of a shipped name, or of a model card's path (its files beside it).

    Raises ModelError when a file is missing, damaged (its SHA-256 differs) or does not fit.
    """
    path = Path(name_or_path)
    folder, card = (path.parent, read_card(path)) if path.suffix == ".json" else (FOLDER, load_card(str(name_or_path)))
    if "backbone" in card:
        from casekin.models.adapters.adapted import load_adapted  # needs an extra that the shipped encoder doesn't

        return load_adapted(folder, card)
    roles = ("net", "head", *(["locator"] if "locator" in card["files"] else []))
    paths = {role: checked_file(folder, *_entry(card, role)) for role in roles}
    return ImageEncoder(
        net=FeatureNet(paths["net"]),
        head=load_head(paths["head"], LOCATIONS),
        locator=Locator(paths["locator"]) if "locator" in paths else None,
        version=card_version(card),
    )


def card_version(card: Mapping[str, Any]) -> str:
    """Short name of everything that decides the vectors: hash over file hashes and preprocessing."""
    text = "\n".join(f"{role}={entry['sha256']}" for role, entry in sorted(card["files"].items()))
    digest = hashlib.sha256(f"{text}\n{card.get('preprocessing', '')}".encode()).hexdigest()
    return f"{card.get('short_name', 'model')}-{digest[:6]}"


def _entry(card: Mapping[str, Any], role: str) -> tuple[str, str]:
    entry = card["files"].get(role)
    if not isinstance(entry, Mapping) or not {"name", "sha256"} <= set(entry):
        raise ModelError(f"model card has no file entry {role!r} with name and sha256; install casekin again")
    return str(entry["name"]), str(entry["sha256"])


def weights_and_boxes(
    located: Located, regions: Mapping[Place, Region], geometry: Geometry
) -> tuple[dict[Place, Array], dict[Place, Box]]:
    for place in regions:
        if place not in LOCATIONS:
            raise InputError(f"no vector is kept for {place}, expected one of the 29 locations; pool its weights")
    given = {place: r if isinstance(r, Box) else _box_of_mask(r, place) for place, r in regions.items()}
    moved = moved_with_lungs(located.boxes, given)
    boxes = {place: box if place in given else inside_image(geometry, box) for place, box in moved.items()}
    weights = {
        place: grid_weights(geometry, region)
        if (region := regions.get(place)) is not None and not isinstance(region, Box)
        else region_weights(located, place, boxes[place], geometry)
        for place in LOCATIONS
    }
    return weights, {place: boxes[place] for place in LOCATIONS}


def _box_of_mask(mask: NDArray[np.generic], place: Place) -> Box:
    inside = np.asarray(mask) > 0
    if inside.ndim != 2 or not inside.any():
        raise InputError(f"mask of {place} is empty or not two-dimensional; draw the region again")
    return mask_box(inside)


def reference_cells(features: Features, located: Located) -> Array:
    """Mean cell of the lungs beside the heart and of the whole image, `(2 * channels,)`; without lungs twice that."""
    content = features.geometry.content()
    # The lungs' outlines reach behind the heart; its shadow says nothing about how bright this image shows air.
    lungs = (located.right_lung + located.left_lung) * (1.0 - located.heart)
    return np.concatenate(
        [mean_cell(features.cells, w) for w in (lungs if float(lungs.sum()) >= 1.0 else content, content)]
    )


def mean_cell(cells: Array, weights: Array) -> Array:
    """Weighted mean of cells `(grid, grid, channels)`."""
    total = float(weights.sum(dtype=np.float64))
    return np.asarray(np.tensordot(weights, cells, axes=([0, 1], [0, 1])) / total, dtype=np.float32)
