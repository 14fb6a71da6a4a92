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
from casekin.models.decoder import MAP_SIZE, Decoder, coarsen
from casekin.models.features import GRID, FeatureNet, Features
from casekin.models.film import FilmState
from casekin.models.geometry import Array, Geometry, grid_weights, inside_image, unit
from casekin.models.head import Head, load_head
from casekin.models.locator import Located, mask_box, mean_shape, moved_with_lungs, region_weights
from casekin.models.locator_net import Locator
from casekin.models.presence import Presence, load_presence
from casekin.models.region import Neighbour, RegionForm, VectorForm
from casekin.models.weights import checked_file, find_card
from casekin.types import Box, Place

Region = Box | NDArray[np.generic]
NO_REGIONS: Mapping[Place, Region] = MappingProxyType({})
MOST_NEIGHBOURS = 4
"""Locations that stand for a free region at most."""
LEAST_SHARE = 0.05
"""Of the first's likeness: locations that are less like the region don't stand for it."""
_PEAKED = 8  # power of the cosine: a region drawn roughly as a location lies is that location
_WHOLE_LOOK = 0.05**0.5  # length of the whole image's look beside its findings: twins of one film stay together


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """What the encoder knows of one frontal view; vectors are compared by inner product (see `models.region`).

    `region_vectors` and `boxes` hold all 29 locations (boxes in pixels of the view, located or as given); `tokens`
    `(grid, grid, F + D)` float16, evidence and look of each cell, of which `form` makes vectors. `evidence_maps`
    `(F, 48, 48)` are logits that a cell shows a finding of `form.findings`. `weights` are each location's pooling
    weights `(grid, grid)`, `centers` each location's look in training. `film` says what is wrong with the film as it
    was stored, where the model has a locator (see `film_faults`).
    """

    global_vector: Array
    region_vectors: Mapping[Place, Array]
    boxes: Mapping[Place, Box]
    tokens: NDArray[np.float16]
    evidence_maps: Array
    geometry: Geometry
    weights: Mapping[Place, Array]
    centers: Mapping[Place, Array]
    form: VectorForm
    film: FilmState | None = None

    def presence(self, place: Place) -> dict[str, float]:
        """How likely each finding is at one of the 29 locations, by the picture."""
        found = self.region_vectors[place][: self.form.count].tolist()
        return dict(zip(self.form.findings, found, strict=True))

    def pool(self, weights: NDArray[np.floating]) -> Array:
        """Vector of a free region given as `(grid, grid)` weights (see `grid_weights`).

        Raises ModelError when the weights sum to 0 or have another shape.
        """
        near = {
            place: Neighbour(
                share=share,
                weights=self.weights[place],
                vector=self.region_vectors[place],
                center=self.centers[place],
            )
            for place, share in self.shares(weights).items()
        }
        return self.form.drawn(self.tokens, weights, near)

    def shares(self, weights: NDArray[np.floating]) -> dict[Place, float]:
        """The locations that a free region is like, the most first, shares summing to 1: by cosine of the weights.

        ModelError when the weights sum to 0.
        """
        norm = float(np.sqrt(np.square(weights, dtype=np.float64).sum()))
        if not norm > 0.0:
            raise ModelError("weights of the region sum to 0, expected a region that covers part of the image")
        alike = {}
        for place, own in self.weights.items():
            size = float(np.sqrt(np.square(own, dtype=np.float64).sum()))
            alike[place] = (float(np.vdot(own, weights)) / (norm * size)) ** _PEAKED if size > 0 else 0.0
        order = sorted(alike, key=lambda place: -alike[place])[:MOST_NEIGHBOURS]  # ties by the places' order
        first = [place for place in order if alike[place] > LEAST_SHARE * alike[order[0]]] or order[:1]
        total = sum(alike[place] for place in first)
        return {place: alike[place] / total if total > 0 else 1.0 for place in first}


class CellNet(Protocol):
    """From a view to `(GRID, GRID, channels)` cells: the shipped network, or an adapted backbone."""

    channels: int

    def __call__(self, view: NDArray[np.floating]) -> Features:
        """Features of `view` `(H, W)`; ImageError for other shapes."""


