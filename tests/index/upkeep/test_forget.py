"""An erased case leaves no byte in any file of the index, and an interrupted erasure is finished."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex, IndexedCase
from casekin.index.store.store import FILE_NAME
from casekin.index.upkeep.backup import states_with
from casekin.index.upkeep.targets import FolderTarget
from made_stores import everything, stored_case

GONE = 41


def traces(case: IndexedCase) -> dict[str, bytes]:
    """What nothing but this case holds: its words, ids and bytes."""
    number = case.case_id.rpartition("-")[2]
    found = {
        "id": f"case-{number}".encode(), "patient": f"patient-{number}".encode(), "stamp": case.stamp.encode(),
        "accession": f"accession-{number}".encode(), "study": f"2.25.{number}".encode(),
        "report": f"Report {number} of version".encode(), "word": f"number{number}".encode(),
        "header": f"scanner-{number}".encode(), "sentence": f"Nodule {number}.".encode(),
    }  # fmt: skip
    for part, image in enumerate(case.images):
        found |= {f"tokens {part}": image.tokens[:24], f"preview {part}": image.preview[:24]}
        found |= {f"content {part}": image.content_sha256.encode(), f"file {part}": image.file_sha256.encode()}
        found |= {f"{name} {part}": vector.astype("<f2").tobytes() for name, vector in image.vectors.items()}
    return found


def found_in(folder: Path, case: IndexedCase) -> set[str]:
    """`trace in file` for every trace of the case in any file of the folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        f"{what} in {path.relative_to(folder).parts[0]}"
        for path in files
        for what, trace in traces(case).items()
        if trace in path.read_bytes()
    }


