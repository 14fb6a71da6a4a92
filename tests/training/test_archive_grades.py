"""Relevance of regions of a batch: grades of mining, unjudged pairs left open, mirrored images by mirrored places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.relevance import CaseFindings, grade_at, is_normal_at, speaks_of
from casekin.reports import read_report
from casekin.training.archive_grades import WHOLE, ArchiveGrades

REPORTS = (
    "Large left pleural effusion. The right lung is clear.",
    "Small left pleural effusion. The right lung is clear.",
    "Moderate right pleural effusion. The left lung is clear.",
    "No pleural effusion. Both lungs are clear. The heart size is normal.",
    "Consolidation in the left lower lobe. No pleural effusion.",
    "Large left pleural effusion.",
)
PATIENTS = ("a", "b", "c", "d", "e", "a")


def cases() -> list[CaseFindings]:
    made = []
    for report, patient in zip(REPORTS, PATIENTS, strict=True):
        read = read_report(report)
        made.append(
            CaseFindings(case_id="twice", patient=patient, facts=read.facts, normal_anatomies=read.normal_anatomies)
        )
    return made


def naive(found: list[CaseFindings], image: int, place: int, other: int, normal: float) -> float:
    """The definition, pair by pair."""
    where = None if place == WHOLE else LOCATIONS[place]
    one, two = found[image], found[other]
    if one.patient == two.patient or not (speaks_of(one, where) and speaks_of(two, where)):
        return float("nan")
    if is_normal_at(one, where):
        return normal if is_normal_at(two, where) else 0.0
    return grade_at(one.facts, two.facts, where) / 3


def test_relevance_is_a_third_of_the_grade_and_open_where_a_report_is_silent() -> None:
    found = cases()
    grades = ArchiveGrades(found)
    images = np.repeat(np.arange(len(found)), WHOLE + 1)
    places = np.tile(np.arange(WHOLE + 1), len(found))
    others = np.arange(len(found))
    got = grades.relevance(images, places, others, mirrored=False, normal=0.7)
    expected = [
        [naive(found, int(i), int(p), int(o), 0.7) for o in others] for i, p in zip(images, places, strict=True)
    ]
    assert np.allclose(got, np.array(expected), equal_nan=True)
    assert len(np.unique(got[~np.isnan(got)])) >= 3


def test_mirrored_images_are_graded_at_the_mirrored_place() -> None:
    grades = ArchiveGrades(cases())
    others = np.arange(len(REPORTS))
    for number, place in enumerate(LOCATIONS):
        there = LOCATIONS.index(mirror(place))
        plain, shown = (
            grades.relevance(np.array([0]), np.array([at]), others, mirrored=flag, normal=1.0)
            for at, flag in ((number, False), (there, True))
        )
        assert np.array_equal(plain, shown, equal_nan=True)
        assert (number in grades.abnormal_places(0, mirrored=False)) == (
            there in grades.abnormal_places(0, mirrored=True)
        )


def test_a_place_is_abnormal_or_normal_or_not_spoken_of() -> None:
    found = cases()
    grades = ArchiveGrades(found)
    for image, case in enumerate(found):
        told: dict[str, NDArray[np.int64]] = {
            "abnormal": grades.abnormal_places(image, mirrored=False),
            "normal": grades.normal_places(image, mirrored=False),
        }
        for number, place in enumerate(LOCATIONS):
            assert (number in told["normal"]) == is_normal_at(case, place)
            assert (number in told["abnormal"]) == (speaks_of(case, place) and not is_normal_at(case, place))
