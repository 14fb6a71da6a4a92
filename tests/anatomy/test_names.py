"""Names of places: however written they are one place, and what is no place is refused with help."""

import pytest

from casekin.anatomy import ANATOMIES, nearest_places, parse_place, spellings
from casekin.errors import PlaceError
from made_places import all_places

EVERYDAY_WORDS = (
    "tip", "wall", "floor", "face", "back", "root", "cord", "lens", "chin", "palm", "sole", "temple", "fundus",
    "antrum", "isthmus", "segment", "level", "area", "region", "left", "right", "upper", "lower", "middle",
    "anterior", "posterior", "lateral", "medial", "central", "distal", "proximal", "frontal", "temporal", "oral",
    "nasal", "cervical", "thoracic", "sinus", "interval", "stable", "clear", "normal", "line", "tube", "view", "film",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("left lower lobe", "left_lower_lobe"),
        ("Left-Lower_Lobe", "left_lower_lobe"),
        ("RLL", "right_lower_lobe"),
        ("right CP angle", "right_costophrenic_angle"),
        ("heart", "cardiac_silhouette"),
        ("lungs", "bilateral_lung"),
        ("bases", "bilateral_lung_base"),
        ("base of the left lung", "left_lung_base"),
        ("lung base, left", "left_lung_base"),
        ("both hila", "bilateral_hilar_structures"),
        ("middle lobe", "right_middle_lobe"),
        ("lingula", "left_lingula"),
        ("right atrium", "right_atrium"),
        ("ventricle, left", "left_ventricle"),
        ("superior vena cava", "svc"),
        ("bibasilar", "bilateral_lung_base"),
        ("left and right lung", "bilateral_lung"),
        ("aortic knob", "aortic_arch"),
        ("posterior segment of right upper lobe", "right_upper_lobe_posterior_segment"),
        ("LS10", "left_posterior_basal_segment"),
        ("RS4", "right_middle_lobe_lateral_segment"),
        ("4R", "right_lower_paratracheal_lymph_node"),
        ("station 7", "subcarinal_lymph_node"),
        ("left 7th rib", "left_rib_7"),
        ("rib 3, right", "right_rib_3"),
        ("T12", "t12_vertebra"),
        ("fifth lumbar vertebra", "l5_vertebra"),
        ("odontoid process", "c2_vertebra"),
        ("left lobe of the liver", "left_hepatic_lobe"),
        ("segment VII of the liver", "liver_segment_7"),
        ("head of the pancreas", "pancreatic_head"),
        ("hepatic", "liver"),
        ("renal", "kidney"),
        ("splenic", "spleen"),
        ("thyroidal", "thyroid"),
        ("left upper abdomen", "left_upper_quadrant"),
        ("left maxillary sinus", "left_maxillary_sinus"),
    ],
)
def test_a_place_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert str(parse_place(text)) == expected


@pytest.mark.parametrize("text", ["", "   ", "left", "left middle lobe", "left trachea", "nasogastric", "x" * 500])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError):
        parse_place(text)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("lefft lower loobe", "lower_lobe"), ("hepatik vein", "hepatic_vein"), ("tracheea", "trachea")],
)
def test_an_error_names_the_nearest_places(text: str, nearest: str) -> None:
    with pytest.raises(PlaceError, match=nearest):
        parse_place(text)
    assert nearest in " ".join(nearest_places(text))


def test_an_error_says_why_a_known_name_is_no_place() -> None:
    with pytest.raises(PlaceError, match="'nasogastric' is a tube, not an anatomy"):
        parse_place("left nasogastric")


def test_something_that_is_no_text_is_refused() -> None:
    with pytest.raises(PlaceError):
        parse_place(3)  # type: ignore[arg-type]


def test_every_place_is_read_back_from_its_own_string() -> None:
    assert [place for place in all_places() if parse_place(str(place)) != place] == []


def test_no_spelling_means_two_anatomies() -> None:
    meaning: dict[str, str] = {}
    for node in ANATOMIES.values():
        for spelling, _ in spellings(node):
            assert meaning.setdefault(spelling, node.id) == node.id, spelling


def test_every_spelling_is_read_as_its_anatomy() -> None:
    for node in ANATOMIES.values():
        for spelling, side in spellings(node):
            place = parse_place(spelling)
            assert (place.anatomy, place.side) == (node.id, side), spelling


@pytest.mark.parametrize("word", EVERYDAY_WORDS)
def test_an_everyday_word_is_no_anatomy(word: str) -> None:
    assert word not in {spelling for node in ANATOMIES.values() for spelling, _ in spellings(node)}
