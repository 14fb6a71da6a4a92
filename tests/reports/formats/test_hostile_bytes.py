"""Whatever bytes a source holds, a loader gives reports and bad rows, and raises nothing."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.reports.formats import LOADERS, BadRow, SourceReport, detect_format

GRAPH = {
    "image_id": "d",
    "study_id": 1,
    "objects": [{"bbox_name": "trachea", "original_x1": 1, "original_y1": 1, "original_x2": 2, "original_y2": 2}],
    "attributes": [{"bbox_name": "trachea", "phrases": ["a"], "attributes": [["nlp|yes|normal"]]}],
}
STUDIES = [{"StudyID": "s", "findings": [{"sentence_en": "x", "labels": ["cardiomegaly"], "boxes": [[0, 0, 1, 1]]}]}]
SAMPLES: dict[str, tuple[str, bytes]] = {
    "txt": ("a.txt", b"FINDINGS: Clear lungs."),
    "jsonl": ("a.jsonl", b'{"report_id": "r", "report": "Clear."}\n{"report_id": "s", "findings": null}\n'),
    "csv": ("a.csv", b'report_id,report\nr,"Clear, lungs."\ns,x\n'),
    "iu-xray": ("a.xml", b'<e><uId id="C"/><AbstractText Label="FINDINGS">Clear.</AbstractText></e>'),
    "imagenome": ("a_SceneGraph.json", json.dumps(GRAPH).encode()),
    "mimic-cxr": ("p10/p10000000/s5.txt", b"Clear."),
    "ct-rate": ("a.csv", b"VolumeName,Findings_EN\ntrain_1_a_1.nii.gz,Clear.\n"),
    "padchest-gr": ("grounded_reports_1.json", json.dumps(STUDIES).encode()),
    "radir": ("train.jsonl", b'{"name": "n", "text": "t"}\n'),
}
HOSTILE = st.one_of(
    st.binary(max_size=80), st.sampled_from([b'"', b"\x00", b"\xff\xfe", b"\n", b"}", b"<", b"null", b"[[["])
)


@pytest.mark.parametrize("format", list(SAMPLES))
@settings(max_examples=60)
@given(cut=st.integers(0, 400), length=st.integers(0, 60), put=HOSTILE)
def test_a_sample_with_other_bytes_put_in_gives_rows_and_bad_rows_alone(
    format: str, cut: int, length: int, put: bytes, tmp_path: Path
) -> None:
    name, data = SAMPLES[format]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data[:cut] + put + data[cut + length :])
    for source in (tmp_path, path):
        assert all(isinstance(row, SourceReport | BadRow) for row in LOADERS[format](source))
        with suppress(InputError):
            detect_format(source)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@settings(max_examples=40)
@given(cut=st.integers(0, 2000), length=st.integers(0, 60), put=HOSTILE)
def test_an_archive_with_other_bytes_put_in_gives_rows_and_bad_rows_alone(
    kind: str, cut: int, length: int, put: bytes, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    names = ("a.txt", "b.txt", "a.csv", "a.jsonl")
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name in names:
                zipped.writestr(name, "Clear lungs. " * 20)
    else:
        with tarfile.open(fileobj=stream, mode="w:gz" if kind == "tar.gz" else "w") as archive:
            for name in names:
                info = tarfile.TarInfo(name)
                info.size = 600
                archive.addfile(info, io.BytesIO(bytes(range(32, 92)) * 10))
    data = stream.getvalue()
    path = tmp_path / "reports.bin"
    path.write_bytes(data[:cut] + put + data[cut + length :])
    for format in ("txt", "csv", "jsonl"):
        assert all(isinstance(row, SourceReport | BadRow) for row in LOADERS[format](path))
    with suppress(InputError):
        detect_format(path)


@pytest.mark.parametrize("format", list(SAMPLES))
def test_the_samples_themselves_are_read_and_recognised(format: str, tmp_path: Path) -> None:
    name, data = SAMPLES[format]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    assert detect_format(tmp_path if format == "mimic-cxr" else path).format == format
    rows = list(LOADERS[format](tmp_path))
    assert rows
    assert all(isinstance(row, SourceReport) for row in rows)
