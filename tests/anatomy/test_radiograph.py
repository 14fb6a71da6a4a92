"""Where a place shows on a frontal chest radiograph."""

import pytest

from casekin.anatomy import ANATOMIES, LOCATIONS, mirror, on_radiograph, parse_place
from casekin.errors import PlaceError
from casekin.types import Place
from made_places import all_places

PLACES = all_places()


def test_weights_sum_to_one_over_the_locations_or_are_refused() -> None:
    for place in PLACES:
        if ANATOMIES[place.anatomy].radiograph is None:
            with pytest.raises(PlaceError, match="not visible"):
                on_radiograph(place)
            continue
        weights = on_radiograph(place)
        assert sum(weights.values()) == pytest.approx(1.0)
        assert set(weights) <= set(LOCATIONS)


def test_the_mirrored_place_has_the_mirrored_weights() -> None:
    for place in PLACES:
        node = ANATOMIES[place.anatomy]
        if place.side == "left" and node.only is None and node.radiograph is not None:
            weights = {mirror(where): weight for where, weight in on_radiograph(place).items()}
            assert weights == on_radiograph(mirror(place)), place


@pytest.mark.parametrize("place", LOCATIONS, ids=str)
def test_a_location_is_itself(place: Place) -> None:
    assert on_radiograph(place) == {place: 1.0}


def test_a_lobe_is_spread_over_its_zones() -> None:
    weights = on_radiograph(parse_place("left lower lobe"))
    assert {str(where): weight for where, weight in weights.items()} == {
        "left_lower_lung_zone": 0.65,
        "left_mid_lung_zone": 0.35,
    }
