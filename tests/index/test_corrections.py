"""What a hospital corrects in an index: patients that are one person, images that were rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekin.index import CaseIndex
from made_stores import everything, stored_case


@pytest.fixture
def index(tmp_path: Path) -> CaseIndex:
    made = CaseIndex(tmp_path / "index", create=True)
    made.put([stored_case(number) for number in range(6)])
    return made


def patients(index: CaseIndex) -> list[str]:
    return [index.cases([f"case-{number}"])[f"case-{number}"].patient for number in range(6)]


def test_a_merge_makes_one_patient_of_two_and_of_their_groups(index: CaseIndex) -> None:
    index.put([stored_case(5, patient="family", patient_id="patient-2")])
    before = patients(index)
    changed = index.merge_patients(survivor="patient-0", merged="patient-2")
    assert changed == ["case-4", "case-5"]
    assert patients(index) == [*before[:4], "patient-0", "patient-0"]
    assert index.catalog().patient_of_case[-1] == "patient-0"
    assert index.info()["integrity"] == "ok" and index.upkeep.check().is_sound
    assert index.merge_patients(survivor="patient-0", merged="patient-2") == []


def test_a_number_that_was_merged_away_finds_and_erases_the_patient_it_is_now(index: CaseIndex) -> None:
    assert index.merge_patients(survivor="patient-9", merged="patient-8") == []  # nobody here
    assert index.patients_of(patient_id="patient-8") == set() == set(index.transfer.merges())
    version = index.version()
    assert index.merge_patients(survivor="patient-0", merged="older") == []
    assert index.version() != version and index.patients_of(patient_id="older") == {"patient-0"}
    changed = index.merge_patients(survivor="patient-2", merged="patient-0")
    assert index.patients_of(patient_id="older") == {"patient-2"} == index.patients_of(patient_id="patient-0")
    assert index.transfer.merges() == [("older", "patient-2"), ("patient-0", "patient-2")]
    assert index.upkeep.one_person(["older"]) == {"older", "patient-0", "patient-2"}
    assert index.upkeep.check().is_sound
    chosen = index.upkeep.select_for_erasure(patients=["older"])
    assert set(changed) < set(chosen) == {f"case-{n}" for n, one in enumerate(patients(index)) if one == "patient-2"}
    index.upkeep.forget(chosen)
    assert index.transfer.merges() == [] and index.upkeep.check().is_sound


def test_a_rejected_image_is_gone_and_its_case_with_the_last_one(index: CaseIndex) -> None:
    contents = index.content_hashes()["case-1"]
    assert len(contents) == 2
    others = {name: ids for name, ids in everything(index)["ids"].items() if name != "case-1"}
    assert index.remove_images("case-1", contents[:1]) == 1
    assert index.content_hashes()["case-1"] == contents[1:]
    assert index.remove_images("case-1", ["another content"]) == 0
    assert index.remove_images("case-1", contents) == 1
    assert "case-1" not in index.cases(["case-1"])
    assert everything(index)["ids"] == others


def test_a_source_whose_image_was_rejected_may_come_again(index: CaseIndex) -> None:
    case = stored_case(1)
    assert index.has_source(case.stamp, case.model_version)
    index.remove_images("case-1", index.content_hashes()["case-1"][:1])
    assert not index.has_source(case.stamp, case.model_version)
