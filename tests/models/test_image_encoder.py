"""What every vector of the shipped encoder keeps: length, order, sides, overrides, bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.errors import InputError, ModelError
from casekin.models import ImageEncoder, grid_weights, load_card, load_encoder
from casekin.models.weights import DEFAULT, FOLDER
from casekin.types import Box, Place

Simulated = tuple[NDArray[np.float32], dict[Place, Box]]
RIGHT_LUNG = Place(anatomy="lung", side="right")
LEFT_LOWER = Place(anatomy="lower_lung_zone", side="left")


def test_every_location_has_a_presence_of_each_finding_a_normality_and_a_look(
    encoder: ImageEncoder, phantom: NDArray[np.float32]
) -> None:
    image = encoder.encode(phantom)
    count = image.form.count
    assert tuple(image.region_vectors) == LOCATIONS
    assert tuple(image.boxes) == LOCATIONS
    assert image.evidence_maps.shape == (count, 48, 48)
    for place, vector in image.region_vectors.items():
        assert vector.shape == (encoder.dim,)
        assert vector.dtype == np.float32
        assert 0.0 <= vector[:count].min() <= vector[:count].max() <= 1.0
        assert vector[count] == pytest.approx(np.sqrt(0.06) * np.prod(1 - vector[:count]), abs=1e-6)
        assert float(np.linalg.norm(vector[count + 1 :])) == pytest.approx(np.sqrt(0.02), abs=1e-5)
        assert list(image.presence(place).values()) == vector[:count].tolist()


def test_a_region_drawn_as_a_location_lies_has_that_locations_presence(
    encoder: ImageEncoder, simulated: Simulated
) -> None:
    image = encoder.encode(simulated[0])
    count = image.form.count
    for place in LOCATIONS:
        drawn = image.pool(image.weights[place])
        (first, share), *_ = image.shares(image.weights[place]).items()
        if first == place and share > 0.95:  # others share their ground with a like-shaped neighbour
            np.testing.assert_allclose(drawn[:count], image.region_vectors[place][:count], atol=0.1)
    own = image.region_vectors[LEFT_LOWER]
    free = image.pool(image.weights[LEFT_LOWER])
    assert float(free @ own) > 0.9 * float(np.linalg.norm(free) * np.linalg.norm(own))


def test_the_whole_images_vector_agrees_as_its_locations_do_on_average(
    encoder: ImageEncoder, phantom: NDArray[np.float32], simulated: Simulated
) -> None:
    one, other = encoder.encode(phantom), encoder.encode(simulated[0])
    count = one.form.count
    agreement = [float(one.region_vectors[place][:count] @ other.region_vectors[place][:count]) for place in LOCATIONS]
    whole = len(LOCATIONS) * count
    assert float(one.global_vector[:whole] @ other.global_vector[:whole]) == pytest.approx(np.mean(agreement), abs=1e-5)
    assert float(np.linalg.norm(one.global_vector[whole:])) == pytest.approx(np.sqrt(0.05), abs=1e-5)


def test_the_same_image_gives_the_same_bytes(encoder: ImageEncoder, phantom: NDArray[np.float32]) -> None:
    one, other = encoder.encode(phantom), load_encoder().encode(phantom.copy())
    assert one.global_vector.tobytes() == other.global_vector.tobytes()
    assert one.tokens.tobytes() == other.tokens.tobytes()
    assert one.boxes == other.boxes


def test_encoding_writes_nothing_into_the_view(encoder: ImageEncoder, phantom: NDArray[np.float32]) -> None:
    before = phantom.copy()
    encoder.encode(phantom)
    np.testing.assert_array_equal(phantom, before)


@pytest.mark.parametrize("shape", [(32, 32), (5, 400), (1, 1)])
@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_tiny_and_constant_images_encode(encoder: ImageEncoder, shape: tuple[int, int], value: float) -> None:
    image = encoder.encode(np.full(shape, value, dtype=np.float32))
    assert np.isfinite(image.tokens).all()
    assert all(np.isfinite(vector).all() for vector in image.region_vectors.values())


def test_boxes_lie_inside_the_image_and_right_is_on_the_left_of_the_picture(
    encoder: ImageEncoder, phantom: NDArray[np.float32]
) -> None:
    height, width = phantom.shape
    boxes = encoder.encode(phantom).boxes
    for box in boxes.values():
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
    for place in LOCATIONS:
        if place.side == "right":
            left = boxes[mirror(place)]
            assert boxes[place].x0 + boxes[place].x1 < left.x0 + left.x1


def test_a_mirrored_picture_swaps_the_sides_of_lungs_and_zones(encoder: ImageEncoder, simulated: Simulated) -> None:
    view, _ = simulated
    width = view.shape[1]
    straight, mirrored = encoder.encode(view).boxes, encoder.encode(view[:, ::-1]).boxes
    for place in LOCATIONS:
        if place.anatomy in ("lung", "upper_lung_zone", "mid_lung_zone", "lower_lung_zone"):
            expected, got = straight[mirror(place)], mirrored[place]
            assert got.x0 == pytest.approx(width - expected.x1, abs=0.05 * width)
            assert got.x1 == pytest.approx(width - expected.x0, abs=0.05 * width)
            assert got.y0 == pytest.approx(expected.y0, abs=0.05 * width)


def test_a_simulated_chest_is_located_where_the_truth_says(encoder: ImageEncoder, simulated: Simulated) -> None:
    view, truth = simulated
    located = encoder.encode(view).boxes
    overlaps = {place: box_iou(located[place], truth[place]) for place in truth}
    assert min(overlap for place, overlap in overlaps.items() if place.anatomy == "lung") > 0.8
    assert float(np.median(list(overlaps.values()))) > 0.6


def box_iou(a: Box, b: Box) -> float:
    both = max(min(a.x1, b.x1) - max(a.x0, b.x0), 0.0) * max(min(a.y1, b.y1) - max(a.y0, b.y0), 0.0)
    return both / (a.area + b.area - both)


def test_a_mirrored_picture_mirrors_its_maps(encoder: ImageEncoder, phantom: NDArray[np.float32]) -> None:
    """Approximately: no network is its own mirror, but no mirrored position may match better than the right one."""
    straight = encoder.features(phantom).maps["stride16"]
    mirrored = encoder.features(phantom[:, ::-1]).maps["stride16"][:, :, ::-1]

    def agreement(step: int) -> float:
        inner = slice(3, -3)
        return float(
            np.corrcoef(straight[:, inner, inner].ravel(), np.roll(mirrored, step, 2)[:, inner, inner].ravel())[0, 1]
        )

    assert agreement(0) > 0.8
    assert max((-2, -1, 0, 1, 2), key=agreement) == 0


def test_given_regions_replace_located_ones(encoder: ImageEncoder, phantom: NDArray[np.float32]) -> None:
    box = Box(x0=30.0, y0=40.0, x1=200.0, y1=330.0)
    mask = np.zeros(phantom.shape, dtype=bool)
    mask[200:300, 300:420] = True
    plain, given = encoder.encode(phantom), encoder.encode(phantom, regions={RIGHT_LUNG: box, LEFT_LOWER: mask})
    assert given.boxes[RIGHT_LUNG] == box
    assert given.boxes[LEFT_LOWER] == Box(x0=300.0, y0=200.0, x1=420.0, y1=300.0)
    np.testing.assert_allclose(given.weights[LEFT_LOWER], grid_weights(given.geometry, mask))
    assert not np.allclose(plain.region_vectors[LEFT_LOWER], given.region_vectors[LEFT_LOWER])
    heart = Place(anatomy="cardiac_silhouette")
    np.testing.assert_array_equal(plain.region_vectors[heart], given.region_vectors[heart])


def test_zones_move_with_a_given_lung(
    encoder: ImageEncoder, simulated: tuple[NDArray[np.float32], dict[Place, Box]]
) -> None:
    view, _ = simulated
    plain = encoder.encode(view)
    lung = plain.boxes[RIGHT_LUNG]
    moved = Box(x0=lung.x0 + 20, y0=lung.y0 + 10, x1=lung.x1 + 20, y1=lung.y1 + 10)
    given = encoder.encode(view, regions={RIGHT_LUNG: moved})
    zone = Place(anatomy="mid_lung_zone", side="right")
    assert given.boxes[zone].x0 == pytest.approx(plain.boxes[zone].x0 + 20)
    assert given.boxes[zone].y1 == pytest.approx(plain.boxes[zone].y1 + 10)
    assert given.boxes[LEFT_LOWER] == plain.boxes[LEFT_LOWER]


def test_unknown_places_and_regions_outside_the_image_are_refused(
    encoder: ImageEncoder, phantom: NDArray[np.float32]
) -> None:
    with pytest.raises(InputError, match="29 locations"):
        encoder.encode(phantom, regions={Place(anatomy="lower_lobe", side="left"): Box(x0=0, y0=0, x1=9, y1=9)})
    with pytest.raises(InputError, match="outside"):
        encoder.encode(phantom, regions={RIGHT_LUNG: Box(x0=900, y0=0, x1=950, y1=9)})
    with pytest.raises(InputError, match="empty"):
        encoder.encode(phantom, regions={RIGHT_LUNG: np.zeros(phantom.shape, dtype=bool)})


def copied_model(folder: Path) -> Path:
    for entry in load_card()["files"].values():
        shutil.copy(FOLDER / entry["name"], folder / entry["name"])
    return Path(shutil.copy(FOLDER / f"{DEFAULT}.json", folder / "model.json"))


def test_a_copied_model_loads_from_its_cards_path_with_the_same_version(tmp_path: Path) -> None:
    assert load_encoder(copied_model(tmp_path)).version == load_encoder().version


@pytest.mark.parametrize("role", sorted(load_card()["files"]))
def test_one_changed_byte_in_any_file_is_noticed(tmp_path: Path, role: str) -> None:
    card = copied_model(tmp_path)
    path = tmp_path / load_card()["files"][role]["name"]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="damaged"):
        load_encoder(card)


def test_a_missing_file_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    card = copied_model(tmp_path)
    (tmp_path / load_card()["files"]["head"]["name"]).unlink()
    with pytest.raises(ModelError, match="missing"):
        load_encoder(card)
    with pytest.raises(ModelError, match="shipped"):
        load_encoder("no-such-model")


def test_the_version_follows_every_files_hash(tmp_path: Path) -> None:
    path = copied_model(tmp_path)
    card = json.loads(path.read_text())
    card["preprocessing"] += " changed"
    path.write_text(json.dumps(card))
    assert load_encoder(path).version != load_encoder().version


def test_the_card_says_licence_source_and_hashes() -> None:
    card = load_card()
    assert card["licence"] == "Apache-2.0"
    assert card["preprocessing"]
    assert all(len(entry["sha256"]) == 64 for entry in card["files"].values())
    assert (FOLDER / card["sources"]["net"]["licence_file"]).read_text().startswith("\n")
