"""Restoring a state: into a new folder, chunk by chunk, or into a living index, all of it in one transaction."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from casekin.durable import sync
from casekin.errors import IndexStoreError
from casekin.index.store.connection import transaction
from casekin.index.store.schema import FORMAT_VERSION, count_write, read_meta, renew_store_id, write_meta
from casekin.index.store.site_key import KEY_FILE
from casekin.index.store.store import FILE_NAME, open_store
from casekin.index.upkeep.backup import Manifest, fetch
from casekin.index.upkeep.check import check_store
from casekin.index.upkeep.chunks import clear_chunk, read_states, write_chunk, write_settings
from casekin.index.upkeep.files import restore_files
from casekin.index.upkeep.targets import Target

_BUILDING = "restoring"
_PROGRESS = "restored"


def restore_folder(target: Target, manifest: Manifest, folder: Path) -> None:
    """Make an index in `folder` from a state of a backup; it appears there when it is whole and checked.

    Interrupted, the same call goes on where it stopped. Raises `IndexStoreError` where an index is there already, or
    the backup is damaged or of another format.
    """
    _expect_format(manifest)
    if (folder / FILE_NAME).exists():
        raise IndexStoreError("restore: expected a folder without an index, got one; choose another folder")
    draft = folder / _BUILDING
    with closing(open_store(draft, create=True)) as connection:
        _fill(connection, target, manifest)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    report = check_store(draft)
    if report.structure or report.words or report.settings or set(report.cases) - _quarantined(draft):
        raise IndexStoreError("restore: the restored index isn't what was backed up; use another state or backup")
    restore_files(manifest.files, folder, fetch=lambda piece: fetch(target, piece))
    _write_key(folder / KEY_FILE, fetch(target, manifest.key))
    sync(draft)
    (draft / FILE_NAME).rename(folder / FILE_NAME)
    sync(folder)
    shutil.rmtree(draft)


def restore_in_place(connection: sqlite3.Connection, target: Target, manifest: Manifest) -> int:
    """Bring a living index back to one of its states in one transaction; returns how many chunks differed.

    Other processes see the index as it was or as it is then. Numbers given out since are not given out again.
    """
    _expect_format(manifest)
    with transaction(connection):
        now = read_states(connection)
        changed = [
            place
            for place in sorted({*now, *manifest.chunks})
            if place not in now or place not in manifest.chunks or manifest.chunks[place].state != now[place]
        ]
        write_settings(connection, fetch(target, manifest.settings))
        for place in changed:
            clear_chunk(connection, place)
        for place in changed:
            if place in manifest.chunks:
                write_chunk(connection, fetch(target, manifest.chunks[place].name))
        renew_store_id(connection)
        count_write(connection)
    return len(changed)


def _expect_format(manifest: Manifest) -> None:
    if manifest.format != FORMAT_VERSION:
        raise IndexStoreError(
            f"restore: expected a backup of format {FORMAT_VERSION}, got {manifest.format}; "
            "restore it with the casekin version that wrote it, which the newer one then upgrades"
        )


def _fill(connection: sqlite3.Connection, target: Target, manifest: Manifest) -> None:
    """Write the chunks that an earlier, interrupted call did not, each in a transaction of its own."""
    progress = read_meta(connection, _PROGRESS)
    name, _, last = (progress or "").rpartition(" ")
    if name != manifest.digest:
        if progress is not None:
            raise IndexStoreError("restore: another state was being restored here; finish it, or remove the folder")
        with transaction(connection):
            write_settings(connection, fetch(target, manifest.settings))
            write_meta(connection, "generation", manifest.index_version.rpartition(".")[2])
            write_meta(connection, _PROGRESS, f"{manifest.digest} -1")
            count_write(connection)
        last = "-1"
    for place, chunk in sorted(manifest.chunks.items()):
        if place > int(last):
            with transaction(connection):
                write_chunk(connection, fetch(target, chunk.name))
                write_meta(connection, _PROGRESS, f"{manifest.digest} {place}")
                count_write(connection)


def _quarantined(folder: Path) -> set[int]:
    with closing(open_store(folder, create=False)) as connection:
        return {row[0] for row in connection.execute("SELECT case_no FROM quarantine")}


def _write_key(path: Path, key: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key)
    sync(path)
