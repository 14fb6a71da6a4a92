"""Text files, JSON Lines and tables: what is read, what is listed as bad, and what is never followed."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.reports.formats import LOADERS, BadRow, SourceReport, detect_format
from casekin.reports.formats.rows import MAX_REPORT

TEXT = "FINDINGS: Small left pleural effusion."


def loaded(format: str, source: Path) -> tuple[list[SourceReport], list[BadRow]]:
    """The reports and the bad rows of a source, each in order."""
    rows = list(LOADERS[format](source))
    return [r for r in rows if isinstance(r, SourceReport)], [r for r in rows if isinstance(r, BadRow)]


def write_jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_id_of_a_text_file_is_its_path_in_the_folder_without_its_ending(tmp_path: Path) -> None:
    (tmp_path / "ward" / "north").mkdir(parents=True)
    (tmp_path / "ward" / "north" / "b.2.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.txt").write_text("Clear lungs.", encoding="utf-8")
    (tmp_path / "notes.md").write_text("not a report", encoding="utf-8")
    reports, bad = loaded("txt", tmp_path)
    assert [(report.report_id, report.text) for report in reports] == [("a", "Clear lungs."), ("ward/north/b.2", TEXT)]
    assert not bad


@pytest.mark.parametrize(
    ("data", "text", "guess"),
    [
        (b"\xef\xbb\xbfCl\xc3\xa4r", "Clär", None),
        ("Clär".encode("utf-16"), "Clär", None),
        (b"\xfe\xff" + "Clär".encode("utf-16-be"), "Clär", None),
        (b"Cl\xe4r \x93quoted\x94", "Clär “quoted”", "cp1252"),
        (b"", "", None),
    ],
)
def test_encodings_are_told_apart_and_a_guess_is_named(
    data: bytes, text: str, guess: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    (report,), bad = loaded("txt", path)
    assert (report.text, report.encoding, bad) == (text, guess, [])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x00\x01\x02DICM", "binary"),
        (b"caf\x81\xff", "neither UTF-8"),
        (b"\xff\xfea", "UTF-16"),
        (b"a" * (MAX_REPORT + 1), "characters"),
    ],
    ids=["binary", "undefined byte", "half a character", "too long"],
)
def test_a_text_file_that_is_no_report_is_listed_and_the_rest_is_read(data: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    reports, bad = loaded("txt", tmp_path)
    assert [report.report_id for report in reports] == ["good"]
    assert [(row.file, row.row) for row in bad] == [("bad.txt", None)]
    assert told in bad[0].reason


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    reports, bad = loaded("txt", folder)
    assert not reports
    assert [row.file for row in bad] == ["link.txt"]


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_archives_are_read_in_place_and_a_member_outside_is_refused(kind: str, tmp_path: Path) -> None:
    members = {"r/one.txt": TEXT, "../../evil.txt": "evil", "/abs.txt": "evil", "r/two.txt": "Clear lungs."}
    path = tmp_path / f"reports.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in members.items():
                archive.writestr(name, text)
    else:
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as archive:
            for name, text in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))
    before = sorted(tmp_path.rglob("*"))
    reports, bad = loaded("txt", path)
    assert sorted((report.report_id, report.text) for report in reports) == [
        ("r/one", TEXT), ("r/two", "Clear lungs."),
    ]  # fmt: skip
    assert len(bad) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_archive_gives_what_came_before_the_damage_and_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "reports.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for number in range(50):
            info = tarfile.TarInfo(f"{number:02}.txt")
            data = " ".join(str(number * k * 7919 % 10007) for k in range(400)).encode()
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    reports, bad = loaded("txt", path)
    assert 0 < len(reports) < 50
    assert [row.file for row in bad if "damaged archive" in row.reason] == ["reports.tar.gz"]


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_table_in_a_damaged_archive_is_listed_with_the_row_where_reading_ended(format: str, tmp_path: Path) -> None:
    texts = [f"Left effusion of {number * 7919 % 10007} ml." for number in range(3000)]
    rows = [json.dumps({"report_id": f"r{n}", "report": text}) for n, text in enumerate(texts)]
    table = ["report_id,report", *(f"r{number},{text}" for number, text in enumerate(texts))]
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"a.{format}", "\n".join(table if format == "csv" else rows))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    reports, bad = loaded(format, path)
    assert reports[0].text == texts[0]
    assert "can't be read" in bad[-1].reason
    assert bad[-1].row is not None and bad[-1].row > len(reports)
    assert detect_format(path).format == format


def test_report_rows_keep_their_ids_and_unknown_fields_and_sections_become_a_text(tmp_path: Path) -> None:
    rows = [
        {"report_id": "r1", "patient_id": "p1", "report": TEXT, "ward": 3},
        {"report_id": "r2", "patient_group": "g", "impression": "Normal.", "findings": "Clear lungs.", "history": ""},
        {"case_id": "c3", "patient_id": "p3", "image": "i.dcm", "report": "Normal.", "split": "val"},
        {"study_id": 77, "subject_id": 5, "text": "Normal."},
    ]
    reports, bad = loaded("jsonl", write_jsonl(tmp_path / "r.jsonl", rows))
    assert not bad
    assert [(r.report_id, r.case_id, r.patient_id, r.patient_group, r.split) for r in reports] == [
        ("r1", None, "p1", None, None),
        ("r2", None, None, "g", None),
        ("c3", "c3", "p3", None, "validation"),
        ("77", None, "5", None, None),
    ]
    assert [(r.text, r.composed) for r in reports[:2]] == [
        (TEXT, False),
        ("FINDINGS: Clear lungs.\nIMPRESSION: Normal.", True),
    ]
    assert reports[0].extra == {"ward": 3}
    assert reports[2].extra == {"image": "i.dcm"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{not json", "JSON object"),
        ("[1]", "JSON object"),
        ('{"report": "x"}', "expected an id"),
        ('{"name": "a person", "report": "x"}', "expected an id"),
        ('{"report_id": "r"}', "expected report"),
        ('{"report_id": "r", "report": 5}', "report: expected a text"),
        ('{"report_id": ["r"], "report": "x"}', "report_id: expected a text"),
        ('{"report_id": "r", "report": "x", "split": "fold3"}', "split: expected"),
        ("[" * 100_000, "JSON object"),
        ('{"report_id": "r", "report": "x", "more": ' + "[" * 900 + "]" * 900 + "}", "JSON object"),
        ('{"report_id": "a\\u0000b", "report": "x"}', "printable"),
    ],
)
def test_a_line_that_cannot_be_used_is_listed_with_its_number_and_the_rest_is_read(
    line: str, told: str, tmp_path: Path
) -> None:
    good = json.dumps({"report_id": "good", "report": TEXT})
    path = tmp_path / "r.jsonl"
    path.write_text(f"{good}\n\n{line}\n{good}\n", encoding="utf-8")
    reports, bad = loaded("jsonl", path)
    assert [report.row for report in reports] == [1, 4]
    assert [(row.file, row.row) for row in bad] == [("r.jsonl", 3)]
    assert told in bad[0].reason


def test_a_line_of_more_than_16_mib_is_passed_over_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    good = json.dumps({"report_id": "good", "report": TEXT}).encode()
    path.write_bytes(b'{"report_id": "x", "report": "' + b"a" * (17 << 20) + b'"}\n' + good + b"\n")
    reports, bad = loaded("jsonl", path)
    assert [(report.report_id, report.row) for report in reports] == [("good", 2)]
    assert [row.row for row in bad] == [1]


def test_a_folder_with_a_manifest_is_read_through_it_alone(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "manifest.jsonl", [{"case_id": "c", "patient_id": "p", "image": "i", "report": TEXT}])
    write_jsonl(tmp_path / "truth.jsonl", [{"case_id": "c", "report": "the truth"}])
    reports, _ = loaded("jsonl", tmp_path)
    assert [report.text for report in reports] == [TEXT]


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_manifest_inside_a_source_hides_truth_and_folders_beside_it(kind: str, tmp_path: Path) -> None:
    row = {"case_id": "c", "image": "i", "report": TEXT}
    truth = {"case_id": "c", "report": "the truth"}
    source = tmp_path / "source"
    for name, record in (("manifest", row), ("truth", truth), ("ood/manifest", {**truth, "case_id": "odd"})):
        path = source / "archive" / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_jsonl(path, [record])
    write_jsonl(source / "more.jsonl", [{"report_id": "more", "report": TEXT}])
    if kind == "zip":
        source = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", source))
    reports, bad = loaded("jsonl", source)
    assert not bad
    assert sorted((report.report_id, report.text) for report in reports) == [("c", TEXT), ("more", TEXT)]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r"), max_size=40), max_size=6
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[str], delimiter: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = ["".join(c for c in row if c >= " " or c == "\n") for row in rows]
    path = tmp_path_factory.mktemp("table") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(["report_id", "patient_id", "report"])
        writer.writerows([[f"r{number}", "p", text] for number, text in enumerate(rows)])
    reports, bad = loaded("csv", path)
    assert not bad
    assert [(report.report_id, report.text) for report in reports] == [
        (f"r{number}", text if text.strip() else "") for number, text in enumerate(rows)
    ]


def test_a_quote_that_is_never_closed_spoils_its_own_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        'report_id,report\nr1,"Clear, lungs."\nr2,"never closed\nr3,Normal.\nr4,one,too many\nr5\nr6,"two\nlines"\n',
        encoding="utf-8",
    )
    reports, bad = loaded("csv", path)
    assert [(r.report_id, r.text, r.row) for r in reports] == [
        ("r1", "Clear, lungs.", 2), ("r3", "Normal.", 4), ("r6", "two\nlines", 7),
    ]  # fmt: skip
    assert [row.row for row in bad] == [3, 5, 6]


def test_an_inch_mark_in_a_cell_is_a_letter_and_an_empty_split_is_none(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('report_id,split,report\nr1,,5" of tube.\nr2,dev,Normal.\n', encoding="utf-8")
    reports, bad = loaded("csv", path)
    assert not bad
    assert [(r.report_id, r.split, r.text) for r in reports] == [
        ("r1", None, '5" of tube.'), ("r2", "validation", "Normal."),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["", "a,a\n", ",,\n"])
def test_a_table_without_a_usable_header_is_one_bad_row(header: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(header, encoding="utf-8")
    reports, bad = loaded("csv", path)
    assert not reports
    assert [row.row for row in bad] == [1]


def test_a_table_without_a_header_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("John Smith,Normal chest\nJane Doe,Effusion\n", encoding="utf-8")
    reports, bad = loaded("csv", path)
    assert not reports
    assert [row.row for row in bad] == [2]
    assert not any(word.lower() in bad[0].reason.lower() for word in ("John", "Jane", "Normal", "Effusion"))
