"""Kept image files: de-identified copies of what was ingested, each stored once under the hash of its bytes.

The viewer, DICOMweb and exports read them; without them an index has only a preview of each image.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from casekin.durable import write_whole
from casekin.errors import SiteError
from casekin.imaging import MedicalImage, read_image
from casekin.site.books import Books
from casekin.site.times import DAY_S, Clock

FOLDER = "files"
"""Where kept files lie in a state folder: `files/ab/abcdef…`, by the SHA-256 of their bytes."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept_files (
    case_id TEXT NOT NULL, content_sha256 TEXT NOT NULL, part INTEGER NOT NULL, file_sha256 TEXT NOT NULL,
    kind TEXT NOT NULL, study_instance_uid TEXT, series_instance_uid TEXT, sop_instance_uid TEXT, sop_class_uid TEXT,
    PRIMARY KEY (case_id, content_sha256, part)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_files_by_bytes ON kept_files (file_sha256);
CREATE INDEX IF NOT EXISTS kept_files_by_uid ON kept_files (study_instance_uid, series_instance_uid, sop_instance_uid)
"""
_COLUMNS = (
    "case_id, content_sha256, part, file_sha256, kind, study_instance_uid, series_instance_uid, sop_instance_uid, "
    "sop_class_uid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One stored file: the hash of its bytes, `dicom`, `png`, `jpeg` or `nifti`, and a DICOM file's mapped UIDs."""

    file_sha256: str
    kind: str
    study_instance_uid: str | None = None
    series_instance_uid: str | None = None
    sop_instance_uid: str | None = None
    sop_class_uid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """One image of a case: `files` together are it (a series has many), in the order of the series.

    `content_sha256` is the index's name for the image, the hash of its pixels before anything in them was hidden.
    """

    content_sha256: str
    files: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInstance:
    """A kept DICOM file with the case that it belongs to, as DICOMweb asks for it."""

    case_id: str
    file: KeptFile


def store_file(folder: Path, data: bytes) -> str:
    """Put bytes into a folder of kept files, durable on return; their SHA-256. The same bytes are stored once.

    Needs no database: processes that read images call it, and `KeptFiles.put` names what they stored.
    Raises `SiteError` where the folder can't be written.
    """
    name = hashlib.sha256(data).hexdigest()
    path = _place(folder, name)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, data)
    except OSError as error:
        raise SiteError(f"site: a kept file can't be written: {error.strerror}; mend that") from error
    return name