def fill(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty cases written in several steps, with snapshots and derived files of all of them."""
    monkeypatch.setattr("casekin.index.search.derived._LEAST_KEPT", 1)
    with CaseIndex(folder, create=True) as index:
        for first in range(100, 160, 7):
            index.put(
                [stored_case(number, patient=f"patient-{number}") for number in range(first, min(first + 7, 160))]
            )
        index.put([stored_case(GONE, patient=f"patient-{GONE}", version=1)])
        index.upkeep.back_up(index.upkeep.snapshots(), name="first")
        index.put([stored_case(GONE, patient=f"patient-{GONE}")])
        index.put_embeddings(stored_case(GONE).images, model_version="m2")
        index.write_derived()
        index.upkeep.back_up(index.upkeep.snapshots(), name="second")
        for number in range(100, 130):
            index.put([stored_case(number, version=1, patient=f"patient-{number}")])


def test_an_erased_case_leaves_no_byte_in_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "index", monkeypatch)
    case = stored_case(GONE, patient=f"patient-{GONE}")
    before = found_in(tmp_path / "index", case)
    assert len(before) > 20 and {trace.rpartition(" in ")[2] for trace in before} >= {FILE_NAME, "snapshots", "derived"}
    with CaseIndex(tmp_path / "index") as index:
        rest = everything(index)
        index.upkeep.forget([f"case-{GONE}"])
        assert found_in(tmp_path / "index", case) == set()
        assert found_in(tmp_path / "index", stored_case(GONE, version=1)) == set()
        left = everything(index)
        assert rest["cases"].pop(f"case-{GONE}")
        assert left["cases"] == rest["cases"]
        assert index.upkeep.check().is_sound
        index.upkeep.restore_snapshot("second")
        assert f"case-{GONE}" not in everything(index)["cases"] and len(everything(index)["cases"]) == 60
        assert index.upkeep.check().is_sound
    assert found_in(tmp_path / "index", case) == set()


def test_a_removed_case_is_not_erased_but_a_later_erasure_of_another_cleans_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "index", monkeypatch)
    with CaseIndex(tmp_path / "index") as index:
        for name in ("first", "second"):
            index.upkeep.remove_snapshot(name)
        index.put([], remove=[f"case-{GONE}"])
        assert found_in(tmp_path / "index", stored_case(GONE))
        index.upkeep.forget(["case-100"])
    assert found_in(tmp_path / "index", stored_case(GONE)) == set()


def test_an_erasure_that_a_reader_stands_in_the_way_of_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekin.index.store.connection._BUSY_TIMEOUT_S", 0.2)
    with CaseIndex(tmp_path, create=True) as index:
        index.put([stored_case(GONE), stored_case(5)])
        index.upkeep.back_up(index.upkeep.snapshots(), name="before")
        with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM cases").fetchall()
            with pytest.raises(IndexStoreError, match="again"):
                index.upkeep.forget([f"case-{GONE}"])
            assert list(everything(index)["cases"]) == ["case-5"]
            assert index.info()["erasure_unfinished"]
            with pytest.raises(IndexStoreError, match="an erasure is unfinished"):
                index.upkeep.restore_snapshot("before")
        index.upkeep.forget([])
        assert not index.info()["erasure_unfinished"]
    assert found_in(tmp_path, stored_case(GONE)) == set()


def test_cases_are_chosen_by_patient_group_id_and_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([stored_case(number) for number in range(4)])
        index._db.execute("UPDATE cases SET ingested_on = '2020-01-31' WHERE case_id = 'case-3'")
        choose = index.upkeep.select_for_erasure
        assert choose(patients=["patient-0"]) == ["case-0", "case-1"]
        assert choose(patients=["patient-9"], case_ids=["case-2", "none"]) == ["case-2"]
        assert choose(ingested_before=datetime.date(2020, 1, 31)) == []
        assert choose(ingested_before=datetime.date(2020, 2, 1)) == ["case-3"]
        with pytest.raises(InputError, match="not after today"):
            choose(ingested_before=datetime.date(2999, 1, 1))
        index._db.execute("UPDATE cases SET ingested_on = '2999-01-31' WHERE case_id = 'case-2'")
        with pytest.raises(IndexStoreError, match="set the clock"):
            choose(ingested_before=datetime.date(2020, 2, 1))


def test_a_backup_says_which_of_its_states_hold_a_case(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "backup")
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([stored_case(1)])
        index.upkeep.back_up(target)
        index.put([stored_case(2)])
        index.upkeep.back_up(target)
        index.upkeep.forget(["case-2"])
        of_case, of_patient = (
            index.upkeep.marks_of(case_ids=["case-2"]),
            index.upkeep.marks_of(patients=["patient-1"]),
        )
        assert states_with(target, of_case) == states_with(target, of_patient) == ["000002"]
        index.upkeep.back_up(target, keep=1)
        assert states_with(target, of_case) == []
    assert found_in(tmp_path / "backup", stored_case(2)) == set()


def test_what_only_a_snapshot_holds_is_erased_by_patient_and_by_case(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([stored_case(number) for number in (1, 4, 6, 7)])
        index.upkeep.back_up(index.upkeep.snapshots(), name="before")
        index.put([], remove=["case-4", "case-6", "case-7"])
        index.put([stored_case(4, version=1)])  # under a number of its own
        index.upkeep.forget(["case-4"], patients=["patient-3"])
        assert not found_in(tmp_path, stored_case(4)) | found_in(tmp_path, stored_case(7))
        index.upkeep.restore_snapshot("before")
        assert list(everything(index)["cases"]) == ["case-1"]


def test_an_erasure_that_ends_among_derived_files_leaves_none_damaged_and_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "index", monkeypatch)

    def remove_one(folder: Path) -> None:
        next(path for path in sorted(folder.rglob("*")) if path.is_file()).unlink()
        raise OSError(5, "broken")

    with CaseIndex(tmp_path / "index") as index:
        with monkeypatch.context() as patch, pytest.raises(IndexStoreError, match="removed: broken"):
            patch.setattr("casekin.index.search.bundles.shutil.rmtree", remove_one)
            index.upkeep.forget([f"case-{GONE}"])
        assert index.info()["erasure_unfinished"]
        assert index.upkeep.check().is_sound
        index.upkeep.forget([])
    assert found_in(tmp_path / "index", stored_case(GONE, patient=f"patient-{GONE}")) == set()
