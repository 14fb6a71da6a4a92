"""Patients that are one person: whose number became whose, and the rows that say so.

A number that was merged away may stand in an image, a question or an order to erase long after, so the store remembers
whose it is now, as long as that patient has cases: a key of `meta` for each. All names are pseudonyms.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from casekin.index.store.connection import transaction
from casekin.index.store.schema import count_write, read_meta, write_meta
from casekin.index.store.writes import seal_case

_KEYS = "merged/"


def merge_patients(connection: sqlite3.Connection, *, survivor: str, merged: str) -> list[str]:
    """Let the cases of one patient be another's, their groups one group: one transaction, none where nothing changes.

    Returns the ids of the cases that changed, sorted.
    """
    group, others = _groups(connection, survivor, merged)
    marks = ", ".join("?" * len(others))
    theirs = f"FROM cases WHERE patient_id = ? OR patient IN ({marks})"
    told = survivor_of(connection, merged) == survivor or not _has_cases(connection, survivor, merged)
    if survivor == merged or (told and not connection.execute(f"SELECT 1 {theirs}", (merged, *others)).fetchone()):
        return []
    with transaction(connection):
        query = f"SELECT case_no, case_id, patient_id {theirs} ORDER BY case_id"
        rows = connection.execute(query, (merged, *others)).fetchall()
        for case_no, _, patient_id in rows:
            now = survivor if patient_id == merged else patient_id
            connection.execute("UPDATE cases SET patient_id = ?, patient = ? WHERE case_no = ?", (now, group, case_no))
            seal_case(connection, case_no, verb="put")
        _remember(connection, survivor, merged)
        count_write(connection)
    return [str(row[1]) for row in rows]


def survivor_of(connection: sqlite3.Connection, patient: str) -> str:
    """Who a patient is by now."""
    return read_meta(connection, _KEYS + patient) or patient


def one_person(connection: sqlite3.Connection, patients: Iterable[str]) -> set[str]:
    """These patients, who they are by now, and everybody who was merged into those."""
    named = set(patients)
    now = {survivor_of(connection, patient) for patient in named}
    return named | now | {merged for merged, survivor in merges(connection) if survivor in now}


def merges(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every patient that is another by now, and whom; sorted."""
    rows = connection.execute("SELECT key, value FROM meta WHERE key LIKE ? ORDER BY 1", (f"{_KEYS}%",)).fetchall()
    return [(str(key).removeprefix(_KEYS), str(value)) for key, value in rows]


def drop_merges(connection: sqlite3.Connection) -> None:
    """Inside the caller's transaction: forget whom nobody with cases was merged with."""
    for merged, survivor in merges(connection):
        if not _has_cases(connection, survivor):
            connection.execute("DELETE FROM meta WHERE key = ?", (_KEYS + merged,))


def _groups(connection: sqlite3.Connection, survivor: str, merged: str) -> tuple[str, tuple[str, ...]]:
    """The group that both are to be in, and those that their cases are in besides."""
    theirs, others = (
        {str(row[0]) for row in connection.execute("SELECT patient FROM cases WHERE patient_id = ?", (one,))}
        for one in (survivor, merged)
    )
    group = min(theirs, default=survivor)
    return group, tuple(sorted((theirs | others | {merged}) - {group}))


def _has_cases(connection: sqlite3.Connection, *patients: str) -> bool:
    query = "SELECT 1 FROM cases WHERE patient_id = ?1 OR patient = ?1"
    return any(connection.execute(query, (patient,)).fetchone() for patient in patients)


def _remember(connection: sqlite3.Connection, survivor: str, merged: str) -> None:
    for earlier, whose in merges(connection):
        if whose == merged:
            write_meta(connection, _KEYS + earlier, survivor)
    connection.execute("DELETE FROM meta WHERE key = ?", (_KEYS + survivor,))
    write_meta(connection, _KEYS + merged, survivor)
