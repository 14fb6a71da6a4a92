"""Manifests and report rows: good rows come through whole, bad ones are named, nothing stops."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import ManifestError
from casekin.imaging import ManifestProblem, ReportRow, read_manifest, read_report_rows
from casekin.types import Box, CaseRow, Place, StoredRegion

GOOD: dict[str, Any] = {"case_id": "c1", "patient_id": "p1", "image": "images/c1.png"}


def rows(tmp_path: Path, *records: object) -> list[CaseRow | ManifestProblem]:
    path = tmp_path / "manifest.jsonl"
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records), encoding="utf-8")
    return list(read_manifest(path))


def test_a_full_row_comes_through(tmp_path: Path) -> None:
    full = GOOD | {
        "patient_group": "g",
        "modality": "DX",
        "age": 63,
        "day_offset": -12,
        "report": "Fine.\nReally.",
        "regions": [
            {"anatomy": "lung", "side": "right", "box": [1, 2, 3.5, 4]},
            {"anatomy": "trachea", "side": None, "mask": "masks/t.png"},
        ],
        "scanner": {"kV": 120},
    }
    (row,) = rows(tmp_path, full)
    assert row == CaseRow(
        case_id="c1",
        patient_id="p1",
        image="images/c1.png",
        patient_group="g",
        modality="DX",
        age=63.0,
        day_offset=-12,
        report="Fine.\nReally.",
        regions=(
            StoredRegion(place=Place(anatomy="lung", side="right"), box=Box(x0=1, y0=2, x1=3.5, y1=4)),
            StoredRegion(place=Place(anatomy="trachea"), mask="masks/t.png"),
        ),
        extra={"scanner": {"kV": 120}},
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"case_id": "a b"}, "case_id: expected no white space"),
        ({"case_id": "a@b"}, "no @"),
        ({"case_id": None}, "case_id: expected a text"),
        ({"case_id": 7}, "case_id: expected a text, got int"),
        ({"patient_id": ""}, "patient_id"),
        ({"image": "../../etc/passwd"}, "inside the manifest's folder"),
        ({"image": "/etc/passwd"}, "inside the manifest's folder"),
        ({"image": "C:\\x.png"}, "inside the manifest's folder"),
        ({"image": "a\\..\\..\\b.png"}, "inside the manifest's folder"),
        ({"age": "63"}, "age: expected a number"),
        ({"age": 400}, "age: expected years"),
        ({"age": True}, "age: expected a number"),
        ({"day_offset": 1.5}, "day_offset"),
        ({"report": ["x"]}, "report: expected a text"),
        ({"regions": {}}, "regions: expected a list"),
        ({"regions": [{"anatomy": "lung", "side": "upper"}]}, r"regions\[0\].side"),
        ({"regions": [{"anatomy": "lung", "box": [3, 2, 1, 4]}]}, "x1 > x0"),
        ({"regions": [{"anatomy": "lung", "box": [0, 0, 1]}]}, "x0, y0, x1, y1"),
        ({"regions": [{"anatomy": "lung", "mask": "../m.png"}]}, r"regions\[0\].mask"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_on(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    first, problem, last = rows(tmp_path, GOOD, GOOD | change, GOOD | {"case_id": "c3"})
    assert isinstance(first, CaseRow)
    assert isinstance(last, CaseRow)
    assert isinstance(problem, ManifestProblem)
    assert (problem.file, problem.row) == ("manifest.jsonl", 2)
    assert re.search(reason, problem.reason)


def test_lines_that_are_no_json_object_are_problems(tmp_path: Path) -> None:
    found = rows(tmp_path, "{", "[1]", '"x"', "", "NaN", "[" * 5000, GOOD)
    assert [row.row for row in found if isinstance(row, ManifestProblem)] == [1, 2, 3, 5, 6]
    assert isinstance(found[-1], CaseRow)


def test_a_path_through_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    (home / "images").symlink_to(outside)
    (problem,) = rows(home, GOOD)
    assert isinstance(problem, ManifestProblem)
    assert "inside the manifest's folder" in problem.reason


def test_a_missing_manifest_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"none\.jsonl: can't be opened"):
        list(read_manifest(tmp_path / "none.jsonl"))


def test_reports_come_as_text_or_sections(tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    records = [
        {"accession_number": "A1", "report": "Clear."},
        {"study_instance_uid": "1.2", "findings": "Clear.", "impression": "Normal.", "author": "x"},
        {"report": "nobody's"},
        {"case_id": "c1"},
    ]
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    one, two, three, four = read_report_rows(path)
    assert one == ReportRow(row=1, accession_number="A1", report="Clear.")
    assert isinstance(two, ReportRow)
    assert two.sections == {"findings": "Clear.", "impression": "Normal."}
    assert two.extra == {"author": "x"}
    assert isinstance(three, ManifestProblem)
    assert isinstance(four, ManifestProblem)
    assert "expected report, or findings" in four.reason
