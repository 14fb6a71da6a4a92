"""The encoder of CT volumes: all that an index keeps of one, in the form that the image encoder has for radiographs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from casekin.anatomy import anatomy
from casekin.errors import ImageError, PlaceError
from casekin.imaging.geometry import frontal_map
from casekin.imaging.image import MedicalImage
from casekin.models.ct.encode import EncodedCT, encode_ct
from casekin.models.ct.form import CtForm
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.ct.normals import EVIDENCE, Normals, home_of, load_normals
from casekin.models.ct.projection import column_tokens, frontal_geometry, shadow_box, shadow_weights
from casekin.models.geometry import Array
from casekin.models.image_encoder import EncodedImage, card_version
from casekin.models.weights import checked_file, find_card
from casekin.types import Place

SHIPPED = "casekin_ct"
_CELL_ML = STEP_MM**3 / 1000.0
# Less air is no chest (a head's sinuses), and a smaller even organ no liver.
_LEAST_LUNG_ML, _LEAST_LIVER_ML = 60.0, 200.0


class CtEncoder:
    """Organs located, regions measured, each beside what is usual there. Deterministic; no network.

    `version` changes whenever the usual values or the way of measuring change.
    """

    def __init__(self, normals: Normals, *, version: str) -> None:
        self.normals = normals
        self.version = version
        self._places = sorted(normals.medians, key=str)

    def encode(self, image: MedicalImage) -> EncodedImage:
        """Encode a CT of the trunk; boxes and weights are those of the places' shadows on its frontal view.

        Raises ImageError for what `locate_ct` refuses, and for a volume that shows neither lungs nor liver and spine.
        """
        return self.as_image(encode_ct(image), shape=frontal_map(image).frontal, name=image.name)

    def as_image(self, found: EncodedCT, *, shape: tuple[int, int], name: str = "volume") -> EncodedImage:
        """The same for a volume that was measured before; `shape` is its frontal view's `(rows, columns)`."""
        masks = {place: mask for place, mask in found.located.masks.items() if place in self.normals.medians}
        if not _shows_trunk(masks):
            raise ImageError(f"{name}: no lungs, and no liver beside a spine, were found; expected a CT of the trunk")
        vectors = {place: self.normals.describe(found.statistics[place], place) for place in masks}
        return EncodedImage(
            global_vector=self._whole(vectors),
            region_vectors=vectors,
            boxes={place: shadow_box(mask, shape) for place, mask in masks.items()},
            tokens=column_tokens(found.maps, masks).astype(np.float16),
            evidence_maps=np.zeros((0, 1, 1), dtype=np.float32),
            geometry=frontal_geometry(shape),
            weights={place: shadow_weights(mask) for place, mask in masks.items()},
            centers=dict.fromkeys(masks, np.zeros(0, dtype=np.float32)),
            form=CtForm(normals=self.normals),
        )

    def _whole(self, vectors: Mapping[Place, Array]) -> Array:
        """The whole volume: the evidence at every place, nothing where a place wasn't found."""
        none = np.zeros(EVIDENCE, dtype=np.float32)
        parts = [vectors[place][:EVIDENCE] if place in vectors else none for place in self._places]
        return np.asarray(np.concatenate(parts) / np.sqrt(len(self._places)), dtype=np.float32)


@lru_cache(maxsize=1)
def load_ct_encoder() -> CtEncoder:
    """The shipped encoder. ModelError when its file is missing or damaged."""
    folder, card = find_card(SHIPPED)
    entry = card["files"]["normals"]
    return CtEncoder(load_normals(checked_file(folder, entry["name"], entry["sha256"])), version=card_version(card))


def places_in_ct(place: Place, located: Mapping[Place, object]) -> dict[Place, float]:
    """Where to look for a place in a volume with these `located`: weights that sum to 1, half for each side of both.

    The place itself, else the nearest whole that was located or what shares its space. PlaceError where there is none.
    """
    sides = [place]
    if anatomy(place.anatomy).paired and place.side not in ("left", "right"):
        sides = [Place(anatomy=place.anatomy, side=side) for side in ("left", "right")]
    homes = [home for side in sides if (home := home_of(side, located)) is not None]
    if not homes:
        raise PlaceError(f"place: {place} was not located in this volume; name one of {', '.join(map(str, located))}")
    shares: dict[Place, float] = {}
    for home in homes:
        shares[home] = shares.get(home, 0.0) + 1.0 / len(homes)
    return shares


def _shows_trunk(masks: Mapping[Place, Mask]) -> bool:
    size = {str(place): float(mask.sum()) * _CELL_ML for place, mask in masks.items()}
    lungs = size.get("right_lung", 0.0) + size.get("left_lung", 0.0)
    belly = size.get("liver", 0.0) > _LEAST_LIVER_ML and size.get("spine", 0.0) > 0.0 and size.get("aorta", 0.0) > 0.0
    return lungs > _LEAST_LUNG_ML or belly