class KeptFiles:
    """The kept files of a state folder. Rows hold pseudonyms alone; the files went through de-identification."""

    def __init__(self, books: Books, *, clock: Clock = time.time) -> None:
        books.ensure(_SCHEMA)
        self._books = books
        self._clock = clock
        self.folder = books.folder / FOLDER

    def put(self, case_id: str, images: Iterable[KeptImage]) -> None:
        """Name stored files as images of a case; an image that it has already is replaced.

        Raises `SiteError` where a file isn't stored: an erasure that ran meanwhile may have taken it along.
        """
        old: list[str] = []
        with self._books.writing() as db:  # alone writes, so no erasure takes a file between the look and the row
            for image in images:
                if not all(self.path_of(file).exists() for file in image.files):
                    raise SiteError("site: expected a stored file, got none under its hash; ingest the images again")
                old += _erase(db, "case_id = ? AND content_sha256 = ?", (case_id, image.content_sha256))
                db.executemany(
                    f"INSERT INTO kept_files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [(case_id, image.content_sha256, part, *_fields(file)) for part, file in enumerate(image.files)],
                )
            self._remove_unnamed(db, old)

    def images_of(self, case_id: str) -> list[KeptImage]:
        """The kept images of a case, sorted by content."""
        with self._books.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM kept_files WHERE case_id = ? ORDER BY content_sha256, part", (case_id,)
            ).fetchall()
        return [
            KeptImage(content_sha256=content, files=tuple(_file(row) for row in group))
            for content, group in groupby(rows, key=lambda row: str(row[1]))
        ]

    def paths_of(self, case_id: str, content_sha256: str) -> tuple[Path, ...]:
        """Where the files of an image lie, in order; empty when it wasn't kept."""
        found = (image for image in self.images_of(case_id) if image.content_sha256 == content_sha256)
        return tuple(self.path_of(file) for image in found for file in image.files)

    def image_of(self, case_id: str, content_sha256: str) -> MedicalImage | None:
        """The kept image, read; None when it wasn't kept. Raises `ImageError` for a file that is damaged or gone."""
        paths = self.paths_of(case_id, content_sha256)
        if not paths:
            return None
        return read_image(paths[0] if len(paths) == 1 else paths)

    def instances(
        self,
        *,
        study_instance_uid: str | None = None,
        series_instance_uid: str | None = None,
        sop_instance_uid: str | None = None,
    ) -> list[KeptInstance]:
        """Kept DICOM files by mapped UIDs, None meaning any; sorted by study, series and instance."""
        query = (
            f"SELECT {_COLUMNS} FROM kept_files WHERE kind = 'dicom' AND study_instance_uid = coalesce(?1, "
            "study_instance_uid) AND series_instance_uid = coalesce(?2, series_instance_uid) AND sop_instance_uid = "
            "coalesce(?3, sop_instance_uid) ORDER BY study_instance_uid, series_instance_uid, sop_instance_uid, case_id"
        )
        with self._books.reading() as db:
            rows = db.execute(query, (study_instance_uid, series_instance_uid, sop_instance_uid)).fetchall()
        return [KeptInstance(case_id=row[0], file=_file(row)) for row in rows]

    def path_of(self, file: KeptFile) -> Path:
        """Where a file's bytes lie."""
        return _place(self.folder, file.file_sha256)

    def rename(self, old: str, new: str) -> None:
        """Give a case's files to another id, as when a study joins a case that holds it."""
        with self._books.writing() as db:
            db.execute("UPDATE OR REPLACE kept_files SET case_id = ? WHERE case_id = ?", (new, old))

    def discard(self, case_id: str, contents: Collection[str]) -> int:
        """Remove the files of some images of a case, but those that another image holds; how many went."""
        gone = 0
        with self._books.writing() as db:
            for content in sorted(contents):
                old = _erase(db, "case_id = ? AND content_sha256 = ?", (case_id, content))
                gone += self._remove_unnamed(db, old)
        return gone

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: remove the files of cases, but those that another case holds; how many went.

        Files name no `patients`. What no case names goes too, left by an ingest that was cut off more than a day ago:
        nobody can tell whom it shows.
        """
        with self._books.writing() as db:
            erased = [name for case_id in sorted(case_ids) for name in _erase(db, "case_id = ?", (case_id,))]
            return self._remove_unnamed(db, [*erased, *self._left_over()])

    def _left_over(self) -> list[str]:
        """Names of stored files that are older than any ingest that may still name them."""
        stored = (path for path in self.folder.glob("??/*") if path.is_file())
        return [path.name for path in stored if path.stat().st_mtime < self._clock() - DAY_S]

    def _remove_unnamed(self, db: sqlite3.Connection, names: Sequence[str]) -> int:
        """Delete the bytes that no row names any more, while the database is held."""
        gone = 0
        for name in sorted(set(names)):
            if db.execute("SELECT 1 FROM kept_files WHERE file_sha256 = ?", (name,)).fetchone() is None:
                path = _place(self.folder, name)
                try:
                    gone += path.exists()
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise SiteError(f"site: a kept file can't be removed: {error.strerror}; mend that") from error
        return gone


def _place(folder: Path, name: str) -> Path:
    return folder / name[:2] / name


def _erase(db: sqlite3.Connection, where: str, values: tuple[str, ...]) -> list[str]:
    rows = db.execute(f"DELETE FROM kept_files WHERE {where} RETURNING file_sha256", values).fetchall()
    return [str(row[0]) for row in rows]


def _fields(file: KeptFile) -> tuple[str | None, ...]:
    return (
        file.file_sha256,
        file.kind,
        file.study_instance_uid,
        file.series_instance_uid,
        file.sop_instance_uid,
        file.sop_class_uid,
    )


def _file(row: tuple[str, ...]) -> KeptFile:
    _, _, _, sha256, kind, study, series, sop, sop_class = row
    return KeptFile(
        file_sha256=sha256,
        kind=kind,
        study_instance_uid=study,
        series_instance_uid=series,
        sop_instance_uid=sop,
        sop_class_uid=sop_class,
    )
