"""Names of published vocabularies: each is one of our places, or is refused with a reason."""

import pytest

from casekin.anatomy import ANATOMIES, LOCATIONS, foreign_names, foreign_place, foreign_schemes, parse_place
from casekin.errors import PlaceError
from casekin.types import Place

REFUSED = {
    "unknown", "nasogastric", "sinus", "cervical structures", "nasal and oral structures",
    "other specific structures", "miscellaneous anatomical structures",
}  # fmt: skip


def meaning(scheme: str, name: str) -> Place | str:
    try:
        return foreign_place(scheme, name)
    except PlaceError as error:
        return str(error)


def test_the_vocabularies_are_complete() -> None:
    counts = {scheme: len(foreign_names(scheme)) for scheme in foreign_schemes()}
    assert counts["chest_imagenome"] == 36 + 10
    assert counts["radir_cxr"] == 109
    assert counts["radir_ct"] == 48
    assert counts["medreco_cxr"] == 14


def test_a_name_is_a_place_of_ours_or_refused_with_a_reason() -> None:
    refused = set()
    for scheme in foreign_schemes():
        for name in foreign_names(scheme):
            what = meaning(scheme, name)
            if isinstance(what, str):
                refused.add(name)
                assert len(what) > len(f"place: {name!r} ")
            else:
                assert what.anatomy in ANATOMIES
    assert refused == REFUSED


def test_a_name_means_the_same_in_every_vocabulary_and_as_a_place() -> None:
    for scheme in foreign_schemes():
        for name in foreign_names(scheme):
            if name in REFUSED:
                with pytest.raises(PlaceError, match=name):
                    parse_place(name)
            else:
                assert parse_place(name) == foreign_place(scheme, name), (scheme, name)


def test_the_locations_of_chest_imagenome_are_ours_in_their_order() -> None:
    assert tuple(foreign_place("chest_imagenome", name) for name in foreign_names("chest_imagenome")[:29]) == LOCATIONS


@pytest.mark.parametrize(
    ("scheme", "name", "expected"),
    [
        ("chest_imagenome", "left cardiac silhouette", "left_heart_half"),
        ("chest_imagenome", "Right_Upper_Abdomen", "right_upper_quadrant"),
        ("radir_cxr", "left auricle", "left_atrial_appendage"),
        ("radir_cxr", "alveolar", "lung"),
        ("radir_ct", "bronchie", "bronchus"),
        ("radir_ct", "right lung middle lobe", "right_middle_lobe"),
        ("medreco_cxr", "interstitium", "lung_interstitium"),
    ],
)
def test_names_of_others_are_our_places(scheme: str, name: str, expected: str) -> None:
    assert str(foreign_place(scheme, name)) == expected


def test_unknown_schemes_and_names_are_refused_with_help() -> None:
    with pytest.raises(PlaceError, match="radir_ct"):
        foreign_place("radir", "lung")
    with pytest.raises(PlaceError, match="bronchie"):
        foreign_place("radir_ct", "bronchies")
