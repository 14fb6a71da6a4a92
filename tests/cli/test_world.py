"""`casekin world` says in JSON or in words what it wrote, and refuses wrong usage with the right exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.world import archive
from casekin.world.case_files import CaseRecords


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records only: the images are the archive's own tests' matter."""

    def a_case(name: str) -> CaseRecords:
        facts: list[Any] = [{"finding": "nodule", "in_image": True}]
        row = {"case_id": name, "patient_id": name}
        return CaseRecords(manifest={**row, "modality": "CR"}, truth={**row, "split": "train", "facts": facts})

    monkeypatch.setattr(archive, "write_patient", lambda out, patient, settings: [a_case(patient.patient_id)])
    monkeypatch.setattr(archive, "write_ood_kind", lambda out, kind, settings: [a_case(kind)])


def test_json_is_one_document_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "a"
    assert run(["world", "--out", str(out), "--patients", "3", "--seed", "1", "--workers", "1", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["patients"], summary["cases"], summary["splits"]) == (3, 3, {"train": 3})
    assert summary["findings"] == {"nodule": 3}
    assert len((out / "manifest.jsonl").read_text().splitlines()) == 3


def test_words_name_the_folder_and_the_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "a")
    assert run(["world", "--out", out, "--patients", "2", "--seed", "1", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert "2 cases of 2 patients (2 train)" in said
    assert f"casekin ingest {out}" in said


def test_an_archive_that_cannot_be_is_one_line_on_stderr_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["world", "--out", str(tmp_path / "a"), "--patients", "1", "--seed", "1", "--modality", "ct"]
    assert run([*wanted, "--format", "png"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "PNG" in said.err


@pytest.mark.parametrize("wrong", [["--patients", "0"], ["--seed", "-1"], ["--modality", "mr"], ["--size", "8"]])
def test_wrong_usage_is_exit_code_2(tmp_path: Path, wrong: list[str]) -> None:
    assert run(["world", "--out", str(tmp_path / "a"), "--patients", "1", "--seed", "1", *wrong]) == 2
