"""Opening the system of record: one SQLite file in WAL mode with full synchronisation.

Everything else in an index folder but the site's key can be rebuilt from this file.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from casekin.errors import IndexStoreError
from casekin.index.store.connection import connect, transaction
from casekin.index.store.schema import FORMAT_VERSION, read_meta, write_schema
from casekin.index.store.upgrade import upgrade

FILE_NAME = "casekin.sqlite3"


def open_store(folder: Path, *, create: bool) -> sqlite3.Connection:
    """Connection to the index in `folder`; makes it when `create` and absent, upgrades what an older format wrote.

    Raises `IndexStoreError` where there is no index, it is damaged, or a newer format wrote it.
    """
    path = folder / FILE_NAME
    if not path.exists():
        if not create:
            raise _no_index()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexStoreError(f"index: can't make the folder: {error.strerror}; choose another") from error
    connection = connect(path)
    try:
        _ensure_format(connection, create=create)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_format(connection: sqlite3.Connection, *, create: bool) -> None:
    """Check the format before anything is written; an empty file gets the tables when `create`."""
    if _is_empty(connection):
        if not create:
            raise _no_index()
        connection.execute("PRAGMA journal_mode = WAL")
        with transaction(connection):
            if _is_empty(connection):  # another process may have been faster
                write_schema(connection)
    found = read_meta(connection, "format")
    if found == "1":
        with transaction(connection):
            if read_meta(connection, "format") == "1":
                upgrade(connection)
        found = read_meta(connection, "format")
    if found != str(FORMAT_VERSION):
        raise IndexStoreError(
            f"index: expected format {FORMAT_VERSION} or older, got {found}; use the casekin version that wrote it"
        )


def _no_index() -> IndexStoreError:
    return IndexStoreError(f"index: expected {FILE_NAME} in the folder, got none; make it with `casekin ingest`")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)
