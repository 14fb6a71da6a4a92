"""Images that don't belong: enough of each kind, in no list of the archive, and what they claim to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pydicom
import pytest

from casekin.world import archive as archive_module
from casekin.world import ood, write_archive
from casekin.world.case_files import ArchiveSettings, CaseRecords
from casekin.world.ood import OOD_KINDS, ood_count, write_ood_kind
from casekin.world.patients import Patient, sample_patient

SETTINGS = ArchiveSettings(patients=1, seed=6, modality="cr", format="dicom", size=96)


def records(out: Path, kind: str) -> list[CaseRecords]:
    return list(write_ood_kind(out, kind, SETTINGS))


def shown(out: Path, record: CaseRecords) -> np.ndarray:
    """A picture as a viewer shows it: dense is bright, 0 to 1."""
    header = pydicom.dcmread(out / record.manifest["image"])
    grey = header.pixel_array / (2**header.BitsStored - 1)
    return np.asarray(1 - grey if header.PhotometricInterpretation == "MONOCHROME1" else grey)


def lung_minus_middle(picture: np.ndarray) -> float:
    """How much brighter the sides of the upper chest are than its middle; below 0 in a chest shown as usual."""
    rows, columns = picture.shape
    band = picture[rows // 3 : rows // 2]
    middle = band[:, columns * 45 // 100 : columns * 55 // 100].mean()
    sides = (band[:, columns // 5 : columns // 3].mean() + band[:, columns * 2 // 3 : columns * 4 // 5].mean()) / 2
    return float(sides - middle)


@pytest.mark.parametrize(("patients", "each"), [(1, 2), (100, 2), (150, 3), (1000, 20)])
def test_their_number_grows_with_the_archive(patients: int, each: int) -> None:
    assert ood_count(patients) == each


@pytest.mark.parametrize("kind", ["blank", "noise", "other_body_part"])
def test_they_claim_to_be_frontal_chests_and_only_their_own_truth_says_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(ood, "ood_count", lambda patients: 1)
    found = records(tmp_path, kind)
    assert len(found) == 1
    for record in found:
        assert record.truth == {"case_id": record.manifest["case_id"], "patient_id": ANY, "kind": kind}
        assert record.manifest["body_part"] == "CHEST"
        assert record.manifest["view"] in ("PA", "AP")
        assert not {"kind", "report", "split", "regions"} & set(record.manifest)


def test_they_are_in_neither_manifest_nor_truth_and_neither_are_their_patients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "write_patient", lambda out, patient, settings: [a_case(patient)])
    monkeypatch.setattr(archive_module, "write_ood_kind", lambda out, kind, settings: [a_case(kind)] * 2)
    out = tmp_path / "archive"
    write_archive(out, patients=3, seed=6, size=96, workers=1)
    ours = [json.loads(line) for name in ("manifest", "truth") for line in (out / f"{name}.jsonl").open()]
    strange = [json.loads(line) for name in ("manifest", "truth") for line in (out / "ood" / f"{name}.jsonl").open()]
    assert len(ours) == 2 * 3
    assert len(strange) == 2 * 2 * len(OOD_KINDS)
    assert not {row["case_id"] for row in ours} & {row["case_id"] for row in strange}


def a_case(thing: Patient | str) -> CaseRecords:
    name = {"case_id": str(thing) if isinstance(thing, str) else thing.patient_id, "patient_id": "p"}
    facts: list[Any] = []
    return CaseRecords(manifest={**name, "modality": "CR"}, truth={**name, "split": "train", "facts": facts})


def test_their_patients_are_nobody_in_the_archive(tmp_path: Path) -> None:
    strange = {record.manifest["patient_id"] for kind in ("blank", "noise") for record in records(tmp_path, kind)}
    assert len(strange) == 4
    assert not strange & {sample_patient(number, seed=SETTINGS.seed).patient_id for number in range(50)}


def test_a_blank_is_flat_and_noise_is_not(tmp_path: Path) -> None:
    assert all(shown(tmp_path, record).std() < 0.01 for record in records(tmp_path, "blank"))
    assert all(shown(tmp_path, record).std() > 0.2 for record in records(tmp_path, "noise"))


def test_an_inverted_chest_has_lungs_brighter_than_its_mediastinum_and_a_mirrored_one_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ood, "ood_count", lambda patients: 1)
    assert lung_minus_middle(shown(tmp_path, records(tmp_path, "inverted")[0])) > 0
    assert lung_minus_middle(shown(tmp_path, records(tmp_path, "mirrored")[0])) < 0
