"""Erasing cases for good: rows, full-text index, write-ahead log, free pages, derived files and snapshots.

The deletion is one transaction, which also notes that the files are not yet clean: a killed erasure is finished by the
next one. What is left of a case is its number in the journal.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Collection
from pathlib import Path

from casekin.errors import IndexStoreError, InputError
from casekin.index.search.bundles import remove_bundles
from casekin.index.store.connection import transaction
from casekin.index.store.merges import drop_merges, one_person
from casekin.index.store.schema import count_write, read_meta, renew_store_id, write_meta
from casekin.index.store.writes import delete_case
from casekin.index.upkeep.backup import drop_marked
from casekin.index.upkeep.targets import Target

_UNFINISHED = "erasing"


def select_for_erasure(
    connection: sqlite3.Connection,
    *,
    patients: Collection[str] = (),
    case_ids: Collection[str] = (),
    ingested_before: datetime.date | None = None,
) -> list[str]:
    """Ids of the cases of these (pseudonymous) patients or groups, with these ids, or ingested before a day; sorted.

    Whoever was merged with a patient is the same. Raises `InputError` for a day to come, `IndexStoreError` where the
    clock has gone back since the last ingest.
    """
    found: set[str] = set()
    for query, values in (
        ("SELECT case_id FROM cases WHERE patient_id = ?1 OR patient = ?1", one_person(connection, patients)),
        ("SELECT case_id FROM cases WHERE case_id = ?1", case_ids),
    ):
        for value in values:
            found.update(row[0] for row in connection.execute(query, (value,)))
    if ingested_before is not None:
        _expect_past(connection, ingested_before)
        query = "SELECT case_id FROM cases WHERE ingested_on < ?"
        found.update(row[0] for row in connection.execute(query, (ingested_before.isoformat(),)))
    return sorted(found)


def forget_cases(
    connection: sqlite3.Connection,
    folder: Path,
    snapshots: Target,
    case_ids: Collection[str],
    *,
    marks: Collection[str],
    key: bytes,
) -> None:
    """Erase cases, from snapshots all of these marks, and what an interrupted erasure has left.

    Raises `IndexStoreError` where a reader holds the log or a file can't be cleaned; the cases are gone from every
    answer then, and the same call finishes the rest.
    """
    with transaction(connection):
        unfinished = {*json.loads(read_meta(connection, _UNFINISHED) or "[]"), *marks}
        for case_id in sorted(case_ids):
            row = connection.execute("SELECT case_no FROM cases WHERE case_id = ?", (case_id,)).fetchone()
            if row is not None:
                delete_case(connection, row[0], verb="forget")
        drop_merges(connection)
        if unfinished:
            write_meta(connection, _UNFINISHED, json.dumps(sorted(unfinished)))
            renew_store_id(connection)  # a derived file that is being written now will never be used
            count_write(connection)
    if unfinished:
        drop_marked(snapshots, unfinished, key=key)
        _remove_derived(folder / "derived")
        _clean_file(connection)
        with transaction(connection):
            connection.execute("DELETE FROM meta WHERE key = ?", (_UNFINISHED,))
            count_write(connection)


def is_unfinished(connection: sqlite3.Connection) -> bool:
    """Whether an erasure was interrupted: the cases are gone, their bytes may not be."""
    return read_meta(connection, _UNFINISHED) is not None


def _expect_past(connection: sqlite3.Connection, day: datetime.date) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    if day > today:
        raise InputError(f"forget: expected a day not after today, {today}, got {day}")
    (latest,) = connection.execute("SELECT max(ingested_on) FROM cases").fetchone()
    if latest is not None and latest > today.isoformat():
        raise IndexStoreError(
            f"forget: expected a clock not before the last ingest, {latest}, got {today}; set the clock, or name cases"
        )


def _remove_derived(folder: Path) -> None:
    try:
        remove_bundles(folder)
    except OSError as error:
        raise IndexStoreError(
            f"forget: derived files can't be removed: {error.strerror}; mend that, then run it again"
        ) from error


def _clean_file(connection: sqlite3.Connection) -> None:
    """Write the file anew from its rows, and empty the log: no page keeps what was deleted."""
    connection.execute("INSERT INTO words (words) VALUES ('rebuild')")  # a deletion is only marked in it
    connection.execute("VACUUM")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise IndexStoreError(
            "forget: the cases are gone from every answer, but another process still reads an older state; "
            "end its search and run `casekin forget` again to clean the files"
        )
