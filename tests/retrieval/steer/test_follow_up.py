"""What happened next: each patient once a finding, by the first later report that speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from casekin.index import IndexedCase, StoredCase
from casekin.retrieval.steer.follow_up import FollowUp, follow_patients, later_exams
from casekin.retrieval.steer.stated import Spot
from casekin.types import Change, Fact, Polarity, Severity
from made_cases import made_fact, place
from made_reported import reported, stored

SPOT = Spot(places=(place("pleural_space", "left"),))


def effusion(polarity: Polarity = "present", severity: Severity | None = None, change: Change | None = None) -> Fact:
    return Fact(
        finding="pleural_effusion",
        anatomy="pleural_space",
        side="left",
        polarity=polarity,
        severity=severity,
        change=change,
    )


def exam(patient: int, day: int | None, facts: Sequence[Fact], **values: Any) -> IndexedCase:
    return reported(f"p{patient}-{day}", facts, patient=f"p{patient}", day_offset=day, **values)


def followed(folder: Path, exams: Sequence[IndexedCase]) -> FollowUp:
    """The follow-up of each patient's first examination."""
    index = stored(folder, exams)
    cases = index.cases(one.case_id for one in exams)
    first: dict[str, StoredCase] = {}
    for case in cases.values():
        first.setdefault(case.patient, case)
    courses = [
        (case, later_exams(case, [other for other in cases.values() if other.patient == case.patient]))
        for case in first.values()
    ]
    return follow_patients(courses, SPOT)


NODULE = made_fact("nodule", "upper_lobe", "right")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (effusion(), effusion("absent"), "resolved"),
        (effusion(), effusion(change="resolved", polarity="absent"), "resolved"),
        (effusion(severity="severe"), effusion(severity="mild"), "improved"),
        (effusion(), effusion(change="decreased"), "improved"),
        (effusion(severity="mild"), effusion(severity="mild"), "stable"),
        (effusion(), effusion(change="stable"), "stable"),
        (effusion(severity="mild"), effusion(severity="severe"), "progressed"),
        (effusion(severity="severe"), effusion(severity="mild", change="increased"), "progressed"),
        (effusion(), effusion("uncertain"), "uncertain"),
    ],
)
def test_an_outcome_is_what_the_next_report_says(tmp_path: Path, before: Fact, after: Fact, outcome: str) -> None:
    exams = [exam(n, day, [fact]) for n in range(6) for day, fact in ((0, before), (7 + n, after))]
    (row,) = followed(tmp_path, exams).as_record()["rows"]
    assert {name: value for name, value in row.items() if value} == {
        "finding": "pleural_effusion",
        "patients": 6,
        outcome: 6,
        "median_days": 9.5,
    }


def test_a_silent_report_is_passed_over_and_a_normal_place_is_a_resolution(tmp_path: Path) -> None:
    exams = []
    for n in range(5):
        clear = exam(n, 30, [], normal_anatomies=(place("pleural_space", "bilateral"),))
        exams += [exam(n, 0, [effusion()]), exam(n, 3, [NODULE]), clear]
    (row,) = followed(tmp_path, exams).as_record()["rows"]
    assert (row["resolved"], row["median_days"]) == (5, 30)


def test_what_the_next_report_states_for_the_first_time_is_new_unless_it_was_in_doubt(tmp_path: Path) -> None:
    exams = [exam(n, day, facts) for n in range(5) for day, facts in ((0, [NODULE]), (2, [effusion()]))]
    exams += [exam(9, 0, [effusion("uncertain")]), exam(9, 1, [effusion()])]
    told = followed(tmp_path, exams)
    assert [(row.finding, row.outcomes["new"]) for row in told.rows] == [("pleural_effusion", 5)]


def test_patients_without_a_later_report_or_without_days_are_not_followed(tmp_path: Path) -> None:
    exams = [
        exam(0, 5, [effusion()]),
        exam(0, 2, [effusion()]),  # earlier
        exam(1, None, [effusion()]),
        exam(2, 0, [effusion()]),
        exam(2, 4, [], report=None, sentences=()),
    ]
    assert followed(tmp_path, exams).as_record() == {
        "at": ["left_pleural_space"],
        "hits": 3,
        "followed": 0,
        "rows": [],
    }


def test_few_patients_are_told_without_numbers(tmp_path: Path) -> None:
    exams = [exam(n, day, [fact]) for n in range(7) for day, fact in ((0, effusion()), (7, effusion("absent")))]
    exams[3] = exam(1, 7, [effusion(change="stable")])
    (row,) = followed(tmp_path, exams).as_record()["rows"]
    assert (row["patients"], row["stable"], row["resolved"]) == (7, "<5", None)  # 6 would tell the one
