"""`casekin ground`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import casekin.models
from casekin.cli import run
from made_grounding import COLUMNS, ROWS, SpottingEncoder, write_film


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(casekin.models, "load_encoder", lambda name: SpottingEncoder())
    return write_film(tmp_path / "film.png")


def test_one_document_with_what_was_written(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, maps = tmp_path / "out" / "overlay.png", tmp_path / "out" / "maps.npy"
    words = ["ground", str(film), "--phrase", "left lung consolidation", "--phrase", "left lung nodule"]
    assert run([*words, "--out", str(picture), "--maps", str(maps), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["overlay"], record["maps"]) == (str(picture), str(maps))
    stored = np.load(maps)
    assert stored.shape == (2, ROWS, COLUMNS) and stored.dtype == np.float32
    assert [float(heat.max()) for heat in stored] == [phrase["value"] for phrase in record["phrases"]]
    with Image.open(picture) as shown:
        assert shown.mode == "RGB"


def test_a_report_is_grounded_sentence_by_sentence_in_words(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.txt"
    report.write_text("FINDINGS: Left lung consolidation. No nodule.", encoding="utf-8")
    assert run(["ground", str(film), "--report", str(report)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Left lung consolidation.: most +0.9") and "consolidation" in first.split("(")[1]
    assert second.startswith("No nodule.")


def test_without_a_phrase_it_is_wrong_usage(film: Path) -> None:
    assert run(["ground", str(film)]) == 2
