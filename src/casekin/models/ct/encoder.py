"""The encoder of CT volumes: all that an index keeps of one, in the form that the image encoder has for radiographs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from casekin.anatomy import LOCATIONS, anatomy, on_radiograph
from casekin.errors import ImageError, PlaceError
from casekin.imaging.geometry import frontal_map, frontal_view
from casekin.imaging.image import MedicalImage
from casekin.models.ct.encode import EncodedCT, encode_ct
from casekin.models.ct.form import CtForm
from casekin.models.ct.grid import STEP_MM, Mask
from casekin.models.ct.normals import EVIDENCE, Normals, home_of, load_normals
from casekin.models.ct.projection import column_tokens, shadow_box
from casekin.models.geometry import Array
from casekin.models.image_encoder import EncodedImage, ImageEncoder
from casekin.models.weights import checked_file, find_card
from casekin.types import Place

SHIPPED = "casekin_ct"
_CELL_ML = STEP_MM**3 / 1000.0
# Less air is no chest (a head's sinuses), and a smaller even organ no liver.
_LEAST_LUNG_ML, _LEAST_LIVER_ML = 60.0, 200.0
_WHOLE_DEPTH = 0.03**0.5  # weight of 3D in the whole volume's vector


class CtEncoder:
    """A volume's projection encoded by `film`, organs located in 3D, and each region beside what is usual there.

    Deterministic. `version` changes whenever the usual values, or the encoder of the projection, change.
    """

    def __init__(self, normals: Normals, film: ImageEncoder) -> None:
        self.normals = normals
        self._film = film
        self._places = sorted(normals.medians, key=str)
        self.version = f"casekin-ct-{_digest(normals, film.version)}"

    def encode(self, image: MedicalImage) -> EncodedImage:
        """Encode a CT of the trunk. Its regions are the 29 locations, and what else was located in 3D.

        Boxes are those of the places' shadows on the frontal view, where located in 3D. Raises ImageError for what
        `locate_ct` refuses, and for a volume that shows neither lungs nor liver, spine and aorta.
        """
        found = encode_ct(image)
        masks = {place: mask for place, mask in found.located.masks.items() if place in self.normals.medians}
        if not _shows_trunk(masks):
            raise ImageError(f"{image.name}: neither lungs nor a liver were found, expected a CT of the trunk")
        shown = self._film.encode(frontal_view(image))
        form = CtForm(film=shown.form, normals=self.normals)
        columns = column_tokens(found.maps, masks, grid=len(shown.tokens))
        shape = frontal_map(image).frontal
        return replace(
            shown,
            global_vector=self._whole(shown.global_vector, found),
            region_vectors={
                place: form.vector(_projected(place, shown), self._evidence(place, found))
                for place in dict.fromkeys([*LOCATIONS, *masks])
            },
            boxes={**shown.boxes, **{place: shadow_box(mask, shape) for place, mask in masks.items()}},
            tokens=np.concatenate([shown.tokens, columns], axis=2).astype(np.float16),
            form=form,
            film=None,
        )

    def _evidence(self, place: Place, found: EncodedCT) -> Array:
        """What stands out at the place or its nearest whole; nothing where neither was located."""
        home = home_of(place, {one: 1 for one in found.statistics if one in self.normals.medians})
        if home is None:
            return np.zeros(EVIDENCE, dtype=np.float32)
        return self.normals.evidence(found.statistics[home], home)

    def _whole(self, shown: Array, found: EncodedCT) -> Array:
        """The whole volume: its projection, and what stands out at every place, 0 where a place wasn't found."""
        none = np.zeros(EVIDENCE, dtype=np.float32)
        parts = [
            self.normals.evidence(found.statistics[place], place) if place in found.statistics else none
            for place in self._places
        ]
        depth = _WHOLE_DEPTH / np.sqrt(len(self._places)) * np.concatenate(parts)
        return np.concatenate([shown, depth]).astype(np.float32)


@lru_cache(maxsize=2)
def load_ct_encoder(film: ImageEncoder) -> CtEncoder:
    """The shipped encoder over an encoder of radiographs. ModelError when its file is missing or damaged."""
    folder, card = find_card(SHIPPED)
    entry = card["files"]["normals"]
    return CtEncoder(load_normals(checked_file(folder, entry["name"], entry["sha256"])), film)


def places_in_ct(place: Place, located: Mapping[Place, object]) -> dict[Place, float]:
    """Where to look for a place in a CT with these `located`: weights that sum to 1, half for each side of both.

    The place itself, else its nearest whole or what shares its space, else where a radiograph would show it. PlaceError
    where there is none.
    """
    if place in located:
        return {place: 1.0}
    sides = [place]
    if anatomy(place.anatomy).paired and place.side not in ("left", "right"):
        sides = [Place(anatomy=place.anatomy, side=side) for side in ("left", "right")]
    homes = [home for side in sides if (home := home_of(side, located)) is not None]
    if homes:
        return {home: homes.count(home) / len(homes) for home in homes}
    return on_radiograph(place)


def _projected(place: Place, shown: EncodedImage) -> Array:
    """The projection's vector of a place: of the locations that show it, 0 where none does."""
    try:
        shares = on_radiograph(place)
    except PlaceError:
        return np.zeros_like(shown.region_vectors[LOCATIONS[0]])
    parts = np.stack([share * shown.region_vectors[where] for where, share in shares.items()])
    return np.asarray(parts.sum(axis=0), dtype=np.float32)


def _shows_trunk(masks: Mapping[Place, Mask]) -> bool:
    size = {str(place): float(mask.sum()) * _CELL_ML for place, mask in masks.items()}
    lungs = size.get("right_lung", 0.0) + size.get("left_lung", 0.0)
    return lungs > _LEAST_LUNG_ML or (size.get("liver", 0.0) > _LEAST_LIVER_ML and {"spine", "aorta"} <= size.keys())


def _digest(normals: Normals, film: str) -> str:
    digest = hashlib.sha256(film.encode())
    for place in sorted(normals.medians, key=str):
        digest.update(f"{place}".encode() + normals.medians[place].tobytes() + normals.spreads[place].tobytes())
    return digest.hexdigest()[:6]
