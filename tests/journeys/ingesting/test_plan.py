"""The plan of an ingest: every case once, in the order met, and nothing of the archive held in memory."""

from __future__ import annotations

import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from casekin.errors import InputError, ManifestError
from casekin.imaging import iter_image_files
from casekin.journeys.ingesting.plan import plan_ingest
from casekin.journeys.ingesting.sources import CaseRef, read_job
from made_cases import write_png


def write_manifest(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"patient_id": f"p{row['case_id']}", **row}) + "\n" for row in rows]
    (folder / "manifest.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def planned(*paths: Path) -> list[CaseRef]:
    with plan_ingest(paths) as plan:
        refs = list(plan)
        assert len(plan) == len(refs)
    assert [CaseRef.from_record(json.loads(json.dumps(ref.as_record()))) for ref in refs] == refs
    return refs


def test_rows_of_one_case_are_one_job_wherever_they_stand(tmp_path: Path) -> None:
    rng = random.Random(4)
    rows = [{"case_id": f"c{rng.randrange(30)}", "image": f"{number}.png"} for number in range(100)]
    expected: dict[str, list[str]] = {}
    for row in rows:
        expected.setdefault(row["case_id"], []).append(row["image"])
    refs = planned(write_manifest(tmp_path / "archive", rows))
    jobs = [read_job(ref)[0] for ref in refs]
    assert {job.key: [image.name for image in job.images] for job in jobs} == expected
    assert [job.key for job in jobs] == list(expected)


def test_a_row_of_another_patient_is_left_out_and_named(tmp_path: Path) -> None:
    rows = [{"case_id": "a", "image": "1.png"}, {"case_id": "a", "image": "2.png", "patient_id": "other"}]
    (ref,) = planned(write_manifest(tmp_path, rows))
    job, (problem,) = read_job(ref)
    assert [image.name for image in job.images] == ["1.png"]
    assert (problem.source, problem.reason) == ("manifest.jsonl: a", "rows of one case name two patients")


def test_bad_rows_a_byte_order_mark_and_empty_lines_do_not_move_the_others(tmp_path: Path) -> None:
    good = [json.dumps({"case_id": name, "patient_id": "p", "image": f"{name}.png"}) for name in "abc"]
    text = "\ufeff" + good[0] + "\n\n  \nnot json\n" + good[1] + '\n{"case_id": 5}\n' + good[2]
    (tmp_path / "manifest.jsonl").write_text(text, encoding="utf-8")
    with plan_ingest([tmp_path]) as plan:
        assert [problem.source for problem in plan.problems] == ["manifest.jsonl:4", "manifest.jsonl:6"]
        assert [read_job(ref)[0].name for ref in plan] == ["a", "b", "c"]


def test_a_manifest_that_changes_under_the_ingest_is_an_error(tmp_path: Path) -> None:
    refs = planned(write_manifest(tmp_path, [{"case_id": "a", "image": "1.png"}, {"case_id": "b", "image": "2.png"}]))
    write_manifest(tmp_path, [{"case_id": "new", "image": "0.png"}, {"case_id": "b", "image": "2.png"}])
    for ref in refs:
        with pytest.raises(ManifestError, match="start again"):
            read_job(ref)


def test_loose_files_come_as_the_walk_over_all_of_them_would_group_them(tmp_path: Path) -> None:
    for name in ("b/2.png", "a.png", "b.png", "b/c/1.png", ".hidden/3.png", "b/.4.png"):
        write_png(tmp_path / "loose" / name, 1)
    (tmp_path / "loose" / "notes.txt").write_text("no image")
    jobs = [read_job(ref)[0] for ref in planned(tmp_path / "loose", tmp_path / "loose" / "a.png")]
    expected = [*iter_image_files([tmp_path / "loose"]), tmp_path / "loose" / "a.png"]
    assert [image.source for job in jobs for image in job.images] == expected
    assert len(jobs) == len(expected) == 5
    assert all(job.key is None for job in jobs)


def write_slice(path: Path, *, study: str | None, series: str, number: int, modality: str = "CT") -> Path:
    """A DICOM header of one slice, with a few pixels."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = CTImageStorage, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = f"{series}.{number}"
    header = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    header.SOPClassUID, header.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    header.SeriesInstanceUID, header.Modality, header.Rows, header.Columns = series, modality, 2, 2
    header.ImagePositionPatient, header.ImageOrientationPatient = [0, 0, number], [1, 0, 0, 0, 1, 0]
    header.PixelSpacing, header.InstanceNumber = [1, 1], number
    if study is not None:
        header.StudyInstanceUID = study
    path.parent.mkdir(parents=True, exist_ok=True)
    pydicom.dcmwrite(path, header, enforce_file_format=True)
    return path


def test_slices_of_one_series_are_one_image_of_their_study_over_all_folders(tmp_path: Path) -> None:
    root = tmp_path / "pacs"
    write_slice(root / "a" / "film.dcm", study="1.2.1", series="1.2.1.9", number=0, modality="DX")
    for number in (1, 2):
        write_slice(root / f"disk{number}" / "one.dcm", study="1.2.1", series="1.2.1.1", number=number)
        write_slice(root / f"disk{number}" / "two.dcm", study="1.2.2", series="1.2.2.1", number=number)
        write_slice(root / f"disk{number}" / "without.dcm", study=None, series="1.2.3.1", number=number)
    jobs = [read_job(ref)[0] for ref in planned(root)]
    slices = [[len(image.source) if isinstance(image.source, tuple) else 1 for image in job.images] for job in jobs]
    assert [job.key for job in jobs] == ["1.2.1", "1.2.2", None]
    assert slices == [[1, 2], [2], [2]]
    (again,) = planned(root / "disk1" / "one.dcm", root / "disk2" / "one.dcm")
    assert [image.source for image in read_job(again)[0].images] == [root / f"disk{n}" / "one.dcm" for n in (1, 2)]


def test_a_path_that_does_not_exist_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        plan_ingest([tmp_path, tmp_path / "nowhere"])


def test_the_memory_of_a_plan_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = []
    for count in (10, 200, 1200):  # the first loads what is loaded once
        folder = write_manifest(
            tmp_path / str(count),
            [{"case_id": f"c{n}", "image": "x.png", "report": "word " * 20} for n in range(count)],
        )
        tracemalloc.start()
        with plan_ingest([folder]) as plan:
            assert sum(1 for _ in plan) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Bytes a case; 48 of them are CPython's, which keeps 2,000 freed tuples of one. A `CaseRef` takes about 190.
    assert (peaks[2] - peaks[1]) / 1000 < 80
