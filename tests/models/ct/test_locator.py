"""Organs of a drawn chest are found where they were drawn, however the volume is stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekin.anatomy import parse_place
from casekin.errors import ImageError, InputError
from casekin.imaging.image import ImageHeader
from casekin.models.ct import EncodedCT, LocatedCT, locate_ct
from casekin.types import Place
from made_ct import ORIGIN, Mask, Phantom, ct_image

LEAST_DICE = {
    "right_lung": 0.95,
    "left_lung": 0.95,
    "trachea": 0.8,
    "spine": 0.7,
    "aorta": 0.7,
    "cardiac_silhouette": 0.75,
    "liver": 0.75,
}


def dice(a: Mask, b: Mask) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


@pytest.mark.parametrize("name", sorted(LEAST_DICE))
def test_an_organ_is_found_where_it_was_drawn(name: str, chest: Phantom, located: LocatedCT) -> None:
    assert dice(located.mask(parse_place(name)), chest.organs[name]) > LEAST_DICE[name]


def test_boxes_are_in_patient_coordinates(chest: Phantom, located: LocatedCT) -> None:
    box = located.boxes[Place(anatomy="lung", side="left")]
    z, y, x = (np.flatnonzero(chest.organs["left_lung"].any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1)))
    drawn = [x[0] * 3 - 156, y[0] * 3 - 111, z[0] * 4, x[-1] * 3 - 156, y[-1] * 3 - 111, z[-1] * 4]
    assert np.allclose(box.as_list()[1:], drawn[1:], atol=7.0)  # on its inner side a bronchus goes with the lung


def test_storage_order_does_not_matter(chest: Phantom, located: LocatedCT) -> None:
    turned = chest.image.pixels.transpose(2, 0, 1)[::-1, :, ::-1]  # axes now: right, up, front
    stored = replace(
        chest.image,
        pixels=np.ascontiguousarray(turned),
        spacing_mm=(3.0, 4.0, 3.0),
        direction=np.array([[-1, 0, 0], [0, 0, 1], [0, -1, 0]], float),
        origin=(ORIGIN[0] + 3.0 * (turned.shape[0] - 1), ORIGIN[1] + 3.0 * (turned.shape[2] - 1), 0.0),
    )
    again = locate_ct(stored)
    assert again.boxes.keys() == located.boxes.keys()
    for place, box in located.boxes.items():
        assert np.allclose(again.boxes[place].as_list(), box.as_list(), atol=1e-3), place
        assert np.array_equal(again.mask(place).transpose(1, 2, 0)[:, ::-1, ::-1], located.mask(place))


def test_lobes_share_out_their_lung(located: LocatedCT) -> None:
    for side, names in (("right", ("upper_lobe", "middle_lobe", "lower_lobe")), ("left", ("upper_lobe", "lower_lobe"))):
        parts = [located.masks[parse_place(f"{side}_{name}")] for name in names]
        assert np.array_equal(sum(part.astype(int) for part in parts), located.masks[parse_place(f"{side}_lung")])
    lingula = located.masks[Place(anatomy="lingula", side="left")]
    assert not (lingula & ~located.masks[parse_place("left_upper_lobe")]).any()


def test_consolidated_lung_stays_lung(sick_chest: Phantom, encoded: EncodedCT) -> None:
    assert dice(encoded.located.mask(parse_place("right_lung")), sick_chest.organs["right_lung"]) > 0.94


def test_what_was_not_found_is_named(chest: Phantom, located: LocatedCT) -> None:
    with pytest.raises(InputError, match="left_kidney was not found"):
        located.mask(Place(anatomy="kidney", side="left"))


def test_magnetic_resonance_is_refused(chest: Phantom) -> None:
    with pytest.raises(ImageError, match="no Hounsfield units"):
        locate_ct(replace(chest.image, header=ImageHeader(modality="MR")))


def test_a_missing_rescale_is_refused(chest: Phantom) -> None:
    with pytest.raises(ImageError, match="no Hounsfield units"):
        locate_ct(replace(chest.image, pixels=chest.image.pixels + 1100.0))


def test_a_picture_is_refused(chest: Phantom) -> None:
    with pytest.raises(ImageError, match="single picture"):
        locate_ct(replace(chest.image, pixels=chest.image.pixels[0]))


def test_unknown_orientation_is_refused(chest: Phantom) -> None:
    with pytest.raises(ImageError, match="left and right are unknown"):
        locate_ct(replace(chest.image, direction=None))


def test_a_slab_too_thin_is_refused(chest: Phantom) -> None:
    with pytest.raises(ImageError, match="at least 30 mm"):
        locate_ct(replace(chest.image, pixels=chest.image.pixels[:4]))


@pytest.mark.parametrize("value", [-1000.0, 40.0])
def test_a_volume_of_one_kind_holds_no_organ(value: float) -> None:
    pixels = np.full((12, 20, 20), value)
    pixels[0, :5] = -1000.0
    pixels[1, :5] = 700.0
    assert not {str(place) for place in locate_ct(ct_image(pixels)).masks} - {"abdomen"}
