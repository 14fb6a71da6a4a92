"""Which modality and view shows a place."""

import pytest

from casekin.anatomy import ANATOMIES, is_lateral, parse_place, visible_in
from casekin.errors import InputError, PlaceError
from casekin.types import Place


@pytest.mark.parametrize(
    ("place", "modality", "view", "expected"),
    [
        ("left lower lobe", "CR", "PA", True),
        ("left lower lobe", "DX", "LL", True),
        ("brain", "DX", None, False),
        ("brain", "MR", None, True),
        ("right clavicle", "CR", "AP", True),
        ("right clavicle", "CR", "LATERAL", False),
        ("sternum", "CR", "lateral", True),
        ("minor fissure", "MR", None, False),
        ("minor fissure", "CT", None, True),
        ("left adrenal gland", "CR", None, False),
        ("left adrenal gland", "CT", "AXIAL", True),
        ("left atrium", "cr", "lateral", True),
        ("anterior cruciate ligament", "CT", None, False),
        ("anterior cruciate ligament", "MR", None, True),
        ("T7", "DX", "LL", True),
        ("C2", "DX", "PA", False),
        ("left lower lobe", "CR", "oblique", True),
    ],
)
def test_a_place_is_visible_where_a_radiologist_looks_for_it(
    place: str, modality: str, view: str | None, expected: bool
) -> None:
    assert visible_in(parse_place(place), modality=modality, view=view) is expected


def test_what_a_frontal_radiograph_shows_has_weights_on_it() -> None:
    for node in ANATOMIES.values():
        assert ("cr_frontal" in node.visible) == (node.radiograph is not None), node.id


def test_everything_can_be_seen_somewhere() -> None:
    assert [node.id for node in ANATOMIES.values() if not node.visible & {"ct", "mr"}] == []
    assert set().union(*(node.visible for node in ANATOMIES.values())) == {"cr_frontal", "cr_lateral", "ct", "mr"}


@pytest.mark.parametrize(
    ("view", "expected"), [("LL", True), (" lateral ", True), ("PA", False), ("LLD", False), ("oblique", False)]
)
def test_a_view_is_lateral_where_dicom_calls_it_so(view: str, expected: bool) -> None:
    assert is_lateral(view) is expected
    assert not is_lateral(None)


def test_another_modality_and_an_unknown_anatomy_are_refused() -> None:
    with pytest.raises(InputError, match="CR, DX, CT or MR"):
        visible_in(parse_place("liver"), modality="US")
    with pytest.raises(PlaceError):
        visible_in(Place(anatomy="nowhere"), modality="CT")
