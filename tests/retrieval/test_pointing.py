"""Pointing: places become locations, drawn regions travel from image to image, tokens survive packing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror, parse_place
from casekin.errors import IndexStoreError, InputError, ModelError, PlaceError
from casekin.index import CaseIndex, Term
from casekin.models import EncodedImage, RegionForm, load_encoder
from casekin.models.presence import Presence
from casekin.retrieval import rank
from casekin.retrieval.drawn import drawn_similarities
from casekin.retrieval.rank import rank_cases
from casekin.retrieval.resolve import FreeRegion, resolve_drawn, resolve_places, transfer_box
from casekin.retrieval.text import TextScores, read_question
from casekin.retrieval.tokens import pack_tokens, unpack_tokens
from casekin.types import Box
from made_cases import chest_picture, made_case, made_image, place, unit_vector

LOOKS = RegionForm(findings=(), presence=None)
"""Of an encoder without a decoder: tokens are looks alone."""


@pytest.fixture(scope="module")
def encoded() -> EncodedImage:
    return load_encoder("default").encode(chest_picture(1, size=128).astype(np.float32) / 255)


@given(seed=st.integers(0, 1000), scale=st.sampled_from([1e-3, 1.0, 50.0]))
def test_unpacked_tokens_are_the_means_of_cells_within_half_a_step(seed: int, scale: float) -> None:
    tokens = np.random.default_rng(seed).normal(0.0, scale, (8, 8, 5)).astype(np.float32)
    means = np.array(
        [[tokens[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].mean(axis=(0, 1)) for c in range(4)] for r in range(4)]
    )
    unpacked = unpack_tokens(pack_tokens(tokens, LOOKS))
    assert unpacked.shape == means.shape
    steps = np.abs(means).max(axis=(0, 1)) / 127
    assert (np.abs(unpacked - means) <= steps / 2 * 1.001).all()


@given(seed=st.integers(0, 1000))
def test_evidence_is_packed_so_that_pooling_what_is_unpacked_gives_what_pooling_all_cells_gives(seed: int) -> None:
    tokens = np.random.default_rng(seed).normal(0.0, 4.0, (8, 8, 2)).astype(np.float32)
    zeros = np.zeros((29, 2), dtype=np.float32)
    curves = Presence(
        own=zeros,
        other=zeros,
        anywhere=zeros,
        offset=zeros,
        source=zeros.astype(np.int64),
        sharpness=np.array([0.5, 4.0], dtype=np.float32),
    )
    form = RegionForm(findings=("nodule", "mass"), presence=curves)
    again = form.evidence(unpack_tokens(pack_tokens(tokens, form)), np.ones((4, 4)))
    np.testing.assert_allclose(again, form.evidence(tokens, np.ones((8, 8))), atol=0.2)  # half a step of 8 bits


def test_tokens_of_nothing_stay_nothing_and_damaged_ones_are_told() -> None:
    packed = pack_tokens(np.zeros((4, 4, 3), dtype=np.float32), LOOKS)
    assert not unpack_tokens(packed).any()
    for damaged in (packed[:-1], packed + b"x", packed[:3], bytes(8), b""):
        with pytest.raises(IndexStoreError, match="ingest"):
            unpack_tokens(damaged)
    with pytest.raises(ModelError):
        pack_tokens(np.zeros((5, 5, 3), dtype=np.float32), LOOKS)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.floats(-50, 50)), draw(st.floats(-50, 50))
    return Box(x0=x0, y0=y0, x1=x0 + draw(st.floats(1, 80)), y1=y0 + draw(st.floats(1, 80)))


def free_region(box: Box, anchor_box: Box) -> FreeRegion:
    vector = np.eye(4, dtype=np.float32)[0]
    return made_region(vector, vector, box=box, anchor_box=anchor_box)


def made_region(
    vector: NDArray[np.float32], center: NDArray[np.float32], *, box: Box, anchor_box: Box, form: RegionForm = LOOKS
) -> FreeRegion:
    """A drawn region that lies at the left lung alone."""
    lung = place("lung", "left")
    return FreeRegion(
        vector=vector,
        shares={lung: 1.0},
        centers={lung: center},
        form=form,
        box=box,
        anchor=lung,
        anchor_box=anchor_box,
    )


@given(box=boxes(), here=boxes(), there=boxes())
def test_carrying_a_box_over_and_back_gives_the_box(box: Box, here: Box, there: Box) -> None:
    moved = transfer_box(free_region(box, here), there)
    back = transfer_box(free_region(moved, there), here)
    np.testing.assert_allclose(back.as_list(), box.as_list(), atol=1e-6)


@given(here=boxes(), there=boxes())
def test_the_anchor_itself_is_carried_to_the_anchor(here: Box, there: Box) -> None:
    np.testing.assert_allclose(transfer_box(free_region(here, here), there).as_list(), there.as_list(), atol=1e-9)


def test_a_location_is_itself_and_a_lobe_its_zones_with_what_it_stands_for() -> None:
    (itself,) = resolve_places([parse_place("Left lower-lung zone")], source="name")
    assert (str(itself.place), itself.weight, itself.relaxed_from, itself.source) == (
        "left_lower_lung_zone", 1.0, None, "name",
    )  # fmt: skip
    lobe = resolve_places([parse_place("left lower lobe")], source="name")
    assert {str(region.place): region.weight for region in lobe} == pytest.approx(
        {"left_lower_lung_zone": 0.65, "left_mid_lung_zone": 0.35}
    )
    assert {str(region.relaxed_from) for region in lobe} == {"left_lower_lobe"}
    assert lobe[0].as_record()["relaxed_from"] == "left_lower_lobe"
    assert "relaxed_from" not in itself.as_record()


@given(
    names=st.lists(st.sampled_from(["LLL", "heart", "right lung", "lungs", "left pleural space", "rib"]), min_size=1)
)
def test_shares_sum_to_one_over_locations_and_mirror_with_the_names(names: list[str]) -> None:
    regions = resolve_places([parse_place(name) for name in names], source="name")
    assert sum(region.weight for region in regions) == pytest.approx(1.0)
    assert all(region.place in LOCATIONS for region in regions)
    asked = [region.relaxed_from or region.place for region in regions]
    mirrored = resolve_places([mirror(spot) for spot in dict.fromkeys(asked)], source="name")
    assert {mirror(region.place) for region in mirrored} == {region.place for region in regions}


def test_an_unknown_place_and_one_that_no_film_shows_are_refused() -> None:
    with pytest.raises(PlaceError, match="nearest"):
        resolve_places([parse_place("left lower lob of the liver")], source="name")
    with pytest.raises(PlaceError):
        resolve_places([parse_place("brain")], source="name")


def test_a_box_drawn_on_a_location_resolves_to_it(encoded: EncodedImage) -> None:
    for location in (place("lung", "left"), place("cardiac_silhouette"), place("costophrenic_angle", "right")):
        regions, free = resolve_drawn(encoded, encoded.boxes[location])
        assert regions[0].place == location
        assert free.anchor == location
        assert sum(region.weight for region in regions) == pytest.approx(1.0)
        assert {region.source for region in regions} == {"box"}
        own = encoded.region_vectors[location]
        assert float(free.vector @ own) > 0.7 * float(np.linalg.norm(free.vector) * np.linalg.norm(own))


def test_a_box_that_touches_no_location_still_has_an_anchor_and_one_off_the_image_is_refused(
    encoded: EncodedImage,
) -> None:
    regions, free = resolve_drawn(encoded, Box(x0=0.0, y0=0.0, x1=3.0, y1=2.0))
    assert len(regions) >= 1
    assert free.anchor in LOCATIONS
    for off in (Box(x0=130.0, y0=0.0, x1=140.0, y1=5.0), Box(x0=-9.0, y0=-9.0, x1=-1.0, y1=-1.0)):
        with pytest.raises(InputError, match="outside"):
            resolve_drawn(encoded, off)


def test_a_mask_points_where_its_pixels_are(encoded: EncodedImage) -> None:
    mask = np.zeros((128, 128), dtype=bool)
    mask[40:80, 20:50] = True
    by_mask, free = resolve_drawn(encoded, mask)
    by_box, _ = resolve_drawn(encoded, Box(x0=20.0, y0=40.0, x1=50.0, y1=80.0))
    assert [(r.place, r.weight) for r in by_mask] == [(r.place, r.weight) for r in by_box]
    assert free.box == Box(x0=20.0, y0=40.0, x1=50.0, y1=80.0)
    assert {region.source for region in by_mask} == {"mask"}
    with pytest.raises(InputError):
        resolve_drawn(encoded, np.zeros((128, 128), dtype=bool))
    with pytest.raises(InputError):
        resolve_drawn(encoded, np.ones((7, 7), dtype=bool))


def test_a_finding_without_a_place_of_its_own_stands_at_each_place_asked_for() -> None:
    lungs = (place("lower_lobe", "left"), place("upper_lobe", "right"))
    placed = read_question("consolidation", places=lungs)
    assert [(fact.finding, fact.place) for fact in placed.facts] == [("consolidation", spot) for spot in lungs]
    own = read_question("consolidation in the right lower lobe", places=lungs)
    assert [fact.place for fact in own.facts] == [place("lower_lobe", "right")]
    assert read_question("").facts == ()


def test_the_words_of_a_question_are_kept_once_without_stop_words() -> None:
    assert read_question("The effusion, the EFFUSION of a patient").words == ("effusion", "patient")


LUNG = Box(x0=40.0, y0=20.0, x1=70.0, y1=80.0)


def test_a_drawn_region_ranks_by_the_tokens_under_it(tmp_path: Path) -> None:
    """Naive: the mean of the stored cells inside the box, minus the centre, against the query's vector."""
    rng = np.random.default_rng(0)
    center = rng.normal(0.0, 0.1, 8).astype(np.float32)
    target = unit_vector(rng).astype(np.float32)
    # 100 x 100 pixels and 10 x 10 stored cells: the box covers rows 2 to 5 and columns 4 to 6 of every image.
    box = Box(x0=40.0, y0=20.0, x1=70.0, y1=60.0)
    square = {
        "stored": [100, 100],
        "frontal": [100, 100],
        "transposed": False,
        "flip_rows": False,
        "flip_columns": False,
    }
    expected, cases = {}, []
    for number in range(12):
        tokens = rng.normal(0.0, 1.0, (20, 20, 8)).astype(np.float32)
        image = made_image({"left_lung": unit_vector(rng)}, boxes={"left_lung": LUNG})
        image = replace(image, width=100, turn=square, tokens=pack_tokens(tokens, LOOKS))
        cases.append(made_case(f"c{number:02d}", patient=f"p{number}", images=[image]))
        pooled = unpack_tokens(pack_tokens(tokens, LOOKS))[2:6, 4:7].mean(axis=(0, 1)) - center
        expected[f"c{number:02d}"] = float(pooled @ target / np.linalg.norm(pooled))
    free = made_region(target, center, box=box, anchor_box=LUNG)
    with CaseIndex(tmp_path, create=True) as index:
        index.put(cases)
        ranked = rank_cases(
            index,
            terms=[Term(region="left_lung", vector=target, weight=1.0)],
            text_scores=None,
            free=free,
            allowed=None,
            group_of_case=index.catalog().patient_of_case,
            limit=12,
        )
    assert [case.case_id for case in ranked] == sorted(expected, key=lambda name: -expected[name])
    assert [case.score for case in ranked] == pytest.approx(sorted(expected.values(), reverse=True), abs=1e-5)


