"""The audit log: who saw, searched, drafted, exported, changed or was refused what; appended to, never written over."""

from __future__ import annotations

import datetime
import json
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from casekin.errors import InputError, SiteError
from casekin.site.audit_chain import ERASURE, FIELDS, FIRST, AuditProof, Head, digest_of, mark_of, prove, seal_of
from casekin.site.books import Books
from casekin.site.keys import read_key

EXPIRY = "expiry"
"""The event whose record says which records were removed because their time was over."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY, time TEXT NOT NULL, tenant TEXT NOT NULL, subject TEXT NOT NULL, event TEXT NOT NULL,
    route TEXT NOT NULL, status INTEGER NOT NULL, request TEXT NOT NULL, detail TEXT NOT NULL, marks TEXT NOT NULL,
    digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS audit_ends (
    end TEXT PRIMARY KEY, seq INTEGER NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS audit_names (mark TEXT PRIMARY KEY, nonce BLOB NOT NULL, case_id TEXT NOT NULL UNIQUE)
"""
_COLUMNS = f"{', '.join(FIELDS)}, digest"
_MARKS = ", ".join("?" * (len(FIELDS) + 1))
_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """What happened: `subject` did `event`.

    `route` is a path's template or a command's name, `status` what was answered (0 outside HTTP), `objects` the ids of
    the cases it was about, `request` the id of the request. `detail` is free of patient data.
    """

    event: str
    subject: str
    tenant: str = "default"
    route: str = ""
    status: int = 0
    objects: tuple[str, ...] = ()
    request: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """An event as it stands in the log, where `marks` name its cases.

    `objects` are the ids of those that weren't erased since, `erased` the marks of the others. `time` is in UTC, ISO
    8601 with milliseconds; `digest` hexadecimal.
    """

    seq: int
    time: str
    tenant: str
    subject: str
    event: str
    route: str
    status: int
    request: str
    detail: str
    objects: tuple[str, ...]
    erased: tuple[str, ...]
    marks: tuple[str, ...]
    digest: str

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records: from `since` until before `until` (ISO 8601, UTC), of a subject, an event, about a case."""

    since: str | None = None
    until: str | None = None
    subject: str | None = None
    event: str | None = None
    case_id: str | None = None


EVERYTHING = AuditFilter()


class AuditLog:
    """The log in a site's books; see `audit_chain` for what proves it. `now` gives the time of a record."""

    def __init__(self, books: Books, *, now: Callable[[], datetime.datetime] | None = None) -> None:
        self._books = books
        self._key = read_key(books.folder, "audit")
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        books.ensure(_SCHEMA)

    def append(self, event: AuditEvent) -> Head:
        """Write a record; it is on the disk when this returns. Raises `SiteError` where it can't be."""
        return self.append_all([event])

    def append_all(self, events: Sequence[AuditEvent]) -> Head:
        """Write records that belong together, all of them or none."""
        with self._books.writing() as db:
            head = _end(db, "head")
            for event in events:
                head = self._append(db, event, [_mark(db, case_id) for case_id in dict.fromkeys(event.objects)])
        return head

    def head(self) -> Head:
        """The last record: kept elsewhere, it proves all before it. Raises `SiteError` where the log has lost it."""
        with self._books.reading() as db:
            return _end(db, "head")

    def records(self, chosen: AuditFilter = EVERYTHING, *, last: int | None = None) -> list[AuditRecord]:
        """The records that fit, the last so many of them, in the order in which they were written."""
        with self._books.reading() as db:
            return _records(db, chosen, last=last)

    def prove(self, kept: Iterable[Head] = ()) -> AuditProof:
        """Read the whole log and compare it with its seals, and with heads that were kept elsewhere."""
        with self._books.reading() as db:
            return prove(db, self._key, kept)

    def forget(
        self, case_ids: Collection[str], patients: Collection[str] = (), *, event: AuditEvent | None = None
    ) -> int:
        """Erase the ids of cases from all records, and write that it was done; returns how many ids stood here.

        What the records say besides stays, and stays proven. `event` tells who erased; its cases are left out.
        """
        with self._books.writing() as db:
            marks = []
            for case_id in sorted(case_ids):
                marks += [row[0] for row in db.execute("SELECT mark FROM audit_names WHERE case_id = ?", (case_id,))]
                db.execute("DELETE FROM audit_names WHERE case_id = ?", (case_id,))
            if marks or event is not None:
                who = event or AuditEvent(event=ERASURE, subject="local")
                self._append(db, replace(who, event=ERASURE, objects=()), marks)
        return len(marks)

    def expire(
        self, before: datetime.datetime, *, keep: Callable[[Sequence[AuditRecord]], object], subject: str = "local"
    ) -> int:
        """Remove the records before a time from the start of the log, and write that it was done; returns how many.

        `keep` is given them first: where it raises, nothing is removed. The chain goes on from the digest of the last
        one. Raises `InputError` for a time to come.
        """
        if before > self._now():
            raise InputError("audit: expected a time that has passed; records to come can't expire")
        with self._books.writing() as db:
            kept = db.execute("SELECT min(seq) FROM audit WHERE time >= ?", (_iso(before),)).fetchone()[0]
            gone = _records(db, EVERYTHING, before=kept)
            if gone:
                keep(gone)
                db.execute("DELETE FROM audit WHERE seq <= ?", (gone[-1].seq,))
                self._set_end(db, "start", Head(seq=gone[-1].seq, digest=bytes.fromhex(gone[-1].digest)))
                _drop_unused_names(db)
                told = f"records {gone[0].seq} to {gone[-1].seq}, digest {gone[-1].digest}"
                self._append(db, AuditEvent(event=EXPIRY, subject=subject, detail=told), [])
        return len(gone)

    def _append(self, db: sqlite3.Connection, event: AuditEvent, marks: Sequence[str]) -> Head:
        if db.execute("SELECT 1 FROM audit_ends").fetchone() is None:
            for end in ("start", "head"):
                self._set_end(db, end, Head(seq=0, digest=FIRST))
        before = _end(db, "head")
        values = (
            before.seq + 1, _iso(self._now()), event.tenant, event.subject, event.event, event.route, event.status,
            event.request, event.detail, json.dumps(list(marks)),
        )  # fmt: skip
        head = Head(seq=before.seq + 1, digest=digest_of(before.digest, values))
        db.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES ({_MARKS})", (*values, head.digest))
        self._set_end(db, "head", head)
        return head

    def _set_end(self, db: sqlite3.Connection, end: str, head: Head) -> None:
        seal = seal_of(self._key, end, head.seq, head.digest)
        db.execute("INSERT OR REPLACE INTO audit_ends VALUES (?, ?, ?, ?)", (end, head.seq, head.digest, seal))


