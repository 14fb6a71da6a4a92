"""Laws of the anatomy tree: part-of, mirror, overlap."""

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.anatomy import ANATOMIES, LOCATIONS, anatomy, is_part_of, mirror, overlaps, parents, parse_place
from casekin.errors import PlaceError
from casekin.types import Place
from made_places import all_places

PLACES = all_places()
ONE_SIDED = {node.id for node in ANATOMIES.values() if node.only}
places = st.sampled_from(PLACES)
two_sided = st.sampled_from([place for place in PLACES if place.anatomy not in ONE_SIDED])


def test_the_whole_body_is_there() -> None:
    assert len(ANATOMIES) >= 250
    groups = ["rib_12", "t12_vertebra", "liver_segment_8", "subcarinal_lymph_node", "mitral_valve", "hippocampus"]
    groups += [
        "right_coronary_artery",
        "posterior_basal_segment",
        "thyroid_lobe",
        "prostate",
        "calcaneus",
        "sigmoid_colon",
    ]
    assert set(groups) <= set(ANATOMIES)


def test_there_are_twenty_nine_locations_in_their_order() -> None:
    assert len(LOCATIONS) == 29
    assert [str(place) for place in LOCATIONS[:2]] == ["right_lung", "right_apical_zone"]
    assert str(LOCATIONS[9]) == "left_lung"
    assert [str(place) for place in LOCATIONS[18:20]] == ["trachea", "carina"]
    assert str(LOCATIONS[28]) == "abdomen"


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(PlaceError, match="anatomy id"):
        anatomy("left_lower_lobe")


def test_wholes_are_those_that_a_plain_walk_through_the_file_finds() -> None:
    rows = json.loads((files("casekin.anatomy") / "anatomy.json").read_text(encoding="utf-8"))["anatomies"]
    part_of = {row["id"]: row["part_of"] for row in rows}

    def walk(name: str, path: tuple[str, ...]) -> set[str]:
        assert name not in path, f"a cycle: {path}"
        return set().union(*({whole} | walk(whole, (*path, name)) for whole in part_of[name]))

    for name in part_of:
        assert {whole.anatomy for whole in parents(Place(anatomy=name))} == walk(name, ())


def test_every_anatomy_is_part_of_the_body() -> None:
    body = Place(anatomy="body")
    assert [place for place in PLACES if place != body and body not in parents(place)] == []


@given(places)
def test_part_of_is_reflexive_transitive_and_has_no_cycle(place: Place) -> None:
    assert is_part_of(place, place)
    assert place not in parents(place)
    for whole in parents(place):
        assert is_part_of(place, whole)
        assert set(parents(whole)) <= set(parents(place))


@given(places)
def test_the_mirror_of_the_mirror_is_the_place(place: Place) -> None:
    assert mirror(mirror(place)) == place


@settings(max_examples=400)
@given(two_sided, two_sided)
def test_mirroring_keeps_part_of_and_overlap(a: Place, b: Place) -> None:
    assert is_part_of(a, b) == is_part_of(mirror(a), mirror(b))
    assert overlaps(a, b) == overlaps(mirror(a), mirror(b))


@given(places)
def test_a_mirrored_place_is_part_of_its_mirrored_wholes(place: Place) -> None:
    lingula = Place(anatomy="lingula", side="left")
    for whole in parents(place):
        if not (is_part_of(place, lingula) and whole.anatomy == "upper_lobe"):  # the middle lobe is a lobe of its own
            assert is_part_of(mirror(place), mirror(whole))


@pytest.mark.parametrize(
    ("place", "mirrored"),
    [
        ("left lower lobe", "right_lower_lobe"),
        ("middle lobe", "left_lingula"),
        ("lingula", "right_middle_lobe"),
        ("lateral segment of the middle lobe", "left_superior_lingular_segment"),
        ("LUQ", "right_upper_quadrant"),
        ("trachea", "trachea"),
        ("lungs", "bilateral_lung"),
        ("left 7th rib", "right_rib_7"),
    ],
)
def test_a_mirror_names_what_stands_on_the_other_side(place: str, mirrored: str) -> None:
    assert str(mirror(parse_place(place))) == mirrored


def test_counterparts_are_mutual() -> None:
    for node in ANATOMIES.values():
        if node.counterpart is not None:
            assert ANATOMIES[node.counterpart].counterpart == node.id


@settings(max_examples=400)
@given(places, places)
def test_overlap_is_symmetric_and_reflexive(a: Place, b: Place) -> None:
    assert overlaps(a, b) == overlaps(b, a)
    assert overlaps(a, a)


def test_a_lobe_is_part_of_its_own_lung_only() -> None:
    lobe = parse_place("left lower lobe")
    assert str(parents(lobe)[0]) == "left_lung"
    assert is_part_of(lobe, parse_place("left lung"))
    assert is_part_of(lobe, parse_place("lungs"))
    assert is_part_of(lobe, Place(anatomy="lung"))
    assert not is_part_of(lobe, parse_place("right lung"))
    assert not is_part_of(parse_place("lungs"), parse_place("left lung"))
    assert not is_part_of(Place(anatomy="lung"), parse_place("left lung"))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("posterior basal segment of the left lung", "left lower lobe", True),
        ("subcarinal node", "mediastinum", True),
        ("left 7th rib", "left chest wall", True),
        ("left 7th rib", "bones", True),
        ("T12", "thorax", True),
        ("L5", "thorax", False),
        ("left main coronary artery", "heart", True),
        ("mitral valve", "heart", True),
        ("left kidney", "abdomen", True),
        ("left kidney", "retroperitoneum", True),
        ("superior vena cava", "veins", True),
        ("left hippocampus", "brain", True),
        ("right patella", "right leg", True),
        ("right patella", "left leg", False),
        ("pleura", "lung", False),
    ],
)
def test_parts_follow_anatomy(part: str, whole: str, expected: bool) -> None:
    assert is_part_of(parse_place(part), parse_place(whole)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("right lower lobe", "right lower lung zone", True),
        ("right lower lobe", "right mid lung zone", True),
        ("right lower lobe", "right upper lung zone", False),
        ("right lower lobe", "left lower lung zone", False),
        ("left CP angle", "left pleural space", True),
        ("left lung base", "left lower lung zone", True),
        ("lungs", "left lower lobe", True),
        ("heart", "left lung", False),
        ("lungs", "right lower lung zone", True),
        ("bilateral lower lobe", "left mid lung zone", True),
        ("T7", "vertebra", True),
        ("posterior basal segment of the left lung", "left lower lung zone", True),
    ],
)
def test_overlap_follows_the_image(a: str, b: str, expected: bool) -> None:
    assert overlaps(parse_place(a), parse_place(b)) is expected
