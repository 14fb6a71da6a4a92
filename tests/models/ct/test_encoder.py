"""A CT volume becomes what an index keeps: located in 3D, seen in projection, and pointed at in every way alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, on_radiograph, parse_place
from casekin.errors import ImageError, PlaceError
from casekin.imaging import frontal_map, frontal_view
from casekin.models import EncodedImage, Neighbour, grid_weights, load_encoder
from casekin.models.ct import CtEncoder, EncodedCT, fit_normals, load_ct_encoder, places_in_ct
from casekin.models.ct.normals import EVIDENCE
from casekin.types import Box, Place
from made_ct import Phantom, ct_image

LIVER, RIGHT_BASE = Place(anatomy="liver"), parse_place("right lower lobe")


@pytest.fixture(scope="module")
def encoder(encoded: EncodedCT) -> CtEncoder:
    """Usual is the drawn chest itself, a little more or less of it."""
    rows = [{place: values + step for place, values in encoded.statistics.items()} for step in (-0.1, 0.0, 0.1)]
    return CtEncoder(fit_normals(rows), load_encoder())


@pytest.fixture(scope="module")
def volume(encoder: CtEncoder, sick_chest: Phantom) -> EncodedImage:
    return encoder.encode(sick_chest.image)


def test_regions_are_the_locations_and_what_was_located(volume: EncodedImage) -> None:
    assert set(LOCATIONS) < volume.region_vectors.keys()
    assert {LIVER, RIGHT_BASE, Place(anatomy="aorta")} < volume.region_vectors.keys()
    assert {vector.shape for vector in volume.region_vectors.values()} == {volume.region_vectors[LIVER].shape}
    assert volume.region_vectors.keys() >= volume.boxes.keys()


def test_the_first_part_of_a_vector_is_the_projection_s(volume: EncodedImage, sick_chest: Phantom) -> None:
    shown = load_encoder().encode(frontal_view(sick_chest.image))
    for place in LOCATIONS:
        assert np.array_equal(volume.region_vectors[place][:-EVIDENCE], shown.region_vectors[place])
    assert np.array_equal(volume.global_vector[: len(shown.global_vector)], shown.global_vector)
    mixed = sum(share * shown.region_vectors[where] for where, share in on_radiograph(RIGHT_BASE).items())
    assert np.allclose(volume.region_vectors[RIGHT_BASE][:-EVIDENCE], mixed, atol=1e-6)


def test_a_box_on_the_frontal_view_is_the_organ_s_shadow(volume: EncodedImage, sick_chest: Phantom) -> None:
    rows, columns = frontal_map(sick_chest.image).frontal
    organ = sick_chest.organs["liver"].any(axis=1)[::-1]
    y, x = (np.flatnonzero(organ.any(axis=axis)) for axis in (1, 0))
    drawn = [x[0] * columns / organ.shape[1], y[0] * rows / organ.shape[0]]
    drawn += [(x[-1] + 1) * columns / organ.shape[1], (y[-1] + 1) * rows / organ.shape[0]]
    assert np.allclose(volume.boxes[LIVER].as_list(), drawn, atol=6.0)


def test_a_region_drawn_as_a_location_lies_has_its_vector(volume: EncodedImage) -> None:
    place = Place(anatomy="lung", side="left")
    own = Neighbour(
        share=1.0, weights=volume.weights[place], vector=volume.region_vectors[place], center=volume.centers[place]
    )
    drawn = volume.form.drawn(volume.tokens, volume.weights[place], {place: own})
    assert np.allclose(drawn, volume.region_vectors[place], atol=2e-3)


def test_what_lies_behind_a_box_changes_its_vector(volume: EncodedImage) -> None:
    height, width = volume.geometry.height, volume.geometry.width
    vectors = {}
    for side, (x0, x1) in {"sick": (0.24, 0.34), "well": (0.66, 0.76)}.items():  # the ball lies in the right lower lobe
        box = Box(x0=x0 * width, y0=0.52 * height, x1=x1 * width, y1=0.65 * height)
        vectors[side] = volume.pool(grid_weights(volume.geometry, box))
    assert vectors["sick"][-EVIDENCE:].sum() > vectors["well"][-EVIDENCE:].sum()


def test_another_encoder_of_projections_or_other_normals_are_another_version(encoder: CtEncoder) -> None:
    medians = {place: values + 1 for place, values in encoder.normals.medians.items()}
    other = CtEncoder(replace(encoder.normals, medians=medians), load_encoder())
    assert other.version != encoder.version
    assert encoder.version.startswith("casekin-ct-")
    assert load_ct_encoder(load_encoder()).version == load_ct_encoder(load_encoder()).version


@pytest.mark.parametrize("pixels", [np.full((40, 40, 40), 40.0), np.full((40, 40, 40), -1000.0)])
def test_a_volume_without_a_trunk_is_refused(encoder: CtEncoder, pixels: np.ndarray) -> None:
    pixels = pixels.copy()
    pixels[:, :2] = -1000.0
    pixels[2:, 20:24, 20:24] = 700.0
    with pytest.raises(ImageError, match="a CT of the trunk"):
        encoder.encode(ct_image(pixels))


def test_places_are_looked_for_where_they_were_located() -> None:
    lungs = {parse_place(name): 1 for name in ("left lung", "right lung", "abdomen")}
    left, right = parse_place("left lung"), parse_place("right lung")
    assert places_in_ct(left, lungs) == {left: 1.0}
    assert places_in_ct(parse_place("lungs"), lungs) == {left: 0.5, right: 0.5}
    assert places_in_ct(parse_place("left lower lobe"), lungs) == {left: 1.0}
    assert places_in_ct(LIVER, lungs) == {Place(anatomy="abdomen"): 1.0}
    with pytest.raises(PlaceError):
        places_in_ct(Place(anatomy="brain"), lungs)
