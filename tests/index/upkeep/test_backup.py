"""Backups and snapshots: what comes back is what was there; what is damaged is told; nothing is written twice."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.index.upkeep.backup import find_manifest, read_manifests
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import FolderTarget, ObjectTarget, Target, open_target
from made_stores import everything, stored_case, top_lists

CASES = 150


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "index"
    with CaseIndex(folder, create=True) as index:
        index.put([stored_case(number) for number in range(CASES)])
        index.put_embeddings([stored_case(number).images[0] for number in range(5)], model_version="m2")
        index.put([], remove=["case-7"])
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


@pytest.fixture(params=["folder", "objects"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """A folder, and an object store in memory behind the same library that speaks to S3."""
    if request.param == "folder":
        yield open_target(tmp_path / "backup")
    else:
        yield ObjectTarget(f"memory://{uuid.uuid4().hex}")


def test_a_restored_backup_answers_as_the_index_did(folder: Path, target: Target, tmp_path: Path) -> None:
    with CaseIndex(folder) as index:
        summary = index.upkeep.back_up(target)
        before, lists = everything(index), top_lists(index, 100)
        key = index.site_key()
    assert (summary.cases, summary.chunks, summary.written) == (CASES - 1, 12, 12)  # ten runs of cases, settings, key
    restore_folder(target, find_manifest(target, None), tmp_path / "restored")
    with CaseIndex(tmp_path / "restored") as index:
        assert everything(index) == before
        assert top_lists(index, 100) == lists
        assert index.site_key() == key
        assert index.upkeep.check().is_sound
        index.put([stored_case(7)])
        assert index.image_ids_of("case-7")[0] > max(max(ids) for ids in before["ids"].values())
    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["casekin.sqlite3", "site.key"]


def test_a_second_backup_writes_what_has_changed(folder: Path, target: Target) -> None:
    with CaseIndex(folder) as index:
        index.upkeep.back_up(target)
        assert index.upkeep.back_up(target).written == 0
        index.put([stored_case(3, version=1)])
        index.put_report("case-140", report="Mass.", facts=[], normal=[], sentences=["Mass."])
        assert index.upkeep.back_up(target).written == 3  # two runs of cases, and the highest numbers given out
        index.put_embeddings([stored_case(80).images[0]], model_version="m2")
        assert index.upkeep.back_up(target).written == 1
    assert [manifest.name for manifest in read_manifests(target)] == [f"00000{number}" for number in range(1, 5)]


def test_every_state_that_is_kept_can_be_restored_and_others_leave_nothing(
    folder: Path, target: Target, tmp_path: Path
) -> None:
    states = []
    with CaseIndex(folder) as index:
        for version in range(1, 4):
            index.put([stored_case(3, version=version)])
            summary = index.upkeep.back_up(target, keep=2)
            states.append(everything(index))
    assert summary.dropped == 2
    for manifest, state in zip(read_manifests(target), states[1:], strict=True):
        restore_folder(target, manifest, tmp_path / manifest.name)
        with CaseIndex(tmp_path / manifest.name) as index:
            assert everything(index) == state
    used = set().union(*(manifest.used for manifest in read_manifests(target)))
    assert {name.rpartition("/")[2] for name in target.names("chunks")} == used


def test_a_damaged_chunk_is_told_and_no_index_appears(folder: Path, tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "backup")
    with CaseIndex(folder) as index:
        index.upkeep.back_up(target)
    manifest = find_manifest(target, None)
    for number, name in enumerate(target.names("chunks")):
        path, restored = tmp_path / "backup" / name, tmp_path / f"restored-{number}"
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(IndexStoreError, match="damaged"):
            restore_folder(target, manifest, restored)
        assert not (restored / "casekin.sqlite3").exists()
        path.write_bytes(whole)
    restore_folder(target, manifest, restored)  # goes on where it was
    with CaseIndex(restored) as index, CaseIndex(folder) as original:
        assert everything(index) == everything(original)


def test_a_damaged_manifest_is_told(folder: Path, tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "backup")
    with CaseIndex(folder) as index:
        index.upkeep.back_up(target)
    path = tmp_path / "backup" / "manifests" / "000001.json"
    path.write_text(path.read_text().replace("000001", "000002"))
    with pytest.raises(IndexStoreError, match=r"manifests/000001\.json is damaged"):
        find_manifest(target, None)


def test_a_backup_of_another_archive_or_a_taken_name_is_refused(folder: Path, target: Target, tmp_path: Path) -> None:
    with CaseIndex(folder) as index:
        index.upkeep.back_up(target, name="monday")
        for name in ("monday", "../x", ""):
            with pytest.raises(IndexStoreError, match="expected a new name"):
                index.upkeep.back_up(target, name=name)
    with CaseIndex(tmp_path / "other", create=True) as other, pytest.raises(IndexStoreError, match="another archive"):
        other.upkeep.back_up(target)
    with pytest.raises(IndexStoreError, match=r"\(monday\), got 'sunday'"):
        find_manifest(target, "sunday")


def test_a_backup_is_not_restored_over_an_index(folder: Path, target: Target) -> None:
    with CaseIndex(folder) as index:
        index.upkeep.back_up(target)
    with pytest.raises(IndexStoreError, match="without an index"):
        restore_folder(target, find_manifest(target, None), folder)


def test_two_backups_at_once_are_refused(folder: Path, tmp_path: Path) -> None:
    from casekin.index.upkeep.lock import maintenance

    with CaseIndex(folder) as index, maintenance(folder), pytest.raises(IndexStoreError, match="is at work"):
        index.upkeep.back_up(FolderTarget(tmp_path / "backup"))


def test_a_snapshot_brings_back_what_was_for_every_reader_at_once(folder: Path) -> None:
    with CaseIndex(folder) as index, CaseIndex(folder) as reader:
        index.upkeep.back_up(index.upkeep.snapshots(), name="before")
        state, lists = everything(reader), top_lists(reader, 20)
        index.put([stored_case(number, version=1) for number in (3, 7, 200)], remove=["case-20", "case-149"])
        index.put([stored_case(20, version=2)])  # the same id under a number of another run
        index.put_report("case-70", report="Mass.", facts=[], normal=[], sentences=["Mass."])
        index.put_embeddings([case.images[0] for case in map(stored_case, range(100, 149))], model_version="m3")
        highest = max(index.image_ids_of("case-20"))
        changed = everything(reader)
        assert changed != state
        index.upkeep.back_up(index.upkeep.snapshots(), name="after")
        index.upkeep.restore_snapshot("before")
        assert everything(reader) == state
        assert top_lists(reader, 20) == lists
        assert index.upkeep.check().is_sound
        index.put([stored_case(300)])
        assert min(index.image_ids_of("case-300")) > highest
        index.put([], remove=["case-300"])
        index.upkeep.restore_snapshot("after")
        assert everything(reader) == changed


def test_derived_files_of_before_a_restored_snapshot_are_not_used_after_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekin.index.search.derived._LEAST_KEPT", 1)
    with CaseIndex(folder) as index, CaseIndex(folder) as reader:
        index.upkeep.back_up(index.upkeep.snapshots(), name="before")
        lists = top_lists(reader, 10)
        index.put([], remove=[f"case-{number}" for number in range(60)])
        index.write_derived()
        assert top_lists(reader, 10) != lists
        index.upkeep.restore_snapshot("before")
        assert top_lists(reader, 10) == lists
        index.write_derived()
        assert top_lists(reader, 10) == lists


def test_a_removed_snapshot_leaves_no_chunk(folder: Path) -> None:
    with CaseIndex(folder) as index:
        for name in ("one", "two"):
            index.upkeep.back_up(index.upkeep.snapshots(), name=name)
        assert index.upkeep.remove_snapshot("one") == 0
        assert index.upkeep.remove_snapshot("two") == 12
        assert index.upkeep.snapshots().names("") == []
