"""Every report that arrived, by pseudonyms, so that order, repeats and late studies make no difference to what stands.

Also which patients were merged. The texts are patient data.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from casekin.reports.messages import Status
from casekin.site.books import Books

_SCHEMA = """
CREATE TABLE IF NOT EXISTS arrived_reports (
    report_no INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, report_key TEXT NOT NULL,
    replaces TEXT NOT NULL, status TEXT NOT NULL, stated_at TEXT, patients TEXT NOT NULL, text TEXT NOT NULL,
    arrived_on TEXT NOT NULL, case_ids TEXT NOT NULL DEFAULT '[]');
CREATE TABLE IF NOT EXISTS arrived_keys (
    key TEXT NOT NULL, report_no INTEGER NOT NULL REFERENCES arrived_reports ON DELETE CASCADE,
    PRIMARY KEY (key, report_no)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS patient_merges (merged TEXT PRIMARY KEY, survivor TEXT NOT NULL) WITHOUT ROWID
"""
_FIELDS = "report_no, report_key, replaces, status, stated_at, patients, text, case_ids"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReport:
    """A report by pseudonyms: `keys` are its accession numbers and study UIDs, `report_key` the sender's id of it."""

    report_key: str
    status: Status
    text: str
    keys: tuple[str, ...]
    patients: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    stated_at: str | None = None
    report_no: int = 0
    case_ids: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same statement, however often it is sent."""
        said = (self.report_key, self.status, self.text, sorted(self.keys), self.replaces, self.stated_at)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class ReportLedger:
    """What arrived, and who was merged. Raises `SiteError` as its books do."""

    def __init__(self, books: Books) -> None:
        self._books = books
        books.ensure(_SCHEMA)

    def add(self, report: LedgerReport, *, day: str) -> bool:
        """Keep a report that arrived on a day (`YYYY-MM-DD`), durable on return; False where it was kept before."""
        values = (
            *(report.digest, report.report_key, json.dumps(report.replaces), report.status, report.stated_at),
            *(json.dumps(report.patients), report.text, day),
        )
        with self._books.writing() as db:
            number = db.execute(
                "INSERT OR IGNORE INTO arrived_reports (digest, report_key, replaces, status, stated_at, patients, "
                "text, arrived_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING report_no",
                values,
            ).fetchone()
            if number is not None:
                db.executemany(
                    "INSERT OR IGNORE INTO arrived_keys VALUES (?, ?)", [(key, number[0]) for key in report.keys]
                )
        return number is not None

    def reports_with(self, keys: Iterable[str]) -> list[LedgerReport]:
        """The reports with any of these keys, in the order they arrived."""
        with self._books.reading() as db:
            rows = db.execute(
                f"SELECT {_FIELDS} FROM arrived_reports WHERE report_no IN (SELECT report_no FROM arrived_keys "
                "WHERE key IN (SELECT value FROM json_each(?))) ORDER BY report_no",
                (json.dumps(list(keys)),),
            ).fetchall()
            return [_report(db, row) for row in rows]

    def note_joined(self, case_id: str, numbers: Collection[int]) -> None:
        """Say that these reports speak of a case."""
        with self._books.writing() as db:
            for number in numbers:
                (held,) = db.execute("SELECT case_ids FROM arrived_reports WHERE report_no = ?", (number,)).fetchone()
                if case_id not in (known := json.loads(held)):
                    joined = json.dumps(sorted([*known, case_id]))
                    db.execute("UPDATE arrived_reports SET case_ids = ? WHERE report_no = ?", (joined, number))

    def note_gone(self, case_id: str) -> None:
        """Say that a case is no more: its reports wait for the study to come again."""
        with self._books.writing() as db:
            db.execute(
                "UPDATE arrived_reports SET case_ids = '[]' WHERE EXISTS "
                "(SELECT 1 FROM json_each(case_ids) WHERE value = ?)",
                (case_id,),
            )

    def waiting(self) -> Iterator[LedgerReport]:
        """The reports that have found no case yet, in the order they arrived."""
        with self._books.reading() as db:
            for row in db.execute(f"SELECT {_FIELDS} FROM arrived_reports WHERE case_ids = '[]' ORDER BY report_no"):
                yield _report(db, row)

    def merges(self) -> list[tuple[str, str]]:
        """Every patient that is another by now, and whom; sorted."""
        with self._books.reading() as db:
            rows = db.execute("SELECT merged, survivor FROM patient_merges ORDER BY merged").fetchall()
        return [(str(merged), str(survivor)) for merged, survivor in rows]

    def expire(self, *, before: str) -> int:
        """Drop the reports that arrived before a day and found no case; how many."""
        with self._books.writing() as db:
            query = "DELETE FROM arrived_reports WHERE case_ids = '[]' AND arrived_on < ?"
            return db.execute(query, (before,)).rowcount

    def merge(self, *, survivor: str, merged: str) -> None:
        """Let one patient (a pseudonym) be another from here on; who was merged into the first is the other's too."""
        with self._books.writing() as db:
            survivor = _survivor(db, survivor)
            if survivor != merged:
                db.execute("UPDATE patient_merges SET survivor = ? WHERE survivor = ?", (survivor, merged))
                db.execute("INSERT OR REPLACE INTO patient_merges VALUES (?, ?)", (merged, survivor))

    def survivor_of(self, patient: str) -> str:
        """Who a patient is by now."""
        with self._books.reading() as db:
            return _survivor(db, patient)

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Erase the reports that were joined to these cases or name these patients, and the merges; how many."""
        asked = (json.dumps(sorted(case_ids)), json.dumps(sorted(patients)))
        with self._books.writing() as db:
            reports = db.execute(
                "DELETE FROM arrived_reports WHERE EXISTS (SELECT 1 FROM json_each(case_ids) "
                "WHERE value IN (SELECT value FROM json_each(?1))) OR EXISTS (SELECT 1 FROM json_each(patients) "
                "WHERE value IN (SELECT value FROM json_each(?2)))",
                asked,
            ).rowcount
            merges = db.execute(
                "DELETE FROM patient_merges WHERE merged IN (SELECT value FROM json_each(?1)) "
                "OR survivor IN (SELECT value FROM json_each(?1))",
                asked[1:],
            ).rowcount
        return reports + merges


def _survivor(db: sqlite3.Connection, patient: str) -> str:
    row = db.execute("SELECT survivor FROM patient_merges WHERE merged = ?", (patient,)).fetchone()
    return patient if row is None else str(row[0])


def _report(db: sqlite3.Connection, row: tuple[object, ...]) -> LedgerReport:
    number, key, replaces, status, stated_at, patients, text, case_ids = row
    keys = db.execute("SELECT key FROM arrived_keys WHERE report_no = ? ORDER BY key", (number,)).fetchall()
    return LedgerReport(
        report_no=int(str(number)),
        report_key=str(key),
        status=status,  # type: ignore[arg-type]
        text=str(text),
        keys=tuple(str(one[0]) for one in keys),
        patients=tuple(json.loads(str(patients))),
        replaces=tuple(json.loads(str(replaces))),
        stated_at=None if stated_at is None else str(stated_at),
        case_ids=tuple(json.loads(str(case_ids))),
    )
