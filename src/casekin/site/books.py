"""The site's database: where it lies, its transactions, and errors that are ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from casekin.errors import InputError, SiteError

FILE_NAME = "site.sqlite3"
_BUSY_TIMEOUT_S = 30.0


def site_folder(index: Path | str, given: Path | None = None) -> Path:
    """The state folder of an index: `given`, else `site` inside an index folder.

    Raises `InputError` for an index on a server without a folder given.
    """
    folder = known_site_folder(index, given)
    if folder is None:
        raise InputError("site: expected a folder for what the site keeps beside an index on a server; give --site")
    return folder


def known_site_folder(index: Path | str, given: Path | None = None) -> Path | None:
    """The same folder, None where an index on a server has none."""
    if given is None and isinstance(index, str) and "://" in index:
        return None
    return given or Path(index) / "site"


class Books:
    """The database of a state folder, made on first use; any number of threads and processes may hold one.

    Each transaction has a connection of its own. Whoever keeps something declares its tables with `ensure`.
    Raises `SiteError` where the folder can't be written or the database is damaged, locked or full.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._path.exists():
                self._path.touch(mode=0o600)
        except OSError as error:
            raise SiteError(f"site: the state folder can't be written: {error.strerror}; mend that") from error

    def ensure(self, schema: str) -> None:
        """Make the tables that aren't there yet: statements `CREATE TABLE IF NOT EXISTS …`, divided by `;`."""
        with self.writing() as db:
            for statement in schema.split(";"):
                if statement.strip():
                    db.execute(statement)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of everything, whatever others write meanwhile."""
        with self._transaction("BEGIN DEFERRED") as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that alone writes, durable when the block is left; an exception undoes it."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    def copy_to(self, path: Path) -> None:
        """Write one state of the database to a new file, whatever others write meanwhile."""
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with _told(), closing(self._connect()) as db, closing(sqlite3.connect(path)) as copy:
            db.backup(copy)

    def clean(self) -> None:
        """Write the database anew from its rows, and empty its log: no page keeps what was deleted.

        Raises `SiteError` where somebody still reads an older state.
        """
        with _told(), closing(self._connect()) as db:
            db.execute("VACUUM")
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise SiteError("site: another process still reads an older state; do it again when it is done")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with _told(), closing(self._connect()) as db:
            db.execute(begin)
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # what was erased leaves no bytes in free pages
        return db


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = "locked" if "locked" in str(error) else type(error).__name__
        raise SiteError(f"site: {FILE_NAME} can't be used ({reason}); see disk and permissions") from error
