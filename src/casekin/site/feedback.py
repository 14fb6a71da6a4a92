"""Feedback: whether a hit helped, voted on by those who asked; together the votes are judgements of pairs."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from casekin.errors import InputError
from casekin.site.books import Books
from casekin.site.history import names_in, packed_recipe
from casekin.site.times import Clock

_DECIDES_NOT = ("limit", "counter", "board", "follow_up", "relax")
"""Options of a question that don't change what is relevant to it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (question_id TEXT PRIMARY KEY, recipe TEXT NOT NULL, names TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
    subject TEXT NOT NULL, question_id TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, case_id TEXT NOT NULL,
    is_helpful INTEGER NOT NULL, made_at REAL NOT NULL, PRIMARY KEY (question_id, case_id, subject)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS votes_by_case ON votes (case_id)
"""


class Feedback:
    """The votes of a site's people: one of each person for each hit of each question."""

    def __init__(self, books: Books, *, clock: Clock = time.time) -> None:
        self._books = books
        self._clock = clock
        books.ensure(_SCHEMA)

    def vote(
        self,
        recipe: Mapping[str, Any],
        case_id: str,
        *,
        is_helpful: bool | None,
        subject: str,
        asked_with: Collection[str] = (),
    ) -> str:
        """Say whether a hit of a question helped, None takes it back; returns the question's id.

        `asked_with` are the stored cases that the question's image is of: the vote goes when they are erased.
        Raises `InputError` where `recipe` is none.
        """
        question_id = question_id_of(recipe)
        with self._books.writing() as db:
            if is_helpful is None:
                db.execute(
                    "DELETE FROM votes WHERE question_id = ? AND case_id = ? AND subject = ?",
                    (question_id, case_id, subject),
                )
                return question_id
            db.execute(
                "INSERT OR IGNORE INTO questions VALUES (?, ?, ?)",
                (
                    question_id,
                    packed_recipe(recipe),
                    json.dumps(sorted({*names_in(recipe), *asked_with})),
                ),
            )
            db.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?, ?)",
                (subject, question_id, case_id, is_helpful, self._clock()),
            )
        return question_id

    def votes(self, recipe: Mapping[str, Any], *, subject: str) -> dict[str, bool]:
        """Somebody's votes on a question's hits, by case id. Raises `InputError` where `recipe` is none."""
        with self._books.reading() as db:
            rows = db.execute(
                "SELECT case_id, is_helpful FROM votes WHERE question_id = ? AND subject = ? ORDER BY case_id",
                (question_id_of(recipe), subject),
            )
            return {case_id: bool(helpful) for case_id, helpful in rows}

    def judgements(self) -> Iterator[dict[str, Any]]:
        """All votes as judged pairs, by question and case, without whose they are.

        `grade` is 1 where most found the case helpful, 0 where most didn't, None where they are even. The question is
        its `recipe`: its image is named by content alone.
        """
        with self._books.reading() as db:
            rows = db.execute(
                "SELECT question_id, case_id, sum(is_helpful), count(*), recipe FROM votes JOIN questions "
                "USING (question_id) GROUP BY question_id, case_id ORDER BY question_id, case_id"
            ).fetchall()
        for question_id, case_id, helpful, votes, recipe in rows:
            even = 2 * helpful == votes
            yield {
                "query_id": question_id,
                "case_id": case_id,
                "grade": None if even else int(2 * helpful > votes),
                "helpful": helpful,
                "not_helpful": votes - helpful,
                "recipe": json.loads(recipe),
            }

    def forget(self, case_ids: Collection[str], patients: Collection[str] = ()) -> int:
        """Part of an erasure: drop votes on cases, and on questions asked with them or naming a patient; how many."""
        erased = json.dumps(sorted({*case_ids, *patients}))
        with self._books.writing() as db:
            before = db.execute("SELECT count(*) FROM votes").fetchone()[0]
            db.execute("DELETE FROM votes WHERE case_id IN (SELECT value FROM json_each(?))", (erased,))
            db.execute(
                "DELETE FROM questions WHERE EXISTS (SELECT 1 FROM json_each(questions.names) AS own "
                "JOIN json_each(?) AS erased ON own.value = erased.value)",
                (erased,),
            )
            db.execute("DELETE FROM questions WHERE question_id NOT IN (SELECT question_id FROM votes)")
            left = db.execute("SELECT count(*) FROM votes").fetchone()[0]
        return int(before - left)


def question_id_of(recipe: Mapping[str, Any]) -> str:
    """A short name of what a recipe asks, whatever index state answered it. Raises `InputError` where it is none."""
    question = recipe.get("question")
    if not isinstance(question, Mapping):
        raise InputError("recipe: expected the JSON that a search gives as recipe; send it unchanged")
    asked = {name: value for name, value in question.items() if name not in _DECIDES_NOT}
    packed = packed_recipe({"kind": recipe.get("kind"), "image": recipe.get("image"), "asked": asked})
    return hashlib.sha256(packed.encode()).hexdigest()[:24]
