"""The demo on own files: labelled boxes become regions, a folder becomes an index, a question becomes evidence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def labelled(small_archive: Path, tmp_path: Path) -> Path:
    """Three films of three patients as an archive with labelled boxes in place of `regions`."""
    folder = tmp_path / "labelled"
    folder.mkdir()
    rows = [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    first_of_patient = {row["patient_id"]: row for row in reversed(rows)}
    lines = []
    for row in list(first_of_patient.values())[:3]:
        target = folder / row["image"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(small_archive / row["image"], target)
        boxes = [
            {"label": "left_lung", "xyxy": [270, 60, 440, 380]},
            {"label": "consolidation", "xyxy": [1, 2, 3, 4]},
        ]
        lines.append(json.dumps({**row, "boxes": boxes}))
    (folder / "manifest.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of tools/ with the sources of this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "CASEKIN_WORKERS": "1"}
    command = [sys.executable, str(ROOT / "tools" / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def regions_of(manifest: Path) -> list[list[dict[str, Any]]]:
    """The `regions` of every row."""
    return [json.loads(line)["regions"] for line in manifest.read_text(encoding="utf-8").splitlines()]


def test_boxes_with_a_places_name_become_regions_and_a_findings_outline_does_not(
    labelled: Path, tmp_path: Path
) -> None:
    done = run_tool("boxes_to_regions.py", str(labelled), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    expected = {"anatomy": "lung", "side": "left", "box": [270, 60, 440, 380]}
    assert regions_of(tmp_path / "out" / "manifest.jsonl") == [[expected]] * 3


def test_a_folder_of_own_files_becomes_evidence_and_is_not_encoded_twice(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run_tool("demo_real.py", str(labelled), "--out", str(out), "--at", "left lung")
    assert first.returncode == 0, first.stderr
    assert "3 cases added, 0 there already, 0 files left out" in first.stdout
    names = [f"evidence-{name}.{suffix}" for name in ("place", "box") for suffix in ("html", "png")]
    assert all((out / name).stat().st_size > 1000 for name in names)
    second = run_tool("demo_real.py", str(labelled), "--out", str(out), "--at", "left lung")
    assert "0 cases added, 3 there already" in second.stdout


def test_an_empty_folder_ends_with_one_line_that_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_tool("demo_real.py", str(tmp_path / "empty"), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert "expected" in done.stderr
