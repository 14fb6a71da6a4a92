"""What a film's three distributions say, and which faults are worth a warning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models import ImageEncoder
from casekin.models.film import WARN, WARN_AGAINST_HEADER, FilmFault, FilmState, film_faults
from casekin.types import Box, Place

Simulated = tuple[NDArray[np.float32], dict[Place, Box]]
SOUND = FilmState(mirrored=0.0, turned_90=0.0, turned_180=0.0, turned_270=0.0, inverted=0.0, lateral=0.0, no_chest=0.0)
shares = st.lists(st.floats(0.01, 1.0), min_size=8, max_size=8).map(lambda v: [x / sum(v) for x in v])


@given(shares)
def test_turns_mirrors_and_upright_films_are_all_there_is_of_a_frontal_view(orientation: list[float]) -> None:
    state = FilmState.from_shares(orientation, [1.0, 0.0], [1.0, 0.0, 0.0])
    assert state.mirrored == pytest.approx(1.0 - sum(orientation[:4]))
    upright = orientation[0] + orientation[4]
    assert state.turned_90 + state.turned_180 + state.turned_270 + upright == pytest.approx(1.0)


def test_a_lateral_film_is_neither_mirrored_nor_turned() -> None:
    state = FilmState.from_shares([0, 0, 0, 0, 0, 1, 0, 0], [0.7, 0.3], [0.0, 0.75, 0.25])
    assert (state.mirrored, state.turned_90) == (0.0, 0.0)
    assert (state.lateral, state.no_chest, state.inverted) == (0.75, 0.25, 0.3)


def test_distributions_of_another_length_are_refused() -> None:
    with pytest.raises(ModelError, match="expected 8, 2, 3"):
        FilmState.from_shares([1.0] * 4, [1.0, 0.0], [1.0, 0.0, 0.0])


def test_a_sound_film_has_no_fault_and_the_likeliest_fault_comes_first() -> None:
    assert film_faults(SOUND, orientation_stated=False) == ()
    bad = FilmState(
        mirrored=0.95, turned_90=0.0, turned_180=0.99, turned_270=0.0, inverted=0.5, lateral=0.0, no_chest=0.0
    )
    assert film_faults(bad, orientation_stated=False) == (
        FilmFault(fault="turned_180", probability=0.99),
        FilmFault(fault="mirrored", probability=0.95),
    )


def test_a_header_that_states_the_orientation_is_doubted_later_than_one_that_does_not() -> None:
    between = (WARN + WARN_AGAINST_HEADER) / 2
    film = FilmState(
        mirrored=between, turned_90=0.0, turned_180=0.0, turned_270=0.0, inverted=between, lateral=0.0, no_chest=0.0
    )
    assert {one.fault for one in film_faults(film, orientation_stated=False)} == {"mirrored", "inverted"}
    # Of grey values the orientation says nothing.
    assert {one.fault for one in film_faults(film, orientation_stated=True)} == {"inverted"}


def film_of(encoder: ImageEncoder, view: NDArray[np.float32]) -> FilmState:
    film = encoder.locate(encoder.features(np.ascontiguousarray(view))).film
    assert film is not None
    return film


def test_a_simulated_chest_is_sound_until_it_is_turned_or_inverted(encoder: ImageEncoder, simulated: Simulated) -> None:
    view, _ = simulated
    assert film_faults(film_of(encoder, view), orientation_stated=True) == ()
    for turns in (1, 2, 3):
        assert getattr(film_of(encoder, np.rot90(view, turns)), f"turned_{90 * turns}") > 0.5
    assert film_of(encoder, 1.0 - view).inverted > 0.5


def test_a_film_and_its_mirror_image_cannot_both_be_mirrored(encoder: ImageEncoder, simulated: Simulated) -> None:
    view, _ = simulated
    assert film_of(encoder, view).mirrored < 0.5 < film_of(encoder, view[:, ::-1]).mirrored
