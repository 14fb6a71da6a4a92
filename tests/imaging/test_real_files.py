"""Real files, where `CASEKIN_REAL_DATA` names a folder of them: each is read as its manifest says, or refused."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.errors import ImageError
from casekin.imaging import frontal_view, read_image
from casekin.imaging.geometry import is_hounsfield

FOLDER = os.environ.get("CASEKIN_REAL_DATA")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="real data: CASEKIN_REAL_DATA is not set")
SPLEEN, LIVER = 1, 5
ALSO_DECODED = {"JPEG Extended (Process 2 and 4)"}
"""What the manifest's writer had no decoder for."""
REFUSED_MODALITIES = {"SEG", "SR", "RTSTRUCT", "RTDOSE", "ECG", "RWV", "SM", None}


def rows(manifest: str) -> list[dict[str, Any]]:
    path = Path(FOLDER or "", manifest)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if FOLDER else []


@pytest.mark.parametrize(
    "row", [r for r in rows("other/manifest.jsonl") if "dicom" in r], ids=lambda row: row["case_id"]
)
def test_a_dicom_file_has_its_shape_or_is_refused(row: dict[str, Any]) -> None:
    path = Path(FOLDER or "", "other", row["dicom"])
    decodes = row["pixel_error"] is None or row["transfer_syntax"] in ALSO_DECODED
    if row["modality"] in REFUSED_MODALITIES or not decodes:
        with pytest.raises(ImageError, match=path.name):
            read_image(path)
        return
    image = read_image(path)
    assert list(image.pixels.shape) == (row["pixel_shape"] or [row["rows"], row["cols"]])[:2]
    assert frontal_view(image).max() > 0.5


def labelled_volumes() -> list[dict[str, Any]]:
    return [row for row in rows("volumes/manifest.jsonl") if (row.get("label_names") or {}).get("5") == "liver"]


@pytest.mark.parametrize("row", labelled_volumes(), ids=lambda row: row["volume_id"])
def test_the_liver_lies_on_the_left_of_the_frontal_view_and_the_spleen_on_the_right(row: dict[str, Any]) -> None:
    """Left and right are checked on organs, whatever the file's storage order."""
    labels = read_image(Path(FOLDER or "", "volumes", row["labels"]))

    def column(label: int) -> float:
        organ = replace(labels, pixels=(labels.pixels == label).astype(np.float32))
        return float(np.argwhere(frontal_view(organ) > 0)[:, 1].mean())

    assert column(LIVER) < frontal_view(labels).shape[1] / 2 < column(SPLEEN)


@pytest.mark.parametrize(
    "row",
    [r for r in rows("volumes/manifest.jsonl") if r["volume_id"].startswith("ts_")],
    ids=lambda row: row["volume_id"],
)
def test_hounsfield_units_are_told_without_a_modality(row: dict[str, Any]) -> None:
    assert is_hounsfield(read_image(Path(FOLDER or "", "volumes", row["path"]))) == (row["modality"] == "CT")
