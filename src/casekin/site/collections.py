"""Collections: cases put together for teaching, with notes, an order, and an answer for those who test themselves."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.anatomy import parse_place
from casekin.errors import FindingError, InputError
from casekin.findings import parse_finding
from casekin.site.books import Books
from casekin.site.times import Clock, instant
from casekin.types import Box

MOST_ENTRIES = 500
"""Entries of one collection."""
MOST_TEXT = 4000
"""Characters of a title, a note or an answer."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collections (
    collection_id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, note TEXT NOT NULL,
    is_shared INTEGER NOT NULL, created_at REAL NOT NULL, changed_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    entry_id TEXT PRIMARY KEY, position INTEGER NOT NULL, case_id TEXT NOT NULL, image INTEGER NOT NULL, place TEXT,
    box TEXT, note TEXT NOT NULL, answer TEXT,
    collection_id TEXT NOT NULL REFERENCES collections ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS entries_by_collection ON entries (collection_id, position);
CREATE INDEX IF NOT EXISTS entries_by_case ON entries (case_id);
CREATE TABLE IF NOT EXISTS attempts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, answer TEXT NOT NULL, is_right INTEGER NOT NULL,
    made_at REAL NOT NULL, entry_id TEXT NOT NULL REFERENCES entries ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS attempts_by_entry ON attempts (entry_id, subject)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFields:
    """What a person says of a case in a collection.

    `image` is counted from 0; `place` is a place's name, `box` in pixels of the stored image. An entry with an `answer`
    is a question of the quiz.
    """

    case_id: str
    image: int = 0
    place: str | None = None
    box: Box | None = None
    note: str = ""
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A case in a collection, at its position from 0."""

    entry_id: str
    position: int
    fields: EntryFields

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        fields = self.fields
        return {
            "entry_id": self.entry_id,
            "position": self.position,
            "case_id": fields.case_id,
            "image": fields.image,
            "place": fields.place,
            "box": None if fields.box is None else [float(value) for value in fields.box.as_list()],
            "note": fields.note,
            "answer": fields.answer,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCollection:
    """A collection as one who may see it sees it."""

    collection_id: str
    owner: str
    title: str
    note: str
    is_shared: bool
    created_at: float
    changed_at: float
    size: int

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "collection_id": self.collection_id,
            "owner": self.owner,
            "title": self.title,
            "note": self.note,
            "shared": self.is_shared,
            "size": self.size,
            "created_at": instant(self.created_at),
            "changed_at": instant(self.changed_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An answer that somebody gave to a question, and the right one."""

    entry_id: str
    given: str
    is_right: bool
    answer: str
    note: str

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "entry_id": self.entry_id,
            "given": self.given,
            "right": self.is_right,
            "answer": self.answer,
            "note": self.note,
        }


