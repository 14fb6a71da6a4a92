"""Erasing cases from all that a site keeps, and the record that proves it was done.

What is to be erased is written down first and struck out last: an erasure that was interrupted is finished by the next.
A record holds no id and nothing that was erased: when, how many things of each kind, and a digest that the audit log
names.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.audit_chain import ERASURE
from casekin.site.books import Books
from casekin.site.collections import Collections
from casekin.site.evaluations import Evaluations
from casekin.site.feedback import Feedback
from casekin.site.files import KeptFiles
from casekin.site.history import History
from casekin.site.jobs import Jobs
from casekin.site.received import Received
from casekin.site.report_ledger import ReportLedger
from casekin.site.uploads import Uploads

_SCHEMA = """
CREATE TABLE IF NOT EXISTS erasing (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erasures (number INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL)
"""


class Keeper(Protocol):
    """Whatever keeps something about cases."""

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Erase it; returns how many things went."""
        ...


KEEPERS: Mapping[str, Callable[[Books], Keeper]] = {
    "kept_files": KeptFiles,
    "collection_entries": Collections,
    "votes": Feedback,
    "searches_and_links": History,
    "jobs": Jobs,
    "received_objects": Received,
    "reports": ReportLedger,
    "uploads": Uploads,
    "evaluations": Evaluations,
}
"""Everything in a state folder that may name a case or a patient, by what an erasure's record calls it."""


class Erasures:
    """The erasures of a site. `now` gives the time of a record, `tenant` is whose site it is, for the audit log."""

    def __init__(
        self, books: Books, *, now: Callable[[], datetime.datetime] | None = None, tenant: str = "default"
    ) -> None:
        self._books = books
        self._tenant = tenant
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        books.ensure(_SCHEMA)

    def begin(self, case_ids: Collection[str], patients: Collection[str]) -> None:
        """Write down what is to be erased, durable on return."""
        rows = [*(("case", name) for name in sorted(case_ids)), *(("patient", name) for name in sorted(patients))]
        with self._books.writing() as db:
            db.executemany("INSERT OR IGNORE INTO erasing VALUES (?, ?)", rows)

    def unfinished(self) -> tuple[set[str], set[str]]:
        """Case ids and patients that were to be erased and may not be."""
        with self._books.reading() as db:
            rows = db.execute("SELECT kind, id FROM erasing").fetchall()
        return {name for kind, name in rows if kind == "case"}, {name for kind, name in rows if kind == "patient"}

    def finish(self, *, patients: Collection[str] = (), told: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """Erase what was written down, and these patients, from everything here; returns the record, which is kept.

        `told` goes into the record as it is: what was erased elsewhere. Raises `SiteError` where something can't be
        erased; another call finishes it then.
        """
        case_ids, begun = self.unfinished()
        named = {*begun, *patients}
        removed = {kind: make(self._books).forget(case_ids, named) for kind, make in KEEPERS.items()}
        record = {"at": self._now().isoformat(timespec="seconds"), "removed": removed, **told}
        digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        event = AuditEvent(
            event=ERASURE, subject=subject, tenant=self._tenant, route="forget", detail=f"record {digest}"
        )
        removed_names = AuditLog(self._books).forget(case_ids, event=event)
        record |= {"digest": digest, "names_in_the_audit_log": removed_names}
        with self._books.writing() as db:
            db.execute("DELETE FROM erasing")
            db.execute("INSERT INTO erasures (record) VALUES (?)", (json.dumps(record, sort_keys=True),))
        self._books.clean()
        return record

    def records(self) -> list[dict[str, Any]]:
        """The records of all erasures, oldest first."""
        with self._books.reading() as db:
            return [json.loads(record) for (record,) in db.execute("SELECT record FROM erasures ORDER BY number")]
