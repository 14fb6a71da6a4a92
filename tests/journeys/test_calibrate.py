"""Calibrating: an archive's own cases ask it; what is learned is kept with it, and too little of it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex
from casekin.journeys.calibrate import advise_calibration, calibrate_index, describe_calibration
from casekin.retrieval.verdict.calibration import read_calibration
from made_verdicts import Encoder, few_questions, made_archive, made_index

ENCODER: Any = Encoder()
__all__ = ["few_questions"]  # a fixture of these tests


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory, few_questions: None) -> Path:
    folder = made_index(tmp_path_factory.mktemp("calibrated") / "index", 260)
    calibrate_index(folder, encoder=ENCODER)
    return folder


def test_promises_rise_with_agreement_and_are_what_the_archive_was_made_to_keep(calibrated: Path) -> None:
    with CaseIndex(calibrated) as index:
        made = read_calibration(index, "radiograph")
    assert made is not None
    lists, hits = made.trust["place"].lists, made.trust["place"].hits
    # Four of five pictures show what their report states; the others share a bin with the least sure of these.
    assert lists.read(0.9) > 0.9
    assert lists.read(0.0) < 0.7
    assert hits.read(0.9) > 0.9 > 0.2 > hits.read(0.0)
    assert set(made.trust) == {"place", "whole"}
    assert 0.0 < made.farthest < float("inf")


def test_the_same_archive_gives_the_same_calibration_and_says_what_it_is_made_of(calibrated: Path) -> None:
    with CaseIndex(calibrated) as index:
        before = index.calibration("radiograph", "verdict")
    done: list[tuple[int, int]] = []
    summary = calibrate_index(calibrated, encoder=ENCODER, progress=lambda *step: done.append(step))
    with CaseIndex(calibrated) as index:
        assert index.calibration("radiograph", "verdict") == before
        described = describe_calibration(index)["radiograph"]
    asked = summary.kinds[0].questions
    assert described["questions"] == asked
    assert done[-1][0] == done[-1][1] >= sum(asked.values())
    assert (described["level"], described["cases"]) == (0.9, 260)
    assert 0.5 < summary.as_record()["kinds"][0]["answered"]["place"] < 0.9


def test_a_small_archive_stays_uncalibrated_and_is_told_how_much_is_missing(tmp_path: Path) -> None:
    folder = made_index(tmp_path / "index", 60)
    summary = calibrate_index(folder, encoder=ENCODER)
    assert "at least 200 pictures" in (summary.kinds[0].missing or "")
    with CaseIndex(folder) as index:
        assert describe_calibration(index) == {"radiograph": None}
        assert advise_calibration(index) is None


def test_calibrating_is_advised_once_there_is_enough_and_again_when_the_archive_has_grown(
    calibrated: Path, tmp_path: Path
) -> None:
    with CaseIndex(made_index(tmp_path / "new", 210)) as index:
        assert "aren't calibrated" in (advise_calibration(index) or "")
    calibrate_index(tmp_path / "new", encoder=ENCODER)
    with CaseIndex(tmp_path / "new") as index:
        assert advise_calibration(index) is None
        index.put(made_archive(60, seed=1))
        assert "210 of 270" in (advise_calibration(index) or "")


def test_a_level_that_is_no_share_and_another_model_are_refused(calibrated: Path) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        calibrate_index(calibrated, level=1.0, encoder=ENCODER)
    other: Any = Encoder()
    other.version = "m2"
    with pytest.raises(IndexStoreError, match="made with model m1, got m2"):
        calibrate_index(calibrated, encoder=other)