def test_a_drawn_region_is_nothing_like_an_image_that_does_not_show_its_place(tmp_path: Path) -> None:
    near = np.eye(8, dtype=np.float16)[0]
    tokens = pack_tokens(np.broadcast_to(near, (20, 20, 8)).astype(np.float32), LOOKS)
    corner, base = Box(x0=0.0, y0=0.0, x1=10.0, y1=10.0), made_image({"left_lung": near}, boxes={"left_lung": LUNG})
    images = [replace(base, boxes={}), replace(base, boxes={"left_lung": corner}), base]  # the second lies off the view
    query = near.astype(np.float32)
    free = made_region(
        query, np.zeros(8, dtype=np.float32), box=Box(x0=40.0, y0=-70.0, x1=70.0, y1=10.0), anchor_box=LUNG
    )
    with CaseIndex(tmp_path, create=True) as index:
        index.put(
            [
                made_case(f"c{number}", patient=f"p{number}", images=[replace(image, tokens=tokens)])
                for number, image in enumerate(images)
            ]
        )
        found = drawn_similarities(index, free, np.array([3, 1, 2]), "radiograph")
    assert found == pytest.approx([1.0, 0.0, 0.0], abs=1e-5)


def test_a_drawn_region_and_a_text_together_score_both_for_the_case_that_has_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank, "_FREE_CANDIDATES", 1)
    near, less = np.eye(8, dtype=np.float16)[0], np.array([0.8, 0.6, 0, 0, 0, 0, 0, 0], dtype=np.float16)
    tokens = pack_tokens(np.broadcast_to(near, (20, 20, 8)).astype(np.float32), LOOKS)
    images = []
    for vector in (near, less):
        images.append(replace(made_image({"left_lung": vector}, boxes={"left_lung": LUNG}), tokens=tokens))
    query = near.astype(np.float32)
    free = made_region(query, np.zeros(8, dtype=np.float32), box=LUNG, anchor_box=LUNG)
    with CaseIndex(tmp_path, create=True) as index:
        index.put(
            [made_case(f"c{number}", patient=f"p{number}", images=[image]) for number, image in enumerate(images)]
        )
        ranked = rank_cases(
            index,
            terms=[Term(region="left_lung", vector=query, weight=0.5)],
            text_scores=TextScores(facts=np.array([0.0, 0.0, 0.4]), text=np.zeros(3)),
            free=free,
            allowed=None,
            group_of_case=index.catalog().patient_of_case,
            limit=1,
        )
    assert (ranked[0].case_id, ranked[0].image_id) == ("c1", 2)
    assert ranked[0].parts == pytest.approx({"global": 0.0, "region": 0.5, "facts": 0.4, "text": 0.0}, abs=1e-5)
