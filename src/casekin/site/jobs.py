"""Jobs: long work that was asked for, kept in the books until one worker process has done it.

A job is on the disk before whoever asked hears of it. One process works at a time, because it holds a file's lock that
ends with it: a job that is `running` while nobody holds the lock was interrupted, and whoever works next does it again.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from casekin.durable import alone
from casekin.errors import SiteError
from casekin.site.books import Books
from casekin.site.times import DAY_S, Clock, instant, instant_or_none

JobKind = Literal["ingest", "receive", "reembed", "calibrate", "backup", "check"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
JOB_STATES: tuple[JobState, ...] = get_args(JobState)
ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")
MOST_TRIES = 3
"""Times that a job is begun before it counts as the cause of its worker's deaths."""
KEPT_DAYS = 30
"""How long an ended job is listed, and how long the files of one that failed wait for another try."""
_WAIT_S = 5.0
"""Before the second try; doubled before the third."""

_LISTS = ("problems", "warnings", "duplicates", "unmatched_reports", "refused")
"""Parts of a result that may name files."""
_ERASED = json.dumps({"source": {"erased": True}})
_COLUMNS = (
    "job_id, kind, subject, request, state, tries, done, total, result, failure, created_at, started_at, ended_at"
)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL,
    request TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, not_before REAL NOT NULL,
    is_cancelled INTEGER NOT NULL, done INTEGER NOT NULL, total INTEGER, result TEXT, failure TEXT,
    created_at REAL NOT NULL, started_at REAL, ended_at REAL);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, number)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work and how far it is: `done` of `total` parts, None while their number isn't known.

    `request` says what to do; `result` is what came of it once it is done, `failure` why it failed.
    """

    job_id: str
    kind: JobKind
    subject: str
    request: Mapping[str, Any]
    state: JobState
    tries: int
    done: int
    total: int | None
    result: Mapping[str, Any] | None
    failure: str | None
    created_at: float
    started_at: float | None
    ended_at: float | None

    def as_record(self) -> dict[str, Any]:
        """The JSON form; of the request only what its `source` says, never a path of this machine."""
        return {
            "job_id": self.job_id,
            "kind": self.kind,
            "subject": self.subject,
            "source": self.request.get("source", {}),
            "state": self.state,
            "tries": self.tries,
            "done": self.done,
            "total": self.total,
            "result": self.result,
            "failure": self.failure,
            "created_at": instant(self.created_at),
            "started_at": instant_or_none(self.started_at),
            "ended_at": instant_or_none(self.ended_at),
        }


class Jobs:
    """The jobs of a site; every method may be called from any thread and process. Raises `SiteError`."""

    def __init__(self, books: Books, *, clock: Clock = time.time) -> None:
        self._books = books
        self._clock = clock
        books.ensure(_SCHEMA)

    @property
    def site(self) -> Path:
        """The state folder."""
        return self._books.folder

    def prepare(self) -> tuple[str, Path]:
        """The id of a job to be added, and an empty folder of its own for the files that it will need."""
        job_id = secrets.token_hex(8)
        folder = self.folder_of(job_id)
        folder.mkdir(parents=True, mode=0o700)
        return job_id, folder

    def folder_of(self, job_id: str) -> Path:
        """Where a job's own files lie, if it has any."""
        return self._books.folder / "jobs" / job_id

    def add(self, kind: JobKind, request: Mapping[str, Any], *, subject: str, job_id: str | None = None) -> Job:
        """Queue a job; on return it is on the disk. `request["source"]` is what others are told of it.

        `job_id` comes from `prepare` where the job has files, which have to be on the disk already.
        """
        job_id = job_id or secrets.token_hex(8)
        with self._books.writing() as db:
            db.execute(
                "INSERT INTO jobs (job_id, kind, subject, request, state, tries, not_before, is_cancelled, done, "
                "created_at) VALUES (?, ?, ?, ?, 'queued', 0, 0, 0, 0, ?)",
                (job_id, kind, subject, json.dumps(dict(request), sort_keys=True), self._clock()),
            )
            return _one(db, job_id)

    def get(self, job_id: str) -> Job | None:
        """A job, None where there is none."""
        with self._books.reading() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
        return None if row is None else _job(row)

    def newest(self, *, limit: int = 100, state: JobState | None = None) -> list[Job]:
        """Jobs, the newest first."""
        with self._books.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE ? IS NULL OR state = ? ORDER BY number DESC LIMIT ?",
                (state, state, limit),
            ).fetchall()
        return [_job(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        with self._books.reading() as db:
            found = dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return {state: int(found.get(state, 0)) for state in JOB_STATES}

    def ingested(self) -> dict[str, int]:
        """Cases of all listed ingests that are done: `added`, `unchanged`, and sources that were left out."""
        with self._books.reading() as db:
            added, unchanged, left_out = db.execute(
                "SELECT sum(result ->> 'added'), sum(result ->> 'unchanged'), "
                "sum(json_array_length(result, '$.problems')) FROM jobs WHERE kind = 'ingest' AND state = 'done'"
            ).fetchone()
        return {"added": added or 0, "unchanged": unchanged or 0, "left_out": left_out or 0}

    def is_worked_on(self) -> bool:
        """Whether some process is at work."""
        with self._lock() as is_held:
            return not is_held

    def is_due(self) -> bool:
        """Whether a worker would find something to do now: a job that waits, or one that was interrupted."""
        with self._books.reading() as db:
            query = "SELECT 1 FROM jobs WHERE (state = 'queued' AND not_before <= ?) OR state = 'running' LIMIT 1"
            return db.execute(query, (self._clock(),)).fetchone() is not None

    # --- the worker's side -----------------------------------------------------------------------------------------

    @contextmanager
    def working(self) -> Iterator[bool]:
        """Be the one who works, if nobody else is: what the block is told. Ends with the process at the latest."""
        with self._lock() as is_held:
            if is_held:
                self._take_back()
            yield is_held

    @contextmanager
    def _lock(self) -> Iterator[bool]:
        with ExitStack() as stack:
            try:
                is_held = stack.enter_context(alone(self._books.folder / "worker.lock"))
            except OSError as error:
                raise SiteError(f"jobs: the state folder can't be written: {error.strerror}; mend that") from error
            yield is_held

    def _take_back(self) -> None:
        """Queue what was interrupted again; give up what was interrupted too often."""
        with self._books.writing() as db:
            db.execute(
                "UPDATE jobs SET state = 'cancelled', ended_at = ? WHERE state = 'running' AND is_cancelled",
                (self._clock(),),
            )
            db.execute(
                "UPDATE jobs SET state = 'failed', failure = ?, ended_at = ? WHERE state = 'running' AND tries >= ?",
                (f"its process was ended {MOST_TRIES} times; see memory and the log", self._clock(), MOST_TRIES),
            )
            db.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")

    def take(self) -> Job | None:
        """The oldest job that is due, now running; None where there is none. For whoever is `working`."""
        with self._books.writing() as db:
            row = db.execute(
                "SELECT job_id FROM jobs WHERE state = 'queued' AND not_before <= ? ORDER BY number LIMIT 1",
                (self._clock(),),
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE jobs SET state = 'running', tries = tries + 1, failure = NULL, started_at = ? WHERE job_id = ?",
                (self._clock(), row[0]),
            )
            return _one(db, row[0])

    def note_progress(self, job_id: str, done: int, total: int) -> bool:
        """Say how far a job is; whether it is to go on, which it isn't once somebody cancelled it."""
        with self._books.writing() as db:
            db.execute("UPDATE jobs SET done = ?, total = ? WHERE job_id = ?", (done, total, job_id))
        return not self.is_cancelled(job_id)

    def is_cancelled(self, job_id: str) -> bool:
        """Whether somebody asked for a job to be stopped."""
        with self._books.reading() as db:
            row = db.execute("SELECT is_cancelled FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
        return row is not None and bool(row[0])

    def finish(self, job_id: str, result: Mapping[str, Any]) -> None:
        """A job is done. Its files go."""
        self._end(job_id, "done", result=json.dumps(dict(result), sort_keys=True))
        shutil.rmtree(self.folder_of(job_id), ignore_errors=True)

    def fail(self, job_id: str, failure: str, *, again: bool) -> None:
        """A job failed, for good or, with `again`, until it has been tried often enough. Its files stay."""
        with self._books.reading() as db:
            (tries,) = db.execute("SELECT tries FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
        if not again or tries >= MOST_TRIES:
            self._end(job_id, "failed", failure=failure)
            return
        with self._books.writing() as db:
            db.execute(
                "UPDATE jobs SET state = 'queued', failure = ?, not_before = ? WHERE job_id = ?",
                (failure, self._clock() + _WAIT_S * 2 ** (tries - 1), job_id),
            )

    def put_back(self, job_id: str) -> None:
        """Queue a job again whose worker was asked to end; that was no try."""
        with self._books.writing() as db:
            db.execute("UPDATE jobs SET state = 'queued', tries = tries - 1 WHERE job_id = ?", (job_id,))

    def stop(self, job_id: str) -> None:
        """A job that somebody cancelled has been stopped. Its files go; what it has done stays done."""
        self._end(job_id, "cancelled")
        shutil.rmtree(self.folder_of(job_id), ignore_errors=True)

    def _end(self, job_id: str, state: JobState, *, result: str | None = None, failure: str | None = None) -> None:
        with self._books.writing() as db:
            db.execute(
                "UPDATE jobs SET state = ?, result = ?, failure = ?, ended_at = ? WHERE job_id = ?",
                (state, result, failure, self._clock(), job_id),
            )

    # --- whoever asked ---------------------------------------------------------------------------------------------

    def cancel(self, job_id: str) -> Job | None:
        """Stop a job, at once while it waits, soon where it runs; None where there is none. One that ended stays."""
        with self._books.writing() as db:
            db.execute(
                "UPDATE jobs SET is_cancelled = 1 WHERE job_id = ? AND state IN ('queued', 'running')", (job_id,)
            )
            waited = db.execute(
                "UPDATE jobs SET state = 'cancelled', ended_at = ? WHERE job_id = ? AND state = 'queued'",
                (self._clock(), job_id),
            ).rowcount
        if waited:
            shutil.rmtree(self.folder_of(job_id), ignore_errors=True)
        return self.get(job_id)

    def retry(self, job_id: str) -> Job | None:
        """Queue a job that failed once more, with as many tries as a new one; None where no such job failed."""
        with self._books.writing() as db:
            changed = db.execute(
                "UPDATE jobs SET state = 'queued', tries = 0, not_before = 0, is_cancelled = 0, ended_at = NULL "
                "WHERE job_id = ? AND state = 'failed'",
                (job_id,),
            ).rowcount
            return _one(db, job_id) if changed else None

    def expire(self, *, days: float = KEPT_DAYS) -> int:
        """Drop jobs that ended more than `days` ago, with their files; how many."""
        with self._books.writing() as db:
            rows = db.execute(
                "DELETE FROM jobs WHERE ended_at < ? RETURNING job_id", (self._clock() - days * DAY_S,)
            ).fetchall()
            kept = db.execute("SELECT job_id FROM jobs WHERE ended_at IS NULL OR state = 'failed'").fetchall()
        self._sweep({*rows}, kept={*kept})
        return len(rows)

    def _sweep(self, gone: Collection[tuple[str]], *, kept: Collection[tuple[str]]) -> None:
        """Remove the files of jobs that are gone, and after a day of those that were prepared and never added."""
        folder = self._books.folder / "jobs"
        for left in sorted(folder.iterdir()) if folder.is_dir() else ():
            is_old = left.stat().st_mtime < self._clock() - DAY_S
            if (left.name,) in gone or (is_old and (left.name,) not in kept):
                shutil.rmtree(left, ignore_errors=True)

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: ended jobs lose all names of files, and the files that failed ones kept; how many jobs.

        No name tells which case it became, so every ended job is treated alike, whichever cases and patients go.
        """
        if not (case_ids or patients):
            return 0
        with self._books.writing() as db:
            rows = db.execute(
                "SELECT job_id, result FROM jobs WHERE ended_at IS NOT NULL AND request != ?", (_ERASED,)
            ).fetchall()
            for job_id, text in rows:
                result = None if text is None else json.dumps(_emptied(json.loads(text)), sort_keys=True)
                db.execute(
                    "UPDATE jobs SET result = ?, request = ?, failure = NULL, "
                    "state = CASE state WHEN 'failed' THEN 'cancelled' ELSE state END WHERE job_id = ?",
                    (result, _ERASED, job_id),
                )
        for job_id, _ in rows:
            shutil.rmtree(self.folder_of(job_id), ignore_errors=True)
        return len(rows)


def _emptied(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [] if name in _LISTS else value for name, value in result.items()}


def _one(db: sqlite3.Connection, job_id: str) -> Job:
    return _job(db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE job_id = ?", (job_id,)).fetchone())


def _job(row: tuple[Any, ...]) -> Job:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values["request"] = json.loads(values["request"])
    values["result"] = None if values["result"] is None else json.loads(values["result"])
    return Job(**values)
