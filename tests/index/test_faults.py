"""A full, broken or read-only disk, a second writer: one clear error each, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.index.store.store import FILE_NAME
from casekin.index.upkeep.backup import find_manifest, read_manifests
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import FolderTarget
from made_processes import run_script
from made_stores import everything, stored_case

THOROUGH = "CASEKIN_TEST_THOROUGH" in os.environ
WORKER = """
import json, sys
from pathlib import Path
from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.index.upkeep.backup import find_manifest
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import FolderTarget
from made_stores import stored_case

folder, verb, done, told = Path(sys.argv[1]), sys.argv[2], 0, None
target = FolderTarget(folder / "backup")
try:
    if verb == "restore":
        restore_folder(target, find_manifest(target, None), folder / "restored")
        done = 1
    else:
        with CaseIndex(folder / "index") as index:
            for number in range(100, 160):
                if verb == "put":
                    index.put([stored_case(number), stored_case(number + 1000)])
                elif verb == "forget":
                    index.upkeep.forget([f"case-{number - 100}"])
                else:
                    index.put([stored_case(number), stored_case(number + 1000)])
                    index.upkeep.back_up(target)
                done += 1
except IndexStoreError as error:
    told = str(error)
print(json.dumps({"done": done, "told": told}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([stored_case(number) for number in range(40)])
        index.upkeep.back_up(FolderTarget(tmp_path / "backup"))
    return tmp_path


def run_with(library: Path, archive: Path, verb: str, **fault: str) -> dict[str, Any]:
    """What a process with failing files has done, and what it was told."""
    given = {f"FAULT_{name.upper()}": value for name, value in fault.items()}
    return run_script(WORKER, str(archive), verb, LD_PRELOAD=str(library), **given)


def assert_nothing_lost(folder: Path, verb: str, done: int) -> None:
    """All that was acknowledged is there and whole, and the same work can go on."""
    target = FolderTarget(folder / "backup")
    if verb == "restore":
        assert not (folder / "restored" / FILE_NAME).exists()
        restore_folder(target, find_manifest(target, None), folder / "restored")
        with CaseIndex(folder / "index") as index, CaseIndex(folder / "restored") as restored:
            assert everything(index) == everything(restored)
        return
    with CaseIndex(folder / "index") as index:
        assert index.upkeep.check().is_sound
        stored = set(everything(index)["cases"])
        if verb == "forget":
            rest = {f"case-{number}" for number in range(40)}
            assert stored in [rest - {f"case-{number}" for number in range(gone)} for gone in (done, done + 1)]
            index.upkeep.forget([])
            assert not index.info()["erasure_unfinished"]
        else:
            whole = [{f"case-{100 + number}", f"case-{1100 + number}"} for number in range(60)]
            assert stored - {f"case-{number}" for number in range(40)} in [
                set().union(*whole[:put]) for put in (done, done + 1)
            ]
            index.put([stored_case(500)])
            index.upkeep.back_up(target)
            assert len(read_manifests(target)) >= (2 + done if verb == "back_up" else 2)


@pytest.mark.parametrize("verb", ["put", "back_up", "forget", "restore"])
@pytest.mark.parametrize("after", ["5", "90"] if THOROUGH else ["90"])
def test_a_full_disk_is_told_and_loses_nothing(faults: Path, folder: Path, verb: str, after: str) -> None:
    result = run_with(faults, folder, verb, kind="space", after=after)
    assert "space" in result["told"]
    assert_nothing_lost(folder, verb, result["done"])


@pytest.mark.parametrize("verb", ["put", "back_up", "forget", "restore"])
@pytest.mark.parametrize("after", ["0", "7"] if THOROUGH else ["7"])
def test_a_disk_that_fails_to_synchronise_is_told_and_loses_nothing(
    faults: Path, folder: Path, verb: str, after: str
) -> None:
    result = run_with(faults, folder, verb, kind="sync", after=after)
    assert "I/O error" in result["told"] or "Input/output error" in result["told"]
    assert_nothing_lost(folder, verb, result["done"])


@pytest.mark.parametrize("verb", ["put", "back_up", "forget", "restore"])
def test_a_folder_that_may_only_be_read_is_told(faults: Path, folder: Path, verb: str) -> None:
    result = run_with(faults, folder, verb, kind="readonly", folder=str(folder))
    assert result["done"] == 0
    assert "read" in result["told"] and "rights" in result["told"]
    assert_nothing_lost(folder, verb, 0)


def test_two_writers_take_turns(folder: Path) -> None:
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    script = WORKER.replace("range(100, 160)", "range(int(sys.argv[3]), int(sys.argv[3]) + 15)")
    command = [sys.executable, "-c", script, str(folder), "put"]
    environment = {**os.environ, "PYTHONPATH": paths}
    writers = [
        subprocess.Popen([*command, first], env=environment, stdout=subprocess.PIPE, text=True)
        for first in ("100", "200")
    ]
    answers = [json.loads(writer.communicate()[0]) for writer in writers]
    assert answers == [{"done": 15, "told": None}] * 2
    with CaseIndex(folder / "index") as index:
        assert index.info()["cases"] == 40 + 60
        assert index.upkeep.check().is_sound


def test_a_writer_that_waits_too_long_for_another_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekin.index.store.connection._BUSY_TIMEOUT_S", 0.1)
    with CaseIndex(folder / "index") as one, CaseIndex(folder / "index") as other:
        with one.writing(), pytest.raises(IndexStoreError, match="try again when the other writer is done"):
            other.put([stored_case(70)])
        other.put([stored_case(70)])
        assert one.info()["cases"] == 41
