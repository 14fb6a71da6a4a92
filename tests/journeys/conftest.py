"""A small made archive of PNG files with a manifest, and an index of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casekin.index import CaseIndex
from casekin.journeys.ingest import ingest_cases
from casekin.models import ImageEncoder, load_encoder
from made_cases import write_png
from made_encoder import RememberingEncoder

PNEUMONIA = "FINDINGS: There is consolidation in the left lower lobe. No pneumothorax."
CLEAR = "FINDINGS: The lungs are clear. No pleural effusion or pneumothorax."
EFFUSION = "FINDINGS: Moderate right pleural effusion."

ROWS: list[dict[str, Any]] = [
    {"case_id": "alfa", "patient_id": "SECRET-PATIENT-1", "report": PNEUMONIA, "age": 70, "sex": "F"},
    {"case_id": "bravo", "patient_id": "SECRET-PATIENT-2", "report": PNEUMONIA, "age": 30, "sex": "M"},
    {"case_id": "charlie", "patient_id": "SECRET-PATIENT-1", "report": PNEUMONIA, "accession_number": "SECRET-ACC-3"},
    {"case_id": "delta", "patient_id": "SECRET-PATIENT-4", "patient_group": "SECRET-FAMILY", "report": CLEAR},
    {"case_id": "echo", "patient_id": "SECRET-PATIENT-5", "patient_group": "SECRET-FAMILY", "report": EFFUSION},
    {"case_id": "foxtrot", "patient_id": "SECRET-PATIENT-6", "study_instance_uid": "1.2.840.99.5151"},
]
"""Six cases of five patients; two patients are one group."""

MakeArchive = Callable[..., Path]


def write_archive(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """A manifest beside its pictures; the picture of a row depends on its case id."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for row in rows:
        image = f"images/{row['case_id']}.png"
        if not (folder / image).exists():
            write_png(folder / image, sum(row["case_id"].encode()))
        lines.append(json.dumps({"image": image, "modality": "DX", "source": "made", **row}))
    (folder / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def make_archive(tmp_path: Path) -> MakeArchive:
    """Write an archive of these rows (all of `ROWS` without) into a folder of its own."""

    def make(rows: list[dict[str, Any]] | None = None, name: str = "archive") -> Path:
        return write_archive(tmp_path / name, ROWS if rows is None else rows)

    return make


@pytest.fixture(scope="session")
def encoder() -> ImageEncoder:
    return RememberingEncoder(load_encoder("default"))  # type: ignore[return-value]


@pytest.fixture(scope="session", autouse=True)
def loaded_once(encoder: ImageEncoder) -> Iterator[None]:
    """Every ingest with the default encoder gets the same object, until the session ends (processes load their own)."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("ingest", "ingesting.study"):
            patch.setattr(
                f"casekin.journeys.{module}.load_encoder",
                lambda name: encoder if name == "default" else load_encoder(name),
            )
        yield


@pytest.fixture(scope="session")
def stored_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of `ROWS`; read only."""
    return write_archive(tmp_path_factory.mktemp("journeys") / "archive", ROWS)


@pytest.fixture(scope="session")
def stored_index(stored_archive: Path, loaded_once: None) -> Path:
    """An index of `stored_archive`; read only."""
    folder = stored_archive.parent / "index"
    ingest_cases([stored_archive], index=folder)
    return folder


@pytest.fixture
def open_index(stored_index: Path) -> Any:
    with CaseIndex(stored_index) as index:
        yield index
