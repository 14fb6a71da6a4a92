"""Laws of the anatomy tree: names, sides, part-of, mirror, weights on a radiograph."""

import itertools

import pytest

from casekin.anatomy import (
    ANATOMIES,
    LOCATIONS,
    anatomy_names,
    is_part_of,
    mirror,
    on_radiograph,
    overlaps,
    parents,
    parse_place,
    spellings,
)
from casekin.errors import PlaceError
from casekin.types import Place, Side


def all_places() -> list[Place]:
    places = []
    for node in ANATOMIES.values():
        sides: tuple[Side | None, ...] = (None, "left", "right", "bilateral") if node.paired else (None,)
        places += [Place(anatomy=node.id, side=side) for side in ((node.only,) if node.only else sides)]
    return places


PLACES = all_places()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("left lower lobe", "left_lower_lobe"),
        ("Left-Lower_Lobe", "left_lower_lobe"),
        ("RLL", "right_lower_lobe"),
        ("right CP angle", "right_costophrenic_angle"),
        ("heart", "cardiac_silhouette"),
        ("lungs", "bilateral_lung"),
        ("base of the left lung", "left_lung_base"),
        ("lung base, left", "left_lung_base"),
        ("both hila", "bilateral_hilar_structures"),
        ("middle lobe", "right_middle_lobe"),
        ("lingula", "left_lingula"),
        ("right atrium", "right_atrium"),
        ("superior vena cava", "svc"),
        ("bibasilar", "bilateral_lung_base"),
        ("left and right lung", "bilateral_lung"),
        ("aortic knob", "aortic_arch"),
    ],
)
def test_a_place_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert str(parse_place(text)) == expected


@pytest.mark.parametrize("text", ["", "   ", "left", "left middle lobe", "left trachea", "nasogastric", "x" * 500])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError):
        parse_place(text)


def test_an_error_names_the_nearest_places() -> None:
    with pytest.raises(PlaceError, match="lower_lobe"):
        parse_place("lefft lower loobe")


def test_something_that_is_no_text_is_refused() -> None:
    with pytest.raises(PlaceError):
        parse_place(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_place_is_read_back_from_its_own_string(place: Place) -> None:
    assert parse_place(str(place)) == place


def test_there_are_twenty_nine_locations_in_their_order() -> None:
    assert len(LOCATIONS) == 29
    assert [str(place) for place in LOCATIONS[:2]] == ["right_lung", "right_apical_zone"]
    assert str(LOCATIONS[9]) == "left_lung"
    assert [str(place) for place in LOCATIONS[18:20]] == ["trachea", "carina"]
    assert str(LOCATIONS[28]) == "abdomen"


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_mirror_of_the_mirror_is_the_place(place: Place) -> None:
    assert mirror(mirror(place)) == place


def test_mirroring_keeps_part_of_and_overlap() -> None:
    sided = [place for place in PLACES if place.side in ("left", "right") and ANATOMIES[place.anatomy].only is None]
    for a, b in itertools.product(sided[:40], sided):
        assert is_part_of(a, b) == is_part_of(mirror(a), mirror(b))
        assert overlaps(a, b) == overlaps(mirror(a), mirror(b))


def test_part_of_is_transitive_and_has_no_cycle() -> None:
    for place in PLACES:
        above = parents(place)
        assert place not in above
        for whole in above:
            assert is_part_of(place, whole)
            assert set(parents(whole)) <= set(above)


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
    ],
)
def test_overlap_follows_the_image(a: str, b: str, expected: bool) -> None:
    assert overlaps(parse_place(a), parse_place(b)) is expected


def test_overlap_is_symmetric_and_reflexive() -> None:
    for a, b in itertools.product(PLACES[::3], PLACES):
        assert overlaps(a, b) == overlaps(b, a)
    assert all(overlaps(place, place) for place in PLACES)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_weights_on_a_radiograph_sum_to_one_or_are_refused(place: Place) -> None:
    if ANATOMIES[place.anatomy].radiograph is None:
        with pytest.raises(PlaceError, match="not visible"):
            on_radiograph(place)
        return
    weights = on_radiograph(place)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert set(weights) <= set(LOCATIONS)


@pytest.mark.parametrize("place", [p for p in PLACES if p.side == "left" and not ANATOMIES[p.anatomy].only], ids=str)
def test_the_mirrored_place_has_the_mirrored_weights(place: Place) -> None:
    if ANATOMIES[place.anatomy].radiograph is not None:
        weights = {mirror(where): weight for where, weight in on_radiograph(place).items()}
        assert weights == on_radiograph(mirror(place))


@pytest.mark.parametrize("place", LOCATIONS, ids=str)
def test_a_location_is_itself_on_a_radiograph(place: Place) -> None:
    assert on_radiograph(place) == {place: 1.0}


def test_a_lobe_is_spread_over_its_zones() -> None:
    weights = on_radiograph(parse_place("left lower lobe"))
    assert {str(where): weight for where, weight in weights.items()} == {
        "left_lower_lung_zone": 0.65,
        "left_mid_lung_zone": 0.35,
    }


def test_no_spelling_means_two_anatomies() -> None:
    meaning: dict[str, str] = {}
    for name in anatomy_names():
        for spelling, _ in spellings(ANATOMIES[name]):
            assert meaning.setdefault(spelling, name) == name, spelling
