"""Sentences as columns: BM25 of every case's best sentence, from word lists that SQLite's full-text index answers.

SQLite's own `bm25()` scores and sorts row by row, which takes tens of milliseconds where a word is frequent; the rows
of a word are asked for once, kept, and scored here as arrays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_K1, _B = 1.2, 0.75
"""Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009); a word counts once a sentence."""
_MOST_KEPT = 20_000_000
"""Rows of words that are kept (160 MB); beyond it the words asked for first are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """`case_numbers[i]` says sentence `row_ids[i]` (ascending); `norms[i]` is BM25's saturation by its length."""

    row_ids: NDArray[np.int64]
    case_numbers: NDArray[np.int64]
    norms: NDArray[np.float64]
    rows_of: dict[tuple[str, ...], NDArray[np.int64]] = field(default_factory=dict)

    def best_by_case(
        self, connection: sqlite3.Connection, words: Iterable[tuple[tuple[str, ...], float]], *, cases: int
    ) -> NDArray[np.float64]:
        """Weighted BM25 of each case's best sentence `(cases,)`, 0 where none of the forms of any word stands."""
        total = np.zeros(len(self.row_ids))
        for forms, weight in words:
            rows = self._rows(connection, forms)
            rarity = np.log(1 + (len(total) - len(rows) + 0.5) / (len(rows) + 0.5))
            total[rows] += weight * rarity * self.norms[rows]
        best = np.zeros(cases)
        said = np.flatnonzero(total)
        np.maximum.at(best, self.case_numbers[said], total[said])
        return best

    def _rows(self, connection: sqlite3.Connection, forms: tuple[str, ...]) -> NDArray[np.int64]:
        """Positions of the sentences with any of the forms."""
        rows = self.rows_of.get(forms)
        if rows is None:
            terms = " OR ".join('"' + form.replace('"', '""') + '"' for form in forms)
            found = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (terms,))
            rows = np.searchsorted(self.row_ids, np.array([row[0] for row in found], dtype=np.int64)).astype(np.int64)
            self.rows_of[forms] = rows
            while len(self.rows_of) > 1 and sum(map(len, self.rows_of.values())) > _MOST_KEPT:
                del self.rows_of[next(iter(self.rows_of))]
        return rows


def read_sentences(connection: sqlite3.Connection) -> Sentences:
    """Who says which sentence, and how long it is."""
    rows = connection.execute(
        "SELECT sentence_no, case_no, length(sentence) FROM sentences ORDER BY sentence_no"
    ).fetchall()
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    lengths = columns[:, 2] / max(float(columns[:, 2].mean()) if len(columns) else 0.0, 1.0)
    norms = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths))
    return Sentences(row_ids=columns[:, 0].copy(), case_numbers=columns[:, 1].copy(), norms=norms)
