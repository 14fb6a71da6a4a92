"""What a normal anatomy excludes, and which findings can't be there together."""

import itertools

import pytest

from casekin.anatomy import ANATOMIES, is_part_of
from casekin.errors import FindingError, PlaceError
from casekin.findings import FINDINGS, finding_names, implied_absences, is_excluded_by
from casekin.types import Place


@pytest.mark.parametrize(
    ("anatomy", "absent", "open_question"),
    [
        ("lung", "consolidation", "pleural_effusion"),
        ("lung", "lung_opacity", "calcified_granuloma"),
        ("lower_lobe", "pneumonia", "pneumothorax"),
        ("costophrenic_angle", "pleural_effusion", "cardiomegaly"),
        ("cardiac_silhouette", "cardiomegaly", "pericardial_effusion"),
        ("mediastinum", "mediastinal_widening", "cardiomegaly"),
        ("bones", "fracture", "degenerative_change"),
        ("pleura", "pleural_thickening", "consolidation"),
        ("gallbladder", "gallstones", "hepatic_steatosis"),
    ],
)
def test_a_normal_anatomy_leaves_out_what_cannot_be_there(anatomy: str, absent: str, open_question: str) -> None:
    assert absent in implied_absences(anatomy)
    assert open_question not in implied_absences(anatomy)


def test_a_normal_lung_says_the_same_of_each_of_its_parts() -> None:
    parts = [name for name in ANATOMIES if is_part_of(Place(anatomy=name), Place(anatomy="lung"))]
    assert len(parts) > 10
    for part in parts:
        assert set(implied_absences("lung")) <= set(implied_absences(part))


def test_a_normal_part_of_the_heart_or_mediastinum_says_nothing_of_the_whole() -> None:
    assert "cardiomegaly" not in implied_absences("right_atrium")
    assert "mediastinal_widening" not in implied_absences("trachea")
    assert implied_absences("foot") == ()


def test_no_device_is_absent_because_an_anatomy_is_normal() -> None:
    for anatomy in ANATOMIES:
        assert all(FINDINGS[name].kind == "finding" for name in implied_absences(anatomy))


def test_an_unknown_anatomy_has_no_absences() -> None:
    with pytest.raises(PlaceError):
        implied_absences("left lower lobe")


def test_exclusion_is_symmetric_and_never_of_itself() -> None:
    pairs = {(a, b) for a, b in itertools.product(finding_names(), repeat=2) if is_excluded_by(a, b)}
    assert pairs == {(b, a) for a, b in pairs}
    assert not any(a == b for a, b in pairs)


def test_normal_excludes_every_finding_and_no_device() -> None:
    for name, each in FINDINGS.items():
        assert is_excluded_by("no_finding", name) == (each.kind == "finding")


def test_exclusion_is_not_handed_down_to_kinds() -> None:
    assert is_excluded_by("low_lung_volumes", "hyperinflation")
    assert not is_excluded_by("low_lung_volumes", "emphysema")
    with pytest.raises(FindingError):
        is_excluded_by("emphysema", "left lower lobe")