class Collections:
    """The collections of a site, each seen by its owner, and by everybody once it is shared.

    What one may not see isn't there: None. Whether one may share, or change what another owns, is the door's to say.
    """

    def __init__(self, books: Books, *, clock: Clock = time.time) -> None:
        self._books = books
        self._clock = clock
        books.ensure(_SCHEMA)

    def create(self, title: str, *, owner: str, note: str = "", is_shared: bool = False) -> CaseCollection:
        """A new, empty collection. Raises `InputError` for a title or note that doesn't fit."""
        _check_text("title", title, least=1)
        _check_text("note", note)
        collection_id, now = secrets.token_urlsafe(12), self._clock()
        with self._books.writing() as db:
            db.execute(
                "INSERT INTO collections VALUES (?, ?, ?, ?, ?, ?, ?)",
                (collection_id, owner, title, note, is_shared, now, now),
            )
            return _collection(_row(db, collection_id, owner))

    def visible(self, subject: str) -> list[CaseCollection]:
        """Whatever somebody may see, by title."""
        with self._books.reading() as db:
            rows = db.execute(f"{_SELECT} WHERE owner = ? OR is_shared ORDER BY title, collection_id", (subject,))
            return [_collection(row) for row in rows]

    def get(self, collection_id: str, *, subject: str) -> CaseCollection | None:
        """One collection that somebody may see."""
        with self._books.reading() as db:
            row = _row(db, collection_id, subject)
        return None if row is None else _collection(row)

    def change(
        self, collection_id: str, *, title: str | None = None, note: str | None = None, is_shared: bool | None = None
    ) -> None:
        """Change what isn't None. Raises `InputError` for a title or note that doesn't fit."""
        _check_text("title", title, least=1)
        _check_text("note", note)
        with self._books.writing() as db:
            db.execute(
                "UPDATE collections SET title = coalesce(?, title), note = coalesce(?, note), "
                "is_shared = coalesce(?, is_shared), changed_at = ? WHERE collection_id = ?",
                (title, note, is_shared, self._clock(), collection_id),
            )

    def remove(self, collection_id: str) -> None:
        """Remove a collection with its entries and all attempts at them."""
        with self._books.writing() as db:
            db.execute("DELETE FROM collections WHERE collection_id = ?", (collection_id,))

    # --- entries ---------------------------------------------------------------------------------------------------

    def entries(self, collection_id: str) -> list[Entry]:
        """The entries in their order."""
        with self._books.reading() as db:
            return _entries(db, collection_id)

    def add(self, collection_id: str, fields: EntryFields) -> Entry:
        """Put a case at the end. Raises `InputError` where a collection is full, and for fields that don't fit."""
        _check(fields)
        entry_id = secrets.token_urlsafe(9)
        with self._books.writing() as db:
            (position,) = db.execute(
                "SELECT count(*) FROM entries WHERE collection_id = ?", (collection_id,)
            ).fetchone()
            if position >= MOST_ENTRIES:
                raise InputError(f"collection: expected at most {MOST_ENTRIES} entries, got one more; begin another")
            db.execute(
                "INSERT INTO entries (entry_id, position, collection_id, case_id, image, place, box, note, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (entry_id, position, collection_id, *_values(fields)),
            )
            self._touch(db, collection_id)
        return Entry(entry_id=entry_id, position=position, fields=fields)

    def replace(self, collection_id: str, entry_id: str, fields: EntryFields) -> Entry | None:
        """Say something else of a case; None where there is no such entry. Attempts stay. Raises what `add` raises."""
        _check(fields)
        with self._books.writing() as db:
            changed = db.execute(
                "UPDATE entries SET case_id = ?, image = ?, place = ?, box = ?, note = ?, answer = ? "
                "WHERE entry_id = ? AND collection_id = ?",
                (*_values(fields), entry_id, collection_id),
            ).rowcount
            self._touch(db, collection_id)
            return _entry(db, collection_id, entry_id) if changed else None

    def discard(self, collection_id: str, entry_id: str) -> bool:
        """Take an entry out, with the attempts at it; whether it was there."""
        with self._books.writing() as db:
            gone = db.execute(
                "DELETE FROM entries WHERE entry_id = ? AND collection_id = ?", (entry_id, collection_id)
            ).rowcount
            _close_gaps(db, collection_id)
            self._touch(db, collection_id)
        return bool(gone)

    def arrange(self, collection_id: str, entry_ids: Sequence[str]) -> list[Entry]:
        """Put the entries in this order. Raises `InputError` where they aren't just those of the collection."""
        with self._books.writing() as db:
            if sorted(entry_ids) != sorted(entry.entry_id for entry in _entries(db, collection_id)):
                raise InputError("order: expected every entry of the collection once, got others; load it again")
            for position, entry_id in enumerate(entry_ids):
                db.execute("UPDATE entries SET position = ? WHERE entry_id = ?", (position, entry_id))
            self._touch(db, collection_id)
            return _entries(db, collection_id)

    def _touch(self, db: sqlite3.Connection, collection_id: str) -> None:
        db.execute("UPDATE collections SET changed_at = ? WHERE collection_id = ?", (self._clock(), collection_id))

    # --- the quiz --------------------------------------------------------------------------------------------------

    def attempt(self, collection_id: str, entry_id: str, given: str, *, subject: str) -> Attempt | None:
        """Answer a question; None where the entry is none.

        An answer is right where it names the same finding, by any of its names, or says the same words.
        """
        _check_text("answer", given, least=1)
        with self._books.writing() as db:
            entry = _entry(db, collection_id, entry_id)
            if entry is None or entry.fields.answer is None:
                return None
            is_right = _meaning(given) == _meaning(entry.fields.answer)
            db.execute(
                "INSERT INTO attempts (entry_id, subject, answer, is_right, made_at) VALUES (?, ?, ?, ?, ?)",
                (entry_id, subject, given, is_right, self._clock()),
            )
        return Attempt(
            entry_id=entry_id, given=given, is_right=is_right, answer=entry.fields.answer, note=entry.fields.note
        )

    def score(self, collection_id: str, *, subject: str) -> dict[str, int]:
        """How many `questions` there are, how many somebody has `answered`, and how many `right` at the first try."""
        with self._books.reading() as db:
            (questions,) = db.execute(
                "SELECT count(*) FROM entries WHERE collection_id = ? AND answer IS NOT NULL", (collection_id,)
            ).fetchone()
            firsts = db.execute(
                "SELECT is_right, min(number) FROM attempts JOIN entries USING (entry_id) "
                "WHERE collection_id = ? AND subject = ? AND entries.answer IS NOT NULL GROUP BY entry_id",
                (collection_id, subject),
            ).fetchall()
        return {"questions": questions, "answered": len(firsts), "right": sum(first[0] for first in firsts)}

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: take cases out of every collection, with notes and attempts; how many entries.

        Entries name no `patients`.
        """
        gone = 0
        with self._books.writing() as db:
            for case_id in sorted(case_ids):
                left = db.execute(
                    "DELETE FROM entries WHERE case_id = ? RETURNING collection_id", (case_id,)
                ).fetchall()
                gone += len(left)
                for (collection_id,) in set(left):
                    _close_gaps(db, collection_id)
        return gone


_SELECT = (
    "SELECT collection_id, owner, title, note, is_shared, created_at, changed_at, "
    "(SELECT count(*) FROM entries WHERE entries.collection_id = collections.collection_id) FROM collections"
)


def _row(db: sqlite3.Connection, collection_id: str, subject: str) -> Any:
    query = f"{_SELECT} WHERE collection_id = ? AND (owner = ? OR is_shared)"
    return db.execute(query, (collection_id, subject)).fetchone()


def _collection(row: tuple[Any, ...]) -> CaseCollection:
    collection_id, owner, title, note, is_shared, created_at, changed_at, size = row
    return CaseCollection(
        collection_id=collection_id,
        owner=owner,
        title=title,
        note=note,
        is_shared=bool(is_shared),
        created_at=created_at,
        changed_at=changed_at,
        size=size,
    )


def _entries(db: sqlite3.Connection, collection_id: str) -> list[Entry]:
    rows = db.execute(
        "SELECT entry_id, position, case_id, image, place, box, note, answer FROM entries WHERE collection_id = ? "
        "ORDER BY position",
        (collection_id,),
    )
    return [Entry(entry_id=row[0], position=row[1], fields=_fields(row[2:])) for row in rows]


def _entry(db: sqlite3.Connection, collection_id: str, entry_id: str) -> Entry | None:
    return next((entry for entry in _entries(db, collection_id) if entry.entry_id == entry_id), None)


def _fields(row: Sequence[Any]) -> EntryFields:
    case_id, image, place, box, note, answer = row
    corners: Mapping[str, float] | None = None if box is None else json.loads(box)
    return EntryFields(
        case_id=case_id,
        image=image,
        place=place,
        box=None if corners is None else Box(**corners),
        note=note,
        answer=answer,
    )


def _values(fields: EntryFields) -> tuple[Any, ...]:
    box = fields.box
    packed = None if box is None else json.dumps({"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1})
    return (fields.case_id, fields.image, fields.place, packed, fields.note, fields.answer)


def _close_gaps(db: sqlite3.Connection, collection_id: str) -> None:
    for position, entry in enumerate(_entries(db, collection_id)):
        db.execute("UPDATE entries SET position = ? WHERE entry_id = ?", (position, entry.entry_id))


def _meaning(answer: str) -> str:
    """The finding that an answer names, else its words."""
    words = " ".join(answer.casefold().split()).strip(" .")
    try:
        return parse_finding(words)
    except FindingError:
        return words


def _check(fields: EntryFields) -> None:
    if fields.place is not None:
        parse_place(fields.place)
    _check_text("note", fields.note)
    _check_text("answer", fields.answer)


def _check_text(name: str, text: str | None, *, least: int = 0) -> None:
    if text is not None and not least <= len(text.strip()) <= MOST_TEXT:
        raise InputError(f"{name}: expected {least} to {MOST_TEXT} characters, got {len(text.strip())}; change it")
