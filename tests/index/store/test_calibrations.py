"""What was calibrated on an archive lives with it: bound to its model, and wherever its cases go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekin.index import CaseIndex
from casekin.index.upkeep.backup import find_manifest
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import open_target
from casekin.journeys.migrate import migrate_index
from made_stores import stored_case

RECORD: dict[str, Any] = {"level": 0.9, "scores": [0.25, 1e-17, 3], "note": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([stored_case(number) for number in range(5)])
    return tmp_path / "index"


def test_a_record_comes_back_as_it_was_put_and_is_replaced_by_the_next(folder: Path) -> None:
    with CaseIndex(folder) as index:
        assert index.calibration("radiograph", "verdict") is None
        index.put_calibration("radiograph", "verdict", {"level": 0.5})
        before = index.version()
        index.put_calibration("radiograph", "verdict", RECORD)
        index.put_calibration("radiograph", "draft", {"slope": 2.0})
        assert index.version() != before
    with CaseIndex(folder) as index:
        assert index.calibration("radiograph", "verdict") == RECORD
        assert index.calibration("radiograph", "draft") == {"slope": 2.0}
        assert index.calibration("ct", "verdict") is None
        assert index.upkeep.check().is_sound


def test_a_record_counts_for_the_model_it_was_made_with_alone(folder: Path) -> None:
    with CaseIndex(folder) as index:
        index.put_calibration("radiograph", "verdict", RECORD)
        first = index.model_version()
        assert first is not None
        images = [image for number in range(5) for image in stored_case(number).images]
        index.put_embeddings(images, model_version="another")
        index.activate_model("another")
        assert index.calibration("radiograph", "verdict") is None
        index.activate_model(first)
        assert index.calibration("radiograph", "verdict") == RECORD


def test_records_travel_with_a_backup_a_snapshot_and_a_move(folder: Path, tmp_path: Path) -> None:
    target = open_target(tmp_path / "backup")
    with CaseIndex(folder) as index:
        index.put_calibration("radiograph", "verdict", RECORD)
        index.upkeep.back_up(target)
        state = index.upkeep.back_up(index.upkeep.snapshots())
        index.put_calibration("radiograph", "verdict", {"level": 0.1})
        index.put_calibration("radiograph", "later", {})
        index.upkeep.restore_snapshot(state.name)
        assert index.calibration("radiograph", "verdict") == RECORD
        assert index.calibration("radiograph", "later") is None
    restore_folder(target, find_manifest(target, None), tmp_path / "restored")
    migrate_index(folder, tmp_path / "moved")
    for place in ("restored", "moved"):
        with CaseIndex(tmp_path / place) as index:
            assert index.calibration("radiograph", "verdict") == RECORD


def test_an_erasure_leaves_records_as_they_were(folder: Path) -> None:
    with CaseIndex(folder) as index:
        index.put_calibration("radiograph", "verdict", RECORD)
        index.upkeep.forget(["case-1"])
        assert index.calibration("radiograph", "verdict") == RECORD
