"""`casekin calibrate` and what `ingest` and `info` say of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from made_verdicts import Encoder, few_questions, made_index

__all__ = ["few_questions"]  # a fixture of these tests


@pytest.fixture(autouse=True)
def made_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made archive's own model under the default name."""
    made: Any = lambda name="default": Encoder()  # noqa: E731
    monkeypatch.setattr("casekin.models.load_encoder", made)


def test_a_calibration_is_told_in_lines_shown_by_info_and_used_by_searches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], few_questions: None
) -> None:
    index = made_index(tmp_path / "index", 210)
    assert run(["calibrate", "--index", str(index), "--level", "0.5"]) == 0
    told = capsys.readouterr().out
    assert "radiograph: 210 pictures, 250 questions (place), 110 questions (whole)" in told
    assert "are promised at least 50%" in told
    assert run(["info", str(index), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["calibration"]["radiograph"]
    assert (shown["level"], shown["questions"]) == (0.5, {"place": 250, "whole": 110})
    assert run(["search", "--index", str(index), "--text", "nodule"]) == 0
    assert capsys.readouterr().out.endswith("answered: uncalibrated: nothing is promised for questions in words\n")


def test_too_small_an_archive_is_told_so_and_a_level_beyond_one_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = made_index(tmp_path / "index", 20)
    assert run(["calibrate", "--index", str(index), "--json"]) == 0
    (kind,) = json.loads(capsys.readouterr().out)["kinds"]
    assert (kind["kind"], kind["pictures"], kind["questions"]) == ("radiograph", 20, {})
    assert "at least 200 pictures" in kind["missing"]
    assert run(["calibrate", "--index", str(index), "--level", "1"]) == 2
