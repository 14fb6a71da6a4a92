"""What training reads of an archive: two splits, frontal images, one ledger; of test nothing but ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.training.cases import read_archive
from casekin.training.ledger import verify_ledger

EFFUSION = {"finding": "pleural_effusion", "anatomy": "pleural_space", "side": "left", "polarity": "present"}
ROWS = [
    ("a", "p1", "train", {}),
    ("b", "p2", "train", {"patient_group": "family"}),
    ("c", "p3", "validation", {}),
    ("d", "p4", "test", {}),
    ("e", "p5", "train", {"view": "LATERAL"}),
    ("f", "p6", "train", {"modality": "CT"}),
]


def write(folder: Path, rows: list[tuple[str, str, str, dict[str, Any]]], facts: list[dict[str, Any]]) -> list[Path]:
    """A manifest and mined lines as `casekin mine` leaves them; images are named and don't exist."""
    manifest, mined = [], []
    for case_id, patient, split, more in rows:
        row = {"case_id": case_id, "patient_id": patient, "image": f"{case_id}.png", "modality": "DX", **more}
        manifest.append(row)
        told = {"facts": facts, "normal_anatomies": [], "implied": [], "split": split}
        mined.append({"report_id": case_id, **row, **told})
    paths = [folder / "manifest.jsonl", folder / "facts.jsonl"]
    for path, lines in zip(paths, (manifest, mined), strict=True):
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return paths


def test_train_and_validation_are_read_and_of_test_the_ids_alone(tmp_path: Path) -> None:
    archive = read_archive(*write(tmp_path, ROWS, [EFFUSION]))
    assert [case.case_id for case in archive.train] == ["a", "b"]
    assert [case.case_id for case in archive.validation] == ["c"]
    assert archive.train[1].patient == "family" and archive.train[0].facts[0].finding == "pleural_effusion"
    assert archive.left_out["test"] == 1 and archive.left_out["not frontal"] == 2
    assert verify_ledger(archive.ledger) == {"test": 2, "validation": 2}
    assert archive.ledger.count_seen(cases=["a", "b"], patients=["p1", "family"]) == 4
    assert archive.ledger.count_seen(cases=["c", "d"], patients=["p3", "p4"]) == 0


def test_a_patient_of_two_splits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="test: expected that no fit sees a case or patient of it"):
        read_archive(*write(tmp_path, [*ROWS, ("g", "p4", "train", {})], [EFFUSION]))


def test_the_cap_counts_patients_and_takes_all_of_their_cases(tmp_path: Path) -> None:
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        (f"{split[0]}{n}", f"{split[0]}p{n // 2}", split, {}) for split in ("train", "validation") for n in range(20)
    ]
    archive = read_archive(*write(tmp_path, rows, [EFFUSION]), patients=4)
    assert len(archive.train) == len(archive.validation) == 8
    assert len({case.patient for case in archive.train}) == 4
    assert archive.left_out["beyond the cap"] == 24


@pytest.mark.parametrize(
    ("rows", "facts", "message"),
    [
        ([row for row in ROWS if row[2] != "validation"], [EFFUSION], "expected validation patients"),
        ([row for row in ROWS if row[2] != "train"], [EFFUSION], "in the train split, got none"),
        (ROWS, [{**EFFUSION, "polarity": "absent"}], "expected reports that state findings"),
    ],
    ids=["no validation", "no train", "no finding"],
)
def test_an_archive_that_cannot_train_says_what_it_lacks(
    rows: list[tuple[str, str, str, dict[str, Any]]], facts: list[dict[str, Any]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        read_archive(*write(tmp_path, rows, facts))


def test_a_line_that_is_none_of_mining_is_named(tmp_path: Path) -> None:
    manifest, facts = write(tmp_path, ROWS, [EFFUSION])
    facts.write_text("[]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"facts\.jsonl row 1"):
        read_archive(manifest, facts)
