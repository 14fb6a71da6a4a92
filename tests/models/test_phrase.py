"""What a phrase asks for: findings, polarity, places as said, and what stands in where nothing was said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.anatomy import LOCATIONS, mirror, on_radiograph, parse_place
from casekin.models.phrase import Asked, read_phrase
from casekin.types import Polarity
from made_runs import laws

SIDED = sorted({place.anatomy for place in LOCATIONS if place.side == "left"})


def only(text: str) -> Asked:
    (asked,) = read_phrase(text).asked
    return asked


@pytest.mark.parametrize("anatomy", SIDED)
def test_a_finding_stands_where_the_phrase_says_even_if_the_report_reader_moves_it_home(anatomy: str) -> None:
    place = parse_place(f"left {anatomy}")
    said = read_phrase(f"pneumothorax in the left {anatomy.replace('_', ' ')}")
    assert said.places == {place: 1.0} or anatomy in ("hilar_structures",)


def test_a_place_that_is_no_location_spreads_over_the_locations_it_is_seen_in() -> None:
    assert only("consolidation in the left lower lobe").places == on_radiograph(parse_place("left lower lobe"))


def test_without_a_place_the_home_stands_in_on_the_side_said() -> None:
    nowhere, left = only("pleural effusion"), only("left pleural effusion")
    assert not nowhere.placed and left.placed
    assert {place.side for place in nowhere.places} == {"left", "right"}
    assert {place.side for place in left.places} == {"left"}


def test_a_place_alone_is_asked_for_as_itself() -> None:
    asked = only("left lower lobe")
    assert (asked.finding, asked.polarity, asked.placed) == (None, "present", True)
    assert asked.places == on_radiograph(parse_place("left lower lobe"))


def test_denial_and_normality_are_absent() -> None:
    assert only("No pneumothorax.").polarity == "absent"
    clear = only("The lungs are clear.")
    assert (clear.finding, clear.polarity) == (None, "absent")
    assert set(clear.places) == {parse_place("left lung"), parse_place("right lung")}


def test_each_finding_keeps_its_own_place() -> None:
    heart, fluid = read_phrase("Cardiomegaly, small left pleural effusion").asked
    assert set(heart.places) == {parse_place("cardiac silhouette")}
    assert {place.side for place in fluid.places} == {"left"}


def test_what_no_film_shows_has_no_place_and_what_is_not_understood_asks_for_nothing() -> None:
    assert read_phrase("thank you very much").asked == ()
    assert read_phrase("").places == {}


def test_a_guess_is_asked_only_where_rules_read_no_finding_and_stands_at_the_place_said() -> None:
    heard: list[str] = []

    def guess(text: str, /) -> Sequence[tuple[str, Polarity]]:
        heard.append(text)
        return [("pneumothorax", "present")]

    assert only("left pleural effusion").source == read_phrase("pleural effusion", guess=guess).asked[0].source
    (guessed,) = read_phrase("gone down on the left", guess=guess).asked
    assert heard == ["gone down on the left"]
    assert (guessed.finding, guessed.source) == ("pneumothorax", "encoder")
    assert {place.side for place in guessed.places} == {"left"}


PHRASES = st.builds(
    lambda finding, side, place: f"{finding} in the {side} {place}",
    st.sampled_from(["consolidation", "pleural effusion", "nodule", "no pneumothorax", "possible atelectasis"]),
    st.sampled_from(["left", "right"]),
    st.sampled_from(["lower lobe", "lung", "upper lung zone", "costophrenic angle", "apex", "hemithorax"]),
)


@laws
@given(PHRASES)
def test_the_mirrored_phrase_asks_at_the_mirrored_places(text: str) -> None:
    swapped = text.replace("left", "SIDE").replace("right", "left").replace("SIDE", "right")
    mirrored = {mirror(place): weight for place, weight in read_phrase(text).places.items()}
    assert read_phrase(swapped).places == pytest.approx(mirrored)


@laws
@given(PHRASES)
def test_the_weights_of_places_sum_to_one(text: str) -> None:
    assert sum(read_phrase(text).places.values()) == pytest.approx(1.0)
