"""The connection to the store's SQLite file: transactions, and errors that are ours from the first statement on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from casekin.errors import IndexStoreError

_BUSY_TIMEOUT_S = 30.0
_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a statement raises; the second where a damaged schema's own text stands in SQLite's message."""


class _Cursor(sqlite3.Cursor):
    """A cursor that raises `IndexStoreError` where SQLite finds the file damaged, locked or full."""

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        try:
            super().execute(sql, values)
        except _FAILURES as error:
            raise _store_error(error) from error
        return self

    def executemany(self, sql: str, rows: Any) -> _Cursor:
        try:
            super().executemany(sql, rows)
        except _FAILURES as error:
            raise _store_error(error) from error
        return self

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except _FAILURES as error:
            raise _store_error(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except _FAILURES as error:
            raise _store_error(error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except _FAILURES as error:
            raise _store_error(error) from error


class StoreConnection(sqlite3.Connection):
    """A connection whose errors are `IndexStoreError`."""

    def execute(self, sql: str, values: Any = ()) -> _Cursor:
        return self.cursor(_Cursor).execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> _Cursor:
        return self.cursor(_Cursor).executemany(sql, rows)


def connect(path: Path) -> sqlite3.Connection:
    """Connection to the file, without a transaction of its own. Raises `IndexStoreError` when it can't be opened."""
    try:
        return sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, factory=StoreConnection
        )
    except sqlite3.DatabaseError as error:
        raise _store_error(error) from error


@contextmanager
def transaction(connection: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE") -> Iterator[None]:
    """All that is written inside is durable on return, or nothing is; what is read inside is one state of the file.

    Inside an open transaction this joins it.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends some failed transactions itself
            connection.execute("ROLLBACK")
        raise


_REMEDIES = (
    ("SQLITE_BUSY", "try again when the other writer is done"),
    ("SQLITE_LOCKED", "try again when the other writer is done"),
    ("SQLITE_FULL", "free space, then do it again: nothing is lost"),
    ("SQLITE_IOERR", "check the disk and its space, then do it again: what was written before is safe"),
    ("SQLITE_READONLY", "the folder may only be read; check its rights"),
    ("SQLITE_CANTOPEN", "the folder may only be read, or not even that; check its rights"),
)


def _store_error(error: sqlite3.DatabaseError | UnicodeDecodeError) -> IndexStoreError:
    problem, name = str(error), getattr(error, "sqlite_errorname", None) or ""
    if isinstance(error, UnicodeDecodeError) or problem.startswith("Could not decode"):  # goes on with the text itself
        problem = "a text is damaged"
    remedy = next((told for prefix, told in _REMEDIES if name.startswith(prefix)), "restore it from a backup")
    return IndexStoreError(f"index: can't use the store: {problem}; {remedy}")
