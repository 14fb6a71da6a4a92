"""Uploads: files that somebody sent once to ask with, theirs alone, gone an hour later."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Timer

from casekin.errors import ImageError, SiteError
from casekin.imaging.zip_file import ZIP_START, unpack_zip
from casekin.site.books import Books
from casekin.site.times import Clock

LIFETIME_S = 3600.0
MOST_BYTES = 4 * 1024**3
"""What one person's uploads may take of the disk together: some ten chest CTs."""
_LEAST_ROOM = 512 * 1024**2
"""Bytes that the disk must have left beside an upload, for what the books write meanwhile."""
_FOLDER = "uploads"
_SERIES = "series"
"""What a folder of several files is called in errors about it."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS uploads (
    subject TEXT NOT NULL, upload_id TEXT NOT NULL, folder TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL,
    expires REAL NOT NULL, PRIMARY KEY (subject, upload_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uploads_expires ON uploads (expires)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What one request sent: `files` in the order they came, under names of ours; `expires` in seconds since 1970.

    `upload_id` is the SHA-256 of the bytes, of several files that of their hashes.
    """

    upload_id: str
    files: tuple[Path, ...]
    expires: float

    @property
    def source(self) -> Path:
        """What to read as one image: the file, or the folder of a series' files."""
        return self.files[0] if len(self.files) == 1 else self.files[0].parent


class Uploads:
    """The uploads of a state folder. Names that their senders gave them are kept nowhere.

    What is past its hour is removed with the next call, and by a timer of this process.
    Raises `SiteError` where the folder can't be written.
    """

    def __init__(self, books: Books, *, lifetime_s: float = LIFETIME_S, clock: Clock = time.time) -> None:
        books.ensure(_SCHEMA)
        self._books, self._lifetime_s, self._clock = books, lifetime_s, clock
        self._folder = books.folder / _FOLDER
        self._timer: Timer | None = None
        self._timing = Lock()
        self.purge()

    def prepare(self) -> Path:
        """A new folder to receive files in, for `keep` or `discard`."""
        draft = self._folder / secrets.token_hex(16) / _SERIES
        try:
            if shutil.disk_usage(self._books.folder).free < _LEAST_ROOM:
                raise SiteError("site: the disk has no room for an upload; make some")
            draft.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise SiteError(f"site: an upload can't be written: {error.strerror}; mend that") from error
        return draft

    def discard(self, draft: Path) -> None:
        """Remove a folder that `prepare` gave."""
        shutil.rmtree(draft.parent, ignore_errors=True)

    def keep(self, draft: Path, *, upload_id: str, subject: str) -> Upload | None:
        """Make what lies in a folder an upload of `subject`; the same again lives from now on for an hour.

        A ZIP becomes the files in it. None where their uploads would take more than `MOST_BYTES` together; the folder
        is removed then, and where `ImageError` is raised for a ZIP that can't be unpacked.
        """
        try:
            _unpack(draft)
        except ImageError:
            self.discard(draft)
            raise
        size = sum(path.stat().st_size for path in draft.iterdir())
        expires = self._clock() + self._lifetime_s
        with self._books.writing() as db:
            self._drop(db, "expires <= ? OR (subject = ? AND upload_id = ?)", (self._clock(), subject, upload_id))
            (taken,) = db.execute(
                "SELECT coalesce(sum(bytes), 0) FROM uploads WHERE subject = ?", (subject,)
            ).fetchone()
            fits = taken + size <= MOST_BYTES
            if fits:
                db.execute(
                    "INSERT INTO uploads VALUES (?, ?, ?, ?, ?)", (subject, upload_id, draft.parent.name, size, expires)
                )
        if not fits:
            self.discard(draft)
            return None
        self._wake(self._lifetime_s)
        return Upload(upload_id=upload_id, files=_files(draft), expires=expires)

    def keep_file(self, path: Path, *, subject: str) -> Upload | None:
        """Make a file that was received with a form an upload; it is moved from where it lies. None as `keep`."""
        draft = self.prepare()
        shutil.move(path, draft / "image")
        with (draft / "image").open("rb") as file:
            upload_id = hashlib.file_digest(file, "sha256").hexdigest()
        return self.keep(draft, upload_id=upload_id, subject=subject)

    def open(self, upload_id: str, subject: str) -> Upload | None:
        """An upload of `subject`; None for one that is gone, never was, or is somebody else's."""
        with self._books.reading() as db:
            row = db.execute(
                "SELECT folder, expires FROM uploads WHERE subject = ? AND upload_id = ? AND expires > ?",
                (subject, upload_id, self._clock()),
            ).fetchone()
        files = () if row is None else _files(self._folder / row[0] / _SERIES)
        return Upload(upload_id=upload_id, files=files, expires=row[1]) if files else None

    def remove(self, upload_id: str, subject: str) -> bool:
        """Remove an upload before its time; False where there is none."""
        with self._books.writing() as db:
            return self._drop(db, "subject = ? AND upload_id = ?", (subject, upload_id)) > 0

    def purge(self) -> int:
        """Remove what is past its time, and folders that no row names and nobody writes to; how many uploads went."""
        now = self._clock()
        with self._books.writing() as db:
            gone = self._drop(db, "expires <= ?", (now,))
            named = {str(row[0]) for row in db.execute("SELECT folder FROM uploads")}
            for folder in self._folder.glob("*"):
                if folder.name not in named and now - folder.stat().st_mtime > self._lifetime_s:
                    shutil.rmtree(folder, ignore_errors=True)
        return gone

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: nobody can tell whom an upload shows, so all of them go; how many that were."""
        with self._books.writing() as db:
            return self._drop(db, "1", ()) if case_ids or patients else 0

    def _drop(self, db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> int:
        rows = db.execute(f"DELETE FROM uploads WHERE {where} RETURNING folder", values).fetchall()
        for (folder,) in rows:
            shutil.rmtree(self._folder / folder, ignore_errors=True)
        return len(rows)

    def _wake(self, after_s: float) -> None:
        """See to it that this process purges once more when the newest upload is past its time."""
        with self._timing:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = Timer(after_s + 1.0, self.purge)
            self._timer.daemon = True
            self._timer.start()


def _unpack(draft: Path) -> None:
    """Put the files of a ZIP that came alone in its place."""
    (first, *others) = draft.iterdir()
    with first.open("rb") as file:
        is_zip = not others and file.read(len(ZIP_START)) == ZIP_START
    if is_zip:
        unpack_zip(first, draft)
        first.unlink()


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.iterdir())) if folder.is_dir() else ()