def _end(db: sqlite3.Connection, end: str) -> Head:
    row = db.execute("SELECT seq, digest FROM audit_ends WHERE end = ?", (end,)).fetchone()
    if row is None:
        if db.execute("SELECT 1 FROM audit").fetchone() is None:
            return Head(seq=0, digest=FIRST)
        raise SiteError("audit: the end of the log is missing; `casekin audit --prove` says what is damaged")
    return Head(seq=row[0], digest=row[1])


def _mark(db: sqlite3.Connection, case_id: str) -> str:
    """The mark of a case, made on first use."""
    row = db.execute("SELECT mark FROM audit_names WHERE case_id = ?", (case_id,)).fetchone()
    if row is not None:
        return str(row[0])
    nonce = secrets.token_bytes(_NONCE_BYTES)
    mark = mark_of(nonce, case_id)
    db.execute("INSERT INTO audit_names VALUES (?, ?, ?)", (mark, nonce, case_id))
    return mark


def _records(
    db: sqlite3.Connection, chosen: AuditFilter, *, last: int | None = None, before: int | None = None
) -> list[AuditRecord]:
    """The records that fit, with numbers under `before`, the last so many of them."""
    asked: dict[str, object] = {
        "time >= ?": chosen.since, "time < ?": chosen.until, "subject = ?": chosen.subject,
        "event = ?": chosen.event, "seq < ?": before,
    }  # fmt: skip
    if chosen.case_id is not None:
        row = db.execute("SELECT mark FROM audit_names WHERE case_id = ?", (chosen.case_id,)).fetchone()
        if row is None:
            return []
        asked["instr(marks, ?)"] = row[0]
    where = " AND ".join(term for term, value in asked.items() if value is not None) or "1"
    values = [value for value in asked.values() if value is not None]
    query = f"SELECT {_COLUMNS} FROM audit WHERE {where} ORDER BY seq DESC LIMIT ?"
    rows = db.execute(query, (*values, -1 if last is None else last)).fetchall()
    names = dict(db.execute("SELECT mark, case_id FROM audit_names"))
    return [_record(row, names) for row in reversed(rows)]


def _record(row: Sequence[Any], names: Mapping[str, str]) -> AuditRecord:
    *fields, written, digest = row
    marks = tuple(json.loads(written))
    objects = tuple(names[mark] for mark in marks if mark in names)
    erased = tuple(mark for mark in marks if mark not in names)
    told = dict(zip(FIELDS[:-1], fields, strict=True))
    return AuditRecord(**told, objects=objects, erased=erased, marks=marks, digest=digest.hex())


def _drop_unused_names(db: sqlite3.Connection) -> None:
    used = {mark for (marks,) in db.execute("SELECT marks FROM audit") for mark in json.loads(marks)}
    unused = [(mark,) for (mark,) in db.execute("SELECT mark FROM audit_names").fetchall() if mark not in used]
    db.executemany("DELETE FROM audit_names WHERE mark = ?", unused)


def _iso(time: datetime.datetime) -> str:
    return time.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
