"""Objects that arrived and wait to become cases: durable before the sender is told so, by pseudonyms in the books.

The files, as they were sent, lie in `inbox/STUDY/` until they are stored; those that could not be stay, with a reason.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from casekin.durable import alone, sync, write_whole
from casekin.errors import SiteError
from casekin.site.books import Books

FOLDER = "inbox"
State = Literal["waiting", "stored", "rejected", "failed"]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS received_objects (
    file_sha256 TEXT PRIMARY KEY, study TEXT NOT NULL, series TEXT NOT NULL, instance TEXT NOT NULL, patient TEXT,
    kind TEXT NOT NULL, arrived_at REAL NOT NULL, state TEXT NOT NULL, reason TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS received_by_study ON received_objects (study, state);
CREATE INDEX IF NOT EXISTS received_by_state ON received_objects (state, kind);
CREATE INDEX IF NOT EXISTS received_by_instance ON received_objects (instance);
CREATE TABLE IF NOT EXISTS rejected_instances (instance TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID
"""
_FIELDS = "file_sha256, study, series, instance, patient, kind, state, reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedObject:
    """An object by the pseudonyms of its UIDs and patient, and what became of it."""

    file_sha256: str
    study: str
    series: str
    instance: str
    kind: str
    patient: str | None = None
    state: State = "waiting"
    reason: str | None = None


class Received:
    """The spool of a state folder; several processes may fill it while one empties it.

    Raises `SiteError` where the disk is full or can't be written.
    """

    def __init__(self, books: Books, *, least_free_bytes: int = 1 << 30) -> None:
        books.ensure(_SCHEMA)
        self._books = books
        self._least_free = least_free_bytes
        self.folder = books.folder / FOLDER

    def put(self, found: ReceivedObject, data: bytes, *, now: float) -> bool:
        """Keep an object, durable on return; False where the same bytes came before and nothing is to be done.

        One whose instance was rejected is noted and not kept. What failed before is tried again.
        """
        with self._books.reading() as db:
            held = db.execute(
                "SELECT state FROM received_objects WHERE file_sha256 = ?", (found.file_sha256,)
            ).fetchone()
            reason = db.execute(
                "SELECT reason FROM rejected_instances WHERE instance = ?", (found.instance,)
            ).fetchone()
        if held is not None and held[0] != "failed":
            return False
        if reason is None:
            self._write(self.path_of(found), data)
        state, told = ("waiting", None) if reason is None else ("rejected", str(reason[0]))
        values = (found.file_sha256, found.study, found.series, found.instance, found.patient, found.kind, now, state)
        with self._books.writing() as db:
            db.execute("INSERT OR REPLACE INTO received_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, told))
        return reason is None

    def path_of(self, found: ReceivedObject) -> Path:
        """Where an object's file lies while it is kept."""
        return self.folder / found.study / f"{found.file_sha256}.dcm"

    @contextmanager
    def emptying(self) -> Iterator[bool]:
        """Whether this process may empty the spool now; one does at a time, and a killed one lets go."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(self.folder.parent / f"{FOLDER}.lock") as is_held:
            yield is_held

    def waiting(self, kind: str) -> list[ReceivedObject]:
        """Objects of a kind that wait, in the order they arrived."""
        return self._find("state = 'waiting' AND kind = ? ORDER BY arrived_at, file_sha256", (kind,))

    def quiet_studies(self, *, before: float) -> list[str]:
        """Studies with images that wait, of which nothing came at or after a time; the longest waiting first."""
        with self._books.reading() as db:
            rows = db.execute(
                "SELECT study FROM received_objects WHERE kind = 'image' AND state = 'waiting' GROUP BY study "
                "HAVING max(arrived_at) < ? ORDER BY min(arrived_at), study",
                (before,),
            ).fetchall()
        return [str(row[0]) for row in rows]

    def objects_of(self, study: str) -> list[ReceivedObject]:
        """All that came of a study, sorted."""
        return self._find("study = ? ORDER BY file_sha256", (study,))

    def listed(self, state: State, *, limit: int = 1000) -> list[ReceivedObject]:
        """Objects in a state, the newest first."""
        return self._find("state = ? ORDER BY arrived_at DESC, file_sha256 LIMIT ?", (state, limit))

    def counts(self) -> dict[str, int]:
        """How many objects are in each state."""
        with self._books.reading() as db:
            rows = db.execute("SELECT state, count(*) FROM received_objects GROUP BY state ORDER BY state").fetchall()
        return {str(state): int(count) for state, count in rows}

    def note(self, names: Iterable[str], state: State, reason: str | None = None) -> None:
        """Say what became of objects, by the hashes of their files."""
        with self._books.writing() as db:
            db.executemany(
                "UPDATE received_objects SET state = ?, reason = ? WHERE file_sha256 = ?",
                [(state, reason, name) for name in names],
            )

    def retry(self) -> int:
        """Let what failed wait again; how many."""
        with self._books.writing() as db:
            query = "UPDATE received_objects SET state = 'waiting', reason = NULL WHERE state = 'failed'"
            return db.execute(query).rowcount

    def drop_files(self, found: Iterable[ReceivedObject]) -> None:
        """Delete the files of objects, and their study's folder with the last one."""
        for one in found:
            path = self.path_of(one)
            path.unlink(missing_ok=True)
            if path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def stored_before(self, time: float) -> list[ReceivedObject]:
        """Stored objects that came before a time and whose file is still there."""
        found = self._find("state = 'stored' AND arrived_at < ? ORDER BY file_sha256", (time,))
        return [one for one in found if self.path_of(one).exists()]

    def reject(self, instances: Collection[str], reason: str) -> list[ReceivedObject]:
        """Let instances be rejected, those to come too; those that are kept or stored, their files deleted."""
        with self._books.writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO rejected_instances VALUES (?, ?)", [(one, reason) for one in instances]
            )
            db.executemany(
                "UPDATE received_objects SET state = 'rejected', reason = ? WHERE instance = ?",
                [(reason, one) for one in instances],
            )
        asked = json.dumps(sorted(instances))
        found = self._find("instance IN (SELECT value FROM json_each(?)) ORDER BY file_sha256", (asked,))
        self.drop_files(found)
        return found

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Erase what came of these studies (a case that came this way is named by its study) or patients; how many."""
        asked = (json.dumps(sorted(case_ids)), json.dumps(sorted(patients)))
        where = "study IN (SELECT value FROM json_each(?1)) OR patient IN (SELECT value FROM json_each(?2))"
        found = self._find(where, asked)
        for study in {one.study for one in found}:
            shutil.rmtree(self.folder / study, ignore_errors=True)
        with self._books.writing() as db:
            db.executemany("DELETE FROM rejected_instances WHERE instance = ?", [(one.instance,) for one in found])
            db.execute(f"DELETE FROM received_objects WHERE {where}", asked)
        return len(found)

    def _find(self, where: str, values: tuple[object, ...]) -> list[ReceivedObject]:
        with self._books.reading() as db:
            rows = db.execute(f"SELECT {_FIELDS} FROM received_objects WHERE {where}", values).fetchall()
        names = ("file_sha256", "study", "series", "instance", "patient", "kind", "state", "reason")
        return [ReceivedObject(**dict(zip(names, row, strict=True))) for row in rows]

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(path.parent).free < self._least_free + len(data):
                raise SiteError("received: expected room on the disk for what arrives, got too little; free space")
            write_whole(path, data)
            sync(self.folder)
        except OSError as error:
            raise SiteError(f"received: an object can't be kept: {error.strerror}; mend the disk") from error


def name_of(data: bytes) -> str:
    """The name of an object: SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()
