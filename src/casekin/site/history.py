"""History: the searches that somebody made, as recipes, and recipes handed on by a link.

A recipe holds no pixels and no name; but its text is whatever its writer wrote, so it is patient data.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from casekin.errors import InputError
from casekin.site.books import Books
from casekin.site.times import DAY_S, Clock, instant

KEPT_STEPS = 200
"""Newest searches of one person that are kept."""
KEPT_DAYS = 90.0
"""How long a search is kept."""
LINK_DAYS = 30.0
"""How long a link opens its recipe."""
_MOST_BYTES = 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS history (
    number INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, recipe TEXT NOT NULL, verdict TEXT NOT NULL,
    hits INTEGER NOT NULL, names TEXT NOT NULL, made_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS history_by_subject ON history (subject, number);
CREATE TABLE IF NOT EXISTS links (
    link_id TEXT PRIMARY KEY, subject TEXT NOT NULL, recipe TEXT NOT NULL, names TEXT NOT NULL,
    expires_at REAL NOT NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A search that was made: what would repeat it, its verdict, and how many hits it gave."""

    step_id: int
    recipe: Mapping[str, Any]
    verdict: str
    hits: int
    made_at: float

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "step_id": self.step_id,
            "recipe": dict(self.recipe),
            "verdict": self.verdict,
            "hits": self.hits,
            "made_at": instant(self.made_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A recipe that others of the same tenant may open by its id, for a while."""

    link_id: str
    recipe: Mapping[str, Any]
    expires_at: float

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {"link_id": self.link_id, "recipe": dict(self.recipe), "expires_at": instant(self.expires_at)}


class History:
    """The searches of a site's people; nobody sees another's."""

    def __init__(
        self,
        books: Books,
        *,
        steps: int = KEPT_STEPS,
        days: float = KEPT_DAYS,
        link_days: float = LINK_DAYS,
        clock: Clock = time.time,
    ) -> None:
        self._books = books
        self._steps = steps
        self._days = days
        self._link_days = link_days
        self._clock = clock
        books.ensure(_SCHEMA)

    def add(self, answer: Mapping[str, Any], *, subject: str) -> None:
        """Keep an answer's recipe (`answer` is its JSON form). One that repeats the newest step isn't kept twice."""
        recipe = packed_recipe(answer["recipe"])
        names = {*names_in(answer["recipe"]), *answer["query"]["matched_cases"]}
        now = self._clock()
        with self._books.writing() as db:
            last = _newest(db, subject)
            if last is not None and packed_recipe(last.recipe) == recipe:
                return
            db.execute(
                "INSERT INTO history (subject, recipe, verdict, hits, names, made_at) VALUES (?, ?, ?, ?, ?, ?)",
                (subject, recipe, answer["verdict"], len(answer["hits"]), json.dumps(sorted(names)), now),
            )
            db.execute("DELETE FROM history WHERE made_at < ?", (now - self._days * DAY_S,))
            db.execute(
                "DELETE FROM history WHERE subject = ? AND number <= (SELECT number FROM history WHERE subject = ? "
                "ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (subject, subject, self._steps),
            )

    def newest(self, *, subject: str, limit: int = 50) -> list[Step]:
        """Somebody's searches, the newest first."""
        with self._books.reading() as db:
            rows = db.execute(
                "SELECT number, recipe, verdict, hits, made_at FROM history WHERE subject = ? AND made_at >= ? "
                "ORDER BY number DESC LIMIT ?",
                (subject, self._clock() - self._days * DAY_S, limit),
            )
            return [_step(row) for row in rows]

    def undo(self, *, subject: str) -> Step | None:
        """Drop somebody's newest search; the one before it, None where there is none."""
        with self._books.writing() as db:
            last = _newest(db, subject)
            if last is not None:
                db.execute("DELETE FROM history WHERE number = ?", (last.step_id,))
            return _newest(db, subject)

    def clear(self, *, subject: str) -> int:
        """Drop all of somebody's searches; how many."""
        with self._books.writing() as db:
            return db.execute("DELETE FROM history WHERE subject = ?", (subject,)).rowcount

    def share(
        self, recipe: Mapping[str, Any], *, subject: str, days: float | None = None, asked_with: Collection[str] = ()
    ) -> Link:
        """A link to a recipe, for `days` or for as long as the site allows. Raises `InputError` for what is none.

        `asked_with` are the stored cases that its image is of: the link goes when they are erased.
        """
        packed, link_id, now = packed_recipe(recipe), secrets.token_urlsafe(16), self._clock()
        if "question" not in recipe or len(packed) > _MOST_BYTES:
            raise InputError("recipe: expected the JSON that a search gives as recipe; send it unchanged")
        expires_at = now + min(self._link_days, days or self._link_days) * DAY_S
        with self._books.writing() as db:
            db.execute("DELETE FROM links WHERE expires_at < ?", (now,))
            db.execute(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
                (link_id, subject, packed, json.dumps(sorted({*names_in(recipe), *asked_with})), expires_at),
            )
        return Link(link_id=link_id, recipe=recipe, expires_at=expires_at)

    def open(self, link_id: str) -> Link | None:
        """What a link leads to; None where there is no such link, or it has expired."""
        with self._books.reading() as db:
            row = db.execute(
                "SELECT recipe, expires_at FROM links WHERE link_id = ? AND expires_at >= ?", (link_id, self._clock())
            ).fetchone()
        return None if row is None else Link(link_id=link_id, recipe=json.loads(row[0]), expires_at=row[1])

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: drop searches and links asked with these cases, or naming them or patients; how many."""
        erased = json.dumps(sorted({*case_ids, *patients}))
        gone = 0
        with self._books.writing() as db:
            for table in ("history", "links"):
                gone += db.execute(
                    f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM json_each({table}.names) AS own "
                    "JOIN json_each(?) AS erased ON own.value = erased.value)",
                    (erased,),
                ).rowcount
        return gone


def names_in(recipe: Mapping[str, Any]) -> set[str]:
    """Ids of stored cases, and the pseudonym of a patient, that a recipe holds."""
    question, image = (_mapping(recipe.get(name)) for name in ("question", "image"))
    listed = (question.get(name) for name in ("like", "unlike"))
    named = [name for names in listed if isinstance(names, list) for name in names]
    return {name for name in [*named, question.get("patient_key"), image.get("case_id")] if isinstance(name, str)}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _newest(db: sqlite3.Connection, subject: str) -> Step | None:
    row = db.execute(
        "SELECT number, recipe, verdict, hits, made_at FROM history WHERE subject = ? ORDER BY number DESC LIMIT 1",
        (subject,),
    ).fetchone()
    return None if row is None else _step(row)


def _step(row: tuple[Any, ...]) -> Step:
    number, recipe, verdict, hits, made_at = row
    return Step(step_id=number, recipe=json.loads(recipe), verdict=verdict, hits=hits, made_at=made_at)


def packed_recipe(recipe: Mapping[str, Any]) -> str:
    """A recipe as text, the same for the same content. Raises `InputError` for what JSON has no form for."""
    try:
        return json.dumps(dict(recipe), sort_keys=True, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise InputError("recipe: expected the JSON that a search gives as recipe; send it unchanged") from None