class ImageEncoder:
    """A network's features, a locator, a decoder of findings and a look; ONNX Runtime alone. Deterministic.

    `version` changes whenever weights, preprocessing or any part changes; without a decoder vectors are looks alone.
    `pair_maps` is what its card records of the checks of maps between two images; None where it wasn't checked.
    """

    def __init__(
        self,
        *,
        net: CellNet,
        head: Head,
        version: str,
        locator: Locator | None = None,
        decoder: Decoder | None = None,
        presence: Presence | None = None,
        pair_maps: Mapping[str, Any] | None = None,
    ) -> None:
        if head.projection.shape[0] != net.channels:
            raise ModelError(f"head takes {head.projection.shape[0]} channels, expected {net.channels}; train it again")
        if (decoder is None) != (presence is None):
            raise ModelError("a decoder's evidence is read by presence curves; expected both or none")
        findings = () if decoder is None else decoder.findings
        self._net = net
        self._head = head
        self._locator = locator
        self._decoder = decoder
        self.form = RegionForm(findings=findings, presence=presence)
        self.version = version
        self.pair_maps = pair_maps
        self.dim = head.dim + (len(findings) + 1 if findings else 0)
        self.grid = GRID

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Region] = NO_REGIONS) -> EncodedImage:
        """Encode one view `(H, W)` in [0, 1], bright = dense, as `imaging.frontal_view` gives it.

        `regions` (boxes or masks in pixels of the view) replace the located ones; parts of a given lung move with it.
        Raises ImageError for other shapes and InputError for a region that is unknown or outside the image.
        """
        features = self.features(view)
        located = self.locate(features)
        weights, boxes = weights_and_boxes(located, regions, features.geometry)
        looks = self._head.looks(features.cells)
        maps = np.zeros((0, MAP_SIZE, MAP_SIZE), dtype=np.float32) if self._decoder is None else self._decoder(features)
        tokens = np.concatenate([coarsen(maps, self.grid, sharpness=self.form.sharpness), looks], axis=2)
        presence = self._presence(tokens, weights)
        vectors = {
            place: self.form.vector(found, self.form.look(tokens, weights[place], self._head.centers[place]))
            for place, found in zip(LOCATIONS, presence, strict=True)
        }
        content = features.geometry.content()
        return EncodedImage(
            global_vector=self._whole(presence, self.form.look(tokens, content, self._head.global_center)),
            region_vectors=vectors,
            boxes=boxes,
            tokens=tokens.astype(np.float16),
            evidence_maps=maps,
            geometry=features.geometry,
            weights=weights,
            centers=self._head.centers,
            form=self.form,
            film=located.film,
        )

    def features(self, view: NDArray[np.floating]) -> Features:
        """The frozen features behind everything, before head and locator; ImageError for other shapes."""
        return self._net(view)

    def locate(self, features: Features) -> Located:
        """The 29 boxes and the soft masks of lungs and heart; the mean shape where a model has no locator."""
        return mean_shape(features.geometry) if self._locator is None else self._locator(features)

    def _presence(self, tokens: Array, weights: Mapping[Place, Array]) -> Array:
        """Presence `(29, F)` of every finding at every location."""
        if self.form.presence is None:
            return np.zeros((len(LOCATIONS), 0), dtype=np.float32)
        return self.form.presence.read(self.form.evidence(tokens, np.stack([weights[place] for place in LOCATIONS])))

    def _whole(self, presence: Array, look: Array) -> Array:
        """The whole image's vector: presence at every location, so that their mean agreement counts, and the look."""
        if not self.form.count:
            return unit(look)
        found = presence.ravel() / np.sqrt(len(LOCATIONS))
        return np.concatenate([found, unit(look) * _WHOLE_LOOK]).astype(np.float32)


def load_encoder(name_or_path: str | Path = "default") -> ImageEncoder:
    """The encoder of a shipped name, or of a model card's path (its files beside it).

    Raises ModelError when a file is missing, damaged (its SHA-256 differs) or does not fit.
    """
    folder, card = find_card(name_or_path)
    if "backbone" in card:
        from casekin.models.adapters.adapted import load_adapted  # needs an extra that the shipped encoder doesn't

        return load_adapted(folder, card)
    given = [role for role in ("locator", "decoder", "presence") if role in card["files"]]
    paths = {role: checked_file(folder, *_entry(card, role)) for role in ("net", "head", *given)}
    findings = tuple(str(name) for name in card.get("findings", ()))
    return ImageEncoder(
        net=FeatureNet(paths["net"]),
        head=load_head(paths["head"]),
        locator=Locator(paths["locator"]) if "locator" in paths else None,
        decoder=Decoder(paths["decoder"], findings) if "decoder" in paths else None,
        presence=load_presence(paths["presence"], (len(LOCATIONS), len(findings))) if "presence" in paths else None,
        version=card_version(card),
        pair_maps=card.get("pair_maps"),
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
