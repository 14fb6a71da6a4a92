"""A format is told by content, whatever the file is called, and what was taken is said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.reports.formats import detect_format

ROW = json.dumps({"report_id": "r", "report": "Clear lungs."})


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.dat", ROW, "jsonl"),
        ("a.csv", ROW, "jsonl"),
        ("a.json", '\ufeff{"report_id": "r", "findings": "x"}', "jsonl"),
        ("a.txt", "id,report\nr1,Normal.\n", "csv"),
        ("a.tsv", "study_id\tfindings\nr1\tNormal.\n", "csv"),
        ("a.csv", "VolumeName,Findings_EN\ntrain_1_a_1.nii.gz,x\n", "ct-rate"),
        ("a.csv", "uid,MeSH,findings,impression\n1,m,x,y\n", "iu-xray"),
        ("a.txt", "FINDINGS: Small effusion, left. No pneumothorax.\n", "txt"),
        ("a.bin", "<eCitation/>", "iu-xray"),
        ("a.json", '[{"StudyID": "s", "findings": []}]', "padchest-gr"),
        ("a.json", '{"image_id": "d", "objects": [{"bbox_name": "trachea"}], "attributes": []}', "imagenome"),
        ("a.jsonl", '{"name": "n", "img_path": "i", "text": "t"}', "radir"),
    ],
)
def test_a_file_is_told_by_its_content(name: str, content: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = detect_format(path)
    assert (found.format, bool(found.reason)) == (format, True)


@pytest.mark.parametrize(
    ("names", "format"),
    [
        (["a.txt", "b.txt"], "txt"),
        (["a.xml", "readme.txt"], "iu-xray"),
        (["manifest.jsonl", "truth.jsonl", "a.txt"], "jsonl"),
        (["files/p10/p10000032/s50414267.txt"], "mimic-cxr"),
        (["silver/scene_graph/d_SceneGraph.json", "a.txt"], "imagenome"),
        (["train.jsonl", "train_entity/lung.csv", "train_ratescore/lung.npy"], "radir"),
        (["grounded_reports_20240819.json", "master_table.csv"], "padchest-gr"),
    ],
)
def test_a_folder_is_told_by_its_layout(names: list[str], format: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(ROW, encoding="utf-8")
    assert detect_format(tmp_path).format == format


def test_a_list_beside_text_files_hides_them_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Small effusion, left.", encoding="utf-8")
    (tmp_path / "index.csv").write_text("file,date,ward\na,1,2\nb,3,4\n", encoding="utf-8")
    assert detect_format(tmp_path).format == "txt"
    (tmp_path / "reports.csv").write_text("report_id,report\nr,Normal.\n", encoding="utf-8")
    assert detect_format(tmp_path).format == "csv"


def test_a_table_in_an_archive_is_told_by_its_header(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        archive.writestr("reports.csv", "VolumeName,Findings_EN\ntrain_1_a_1.nii.gz,Clear.\n")
    assert detect_format(tmp_path / "reports.zip").format == "ct-rate"


@pytest.mark.parametrize(
    ("content", "format"),
    [(b"id,report\nr1,Normal.\nr2,\x00\x01\n", "csv"), (ROW.encode() + b"\n\x00\x01\n", "jsonl")],
)
def test_a_binary_row_hides_the_others_not(content: bytes, format: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(content)
    assert detect_format(tmp_path / "a").format == format


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", b"a,b,c\n1,2,3\n4,5,6\n", b"[1, 2]", b"PNG\n\x00"])
def test_what_is_no_known_format_is_refused_with_what_to_do(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(InputError, match="--format"):
        detect_format(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no known report format"):
        detect_format(tmp_path)
