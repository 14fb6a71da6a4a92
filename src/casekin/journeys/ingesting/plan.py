"""Which cases an ingest has: found once, kept in a scratch file, handed out one by one.

An archive of ten million studies is planned in the memory of a few thousand: what was found stands in a SQLite file
that has no name and vanishes with the plan.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from casekin.errors import InputError
from casekin.imaging import ManifestProblem
from casekin.imaging.manifest import read_placed_rows
from casekin.imaging.reader import walk_images
from casekin.imaging.sniff import sniff
from casekin.imaging.study import study_uid_of
from casekin.journeys.ingesting.sources import CaseRef, Problem

MANIFEST = "manifest.jsonl"
_CACHE_KIB = 64 * 1024
_LOOSE = -1
"""Origin of the cases that no manifest names; those of manifests are their positions."""

_SCHEMA = """
CREATE TABLE cases (number INTEGER PRIMARY KEY, origin INTEGER, key TEXT, named INTEGER, UNIQUE (origin, key));
CREATE TABLE items (
    number INTEGER, position INTEGER, folder INTEGER, place, PRIMARY KEY (number, position)) WITHOUT ROWID;
"""


class IngestPlan:
    """The cases of an ingest in the order in which they were first met: `len(plan)`, and `for ref in plan`.

    `problems` are the rows that can't be used. Use as a context manager.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._manifests: list[Path] = []
        self._db = sqlite3.connect("", isolation_level=None)  # no name: a temporary file of SQLite's
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._items = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM cases").fetchone()[0])

    def __iter__(self) -> Iterator[CaseRef]:
        query = (
            "SELECT number, origin, key, named, folder, place FROM cases JOIN items USING (number) "
            "ORDER BY number, position"
        )
        for _, found in groupby(self._db.execute(query), key=lambda row: row[0]):
            items = list(found)
            _, origin, key, named, _, _ = items[0]
            if origin == _LOOSE:
                files = tuple((item[4], Path(os.fsdecode(item[5]))) for item in items)
                yield CaseRef(key=key if named else None, files=files)
            else:
                yield CaseRef(key=key, manifest=self._manifests[origin], rows=tuple(item[5] for item in items))

    def add_manifest(self, manifest: Path) -> None:
        """Find the cases of a manifest; rows of one case may stand anywhere in it."""
        self._manifests.append(manifest)
        for offset, row in read_placed_rows(manifest):
            if isinstance(row, ManifestProblem):
                self.problems.append(Problem(source=f"{row.file}:{row.row}", reason=row.reason))
            else:
                self._add(len(self._manifests) - 1, row.case_id, folder=None, place=offset, named=True)

    def add_file(self, path: Path, *, folder: int | None) -> None:
        """Add a loose file; those of one study make one case, a file that names no study is one by itself."""
        key = study = study_uid_of(path)
        if study is None and folder is not None and sniff(path) == "dicom":
            from casekin.imaging.series import series_member  # loads pydicom

            member = series_member(path)
            key = None if member is None else f"series {member.series}"
        self._add(_LOOSE, key, folder=folder, place=os.fsencode(path), named=study is not None)

    def _add(self, origin: int, key: str | None, *, folder: int | None, place: int | bytes, named: bool) -> None:
        self._items += 1
        values = (origin, f"file {self._items}" if key is None else key)
        self._db.execute("INSERT OR IGNORE INTO cases (origin, key, named) VALUES (?, ?, ?)", (*values, named))
        (number,) = self._db.execute("SELECT number FROM cases WHERE origin = ? AND key = ?", values).fetchone()
        self._db.execute("INSERT INTO items VALUES (?, ?, ?, ?)", (number, self._items, folder, place))


def plan_ingest(paths: Sequence[Path]) -> IngestPlan:
    """The cases of all paths, those of manifests first; a folder with a manifest is read through it alone.

    Raises `InputError` for a path that doesn't exist.
    """
    for path in paths:
        if not path.exists():
            raise InputError(
                f"ingest: expected a file or folder, got {path.name!r}, which doesn't exist; check the path"
            )
    plan = IngestPlan()
    loose: list[Path] = []
    for path in (path.absolute() for path in paths):
        manifest = path / MANIFEST if path.is_dir() else path
        if manifest.suffix == ".jsonl" and manifest.is_file():
            plan.add_manifest(manifest)
        else:
            loose.append(path)
    for number, path in enumerate(loose):
        if path.is_dir():
            for file, _ in walk_images(path):
                plan.add_file(file, folder=number)
        else:
            plan.add_file(path, folder=None)
    return plan
