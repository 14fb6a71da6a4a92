"""Patients: pure functions of seed and number, varied in side, plausible in what changes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from casekin.types import SEVERITIES, Fact
from casekin.world.diseases import DISEASES
from casekin.world.latent import DEVICES, FINDINGS, SIZE_LIMITS_MM
from casekin.world.patients import SITE_PROFILES, Exam, Patient, disease_lesions, sample_patient, split_of

SIDED = frozenset(
    {
        "consolidation",
        "ground_glass_opacity",
        "nodule",
        "mass",
        "atelectasis",
        "pleural_effusion",
        "pneumothorax",
        "hilar_enlargement",
        "emphysema",
        "fibrosis",
        "pleural_thickening",
        "calcified_granuloma",
        "rib_fracture",
        "pacemaker",
        "chest_tube",
    }
)
PLACES_OF_LOBES = {
    ("upper_lobe", "right"),
    ("middle_lobe", "right"),
    ("lower_lobe", "right"),
    ("upper_lobe", "left"),
    ("lingula", "left"),
    ("lower_lobe", "left"),
}


@pytest.fixture(scope="module")
def people() -> list[Patient]:
    return [sample_patient(number, seed=11) for number in range(400)]


@pytest.fixture(scope="module")
def exams(people: list[Patient]) -> list[Exam]:
    return [exam for patient in people for exam in patient.exams]


def test_the_same_seed_and_number_give_the_same_patient_whatever_was_drawn_before() -> None:
    assert sample_patient(7, seed=3) == sample_patient(7, seed=3)
    assert [sample_patient(n, seed=3) for n in (5, 2)] == [sample_patient(n, seed=3) for n in (2, 5)][::-1]


def test_another_seed_gives_other_patients() -> None:
    assert [sample_patient(n, seed=1).exams for n in range(5)] != [sample_patient(n, seed=2).exams for n in range(5)]


def test_every_finding_occurs_and_every_sided_one_on_both_sides(exams: list[Exam]) -> None:
    sides = {(fact.finding, fact.side) for exam in exams for fact in exam.facts}
    assert {finding for finding, _ in sides} == set(FINDINGS)
    assert len(FINDINGS) == 23
    assert not [(f, side) for f in SIDED for side in ("left", "right") if (f, side) not in sides]


def test_neither_side_holds_most_of_the_sided_findings(exams: list[Exam]) -> None:
    counts = Counter(fact.side for exam in exams for fact in exam.facts)
    assert 0.4 < counts["right"] / (counts["right"] + counts["left"]) < 0.62


def test_findings_of_the_parenchyma_are_in_lobes_that_exist(exams: list[Exam]) -> None:
    in_lobes = ("consolidation", "ground_glass_opacity", "nodule", "mass", "atelectasis", "calcified_granuloma")
    places = {(f.anatomy, f.side) for exam in exams for f in exam.facts if f.finding in in_lobes}
    assert places == PLACES_OF_LOBES


def test_no_finding_stands_twice_at_one_place_in_one_exam(exams: list[Exam]) -> None:
    for exam in exams:
        places = [(fact.finding, fact.place) for fact in exam.facts]
        assert len(places) == len(set(places))


def test_the_change_of_a_fact_is_what_a_comparison_of_the_two_exams_says(people: list[Patient]) -> None:
    def expected(now: Fact, before: dict[tuple[str, str], Fact]) -> str:
        old = before.get((now.finding, str(now.place)))
        if old is None:
            return "new"
        if now.size_mm is not None and old.size_mm is not None:
            grown = now.size_mm - old.size_mm
            return "stable" if abs(grown) < 3 else "increased" if grown > 0 else "decreased"
        steps = [SEVERITIES.index(fact.severity) if fact.severity else 0 for fact in (old, now)]
        return "stable" if steps[0] == steps[1] else "increased" if steps[1] > steps[0] else "decreased"

    seen = set()
    for patient in people:
        assert all(fact.change is None for fact in patient.exams[0].facts)
        for earlier, later in zip(patient.exams, patient.exams[1:], strict=False):
            before = {(fact.finding, str(fact.place)): fact for fact in earlier.facts}
            for fact in later.facts:
                assert fact.change == expected(fact, before)
                seen.add(fact.change)
            now = {(fact.finding, str(fact.place)) for fact in later.facts}
            assert {(f.finding, str(f.place)) for f in later.resolved} == set(before) - now
    assert seen == {"new", "stable", "increased", "decreased"}


def test_exams_run_forward_in_time_and_number_one_to_four(people: list[Patient]) -> None:
    assert {len(patient.exams) for patient in people} == {1, 2, 3, 4}
    for patient in people:
        days = [exam.day_offset for exam in patient.exams]
        assert days[0] == 0
        assert days == sorted(set(days))


def test_sizes_and_severities_belong_to_the_findings_that_have_them(exams: list[Exam]) -> None:
    for fact in (fact for exam in exams for fact in exam.facts):
        assert fact.polarity == "present"
        assert (fact.severity is None) == (fact.finding in DEVICES)
        if fact.finding in SIZE_LIMITS_MM:
            low, high = SIZE_LIMITS_MM[fact.finding]
            assert fact.size_mm is not None
            assert low <= fact.size_mm <= high
        else:
            assert fact.size_mm is None


def test_what_is_equivocal_is_not_also_there(exams: list[Exam]) -> None:
    doubtful = [(exam, fact) for exam in exams for fact in exam.equivocal]
    assert doubtful
    for exam, fact in doubtful:
        assert fact.polarity == "uncertain"
        assert fact.finding not in {present.finding for present in exam.facts}


def test_splits_are_seven_one_two_in_every_ten_patients_and_shuffled_by_the_seed() -> None:
    for start in (0, 10, 250):
        counts = Counter(split_of(number, seed=5) for number in range(start, start + 10))
        assert counts == {"train": 7, "validation": 1, "test": 2}
    assert [split_of(n, seed=5) for n in range(30)] != [split_of(n, seed=6) for n in range(30)]


def test_about_a_third_of_the_patients_are_normal_at_first_and_the_intensive_care_unit_has_few(
    people: list[Patient],
) -> None:
    normal = [not patient.exams[0].facts for patient in people]
    assert 0.2 < float(np.mean(normal)) < 0.45
    critical = [not patient.exams[0].facts for patient in people if patient.exams[0].site == "field"]
    assert float(np.mean(critical)) < float(np.mean(normal)) / 2


def test_a_site_that_burns_supine_or_portable_into_its_pictures_makes_only_such(exams: list[Exam]) -> None:
    assert all(exam.portable for exam in exams if exam.site in ("field", "lake"))
    assert all(exam.supine for exam in exams if exam.site == "lake")
    assert not any(exam.portable for exam in exams if exam.site in ("harbour", "crown"))


@pytest.mark.parametrize("disease", [disease.name for disease in DISEASES])
def test_every_disease_gives_findings_each_time(disease: str) -> None:
    assert all(disease_lesions(np.random.default_rng(seed), disease) for seed in range(40))


def test_site_shares_sum_to_one() -> None:
    assert sum(profile.share for profile in SITE_PROFILES) == pytest.approx(1.0)
